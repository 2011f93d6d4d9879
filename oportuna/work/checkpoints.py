"""SQLite's checkpoints beside the work that makes them necessary."""

import logging
import threading
from contextlib import suppress
from time import monotonic

from django.db import Error, connection

_EVERY = 0.5

log = logging.getLogger("oportuna.work")


class Checkpoints:
    """Every half second of writing a thread brings SQLite's log into its file, so that seldom a commit has to.

    Such a commit, every 32 MB, waited 0.2 to 0.3 s for the disk (measured on a virtual one). Where no thread or no
    connection is to be had, commits do it as before.
    """

    def __init__(self) -> None:
        self._due = monotonic() + _EVERY
        self._thread: threading.Thread | None = None

    def committed(self) -> None:
        """A transaction of many rows has ended; waits for the checkpoint before. Means nothing on PostgreSQL."""
        if connection.vendor != "sqlite" or monotonic() < self._due:
            return
        self.end()
        thread = threading.Thread(target=_checkpoint, name="checkpoint", daemon=True)
        with suppress(RuntimeError):  # the system has no more threads
            thread.start()
            self._thread = thread
        self._due = monotonic() + _EVERY

    def end(self) -> None:
        """Wait for the checkpoint under way: a process that forks must not have a thread."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None


def _checkpoint() -> None:
    # A connection of the thread's own. PASSIVE keeps nobody waiting: what another is at, it leaves for the next time.
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
    except Error as error:
        log.warning("No checkpoint was made: %s", error)
    finally:
        connection.close()
