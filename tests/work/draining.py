"""Doing here and now what a worker would do."""

from oportuna.work import steps


def drain() -> int:
    """Run every step that waits, until none is left; returns how many. What failed waits for its next attempt."""
    count = 0
    while lease := steps.take():
        steps.run(lease)
        count += 1
    return count
