"""What an import did or would do, for other programs; and its rejected rows, for people."""
