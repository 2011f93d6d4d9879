"""What another process makes ahead arrives whole, in its order, and nothing of it outlives who asked for it."""

import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from oportuna.accounts.models import Company
from oportuna.imports.reader.refusals import Refusal
from oportuna.work.ahead import Ahead
from tests.work.process import PATIENCE


def test_the_items_come_in_their_order_and_end():
    ahead = Ahead(lambda: iter(["a", "b", "c"]))
    assert list(ahead) == ["a", "b", "c"]
    assert list(ahead) == []


def test_another_process_makes_them():
    (pid,) = Ahead(lambda: iter([os.getpid()]))
    assert pid != os.getpid()


def test_an_error_comes_after_the_items_before_it():
    def make() -> Iterator[int]:
        yield 1
        raise Refusal("file_size", megabytes=100)

    ahead = Ahead(make)
    assert next(ahead) == 1
    with pytest.raises(Refusal) as raised:
        next(ahead)
    assert "100 MB" in str(raised.value)
    assert list(ahead) == []


def test_an_error_that_cannot_cross_says_what_it_was():
    class Local(Exception):
        pass

    def make() -> Iterator[int]:
        raise Local("no way across")
        yield

    with pytest.raises(RuntimeError, match="no way across"):
        next(Ahead(make))


def test_an_item_that_cannot_cross_says_so():
    with pytest.raises(Exception, match=r"(?i)pickle"):
        next(Ahead(lambda: iter([lambda: 1])))


@pytest.mark.django_db
def test_what_is_made_ahead_cannot_touch_its_parents_connection():
    Company.objects.count()
    with pytest.raises(RuntimeError, match="no database"):
        next(Ahead(lambda: iter([Company.objects.count() for _ in "a"])))
    assert Company.objects.count() == 0


def test_a_process_that_was_killed_is_noticed():
    def make() -> Iterator[int]:
        yield os.getpid()
        time.sleep(60)

    ahead = Ahead(make)
    os.kill(next(ahead), 9)
    with pytest.raises(RuntimeError, match="was ended: -9"):
        next(ahead)


def test_closing_ends_the_process():
    def make() -> Iterator[int]:
        yield os.getpid()
        time.sleep(60)

    ahead = Ahead(make)
    pid = next(ahead)
    ahead.close()
    assert list(ahead) == []
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.parametrize("signal", [9, 15])
def test_the_process_ends_with_the_one_that_asked(signal: int, tmp_path: Path):
    program = """
        import itertools, os, sys
        from oportuna.work.ahead import Ahead
        ahead = Ahead(lambda: itertools.repeat((os.getpid(), "x" * 100_000)))
        print(next(ahead)[0], flush=True)
        sys.stdin.read()
    """
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "oportuna.settings", "OPORTUNA_DATA": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)], env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:  # fmt: skip
        assert parent.stdout
        pid = int(parent.stdout.readline())
        parent.send_signal(signal)
        parent.wait()
    deadline = time.monotonic() + PATIENCE
    while _runs(pid):
        assert time.monotonic() < deadline, "it outlived the process that asked for it"
        time.sleep(0.01)


def _runs(pid: int) -> bool:
    """Whether the process does anything still; ended, it may wait for whoever collects it."""
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
