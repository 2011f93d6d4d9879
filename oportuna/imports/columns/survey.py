"""How each column is read, decided by one look at all its cells; and the columns of which only a person can say it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from oportuna.imports.columns.matching import ColumnMatch
from oportuna.imports.fields.base import Decision
from oportuna.imports.reader.cells import Cell, Row
from oportuna.imports.reader.refusals import Refusal

_SHOWN = 3
_LONGEST_SHOWN = 40
_COMMA = re.compile(r"\d,\d{1,2}(?!\d)")
_DOT = re.compile(r"(?<![\d.,])\d+\.\d{1,2}(?![\d.,])")
_LONE_DOT = re.compile(r"(?<![\d.,])\d{1,3}\.\d{3}(?![\d.,])")
_TWO_NUMBERS = re.compile(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}\b")


@dataclass(slots=True)
class _Seen:
    """What a column holds, and the first of its texts that the two ways of reading differ about: amounts and dates."""

    marks: set[str] = field(default_factory=set)
    amounts: dict[str, None] = field(default_factory=dict)
    dates: dict[str, None] = field(default_factory=dict)
    one_way: dict[str, None] = field(default_factory=dict)


class Survey:
    """Looks at all cells of the columns that can be read in two ways, and decides once for each.

    An amount's lone dot means thousands if any cell has a decimal comma or none a dot of decimals. The day
    comes first unless a date of the column contradicts it: then nobody knows. Numbers that are all up to 1 in
    a probability column are fractions. `choices` is a person's word: header's text or letter -> dmy, mdy,
    comma, dot. `from_1904` as the file's table says it.
    """

    def __init__(
        self,
        matches: Sequence[ColumnMatch],
        choices: Mapping[str, str] | None = None,
        *,
        from_1904: bool = False,
    ) -> None:
        self._matches, self._from_1904 = matches, from_1904
        self._choices = {key.strip().casefold(): _checked(choice) for key, choice in (choices or {}).items()}
        self._seen = {
            match.index: _Seen()
            for match in matches
            if match.field in ("value", "probability") or match.field.endswith("_on")
        }

    def add(self, row: Row) -> None:
        """Look at the cells of a row; one that is no lead says nothing."""
        if row.code:
            return
        for index, seen in self._seen.items():
            if index < len(row.cells):
                _look(row.cells[index], seen)

    def decisions(self) -> dict[int, Decision]:
        """A decision for each column, by its index."""
        return {match.index: self._decision(match) for match in self._matches}

    def _decision(self, match: ColumnMatch) -> Decision:
        seen = self._seen.get(match.index, _Seen())
        choice = self._choices.get(match.header.casefold()) or self._choices.get(match.column.casefold())
        thousands_dot: bool | None = True if "comma" in seen.marks or "dot" not in seen.marks else None
        month_first: bool | None = None if "month_first" in seen.marks else False
        doubtful: list[str] = []
        if match.field == "value" and thousands_dot is None:
            doubtful = list(seen.amounts)
        elif match.field.endswith("_on") and month_first is None:
            # Those with a day in both ways tell more than those that are no day in one.
            doubtful = [*seen.dates, *seen.one_way][:_SHOWN]
        return Decision(
            thousands_dot={"comma": True, "dot": False}.get(choice or "", thousands_dot),
            month_first={"dmy": False, "mdy": True}.get(choice or "", month_first),
            is_fraction="up_to_one" in seen.marks and "over_one" not in seen.marks,
            is_consent=match.is_consent,
            from_1904=self._from_1904,
            doubtful=tuple(doubtful),
        )


def _checked(choice: str) -> str:
    if choice not in ("dmy", "mdy", "comma", "dot"):
        raise Refusal("reading_unknown", choice=choice[:20])
    return choice


def _look(cell: Cell, seen: _Seen) -> None:
    if isinstance(cell, str):
        if match := _TWO_NUMBERS.match(cell):
            first, second = int(match[1]), int(match[2])
            if first <= 12 < second <= 31:
                seen.marks.add("month_first")
                _keep(cell, seen.one_way)
            elif first <= 12 and second <= 12 and first != second:
                _keep(cell, seen.dates)
        elif _COMMA.search(cell):
            seen.marks.add("comma")
        elif _DOT.search(cell):
            seen.marks.add("dot")
        elif _LONE_DOT.search(cell):
            _keep(cell, seen.amounts)
    elif isinstance(cell, int | float) and not isinstance(cell, bool) and cell:
        seen.marks.add("up_to_one" if abs(cell) <= 1 else "over_one")


def _keep(cell: str, kept: dict[str, None]) -> None:
    if len(kept) < _SHOWN and len(cell) <= _LONGEST_SHOWN:
        kept[cell.strip()] = None
