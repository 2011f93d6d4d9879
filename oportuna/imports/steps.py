"""The background work of imports: checking a file and writing its rows, in steps that a kill cannot spoil."""

from dataclasses import asdict
from time import monotonic
from typing import Any

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from oportuna.accounts import policies
from oportuna.accounts.actor import Actor, Via, actor_for
from oportuna.accounts.models import Membership
from oportuna.errors import NotAllowed, Refused
from oportuna.imports.actions import APPLY, CHECK, UNDO, stand_in_line, start_next
from oportuna.imports.check import reading
from oportuna.imports.check.checked_rows import COUNTS, ROW_COLUMNS, count, row_of
from oportuna.imports.columns.survey import Survey
from oportuna.imports.exports import steps as exports  # noqa: F401  # registers its step
from oportuna.imports.models import ImportJob, ImportRow, Outcome, OwnedBy
from oportuna.imports.notices import FAILED, IMPORTED, NOT_UNDONE, UNDONE, tell_of_end
from oportuna.imports.options import Options
from oportuna.imports.reader.refusals import Refusal
from oportuna.imports.suppression.actions import MARK
from oportuna.imports.suppression.marking import mark_next
from oportuna.imports.writing import brought, undoing
from oportuna.imports.writing.applying import PENDING, Batch, Pending, Stale, pending
from oportuna.imports.writing.lookups import Lookups
from oportuna.records.rows import converted, insert_converted
from oportuna.work.endings import ends_in_words
from oportuna.work.steps import Lease, step

_RENEW_EVERY = 5.0
_MARKED_AT_ONCE = 20


def _fail(lease: Lease, error: Exception) -> None:
    """End the import for good: it says why, and the company's next one begins."""
    problem = _problem_of(error)
    reading.close_kept()
    with lease.transaction():
        stand_in_line()
        job = ImportJob.objects.select_for_update().get(pk=lease.row)
        if lease.kind == UNDO:
            _stop_undoing(job, problem)
            lease.finish()
            return
        job.state, job.problem, job.finished_at = ImportJob.State.FAILED, problem, timezone.now()
        if job.started_at:
            left = ImportRow.objects.filter(job=job, outcome__in=PENDING, number__gt=job.cursor)
            left.update(outcome=Outcome.SKIPPED)
            job.recount()
        job.save()
        tell_of_end(job, FAILED)
        start_next()
        lease.finish()


def _stop_undoing(job: ImportJob, problem: dict[str, Any]) -> None:
    """It stands again as before it was to be undone, and says why it was not; what was taken back stays so."""
    job.state = job.undone_from or ImportJob.State.DONE
    job.problem, job.undone_at = problem, None
    job.save(update_fields=["state", "problem", "undone_at"])
    tell_of_end(job, NOT_UNDONE)
    start_next()


def _problem_of(error: Exception) -> dict[str, Any]:
    """What a page shows of an error that ended an import, as `ImportJob.problem` keeps it."""
    if isinstance(error, Refusal):
        return {"cause": error.cause, "params": error.params}
    if isinstance(error, Refused | NotAllowed):
        return {"message": str(error)}
    return {"message": _("The import stopped by an error of the program. Tell your administrator.")}


_ends_in_words = ends_in_words(_fail, at_once=(Refusal, Refused, NotAllowed), let_go=reading.close_kept)


@step(CHECK)
@_ends_in_words
def check(lease: Lease) -> None:
    """Look at every row of the file and keep what would become of it; nothing in sales is touched."""
    with lease.reading():
        job = ImportJob.objects.get(pk=lease.row)
        by = _actor(job)
    if job.decisions is None:
        _survey(lease, job)
    while lease.goes_on():
        with lease.reading():
            under_way = reading.reading_of(job, by)
            checked = under_way.checker.check(under_way.take())
            ready = list(converted(ImportRow, ROW_COLUMNS, [row_of(job, one) for one in checked]))
        with lease.transaction(len(checked)):
            if not checked:
                ImportJob.objects.filter(pk=job.pk).update(state=ImportJob.State.CHECKED)
                lease.finish()
                reading.close_kept()
                return
            insert_converted(ImportRow, ROW_COLUMNS, ready)
            for one in checked:
                count(job, one)
            job.turns += sum(one.owned_by == OwnedBy.TURN for one in checked)
            job.done += len(checked)
            job.cursor = checked[-1].number
            job.save(update_fields=[*COUNTS, "turns", "done", "cursor"])
        under_way.reached(job)


def _actor(job: ImportJob) -> Actor:
    """Whoever imports, as he may act now: he may have left, or changed his role."""
    return _acting(job.created_by)


def _acting(member: Membership) -> Actor:
    by = actor_for(member, Via.IMPORT)
    if not member.is_active:
        raise NotAllowed(_("%(name)s has left the company: the import stopped.") % {"name": member.name})
    by.require(policies.import_rows)
    return by


def _survey(lease: Lease, job: ImportJob) -> None:
    """One look at all cells decides how each column is read, and counts the rows."""
    readings = Options.of_json(job.options).readings
    count, renewed = 0, monotonic()
    with reading.open_job(job) as table:
        survey = Survey(reading.matches_of(job), readings, from_1904=table.from_1904)
        for batch in table.batches():
            count += len(batch)
            for row in batch:
                survey.add(row)
            if monotonic() - renewed > _RENEW_EVERY:
                lease.renew()
                renewed = monotonic()
    if not count:
        raise Refusal("no_rows")
    with lease.transaction():
        job.rows = count
        job.decisions = {index: asdict(decision) for index, decision in survey.decisions().items()}
        ImportJob.objects.filter(pk=job.pk).update(rows=count, decisions=job.decisions)


@step(APPLY)
@_ends_in_words
def apply(lease: Lease) -> None:
    """Write the rows that the check found fit, each exactly once.

    A batch that something came between is made anew and smaller, so that less can; what the database alone refuses, once.
    """
    lookups: Lookups | None = None
    refused_at: int | None = None
    with lease.reading():
        job = ImportJob.objects.get(pk=lease.row)
    # A second attempt comes at once, whatever the time: the next step would not know of the first.
    while lease.goes_on() or refused_at == job.cursor:
        with lease.reading():
            rows = pending(job, lease.rows)
        try:
            lookups = _learned(lease, job, rows, lookups)
            with lease.reading():
                batch = Batch(job, rows, lookups)
            with lease.transaction(len(rows)):
                job = _write(lease, job, batch, lookups)
                if lease.is_finished:
                    return
        except (Stale, IntegrityError) as error:
            with lease.reading():
                job, lookups = ImportJob.objects.get(pk=lease.row), None
            lease.pace.slow_down()
            if isinstance(error, IntegrityError):
                if refused_at == job.cursor:
                    raise
                refused_at = job.cursor


@step(UNDO)
@_ends_in_words
def undo(lease: Lease) -> None:
    """Take back what the import wrote, from its last row to its first, then what it put in use of the registers."""
    while lease.goes_on():
        with lease.reading():
            seen = ImportJob.objects.get(pk=lease.row)
            by = _acting(seen.undone_by or seen.created_by)
            batch = undoing.TakingBack(seen, lease.rows, by)
            unused = brought.last_unused(seen) if batch.is_empty else None
        with lease.transaction(None if batch.is_empty else lease.rows):
            if batch.is_empty:
                stand_in_line()
            job = ImportJob.objects.select_for_update().get(pk=lease.row)
            if (job.cursor, job.brought) != (seen.cursor, seen.brought):
                continue
            if not batch.is_empty:
                batch.write(job)
                continue
            if job.brought:
                brought.take_back_last(job, unused, by)
                continue
            job.state = ImportJob.State.UNDONE
            job.save(update_fields=["state"])
            tell_of_end(job, UNDONE)
            start_next()
            lease.finish()
            return


@step(MARK)
def mark_suppressed(lease: Lease) -> None:
    """Mark the customers whom the suppression list reaches."""
    while lease.goes_on():
        with lease.transaction(lease.rows):
            if not mark_next(_MARKED_AT_ONCE):
                lease.finish()
                return


def _learned(lease: Lease, job: ImportJob, rows: list[Pending], lookups: Lookups | None) -> Lookups:
    """Lookups that know these rows' words; what they add to the registers comes in a transaction of its own."""
    words = [row.values for row in rows]
    if lookups is not None and lookups.knows(words):
        return lookups
    with lease.transaction():
        lookups = lookups or Lookups(Options.of_json(job.options), _actor(job), creates=True)
        there = len(lookups.brought)
        for values in words:
            lookups.place(values)
        if len(lookups.brought) > there:
            job.brought += lookups.brought[there:]
            job.save(update_fields=["brought"])
    return lookups


def _write(lease: Lease, seen: ImportJob, batch: Batch, lookups: Lookups) -> ImportJob:
    """Write the batch, or end the import where none is left; returns the import as it stands then.

    Raises Stale where this is not what was to be written next.
    """
    if batch.is_empty:
        stand_in_line()
    job = ImportJob.objects.select_for_update().get(pk=seen.pk)
    if job.state != ImportJob.State.RUNNING:
        lease.finish()
    elif job.cursor != seen.cursor:
        raise Stale
    elif batch.is_empty:
        job.state, job.finished_at = ImportJob.State.DONE, timezone.now()
        job.save(update_fields=["state", "finished_at"])
        tell_of_end(job, IMPORTED)
        start_next()
        lease.finish()
    else:
        batch.hold()
        if not lookups.is_current(_actor(job)):
            raise Stale
        batch.write(job)
    return job
