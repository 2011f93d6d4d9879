"""What would become of each row, before anything is written, and what people correct of it."""
