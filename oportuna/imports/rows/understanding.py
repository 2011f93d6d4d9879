"""What the cells of a row say, without asking the company anything: any process can find it out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any
from zlib import crc32

from django.utils.translation import gettext as _

from oportuna.brazil.dates import format_date
from oportuna.brazil.text import fold
from oportuna.imports.columns.matching import ColumnMatch
from oportuna.imports.fields.base import Decision, Values
from oportuna.imports.fields.labels import label_of
from oportuna.imports.reader.cells import Cell, Row
from oportuna.imports.rows.plain import plain
from oportuna.imports.rows.values import Problem, RowReader

MOST_NOTES = 10_000
MOST_ROWS = 1_000
_ENDING = ("loss_reason", "competitor", "loss_comment")


@dataclass(frozen=True, slots=True)
class Fix:
    """What a person made of a row: its cells, None for those of the file; one that is left out is not looked at."""

    cells: Sequence[Cell] | None = None
    leaves_out: bool = False

    @property
    def mark(self) -> str:
        """What tells a correction from another; nothing of a row that was not corrected."""
        return "" if self.cells is None else f"{crc32(repr(list(self.cells)).encode(errors='replace')):x}"


@dataclass(slots=True)
class Understood:
    """What a row says: its values by the names of the report, absent ones left out, its problems, its cells as they were read.

    A row that `is_left_out` was left out by a person.
    """

    number: int
    values: Values
    problems: list[Problem]
    cells: Sequence[Cell]
    is_left_out: bool = False


def understood(
    batches: Iterable[Sequence[Row]],
    matches: Sequence[ColumnMatch],
    decisions: Mapping[int, Decision],
    *,
    drop_bad_document: bool,
    calm_names: bool,
    fixes: Mapping[int, Fix] = MappingProxyType({}),
) -> Iterator[list[Understood]]:
    """The rows of the batches in their order, at most `MOST_ROWS` at once; `fixes` by their numbers go before the file."""
    reader = RowReader(matches, decisions, drop_bad_document=drop_bad_document, calm_names=calm_names)
    for batch in batches:
        for start in range(0, len(batch), MOST_ROWS):
            rows = batch[start : start + MOST_ROWS]
            if fixes:
                yield [_understood(row, reader, fixes.get(row.number)) for row in rows]
            else:
                yield [_understood(row, reader) for row in rows]


def _understood(row: Row, reader: RowReader, fix: Fix | None = None) -> Understood:
    if fix is not None and fix.cells is not None:
        # Whatever the file's own cells looked like: a person says that it is a lead.
        row = Row(row.number, fix.cells)
    found = reader.read(row)
    if not row.code:
        _settle(row.number, found.values, found.problems)
    # What is absent is left out; 0 and no are values.
    present = {name: value for name, value in found.values.items() if value or value == 0}
    return Understood(row.number, present, found.problems, row.cells, fix is not None and fix.leaves_out)


def _settle(number: int, values: Values, problems: list[Problem]) -> None:
    """Put what the row says and an opportunity does not hold into the notes, and cut the notes at their limit."""
    lines = [values["notes"]] if values["notes"] else []
    for name in _without_a_place(values):
        if values[name]:
            lines.append(f"{label_of(name)}: {_shown(values[name])}")
            values[name] = None
    lines += [f"{key}: {_shown(value)}" for key, value in values["custom"].items()]
    values["custom"] = {}
    if values["contact"] and fold(values["contact"]) == fold(values["name"] or ""):
        values["contact"] = None
    if not values["contact"]:
        for name in ("job_title", "contact_cpf"):
            if values[name]:
                lines.append(f"{label_of(name)}: {_shown(values[name])}")
                values[name] = None
    notes = "\n".join(lines)
    if len(notes) > MOST_NOTES:
        problems.append(too_long_notes(number, notes))
    values["notes"] = notes[:MOST_NOTES] or None


def _without_a_place(values: Values) -> tuple[str, ...]:
    """What this opportunity cannot hold: an open one has no end, a closed one nothing to come, a won one no reason."""
    if values["status"] == "lost":
        return ("next_contact_on",)
    if values["status"] == "won":
        return ("next_contact_on", *_ENDING)
    return ("closed_on", *_ENDING)


def _shown(value: Any) -> str:
    if isinstance(value, date):
        return format_date(value)
    return ", ".join(value) if isinstance(value, list) else str(plain(value))


def too_long_notes(row: int, notes: str) -> Problem:
    """Notes of which there was no room for all."""
    text = _("Too long: only the first %(limit)s characters were kept.") % {"limit": MOST_NOTES}
    return Problem(row, None, "notes", notes[:200], "notes_too_long", text, rejects=False)
