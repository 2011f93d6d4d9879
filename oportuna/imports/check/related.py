"""Rows of a file that may mean the same customers: what becomes of one of them rests on these others alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oportuna.imports.check.checking import Checked
from oportuna.imports.duplicates.earlier import sign_of
from oportuna.imports.duplicates.matcher import signs_of
from oportuna.imports.models import ImportJob, ImportRow, Outcome
from oportuna.imports.rows.values import Problem

MOST_ROWS = 20_000
"""Longer files are not searched while somebody waits: their import finds out by itself."""
_READ_AT_ONCE = 2_000
_RELATING = frozenset(("duplicate_in_file", "duplicate_of_customer", "name_unclear", "do_not_contact_heard"))
"""The codes of problems, of no column, that say how a row stands to others."""


def related_to(job: ImportJob, number: int, *values: Mapping[str, Any]) -> list[ImportRow]:
    """The rows, in their order, that may mean the same customers as the row of this number, directly or by way of another.

    `values` are those of the row before and after it was corrected. None of a file of more than MOST_ROWS rows.
    """
    if job.rows > MOST_ROWS:
        return []
    signs = {sign for one in values for sign in _signs(one)}
    found: dict[int, ImportRow] = {}
    others = ImportRow.objects.filter(job=job).exclude(number=number)
    others = others.exclude(outcome__in=(Outcome.SKIPPED, Outcome.SUPPRESSED))
    grows = bool(signs)
    while grows:
        grows = False
        for row in others.defer("cells").order_by("number").iterator(_READ_AT_ONCE):
            if row.number in found or not _is_fit(row):
                continue
            mine = _signs(row.values)
            if mine & signs:
                found[row.number] = row
                grows = grows or not mine <= signs
                signs |= mine
    return [found[number] for number in sorted(found)]


def placed_again(row: ImportRow) -> Checked:
    """A kept row as it was before the check asked whom it means."""
    problems = [Problem(row.number, **one) for one in row.problems if not _is_relating(one)]
    return Checked(row.number, Outcome.CREATED, dict(row.values), problems, owned_by=row.owned_by)


def _signs(values: Mapping[str, Any]) -> set[int]:
    """What tells whom a row means, and the number that it asks for: of two who do one gets another."""
    signs = {sign for sign, _said in signs_of(values)}
    if number := values.get("number"):
        signs.add(sign_of("number", number))
    return signs


def _is_fit(row: ImportRow) -> bool:
    """Whether nothing is wrong with a row by itself."""
    return not any(one["rejects"] and not _is_relating(one) for one in row.problems)


def _is_relating(problem: Mapping[str, Any]) -> bool:
    return problem["column"] is None and problem["code"] in _RELATING
