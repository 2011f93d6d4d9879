"""Dates as Brazilians and their spreadsheets write them."""

from __future__ import annotations

import math
import re
from datetime import date, timedelta

from oportuna.brazil.errors import Unreadable
from oportuna.brazil.text import fold

_MONTHS = ("jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez")
_FULL_MONTHS = (
    *("janeiro", "fevereiro", "marco", "abril", "maio", "junho"),
    *("julho", "agosto", "setembro", "outubro", "novembro", "dezembro"),
)
_MONTH_NUMBERS = {name: number for names in (_MONTHS, _FULL_MONTHS) for number, name in enumerate(names, 1)}

_WEEKDAY = re.compile(
    r"^(?:domingo|segunda|terca|quarta|quinta|sexta|sabado|dom|seg|ter|qua|qui|sex|sab)(?:-feira)?[.,]* "
)
_TIME = re.compile(
    r"(?:t|,? (?:as )?)\d{1,2}(?:h(?:\d{2}(?:min)?)?|:\d{2}(?::\d{2}(?:[.,]\d+)?)?h?)(?: ?[ap]m)?"
    r"(?: ?(?:z|utc|gmt|[+-]\d{2}:?\d{2}))?$",
    re.ASCII,
)
_DAY_FIRST = re.compile(r"(\d{1,2}) ?([/.-]) ?(\d{1,2}) ?\2 ?(\d{4}|\d{2})", re.ASCII)
_ISO = re.compile(r"(\d{4})([/.-])(\d{1,2})\2(\d{1,2})", re.ASCII)
_NAMED = re.compile(r"(\d{1,2})[oªº]?(?:[/. -]+| de )([a-z]+)\.?(?:[/. -]+| de )(\d{4}|\d{2})", re.ASCII)

_EPOCH = date(1899, 12, 30)
_DAYS_OF_1904 = 1462
_FIRST_SERIAL, _LAST_SERIAL = 36526, 55153


def parse_date(text: str, *, earliest: date | None = None, latest: date | None = None) -> date:
    """Read a date: the day comes first, always, but in ISO; a time behind it is dropped.

    Forms: 31/12/2026, 31.12.26, 31-12-2026, 2026-12-31, 31-dez-26, "31 de dezembro de 2026". Two
    digits of a year below 70 mean 20xx, else 19xx. The day is the one written, whatever zone the
    time has; a serial number of a spreadsheet is for `from_serial`. Raises `Unreadable`:
    date_unclear when it has another form or no year, date_invalid when there is no such day (also
    12/31/2026: a month is never guessed to be first) or it is not within `earliest` and `latest`.
    """
    found = _day_month_year(_TIME.sub("", _WEEKDAY.sub("", fold(text))).strip())
    if found is None:
        raise Unreadable("date_unclear")
    day, month, year = found
    try:
        read = date(year, month, day)
    except ValueError:
        raise Unreadable("date_invalid") from None
    if (earliest and read < earliest) or (latest and read > latest):
        raise Unreadable("date_invalid")
    return read


def from_serial(number: float, *, epoch_1904: bool = False) -> date:
    """The date that a spreadsheet keeps as a count of days; the fraction is its time, dropped.

    Days from 1899-12-30 (46387 is 2026-12-31), 1462 later in a workbook of 1904. Raises `Unreadable`
    (date_invalid) outside 2000 to 2050: such a number is hardly a date.
    """
    if not math.isfinite(number):
        raise Unreadable("date_invalid")
    serial = math.floor(number) + (_DAYS_OF_1904 if epoch_1904 else 0)
    if not _FIRST_SERIAL <= serial <= _LAST_SERIAL:
        raise Unreadable("date_invalid")
    return _EPOCH + timedelta(days=serial)


def format_date(value: date | None) -> str:
    """A date as dd/mm/yyyy; nothing for None."""
    return "" if value is None else f"{value.day:02}/{value.month:02}/{value.year:04}"


def _day_month_year(text: str) -> tuple[int, int, int] | None:
    if match := _DAY_FIRST.fullmatch(text):
        return int(match[1]), int(match[3]), _full_year(match[4])
    if match := _ISO.fullmatch(text):
        return int(match[4]), int(match[3]), int(match[1])
    if (match := _NAMED.fullmatch(text)) and match[2] in _MONTH_NUMBERS:
        return int(match[1]), _MONTH_NUMBERS[match[2]], _full_year(match[3])
    return None


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return 2000 + year if year < 70 else 1900 + year
