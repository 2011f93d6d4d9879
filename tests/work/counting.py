"""Work for tests: one audit entry for each number up to a team's name; its revision says how far it came."""

from oportuna.accounts.models import AuditEntry, Company, Team
from oportuna.accounts.scope import company_scope
from oportuna.work.steps import Lease, step

KIND, AT_ONCE = "tests.count", 5


@step(KIND)
def count(lease: Lease) -> None:
    """Write the next few numbers in each transaction, until the last."""
    while lease.goes_on():
        with lease.transaction():
            progress = Team.objects.get(pk=lease.row)
            last = int(progress.name)
            numbers = range(progress.revision + 1, min(progress.revision + AT_ONCE, last) + 1)
            for number in numbers:
                AuditEntry.objects.create(verb="exported", about=str(number))
            progress.revision += len(numbers)
            progress.save()
            if progress.revision == last:
                lease.finish()
                return


@step("tests.trouble")
def trouble(lease: Lease) -> None:
    """Write, then fail."""
    with lease.transaction():
        AuditEntry.objects.create(verb="exported", about="nothing of this stays")
        raise ZeroDivisionError("by zero")


def progress_for(company: Company, last: int) -> Team:
    """The row that a count up to `last` works on, at 0."""
    with company_scope(company):
        return Team.objects.create(name=str(last), revision=0)


def numbers_written(company: Company) -> list[int]:
    """What the audit holds, in order."""
    with company_scope(company):
        return sorted(
            int(about) for about in AuditEntry.objects.filter(verb="exported").values_list("about", flat=True)
        )
