"""Background work, cut into steps under a lease: a worker killed at any instant loses nothing and does nothing twice.

An app registers the function of a kind of work in its module `steps`; an action starts it in its own transaction:

    @step("imports.apply")
    def apply(lease: Lease) -> None:
        rows = read(lease.row)                        # slow reading and parsing: no transaction is open
        while lease.goes_on():                        # at most 2 s, with pauses on SQLite
            with lease.transaction(lease.rows):       # the company's scope; renews the lease, or raises LeaseLost
                if not write_next(lease.row, lease.rows):  # and records how far it came, in this transaction
                    lease.finish()                    # deletes the Work row, in this transaction
                    return

    start("imports.apply", job.pk)                    # inside the company's scope

A function that returns without `finish()` is called again, after other companies' steps. It begins with no scope
around it, and may begin again after any of its transactions.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from oportuna.accounts.models import Company
from oportuna.accounts.scope import company_scope, current_company_id, no_scope
from oportuna.work.checkpoints import Checkpoints
from oportuna.work.holder import is_surely_dead, new_holder
from oportuna.work.models import Work
from oportuna.work.pace import Pace

SHORT = "short"
DEFAULT = "default"
RETRY_AFTER = (timedelta(seconds=2), timedelta(seconds=15), timedelta(minutes=1), timedelta(minutes=5))

log = logging.getLogger("oportuna.work")


class LeaseLost(Exception):
    """Another worker has taken over, or the work is gone: this one must stop, and its transaction is rolled back."""


class Busy(Exception):
    """A living process works on this already."""


@dataclass(slots=True)
class Lease:
    """The right to work on one thing for now; what a step function gets."""

    work_id: int
    company_id: int
    kind: str
    row: int
    holder: str
    pace: Pace
    checkpoints: Checkpoints = field(default_factory=Checkpoints, init=False)
    is_finished: bool = field(default=False, init=False)

    @property
    def rows(self) -> int:
        """How many rows the next transaction should take."""
        return self.pace.rows

    def goes_on(self) -> bool:
        """Whether this step has time for one more transaction."""
        return self.pace.goes_on()

    def must_stop(self) -> bool:
        """Whether this process is to end: work that cannot be cut gives up its attempt and returns, to be begun anew."""
        return self.pace.is_stopping()

    @contextmanager
    def transaction(self, rows: int | None = None) -> Iterator[None]:
        """One write transaction in the company's scope, under the renewed lease; of `rows` rows, for the pace. Raises LeaseLost.

        The lease's row is written first: whoever has taken over meanwhile has ended this holder, never the reverse.
        """
        with self.pace.transaction(rows), transaction.atomic(), company_scope(self.company_id):
            self.renew()
            yield
        if rows:
            self.checkpoints.committed()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """The company's scope for reading alone; on SQLite no transaction."""
        with company_scope(self.company_id):
            yield

    def renew(self) -> None:
        """Hold on for 30 s more; every transaction does it, and a long wait must. Raises LeaseLost."""
        mine = Work.objects.filter(pk=self.work_id, holder=self.holder)
        if not mine.update(lease_until=timezone.now() + Work.LEASE):
            raise LeaseLost(f"{self.kind} {self.row}")

    def finish(self) -> None:
        """The work is done: its row goes in this transaction."""
        Work.objects.filter(pk=self.work_id).delete()
        self.is_finished = True


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work: its step function and its queue."""

    name: str
    run: Callable[[Lease], None]
    queue: str


_kinds: dict[str, Kind] = {}


def step(kind: str, *, queue: str = DEFAULT) -> Callable[[Callable[[Lease], None]], Callable[[Lease], None]]:
    """Register a step function under its kind; work that is always short names the queue SHORT."""

    def register(run: Callable[[Lease], None]) -> Callable[[Lease], None]:
        _kinds[kind] = Kind(kind, run, queue)
        return run

    return register


@task
def next_step(work_id: int) -> None:
    """The ticket for a step; our worker runs it by `take()`, because the ticket must go with the lease's beginning."""
    raise NotImplementedError


@transaction.atomic
def start(kind: str, row: int) -> Work:
    """Begin a piece of work of the scope's company, in the caller's transaction; started twice it runs once.

    What had given up begins anew.
    """
    queue = _kinds[kind].queue
    work, is_new = Work.objects.get_or_create(company_id=current_company_id(), kind=kind, row=row)
    if is_new or work.failed_at:
        work.attempts, work.error, work.failed_at = 0, "", None
        _queue(work, queue)
    return work


def find(kind: str, row: int) -> Work | None:
    """The unfinished or failed work of the scope's company; None when it is done."""
    return Work.objects.filter(company_id=current_company_id(), kind=kind, row=row).first()


@transaction.atomic
def cancel(kind: str, row: int) -> None:
    """End a piece of work of the scope's company in the caller's transaction; a step under way stops at its next one."""
    Work.objects.filter(company_id=current_company_id(), kind=kind, row=row).delete()


def take(
    queues: tuple[str, ...] = (DEFAULT, SHORT), *, is_stopping: Callable[[], bool] = lambda: False
) -> Lease | None:
    """Take the oldest ticket of the queues and with it the lease, in one transaction; None when nothing waits."""
    tickets = DBTaskResult.objects.ready().filter(queue_name__in=queues, task_path=next_step.module_path)
    while tickets.exists():  # asking alone takes no lock on SQLite
        with transaction.atomic():
            ticket = tickets.select_for_update(skip_locked=True).first()
            if ticket is None:
                return None
            ticket_id, (work_id,) = ticket.pk, ticket.args_kwargs["args"]
            ticket.delete()
            work = Work.objects.select_for_update().filter(pk=work_id, ticket=ticket_id).first()
            if work is not None and _is_free(work):
                return _hold(work, Pace(is_stopping=is_stopping))
    return None


def run(lease: Lease) -> None:
    """Run one step and queue the next, or the same again later when it failed; after the last delay it gives up."""
    kind = _kinds.get(lease.kind)
    try:
        if kind is None:
            raise LookupError(f"no step function of the kind {lease.kind}")
        _run_step(kind, lease)
    except LeaseLost:
        log.warning("%s %s: another worker has taken over", lease.kind, lease.row)
    except Exception as error:
        log.exception("%s %s failed", lease.kind, lease.row)
        _failed(lease, error)
    else:
        if not lease.is_finished:
            _release(lease)


def _run_step(kind: Kind, lease: Lease) -> None:
    try:
        with no_scope():
            kind.run(lease)
    finally:
        lease.checkpoints.end()


def run_in_process(company: Company, kind: str, row: int) -> None:
    """Do a piece of work here and now, step by step, under the same lease: for commands, outside any scope.

    Begins it, or goes on where another process left it. Raises Busy while one works on it, and what a step raises;
    a worker goes on with what is left then.
    """
    with transaction.atomic():
        work, _ = Work.objects.select_for_update().get_or_create(company=company, kind=kind, row=row)
        if not _is_free(work):
            raise Busy(work.holder)
        work.attempts, work.error, work.failed_at = 0, "", None
        work.save()
        lease = _hold(work, Pace())
    try:
        while not lease.is_finished:
            _run_step(_kinds[kind], lease)
            lease.pace.begin()
    except LeaseLost:
        raise Busy(kind) from None
    except BaseException:
        _release(lease)
        raise


def sweep() -> int:
    """Queue again what no living worker holds and no ticket waits for; returns how many pieces of work.

    At a worker's start and every minute: what a killed worker had in its hands goes on.
    """
    count = 0
    for pk in list(Work.objects.filter(failed_at=None).values_list("pk", flat=True)):
        with transaction.atomic():
            work = Work.objects.select_for_update(skip_locked=True).filter(pk=pk, failed_at=None).first()
            if work is None or not _is_free(work) or work.kind not in _kinds:
                continue
            if work.ticket is None or not DBTaskResult.objects.filter(pk=work.ticket).exists():
                _queue(work, _kinds[work.kind].queue)
                count += 1
    return count


def _is_free(work: Work) -> bool:
    return work.is_free_at(timezone.now()) or is_surely_dead(work.holder)


def _hold(work: Work, pace: Pace) -> Lease:
    work.holder, work.lease_until, work.ticket = new_holder(), timezone.now() + Work.LEASE, None
    work.save(update_fields=["holder", "lease_until", "ticket"])
    return Lease(work.pk, work.company_id, work.kind, work.row, work.holder, pace)


def _queue(work: Work, queue: str, *, after: timedelta | None = None) -> None:
    run_after = timezone.now() + after if after else None
    ticket = next_step.using(queue_name=queue, run_after=run_after).enqueue(work.pk)
    work.ticket, work.holder, work.lease_until = UUID(str(ticket.id)), "", None
    work.save()


def _mine(lease: Lease) -> Work | None:
    return Work.objects.select_for_update().filter(pk=lease.work_id, holder=lease.holder).first()


@transaction.atomic
def _release(lease: Lease) -> None:
    work = _mine(lease)
    if work is not None:
        work.attempts, work.error = 0, ""
        _queue(work, _kinds[lease.kind].queue)


@transaction.atomic
def _failed(lease: Lease, error: Exception) -> None:
    work = _mine(lease)
    if work is None:
        return
    work.error = f"{type(error).__name__}: {error}"[:2000]
    work.attempts += 1
    if work.attempts <= len(RETRY_AFTER):
        queue = _kinds[lease.kind].queue if lease.kind in _kinds else DEFAULT
        _queue(work, queue, after=RETRY_AFTER[work.attempts - 1])
    else:
        work.failed_at, work.holder, work.lease_until = timezone.now(), "", None
        work.save()
