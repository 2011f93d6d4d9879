"""Addresses below a company's slug, a file for each noun."""
