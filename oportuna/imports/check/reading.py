"""A file under way: its rows from where the last transaction left off, kept open from step to step of one process."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict

from oportuna.accounts.actor import Actor
from oportuna.imports.check.checking import Checker
from oportuna.imports.columns.matching import ColumnMatch
from oportuna.imports.fields.base import Decision, as_text
from oportuna.imports.models import ImportFix, ImportJob, ImportRow, Outcome
from oportuna.imports.options import Options
from oportuna.imports.reader.cells import Cell
from oportuna.imports.reader.opening import Table, heads_of, open_table
from oportuna.imports.reader.refusals import Refusal
from oportuna.imports.rows.understanding import Fix, Understood, understood
from oportuna.work.ahead import Ahead

_MEMORY = 2_000


class Reading:
    """The rows of an import's file that are still to be checked, and the checker that remembers those before.

    Another process reads the file and understands its rows, while this one checks and keeps those before them.
    """

    def __init__(self, job: ImportJob, by: Actor) -> None:
        self.job_id, self.revision, self.cursor = job.pk, job.revision, job.cursor
        fixes = fixes_of(job)
        self._rows = Ahead(lambda: _understood(job, fixes))
        self.checker = Checker(matches_of(job), Options.of_json(job.options), by, given=job.turns)
        if job.cursor:
            self._remember(job)

    def continues(self, job: ImportJob) -> bool:
        """Whether this is where the import stands."""
        return (self.job_id, self.revision, self.cursor) == (job.pk, job.revision, job.cursor)

    def take(self) -> list[Understood]:
        """The next rows, none at the end; until `reached` says that they were kept, nobody goes on with this."""
        self.cursor = -1
        return next(self._rows, [])

    def reached(self, job: ImportJob) -> None:
        """The rows taken were kept, and the import's cursor with them."""
        self.cursor = job.cursor

    def close(self) -> None:
        """End the process behind the file, and with it a workbook's parser, a child of it."""
        self._rows.close()

    def _remember(self, job: ImportJob) -> None:
        """Meet again those whom the rows checked before have brought: another process checked them."""
        writes = (Outcome.CREATED, Outcome.UPDATED)
        written = ImportRow.objects.filter(job=job, outcome__in=writes, number__lte=job.cursor)
        batch: list[ImportRow] = []
        for row in (
            written.only("number", "outcome", "values", "job", "company").order_by("number").iterator(_MEMORY)
        ):
            batch.append(row)
            if len(batch) == _MEMORY:
                self._meet(batch)
                batch = []
        self._meet(batch)

    def _meet(self, rows: list[ImportRow]) -> None:
        self.checker.meet([(row.number, row.outcome, row.values) for row in rows])


def _understood(job: ImportJob, fixes: Mapping[int, Fix]) -> Iterator[list[Understood]]:
    """The rows beyond the import's cursor."""
    decisions = decisions_of(job)
    options = Options.of_json(job.options)
    with open_job(job) as table:
        left = ([row for row in batch if row.number > job.cursor] for batch in table.batches())
        yield from understood(
            left,
            matches_of(job),
            decisions,
            drop_bad_document=options.drop_bad_document,
            calm_names=options.calm_names,
            fixes=fixes,
        )


def fixes_of(job: ImportJob, numbers: Collection[int] | None = None) -> dict[int, Fix]:
    """What people changed of the import's rows, or of these, by their numbers."""
    found = ImportFix.objects.filter(job=job)
    if numbers is not None:
        found = found.filter(number__in=numbers)
    fixes = found.values_list("number", "cells", "leaves_out")
    return {number: Fix(cells, leaves_out) for number, cells, leaves_out in fixes}


def decisions_of(job: ImportJob) -> dict[int, Decision]:
    """How each column is read, by its index."""
    return {
        int(index): Decision(**{**kept, "doubtful": tuple(kept.get("doubtful", ()))})
        for index, kept in (job.decisions or {}).items()
    }


def cells_of(job: ImportJob, number: int) -> list[Cell]:
    """The cells of a row as the file holds them. Raises Refusal when the file cannot be read, KeyError without such a row."""
    with open_job(job) as table:
        for batch in table.batches():
            for row in batch:
                if row.number == number:
                    return list(row.cells)
    raise KeyError(number)


def open_job(job: ImportJob) -> Table:
    """The table of an import's file, as it was found or chosen. Raises Refusal."""
    return open_table(
        job.path,
        sheet=[name for name, _added in job.parts] or job.sheet or None,
        header_row=job.header_row,
        encoding=job.encoding or None,
        delimiter=job.delimiter or None,
    )


_SHEETS_SHOWN, _ROWS_SHOWN, _COLUMNS_SHOWN, _LARGEST_SHOWN = 3, 8, 8, 20_000_000


def beginnings_of(job: ImportJob) -> list[tuple[str, list[tuple[int, list[str]]]]]:
    """How the likeliest sheets begin, or the text, for whoever has to say which row is the header: name, numbered rows.

    Nothing for a file that would take long to read again, or cannot be read.
    """
    if job.size > _LARGEST_SHOWN:
        return []
    names = [name for name, _rows, is_hidden in job.sheets if not is_hidden][:_SHEETS_SHOWN]
    try:
        heads = heads_of(job.path, names or [None])
    except (Refusal, OSError):
        return []
    return [
        (
            sheet or "",
            [
                (row.number, [as_text(cell) for cell in row.cells[:_COLUMNS_SHOWN]])
                for row in head[:_ROWS_SHOWN]
            ],
        )
        for sheet, head in heads
    ]


def columns_json(matches: list[ColumnMatch]) -> list[dict[str, object]]:
    """The columns as the import keeps them."""
    return [asdict(match) for match in matches]


def matches_of(job: ImportJob) -> list[ColumnMatch]:
    """The columns that `columns_json` kept."""
    return [ColumnMatch(**{**kept, "samples": tuple(kept["samples"])}) for kept in job.columns]


_open: Reading | None = None


def reading_of(job: ImportJob, by: Actor) -> Reading:
    """The reading of this import at its cursor: the one kept open, else a new one. In the company's scope."""
    global _open
    if _open is not None and _open.continues(job):
        return _open
    close_kept()
    _open = Reading(job, by)
    return _open


def close_kept() -> None:
    """Close what is kept open; at the end of a check, and before a file goes."""
    global _open
    if _open is not None:
        _open.close()
        _open = None
