"""Oportuna: a CRM of business opportunities for Brazilian sales teams."""

__version__ = "0.1.0"
