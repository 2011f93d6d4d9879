"""What the work adds up to: the funnel, what was won and lost, and why."""
