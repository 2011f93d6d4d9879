"""Whom of the company's customers, or of the rows before, a row means, and what becomes of it then."""
