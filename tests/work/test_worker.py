"""Real worker processes: killed, stopped, two at once."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from oportuna.accounts.scope import company_scope
from oportuna.work import steps
from oportuna.work.models import Work
from tests.factories import make_company
from tests.work.counting import KIND, numbers_written, progress_for
from tests.work.process import PATIENCE, WORKER, started

LAST = 600
EVERY_NUMBER = list(range(1, LAST + 1))


def wait_until(true: Callable[[], bool]) -> None:
    """Look again and again until it is true."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


@pytest.fixture
def counting(committed):
    """A company for which a count is queued."""
    company = make_company()
    row = progress_for(company, LAST).pk
    with company_scope(company):
        steps.start(KIND, row)
    return company


def test_a_worker_killed_twice_in_the_middle_loses_nothing_and_does_nothing_twice(counting, tmp_path):
    for _kill in range(2):
        before = len(numbers_written(counting))
        with started(WORKER, tmp_path) as worker:
            wait_until(lambda: len(numbers_written(counting)) > before)  # noqa: B023  asked at once
            os.kill(worker.pid, signal.SIGKILL)
    interrupted = len(numbers_written(counting))

    with started(WORKER, tmp_path):
        wait_until(lambda: not Work.objects.exists())

    assert interrupted < LAST
    assert numbers_written(counting) == EVERY_NUMBER


def test_two_workers_never_do_the_same_step(counting, tmp_path):
    other = make_company()
    row = progress_for(other, LAST).pk
    with company_scope(other):
        steps.start(KIND, row)

    with started(WORKER, tmp_path), started(WORKER, tmp_path):
        wait_until(lambda: not Work.objects.exists())

    assert numbers_written(counting) == numbers_written(other) == EVERY_NUMBER


def test_a_worker_told_to_stop_hands_its_work_on_at_once(counting, tmp_path):
    with started(WORKER, tmp_path) as worker:
        wait_until(lambda: len(numbers_written(counting)) > 0)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(5) == 0

    work = Work.objects.get()
    assert (work.holder, work.ticket is not None) == ("", True)


def test_a_worker_pauses_while_a_restore_is_under_way(counting, tmp_path):
    (tmp_path / "maintenance").write_text("restoring\n")

    with started(WORKER, tmp_path) as worker:
        wait_until(lambda: _listens_to_sigterm(worker.pid))
        assert numbers_written(counting) == []
        (tmp_path / "maintenance").write_text("")
        wait_until(lambda: len(numbers_written(counting)) > 0)


def _listens_to_sigterm(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status").read_text().split()
    return bool(int(status[status.index("SigCgt:") + 1], 16) & (1 << (signal.SIGTERM - 1)))
