"""Pages of selling: find, validate, act, answer."""
