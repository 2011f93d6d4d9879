"""Rules of Brazilian documents, phones, money, dates, addresses and text, as pure functions."""
