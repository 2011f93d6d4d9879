"""Who asked the company not to be contacted, and what that keeps out."""
