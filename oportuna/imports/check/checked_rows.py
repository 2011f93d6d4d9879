"""Checked rows as the import keeps them, and what they add to its figures."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from oportuna.imports.check.checking import Checked
from oportuna.imports.duplicates.fate import kind_of
from oportuna.imports.models import COUNTERS, UNCOUNTED, ImportJob, ImportRow, Outcome
from oportuna.imports.reader.cells import Cell
from oportuna.imports.rows.plain import kept, problem_json
from oportuna.imports.rows.values import Problem
from oportuna.imports.writing.places import UNKNOWN
from oportuna.sales.models import Customer

_MOST_WORDS = 200
"""So many unknown words of a register are counted; further ones are only problems of their rows."""
COUNTS = (*COUNTERS.values(), "warnings", "met", "unknown", "highest_number")
"""The fields of an import that `count` changes."""

ROW_COLUMNS = (
    *("job_id", "number", "outcome", "values", "problems", "cells"),
    *("duplicate_of_row", "customer_id", "met_by", "owned_by"),
)


def row_of(job: ImportJob, one: Checked) -> tuple[Any, ...]:
    """A checked row in the order of `ROW_COLUMNS`."""
    customer = one.known.customer if one.known else None
    return (
        job.pk,
        one.number,
        one.outcome.value,
        kept(one.values),
        [problem_json(problem) for problem in one.problems],
        None if one.cells is None else [cell_json(cell) for cell in one.cells],
        one.duplicate_of_row,
        customer.pk if isinstance(customer, Customer) else None,
        one.met_by,
        one.owned_by,
    )


def cell_json(cell: Cell) -> Any:
    """A cell as JSON; a list in its place is a date or an instant, as the child process writes them."""
    return cell if cell is None or isinstance(cell, str | int | float) else [cell.isoformat()]


def cell_of_json(kept_cell: Any) -> Cell:
    """What `cell_json` made."""
    if not isinstance(kept_cell, list):
        return kept_cell  # type: ignore[no-any-return]  # a text or a number
    text: str = kept_cell[0]
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)


def count(job: ImportJob, one: Checked, *, by: int = 1) -> None:
    """Add a checked row to the figures of its import, or take it out of them (`by` -1)."""
    name = COUNTERS[one.outcome]
    setattr(job, name, getattr(job, name) + by)
    if one.problems and one.outcome not in UNCOUNTED:
        job.warnings += by
    if one.met_by:
        kind = kind_of(one.met_by, one.duplicate_of_row)
        job.met[kind] = job.met.get(kind, 0) + by
    for problem in one.problems:
        if problem.code in UNKNOWN and problem.field and problem.value:
            _count_word(job.unknown.setdefault(problem.field, {}), problem.value, by)
    if one.outcome == Outcome.CREATED:
        job.highest_number = max(job.highest_number, one.values.get("number") or 0)


def _count_word(words: dict[str, int], word: str, by: int) -> None:
    if word in words or len(words) < _MOST_WORDS:
        words[word] = words.get(word, 0) + by
        if words[word] <= 0:
            del words[word]


def counted(row: ImportRow) -> Checked:
    """A kept row as far as `count` looks at it."""
    problems = [Problem(row.number, **problem) for problem in row.problems]
    return Checked(
        row.number,
        Outcome(row.outcome),
        {},
        problems,
        met_by=row.met_by,
        duplicate_of_row=row.duplicate_of_row,
    )
