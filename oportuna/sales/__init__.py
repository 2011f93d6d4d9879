"""WHAT is sold to WHOM: the funnel."""
