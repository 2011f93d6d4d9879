"""The minute clock: one ticks, each company's jobs run in its scope."""

from datetime import timedelta

import pytest
from django.utils import timezone

from oportuna.accounts.scope import company_scope, current_company_id
from oportuna.sales.models import LedgerLine
from oportuna.work import clock
from oportuna.work.models import Tick
from tests.factories import make_actor, make_company, make_opportunity


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The companies for which the clock's only job ran."""
    companies: list[int] = []
    monkeypatch.setattr(clock, "_jobs", [lambda: companies.append(current_company_id())])
    return companies


def test_the_clock_ticks_once_a_minute_whoever_asks(db, heard):
    company = make_company()

    turns = [clock.tick(), clock.tick()]
    Tick.objects.update(at=timezone.now() - timedelta(seconds=61))
    turns += [clock.tick(), clock.tick()]

    assert (turns, heard) == ([True, False, True, False], [company.pk, company.pk])


def test_each_job_runs_for_each_company_in_its_scope(db, heard):
    companies = [make_company().pk, make_company().pk]

    clock.tick()

    assert heard == companies


def test_one_companys_trouble_is_not_anothers(db, heard):
    first, second = make_company(), make_company()

    @clock.every_minute
    def trouble_for_the_first() -> None:
        if current_company_id() == first.pk:
            raise RuntimeError("trouble")

    clock._jobs.reverse()
    clock.tick()

    assert heard == [first.pk, second.pk]


def test_a_job_with_more_to_do_is_called_again(db, monkeypatch):
    make_company()
    left = [3]

    def job() -> int:
        left[0] -= 1
        return left[0]

    monkeypatch.setattr(clock, "_jobs", [job])
    clock.tick()

    assert left == [0]


def test_the_clock_folds_the_ledger(db):
    ana = make_actor()
    make_opportunity(ana)

    clock.tick()

    with company_scope(ana.company):
        assert LedgerLine.objects.count() == 0
