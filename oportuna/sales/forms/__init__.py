"""What people type, cleaned: shape and type, no rules."""
