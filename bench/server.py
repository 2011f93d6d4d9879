"""The real production server, started for a measurement, and how much memory its processes take."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from bench.databases import OPORTUNA, PROJECT

_PATIENCE = 90
_BETWEEN_LOOKS = 0.2


class Memory:
    """The peak of the memory that a process and all below it take together, looked at now and then."""

    def __init__(self, pid: int) -> None:
        self.pid, self.peak_bytes = pid, 0
        self._over = Event()
        self._thread = Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(_BETWEEN_LOOKS):
            self.peak_bytes = max(self.peak_bytes, sum(map(_resident, _family(self.pid))))


@contextmanager
def serving(environ: dict[str, str], log: Path) -> Iterator[tuple[int, Memory]]:
    """`oportuna serve` on a free port of this machine; gives the port, and its memory."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environ = {**environ, "PORT": str(port), "OPORTUNA_URL": f"http://127.0.0.1:{port}"}
    with log.open("ab") as output:
        command = [*OPORTUNA, "serve", "--port", str(port)]
        process = subprocess.Popen(command, env=environ, cwd=PROJECT, stdout=output, stderr=output)
        memory = Memory(process.pid)
        try:
            _wait_until_it_answers(process, port, log)
            yield port, memory
        finally:
            memory.stop()
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=_PATIENCE)


def _wait_until_it_answers(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"The server does not answer; see {log}.")


def _family(pid: int) -> list[int]:
    """A process and all below it (Linux)."""
    parents: dict[int, list[int]] = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdecimal():
            try:
                after_name = Path(entry.path, "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(after_name[1]), []).append(int(entry.name))
    family, waiting = [], [pid]
    while waiting:
        member = waiting.pop()
        family.append(member)
        waiting += parents.get(member, [])
    return family


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
