"""How much work fits: the seconds of a step, and on SQLite short transactions with pauses between them.

SQLite has one writer at a time. Transactions of 100 ms, longer only where ten rows take longer, with 25 ms between them let
a seller's own write wait 80 ms at the median; without the pause it waited up to 1.8 s (measured).
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

STEP = 2.0
_PAUSE = 0.025
_LONGEST = {"sqlite": 0.08, "postgresql": 0.5}  # of a transaction, in seconds; SQLite's leaves room to commit
_FEWEST, _FIRST, _MOST = 10, 100, 5_000
"""Rows of a transaction. Where the time is not the rows', fewer of them only make more transactions: never below the fewest."""


class Pace:
    """The pace of one step: how many rows the next transaction should take, and whether there is time for one.

    `rows` follows the time that the rows of former transactions took.
    """

    def __init__(self, *, seconds: float = STEP, is_stopping: Callable[[], bool] = lambda: False) -> None:
        self.rows = _FIRST
        self._longest = _LONGEST[connection.vendor]
        self._seconds = seconds
        self.is_stopping = is_stopping
        self._pauses_until = 0.0
        self.begin()

    def begin(self) -> None:
        """Begin another step at the pace that the last one found."""
        self._ends = time.monotonic() + self._seconds

    def goes_on(self) -> bool:
        """Whether this step has time for one more transaction."""
        return not self.is_stopping() and time.monotonic() + self._longest < self._ends

    def slow_down(self) -> None:
        """The next transaction takes half as many rows: this one came to nothing."""
        self.rows = max(1, self.rows // 2)

    @contextmanager
    def transaction(self, rows: int | None = None) -> Iterator[None]:
        """Measure one write transaction of so many rows, and size the next one by it; without rows it says nothing.

        On SQLite it begins only after a pause behind the last one; what was read or parsed meanwhile counts as pause.
        """
        if connection.vendor == "sqlite":
            time.sleep(max(self._pauses_until - time.monotonic(), 0))
        began = time.monotonic()
        yield
        took = time.monotonic() - began
        self._pauses_until = began + took + _PAUSE
        if rows:
            wanted = rows * self._longest / max(took, 0.001)
            # Half-way there at most: one slow commit says little about the next.
            self.rows = int(min(_MOST, self.rows * 2, max(_FEWEST, (self.rows + wanted) / 2)))
