"""Which field each column of a file feeds, and how the column is read; one header's are remembered for the next file."""
