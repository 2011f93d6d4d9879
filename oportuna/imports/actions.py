"""What people do with an import: bring the file, say what its columns are, have it checked, run it, cancel it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oportuna.accounts import policies
from oportuna.accounts.actor import Actor
from oportuna.accounts.models import Company, OneTimeKey
from oportuna.accounts.scope import current_company_id
from oportuna.errors import Refused
from oportuna.imports.allowed import require_allowed
from oportuna.imports.check.reading import columns_json, matches_of
from oportuna.imports.columns.matching import match_columns, with_choices
from oportuna.imports.columns.memory import recall
from oportuna.imports.models import COUNTERS, ImportFix, ImportJob, ImportRow, Outcome
from oportuna.imports.options import Options
from oportuna.imports.reader.cells import SheetInfo
from oportuna.imports.reader.opening import Table, open_table
from oportuna.imports.reader.refusals import Refusal
from oportuna.imports.reader.shapes import likely_first
from oportuna.imports.reports.report import table_facts
from oportuna.imports.storage import Stored, store
from oportuna.imports.writing.applying import PENDING
from oportuna.sales.actions import numbers
from oportuna.work import steps as work

CHECK, APPLY, UNDO = "imports.check", "imports.apply", "imports.undo"
State = ImportJob.State
_BEHIND_ALL = 2_147_483_647
"""Undoing goes from the last row to the first: this is behind any."""
_COUNTED = ("rows", *COUNTERS.values(), "warnings", "done", "cursor", "turns", "highest_number")
"""What begins at 0 with every check."""


class SameFileAgain(Refused):
    """The very same file was imported before: it comes in again only for whoever says so."""


def receive(
    blocks: Iterable[bytes],
    name: str,
    *,
    options: Options | None = None,
    sheet: str | Sequence[str] | None = None,
    header_row: int | None = None,
    again: bool = False,
    key: UUID | None = None,
    by: Actor,
) -> ImportJob:
    """Take a spreadsheet in and look at its columns.

    A file that waits for a choice (which sheet, which header) is kept with its question; any other that cannot be
    read raises Refusal and leaves nothing. Raises SameFileAgain unless `again`.
    """
    by.require(policies.import_rows)
    stored = store(blocks)
    try:
        with transaction.atomic():
            made = OneTimeKey.claim(key, ImportJob)
            if made is not None:
                stored.remove()
                return ImportJob.objects.get(pk=made)
            if not again:
                _require_new(stored)
            job = _new_job(stored, name, options or Options(), by)
            _look(job, sheet, header_row)
            job.save(force_insert=True)
            OneTimeKey.keep(key, job)
    except BaseException:
        stored.remove()
        raise
    return job


def _require_new(stored: Stored) -> None:
    before = ImportJob.objects.filter(digest=stored.digest, state=State.DONE).order_by("-created_at").first()
    if before is not None:
        text = _("This very file was imported on %(day)s, by %(name)s. Import it again only if you are sure.")
        day = f"{timezone.localtime(before.created_at):%d/%m/%Y}"
        raise SameFileAgain(text % {"day": day, "name": before.created_by.name}, field="file")


def _new_job(stored: Stored, name: str, options: Options, by: Actor) -> ImportJob:
    return ImportJob(
        name=name[-200:],
        stored=stored.name,
        size=stored.size,
        digest=stored.digest,
        options=options.to_json(),
        created_by=by.membership,
    )


def _look(job: ImportJob, sheet: str | Sequence[str] | None, header_row: int | None) -> None:
    """Find the table and its columns, or keep the question."""
    options = Options.of_json(job.options)
    try:
        with open_table(job.path, sheet=sheet, header_row=header_row) as table:
            found, remembered_at = recall(match_columns(table.header, table.sample))
            matches = with_choices(found, options.mapping)
            _keep_facts(job, table)
    except Refusal as refusal:
        if not refusal.is_question:
            raise
        job.problem = {"cause": refusal.cause, "params": refusal.params}
        job.parts, job.alike = [], [list(names) for names in refusal.same_shape]
        job.sheets = _sheets_json(refusal.sheets, job.alike)
        job.columns = []
        return
    job.problem, job.columns, job.remembered_at = None, columns_json(matches), remembered_at


def _keep_facts(job: ImportJob, table: Table) -> None:
    facts = table_facts(table)
    job.format, job.encoding = facts["format"], table.encoding or ""
    job.delimiter, job.sheet = facts["delimiter"] or "", table.sheet or ""
    job.header_row = facts["header_row"]
    job.parts, job.alike = [list(part) for part in table.parts], table.same_shape
    job.sheets = _sheets_json(table.sheets, job.alike)


def _sheets_json(sheets: Sequence[SheetInfo], alike: list[list[str]]) -> list[list[Any]]:
    return [[one.name, one.rows, one.hidden] for one in likely_first(sheets, alike)]


@transaction.atomic
def choose_table(
    job: ImportJob, *, sheet: str | Sequence[str] | None, header_row: int | None, by: Actor
) -> ImportJob:
    """Say which sheet, or which ones of one shape, and which row of it is the header; corrections of rows are forgotten.

    Raises Refusal when there is no such table, Refused once the import has begun.
    """
    job = waiting(job, by)
    ImportFix.objects.filter(job=job).delete()  # of rows of another table
    _look(job, sheet or None, header_row)
    job.revision += 1
    job.save()
    return job


@transaction.atomic
def check(job: ImportJob, options: Options, *, seen: int | None = None, by: Actor) -> ImportJob:
    """Have every row checked with these columns and choices; what an earlier check found is thrown away.

    Raises Refused, with the field that is meant, for choices that contradict each other or are not the actor's to make, and
    once the import has begun; Conflict for a page older than `seen`.
    """
    work.cancel(CHECK, job.pk)
    job = waiting(job, by)
    job.require_revision(seen)
    if not job.columns:
        raise Refused(_("Choose the sheet and the header first."))
    require_allowed(options, by)
    try:
        matches = with_choices(matches_of(job), options.mapping)
    except Refusal as refusal:
        raise Refused(refusal.message, field="mapping") from refusal
    if not {"name", "trade_name", "contact"} & {match.field for match in matches}:
        raise Refused(_("Say which column holds the customer's name."), field="mapping")
    ImportRow.objects.filter(job=job).delete()
    for name in _COUNTED:
        setattr(job, name, 0)
    job.columns, job.options = columns_json(matches), replace(options, mapping={}).to_json()
    job.decisions, job.problem, job.state = None, None, State.CHECKING
    job.met, job.unknown = {}, {}
    job.revision += 1
    job.save()
    work.start(CHECK, job.pk)
    return job


@transaction.atomic
def apply(job: ImportJob, *, seen: int | None = None, by: Actor) -> ImportJob:
    """Write what was checked; asked twice it runs once. Imports of a company run one at a time, the others wait.

    Raises Refused for an import that is not checked, Conflict for a page older than `seen`.
    """
    by.require(policies.import_rows)
    stand_in_line()
    job = _mine(job, by)
    if job.started_at is not None:
        return job
    job.require_revision(seen)
    if job.state != State.CHECKED:
        raise Refused(_("Have the file checked before you import it."))
    job.kept_numbers_from, job.next_number = numbers.take_beyond(
        job.highest_number, job.created + job.updated + job.duplicates
    )
    job.started_at, job.cursor = timezone.now(), 0
    job.done = job.rejected + job.skipped + job.suppressed
    job.state = State.QUEUED
    job.save()
    start_next()
    job.refresh_from_db()
    return job


def stand_in_line() -> None:
    """Until the transaction ends no other import of the company begins or ends.

    To be called before the import's own row is locked: docs/architecture.md, "Who is held before whom".
    """
    Company.objects.select_for_update(no_key=True).get(pk=current_company_id())


def start_next() -> None:
    """Run the oldest import that waits, unless one of the company runs.

    To be called in the transaction that ended the last one, after `stand_in_line`.
    """
    if ImportJob.objects.filter(state__in=(State.RUNNING, State.UNDOING)).exists():
        return
    job = ImportJob.objects.filter(state=State.QUEUED).order_by("started_at", "id").first()
    if job is not None:
        ImportJob.objects.filter(pk=job.pk).update(state=State.RUNNING)
        work.start(APPLY, job.pk)


@transaction.atomic
def cancel(job: ImportJob, *, by: Actor) -> ImportJob:
    """Stop an import: what was written stays, the rows that were not are skipped. Raises Refused for one being undone."""
    work.cancel(CHECK, job.pk)
    work.cancel(APPLY, job.pk)
    stand_in_line()
    job = _mine(job, by)
    if job.is_finished:
        return job
    if job.state == State.UNDOING:
        raise Refused(_("Undoing cannot be stopped half-way. It ends by itself."))
    pending = ImportRow.objects.filter(job=job, outcome__in=PENDING)
    if job.started_at is not None:
        pending = pending.filter(number__gt=job.cursor)
    pending.update(outcome=Outcome.SKIPPED)
    job.state, job.finished_at = State.CANCELLED, timezone.now()
    job.revision += 1
    job.recount()
    job.save()
    start_next()
    return job


@transaction.atomic
def undo(job: ImportJob, *, by: Actor) -> ImportJob:
    """Take an import back: what it created goes, what it changed goes back, except what people have worked on since.

    Asked twice it runs once. Raises Refused for one that wrote nothing, and while another import of the company runs.
    """
    by.require(policies.import_rows)
    stand_in_line()
    job = _mine(job, by)
    by.require(policies.undo_import, job)
    if job.state in (State.UNDOING, State.UNDONE):
        return job
    if not job.can_be_undone:
        raise Refused(_("This import wrote nothing: there is nothing to undo."))
    if ImportJob.objects.filter(state__in=(State.RUNNING, State.UNDOING)).exists():
        raise Refused(_("Another import of the company is under way. Undo this one when it has ended."))
    job.undone_from, job.state = job.state, State.UNDOING
    job.undone_by, job.undone_at = by.membership, timezone.now()
    job.taken_back = job.kept_back = job.done = 0
    job.cursor = _BEHIND_ALL
    job.revision += 1
    job.save()
    work.start(UNDO, job.pk)
    return job


def _mine(job: ImportJob, by: Actor) -> ImportJob:
    """The fresh row, locked, for whoever may go on with it."""
    by.require(policies.import_rows)
    fresh = ImportJob.objects.select_for_update().get(pk=job.pk)
    by.require(policies.see_import, fresh)
    return fresh


def waiting(job: ImportJob, by: Actor) -> ImportJob:
    """As `_mine`, of an import that nothing was written of yet. Raises Refused for any other."""
    fresh = _mine(job, by)
    if fresh.started_at is not None or fresh.is_finished:
        raise Refused(_("This import is under way or done. Send the file again to change it."))
    return fresh
