"""What screens read: querysets and frozen dataclasses; the actor comes first."""
