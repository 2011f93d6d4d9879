"""What ends work for good is said where people look for it; all else is tried again."""

import pytest
from django.utils import timezone

from oportuna.accounts.models import AuditEntry, Company
from oportuna.accounts.scope import company_scope
from oportuna.errors import Refused
from oportuna.work import steps
from oportuna.work.endings import ends_in_words
from oportuna.work.models import Work
from oportuna.work.steps import RETRY_AFTER, Lease, LeaseLost, step
from tests.factories import make_company
from tests.work.draining import drain

KIND = "tests.ending"
errors: list[Exception] = []
let_go: list[str] = []


def _say_why(lease: Lease, error: Exception) -> None:
    with lease.transaction():
        AuditEntry.objects.create(verb="exported", about=f"{type(error).__name__}: {error}")
        lease.finish()


@step(KIND)
@ends_in_words(_say_why, let_go=lambda: let_go.append("given up"))
def fail(lease: Lease) -> None:
    """Fail with the error that the test chose."""
    raise errors[0]


@pytest.fixture
def company(db) -> Company:
    """A company with work to do."""
    let_go.clear()
    company = make_company()
    with company_scope(company):
        steps.start(KIND, 1)
    return company


def what_was_said(company: Company) -> list[str]:
    """The sentences that the work left."""
    with company_scope(company):
        return list(AuditEntry.objects.filter(verb="exported").values_list("about", flat=True))


def test_a_refusal_ends_the_work_at_once_and_is_said(company):
    errors[:] = [Refused("The list is empty.")]

    assert drain() == 1

    assert what_was_said(company) == ["Refused: The list is empty."]
    assert Work.objects.count() == 0


def test_an_error_of_the_program_waits_for_its_next_attempt(company):
    errors[:] = [ZeroDivisionError("by zero")]

    assert drain() == 1

    assert what_was_said(company) == []
    assert Work.objects.get().attempts == 1


def test_an_error_at_the_last_attempt_is_said_and_ends_the_work(company):
    errors[:] = [ZeroDivisionError("by zero")]
    Work.objects.update(attempts=len(RETRY_AFTER))

    assert drain() == 1

    assert what_was_said(company) == ["ZeroDivisionError: by zero"]
    assert Work.objects.count() == 0


def test_a_lost_lease_says_nothing_and_gives_up_what_was_open(company):
    errors[:] = [LeaseLost("tests.ending 1")]
    lease = steps.take()
    assert lease is not None
    Work.objects.update(holder="another", lease_until=timezone.now() + Work.LEASE)

    steps.run(lease)

    assert (what_was_said(company), let_go) == ([], ["given up"])
    assert Work.objects.get().holder == "another"
