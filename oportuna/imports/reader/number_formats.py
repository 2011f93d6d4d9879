"""Which numbers of a workbook are days, hours or spans of time: their format alone says so (ECMA-376 part 1, 18.8.30)."""

import re
from datetime import date, datetime, timedelta
from enum import Enum

from oportuna.imports.reader.cells import Cell


class Shown(Enum):
    """As what a format shows a number."""

    NUMBER = 0
    MOMENT = 1
    SPAN = 2


# 27 to 36 and 50 to 58 are days in the languages of East Asia.
_MOMENTS = frozenset((*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)))
_SPANS = frozenset((46,))
_SPAN = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_SILENT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_MARK = re.compile(r"[dmyhs]", re.IGNORECASE)
_FIRST, _FIRST_OF_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - a sheet has no time zone
_END_OF_9999 = 2_958_466


def shown_by(number: int, code: str | None) -> Shown:
    """What a format shows: one of the built-in numbers, or its code."""
    if code is None:
        return Shown.SPAN if number in _SPANS else Shown.MOMENT if number in _MOMENTS else Shown.NUMBER
    positive = code.partition(";")[0]
    if _SPAN.search(positive):
        return Shown.SPAN
    return Shown.MOMENT if _MARK.search(_SILENT.sub("", positive)) else Shown.NUMBER


def from_serial(serial: float, shown: Shown, *, counts_from_1904: bool) -> Cell:
    """A number as its format shows it: a date, a moment, a text of hours; the number itself where no calendar has it."""
    last = _END_OF_9999 - (1_462 if counts_from_1904 else 0)
    if shown is Shown.NUMBER or not 0 <= serial < last:
        return serial
    if shown is Shown.SPAN:
        return str(timedelta(seconds=round(serial * 86_400)))
    if serial < 1:
        minutes = round(serial * 1440) % 1440
        return f"{minutes // 60:02}:{minutes % 60:02}"
    # Excel has a 29 February 1900, which never was.
    days = serial if serial >= 60 or counts_from_1904 else serial + 1
    at = (_FIRST_OF_1904 if counts_from_1904 else _FIRST) + timedelta(seconds=round(days * 86_400, 3))
    return at if at.time() != at.time().min else date(at.year, at.month, at.day)
