"""Steps under a lease: done once, in turns, by one at a time, and again after a failure."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from oportuna.accounts.models import Company
from oportuna.accounts.scope import company_scope
from oportuna.work import steps
from oportuna.work.models import Work
from tests.factories import make_company
from tests.work.counting import KIND, numbers_written, progress_for
from tests.work.draining import drain

LAST = 30
EVERY_NUMBER = list(range(1, LAST + 1))


def begin(company: Company, kind: str = KIND) -> int:
    """Start a count, or trouble, for a company; returns the row it works on."""
    row = progress_for(company, LAST).pk
    with company_scope(company):
        steps.start(kind, row)
    return row


def test_work_that_was_started_is_done_once_and_leaves_nothing_behind(db):
    company = make_company()
    begin(company)

    drain()

    assert numbers_written(company) == EVERY_NUMBER
    assert (Work.objects.count(), DBTaskResult.objects.count()) == (0, 0)


def test_starting_twice_runs_once(db):
    company = make_company()
    row = begin(company)

    with company_scope(company):
        steps.start(KIND, row)
    drain()

    assert numbers_written(company) == EVERY_NUMBER


def test_what_is_started_in_a_transaction_that_fails_never_runs(db):
    company = make_company()
    row = progress_for(company, LAST).pk

    with transaction.atomic(), company_scope(company):
        steps.start(KIND, row)
        transaction.set_rollback(True)

    assert (drain(), numbers_written(company)) == (0, [])


def test_companies_take_turns(db):
    first, second = make_company("First"), make_company("Second")
    begin(first)
    begin(second)

    turns = []
    for _turn in range(3):
        lease = steps.take(is_stopping=lambda: True)
        assert lease is not None
        turns.append(lease.company_id)
        steps.run(lease)

    assert turns == [first.pk, second.pk, first.pk]


def test_nobody_gets_what_another_works_on(db):
    begin(make_company())

    assert steps.take() is not None

    assert steps.take() is None
    assert (steps.sweep(), steps.take()) == (0, None)


def test_the_sweep_hands_on_what_a_dead_worker_held(db):
    company = make_company()
    begin(company)
    lost = steps.take()
    Work.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    assert steps.sweep() == 1
    drain()

    assert numbers_written(company) == EVERY_NUMBER
    assert lost is not None
    with pytest.raises(steps.LeaseLost), lost.transaction():
        pass


def test_the_sweep_leaves_alone_what_waits_for_its_turn(db):
    begin(make_company())

    assert (steps.sweep(), DBTaskResult.objects.count()) == (0, 1)


def test_a_dead_process_of_this_machine_is_not_waited_for(db):
    company = make_company()
    begin(company)
    lost = steps.take()
    assert lost is not None
    host, _pid, token = lost.holder.split("/")
    Work.objects.update(holder=f"{host}/{2**22 + 1}/{token}")  # beyond the highest process number

    assert steps.sweep() == 1


def test_a_worker_that_lost_its_lease_writes_nothing(db):
    company = make_company()
    begin(company)
    slow = steps.take()
    Work.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    steps.sweep()
    quick = steps.take()
    assert slow is not None
    assert quick is not None

    steps.run(slow)
    written_by_slow = numbers_written(company)
    steps.run(quick)
    drain()

    assert written_by_slow == []
    assert numbers_written(company) == EVERY_NUMBER


def test_a_failing_step_is_tried_again_later_and_then_given_up_with_its_error(db):
    company = make_company()
    row = begin(company, "tests.trouble")

    waits = []
    for _attempt in range(len(steps.RETRY_AFTER)):
        drain()
        ticket = DBTaskResult.objects.get()
        waits.append(ticket.run_after > timezone.now())
        DBTaskResult.objects.update(run_after=timezone.now())
    drain()

    with company_scope(company):
        work = steps.find("tests.trouble", row)
    assert waits == [True] * len(steps.RETRY_AFTER)
    assert work is not None
    assert (work.failed_at is not None, work.error) == (True, "ZeroDivisionError: by zero")
    assert (steps.sweep(), numbers_written(company)) == (0, [])


def test_work_that_was_given_up_can_be_started_again(db):
    company = make_company()
    row = begin(company)
    DBTaskResult.objects.all().delete()
    Work.objects.update(failed_at=timezone.now(), error="no space left", ticket=None)

    with company_scope(company):
        steps.start(KIND, row)
    drain()

    assert numbers_written(company) == EVERY_NUMBER


def test_cancelled_work_stops_before_its_next_transaction(db):
    company = make_company()
    row = begin(company)
    lease = steps.take()
    assert lease is not None

    with company_scope(company):
        steps.cancel(KIND, row)
    steps.run(lease)

    assert (numbers_written(company), Work.objects.count()) == ([], 0)


def test_a_command_does_the_whole_work_in_its_own_process(db):
    company = make_company()
    row = progress_for(company, LAST).pk

    steps.run_in_process(company, KIND, row)

    assert (numbers_written(company), Work.objects.count()) == (EVERY_NUMBER, 0)


def test_a_command_refuses_what_a_worker_has_in_hand(db):
    company = make_company()
    row = begin(company)
    steps.take()

    with pytest.raises(steps.Busy):
        steps.run_in_process(company, KIND, row)


def test_a_command_that_fails_leaves_the_rest_to_the_workers(db):
    company = make_company()
    row = progress_for(company, LAST).pk

    with pytest.raises(ZeroDivisionError):
        steps.run_in_process(company, "tests.trouble", row)

    assert (Work.objects.count(), DBTaskResult.objects.count()) == (1, 1)


def test_short_work_has_a_queue_of_its_own(db):
    begin(make_company())

    assert steps.take((steps.SHORT,)) is None
    assert steps.take((steps.DEFAULT,)) is not None
