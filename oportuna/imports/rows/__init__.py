"""What the cells of a row say, found out without asking the company anything."""
