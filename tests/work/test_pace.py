"""The pace of background work follows the time that its transactions take, and leaves others room between them."""

from types import SimpleNamespace

import pytest
from django.db import connection

from oportuna.work import pace
from oportuna.work.pace import Pace


class Clock:
    """A time that passes only when somebody works or sleeps."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.slept = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept += seconds


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(pace, "time", SimpleNamespace(monotonic=lambda: clock.now, sleep=clock.sleep))
    return clock


@pytest.fixture
def longest():
    """How long a transaction may take on this database, in seconds."""
    return {"sqlite": 0.08, "postgresql": 0.5}[connection.vendor]


def worked(pace: Pace, clock: Clock, seconds: float) -> int:
    """One transaction of as many rows as the pace asks for; returns for how many it asks next."""
    with pace.transaction(pace.rows):
        clock.now += seconds
    return pace.rows


def test_a_transaction_that_ends_early_is_followed_by_at_most_twice_its_rows(clock, longest):
    pace = Pace()
    assert worked(pace, clock, longest / 16) == 200
    assert worked(pace, clock, longest / 2) == pytest.approx(300, abs=1)


def test_a_transaction_that_takes_too_long_is_followed_by_fewer_rows(clock, longest):
    pace = Pace()
    assert worked(pace, clock, longest * 2) == pytest.approx(75, abs=1)
    assert worked(pace, clock, longest * 1_000) == pytest.approx(37, abs=1)


def test_work_whose_time_is_not_its_rows_never_goes_on_row_by_row(clock, longest):
    pace = Pace()
    for _ in range(20):
        worked(pace, clock, longest * 3)
    assert pace.rows == 10


def test_what_came_to_nothing_is_tried_with_half_as_many_down_to_one(clock, longest):
    pace = Pace()
    pace.slow_down()
    assert pace.rows == 50
    for _ in range(10):
        pace.slow_down()
    assert pace.rows == 1
    assert worked(pace, clock, longest / 16) == 2


def test_a_transaction_of_no_known_rows_says_nothing_of_the_pace(clock, longest):
    pace = Pace()
    with pace.transaction():
        clock.now += longest * 100
    assert pace.rows == 100


def test_on_sqlite_others_get_their_turn_between_two_transactions(clock):
    pace = Pace()
    worked(pace, clock, 0.05)
    worked(pace, clock, 0.05)
    assert clock.slept == pytest.approx(0.025 if connection.vendor == "sqlite" else 0)

    clock.now += 1  # reading counts as pause
    worked(pace, clock, 0.05)
    assert clock.slept == pytest.approx(0.025 if connection.vendor == "sqlite" else 0)


def test_a_step_ends_while_there_is_time_for_its_last_transaction(clock, longest):
    pace = Pace(seconds=2)
    clock.now += 1.9 - longest
    assert pace.goes_on()
    clock.now += 0.2
    assert not pace.goes_on()
    pace.begin()
    assert pace.goes_on()
    assert not Pace(is_stopping=lambda: True).goes_on()
