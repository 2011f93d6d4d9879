"""Several processes that live and die together: web and workers."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import FrameType

GRACE = 10.0
_LOOK = 0.1
_PR_SET_PDEATHSIG = 1


class Supervisor:
    """Starts each command in a session of its own; ends all when one ends or when it is told to stop.

    A session of its own, because Granian hangs for ever when its workers get the terminal's SIGINT themselves. On Linux
    a child gets SIGTERM when the supervisor is killed: nothing stays behind holding the port.
    """

    def __init__(self, commands: Mapping[str, Sequence[str]]) -> None:
        self._commands = commands
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._stopping = False

    def run(self, when_started: Callable[[], None] = lambda: None) -> int:
        """Run until SIGINT or SIGTERM (returns 0) or until a child ends by itself (returns 1)."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        on_linux = _end_with_parent if sys.platform == "linux" else None
        try:
            for name, command in self._commands.items():
                self._children[name] = subprocess.Popen(  # noqa: S603  our own programs
                    command,
                    start_new_session=True,
                    preexec_fn=on_linux,
                )
            when_started()
            while not self._stopping:
                dead = [name for name, child in self._children.items() if child.poll() is not None]
                if dead:
                    return 1
                time.sleep(_LOOK)
            return 0
        finally:
            self._end()

    @property
    def is_whole(self) -> bool:
        """Whether all go on: nobody has ended, and nobody was told to."""
        return not self._stopping and all(child.poll() is None for child in self._children.values())

    def _end(self) -> None:
        for child in self._children.values():
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + GRACE
        for child in self._children.values():
            try:
                child.wait(timeout=max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            # What the child had started itself outlives it when it is killed, and would keep the port.
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
