"""Real processes of the program on the test's own database; run as a program, a worker that knows `counting`."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import django
from django.db import connections

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = [sys.executable, "-m", "oportuna.cli"]
WORKER = [sys.executable, "-m", "tests.work.process"]
PATIENCE = 60.0


def environ(folder: Path) -> dict[str, str]:
    """The environment of a process with this data folder and the test's database."""
    kept = {name: value for name, value in os.environ.items() if name not in ("OPORTUNA_URL", "PORT")}
    name = connections["default"].settings_dict["NAME"]
    if connections["default"].vendor == "sqlite":
        link = folder / "oportuna.sqlite3"
        if not link.exists():
            link.symlink_to(name)
    else:
        for url in ("DATABASE_URL", "OPORTUNA_OWNER_URL"):
            kept[url] = urlunsplit(urlsplit(kept[url])._replace(path=f"/{name}"))
    return {**kept, "OPORTUNA_DATA": str(folder), "PYTHONPATH": str(ROOT)}


@contextmanager
def started(command: list[str], folder: Path, **options: object) -> Iterator[subprocess.Popen[str]]:
    """A running process with this data folder; killed at the end of the block if it still runs."""
    process = subprocess.Popen(  # type: ignore[call-overload]  # the options are Popen's
        command, env=environ(folder), cwd=ROOT, text=True, start_new_session=True, **options
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, 9)
        process.wait()


def oportuna(
    folder: Path, *arguments: str, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command of the program to its end."""
    return subprocess.run(
        [*PROGRAM, *arguments],
        env=environment or environ(folder),
        cwd=ROOT,
        text=True,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oportuna.settings")
    django.setup()
    from oportuna.work.worker import Worker
    from tests.work import counting  # noqa: F401  # registers its steps

    Worker().run()
