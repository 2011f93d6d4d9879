"""Work that is handed from worker to worker."""

from itertools import count

from oportuna.imports.check import reading
from oportuna.work import steps


def one_transaction_at_a_time() -> int:
    """Do the work that waits, each transaction by a worker that knows nothing of the one before; returns how many."""
    turns = 0
    while True:
        asked = count()
        lease = steps.take(is_stopping=lambda asked=asked: next(asked) > 0)  # type: ignore[misc]  # mypy cannot infer it
        if lease is None:
            return turns
        turns += 1
        steps.run(lease)
        reading.close_kept()
