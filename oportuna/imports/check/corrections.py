"""What people do with a single row at the check: correct its cells, leave it out, take it in again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from oportuna.accounts import policies
from oportuna.accounts.actor import Actor
from oportuna.errors import Conflict, Refused
from oportuna.imports.check.checked_rows import (
    COUNTS,
    ROW_COLUMNS,
    cell_json,
    cell_of_json,
    count,
    counted,
    row_of,
)
from oportuna.imports.check.checking import Checked, Checker
from oportuna.imports.check.reading import cells_of, decisions_of, fixes_of, matches_of
from oportuna.imports.check.related import placed_again, related_to
from oportuna.imports.fields.base import as_text
from oportuna.imports.models import ImportFix, ImportJob, ImportRow, Outcome, OwnedBy
from oportuna.imports.options import Options
from oportuna.imports.reader.cells import Cell, Row
from oportuna.imports.rows.understanding import Fix, Understood, understood


@transaction.atomic
def correct(
    job: ImportJob, number: int, texts: Sequence[str], *, seen: str | None = None, by: Actor
) -> ImportJob:
    """Put these texts, one for each column, in the place of a row's cells; check it again with the rows related to it.

    `seen` is the mark of the correction that it had when it was shown (`Fix.mark`). Raises Conflict where somebody
    corrected it since, Refused once the import has begun, and ImportRow.DoesNotExist for a row that there is not.
    """
    job = _at_the_check(job, by)
    before, fix = fixes_of(job, [number]).get(number, Fix()), Fix([text or None for text in texts])
    if seen is not None and before.mark not in (seen, fix.mark):
        raise Conflict(
            _("Somebody corrected this row meanwhile. Load the page again to see what it says now.")
        )
    return _checked_again(job, number, fix, by)


@transaction.atomic
def leave_out(job: ImportJob, number: int, leaves_out: bool, *, by: Actor) -> ImportJob:
    """Leave a row out of the import, or take it in again as it was. Raises as `correct`."""
    job = _at_the_check(job, by)
    before = fixes_of(job).get(number, Fix())
    return _checked_again(job, number, replace(before, leaves_out=leaves_out), by)


def texts_of(job: ImportJob, number: int) -> list[str]:
    """The cells of a row as people see them, one for each column, corrected ones as they were corrected.

    Raises ImportRow.DoesNotExist for a row that there is not.
    """
    row = ImportRow.objects.only("cells").get(job=job, number=number)
    texts = [as_text(cell) for cell in _cells(job, number, row, fixes_of(job).get(number))]
    width = len(job.columns)
    return (texts + [""] * width)[: max(width, len(texts))]


def _cells(job: ImportJob, number: int, row: ImportRow, fix: Fix | None) -> Sequence[Cell]:
    if fix is not None and fix.cells is not None:
        return fix.cells
    if row.cells is not None:
        return [cell_of_json(cell) for cell in row.cells]
    return cells_of(job, number)


def _at_the_check(job: ImportJob, by: Actor) -> ImportJob:
    by.require(policies.import_rows)
    fresh = ImportJob.objects.select_for_update().get(pk=job.pk)
    by.require(policies.see_import, fresh)
    if fresh.state != ImportJob.State.CHECKED:
        raise Refused(_("Rows are corrected at the check, before the import begins."))
    return fresh


def _checked_again(job: ImportJob, number: int, fix: Fix, by: Actor) -> ImportJob:
    """Check a row with its correction, and those related to it; keep what has become of them, and the correction."""
    row = ImportRow.objects.get(job=job, number=number)
    options = Options.of_json(job.options)
    read = _understood(job, row, fix, options)
    checker = Checker(matches_of(job), options, by, given=job.turns)
    checked = checker.place(read)
    # A row that had its turn keeps it, whoever's turn it is by now.
    if row.owned_by == OwnedBy.TURN and checked.owned_by == OwnedBy.DEFAULT:
        checked.values["owner"], checked.owned_by = row.values["owner"], OwnedBy.TURN
    related = related_to(job, number, row.values, checked.values)
    rows = {one.number: one for one in (row, *related)}
    placed = sorted((checked, *map(placed_again, related)), key=lambda one: one.number)
    checker.decide(placed)
    if checked.problems or checked.outcome == Outcome.SKIPPED:
        checked.cells = read.cells
    for one in placed:
        job.turns += one.owned_by == OwnedBy.TURN != rows[one.number].owned_by
        _keep(job, rows[one.number], one, _ROW if one is checked else _RELATED)
    _keep_fix(job, number, fix)
    job.revision += 1
    job.save(update_fields=[*COUNTS, "turns", "revision"])
    return job


def _understood(job: ImportJob, row: ImportRow, fix: Fix, options: Options) -> Understood:
    batches = understood(
        [[Row(row.number, _cells(job, row.number, row, fix))]],
        matches_of(job),
        decisions_of(job),
        drop_bad_document=options.drop_bad_document,
        calm_names=options.calm_names,
        fixes={row.number: fix},
    )
    return next(batches)[0]


def _keep_fix(job: ImportJob, number: int, fix: Fix) -> None:
    cells = None if fix.cells is None else [cell_json(cell) for cell in fix.cells]
    kept = {"cells": cells, "leaves_out": fix.leaves_out}
    ImportFix.objects.update_or_create(job=job, number=number, defaults=kept)


_ROW = frozenset(ROW_COLUMNS)
_RELATED = _ROW - {"cells"}


def _keep(job: ImportJob, row: ImportRow, checked: Checked, columns: Collection[str]) -> None:
    """Put what a row has become in the place of what it was, in the import's figures too."""
    count(job, counted(row), by=-1)
    count(job, checked)
    for name, value in zip(ROW_COLUMNS, row_of(job, checked), strict=True):
        if name in columns:
            setattr(row, name, value)
    row.save(update_fields=columns)
