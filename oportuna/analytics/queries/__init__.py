"""What the screens of analytics read; the actor comes first."""
