"""The worker: takes tickets for steps and runs them, sweeps, and lets the clock tick."""

import logging
import signal
import time
from types import FrameType

from django.db import Error, close_old_connections, connections

from oportuna.work import clock, maintenance, steps

_NAP = 0.25
_SWEEP_EVERY = 10.0

log = logging.getLogger("oportuna.work")


class Worker:
    """One process that works off the queues, in their order of age; the one `with_clock` also sweeps and ticks.

    On SIGTERM or SIGINT it ends the transaction in hand, hands the next step to whoever comes, and stops.
    """

    def __init__(
        self, queues: tuple[str, ...] = (steps.DEFAULT, steps.SHORT), *, with_clock: bool = True
    ) -> None:
        self.queues = queues
        self.with_clock = with_clock
        self._stopping = False
        self._sweep_at = 0.0
        self._generation = maintenance.generation()

    def is_stopping(self) -> bool:
        """Whether this process shall end, or pause for a restore: a step under way ends at its next transaction."""
        return self._stopping or maintenance.is_on()

    def run(self) -> None:
        """Work until told to stop."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        while not self._stopping:
            try:
                worked = False if maintenance.is_on() else self._turn()
            except Error:
                # A database that went away comes back; the lease of what was in hand runs out by itself.
                log.exception("The database did not answer")
                connections.close_all()
                time.sleep(1)
                continue
            if not worked and not self._stopping:
                time.sleep(_NAP)
        connections.close_all()

    def _turn(self) -> bool:
        """One step of work; whether there was one."""
        close_old_connections()
        if self._generation != (now := maintenance.generation()):
            self._generation = now
            maintenance.forget()
        if self.with_clock:
            if time.monotonic() >= self._sweep_at:
                steps.sweep()
                self._sweep_at = time.monotonic() + _SWEEP_EVERY
            clock.tick(is_stopping=self.is_stopping)
        lease = steps.take(self.queues, is_stopping=self.is_stopping)
        if lease is None:
            return False
        steps.run(lease)
        return True

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True
