"""What runs in the background: steps under a lease, a clock, a supervisor."""
