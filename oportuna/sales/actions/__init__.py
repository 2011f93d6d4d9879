"""The verbs: one function each, one transaction, one history entry."""
