"""What every field's column shares: how a cell is shown as text, cleaned and put in the row's values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from oportuna.brazil.accents import has_lost_letters, repair_accents
from oportuna.brazil.dates import format_date
from oportuna.brazil.errors import Unreadable
from oportuna.brazil.text import clean, is_empty_word
from oportuna.imports.reader.cells import Cell

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Values = dict[str, Any]

_FORMULA_TEXT = re.compile(r'="(.*)"', re.DOTALL)
_LONGEST_EMPTY_WORD = 24
_NAMES = frozenset(("name", "trade_name", "contact", "city", "city_uf", "district"))
_GUARDED = re.compile(r"'(?='*[=+\-@\t\r])")


@dataclass(frozen=True)
class Decision:
    """How a whole column is read, decided once from its cells or by a person.

    `thousands_dot`: "1.234" is 1234 (True), 1.234 (False), nobody knows (None). `month_first`: 01/02 is 2
    January (True), 1 February (False), nobody knows (None). `is_fraction`: 0.25 is 25%. `is_consent`: yes
    means that the person may be contacted. `doubtful` are texts of the column that can be read in two ways, where only
    a person can say which, whether one has said it or not. `from_1904`: numbers of the workbook count days from 1904.
    """

    thousands_dot: bool | None = True
    month_first: bool | None = False
    is_fraction: bool = False
    is_consent: bool = False
    from_1904: bool = False
    doubtful: tuple[str, ...] = ()


@dataclass(slots=True)
class Context:
    """What a cell's meaning depends on: its column's decision and its row's area code."""

    decision: Decision
    ddd: str = ""


class Doubt(Unreadable):
    """An Unreadable of the import itself; `kept` is what may be stored all the same, None for nothing."""

    def __init__(self, code: str, message: StrPromise, kept: Any = None) -> None:
        ValueError.__init__(self, code)
        self.code = code
        self.message = message
        self.kept = kept


@lru_cache(maxsize=8192)
def _is_empty_word(text: str) -> bool:
    return is_empty_word(text)


def says_nothing(text: str) -> bool:
    """Whether a cleaned text is empty or a word for nothing ("-", "n/d"); quick, for millions of cells pass here."""
    if not text:
        return True
    if len(text) > _LONGEST_EMPTY_WORD or text[0].isdecimal() or text[0] == "+":
        return False
    return _is_empty_word(text)


def is_guarded(text: str) -> bool:
    """Whether the apostrophe that a cleaned text begins with says only that the rest is text: '=1+1, but also 'n/d."""
    if text[:1] != "'":
        return False
    rest = text.lstrip("'")
    return _GUARDED.match(text) is not None or (rest != "" and says_nothing(rest))


def as_text(cell: Cell) -> str:
    """A cell as a person saw it in the spreadsheet, cleaned: 12.0 is "12", a date "31/12/2026".

    Takes off what spreadsheets and our own exports put around text to protect it: ="00123", '=1+1 and 'n/d.
    Accents that a program broke are repaired where that is certain.
    """
    if isinstance(cell, str):
        text = clean(cell if cell.isascii() else repair_accents(cell))
        if text[:1] in ("=", "'"):
            if match := _FORMULA_TEXT.fullmatch(text):
                return clean(match[1])
            return text[1:] if is_guarded(text) else text
        return text
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "VERDADEIRO" if cell else "FALSO"
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y %H:%M}"
    if isinstance(cell, date):
        return format_date(cell)
    return number_text(cell).replace(".", ",")


def number_text(number: float) -> str:
    """Digits with a dot for decimals, never an exponent."""
    if float(number).is_integer():
        return str(int(number))
    return (
        format(Decimal(repr(number)), "f")
        if number == number and abs(number) != float("inf")
        else str(number)
    )


@dataclass(frozen=True)
class Column:
    """A field fed by a column: `limit` in characters; `rejects` when an unreadable cell rejects its row."""

    field: str
    limit: int = 0
    rejects: bool = False

    def clean(self, cell: Cell, context: Context) -> Any:
        """The value, None for a cell that says there is none; raises Unreadable, a Doubt may keep a value."""
        text = as_text(cell)
        if says_nothing(text) and not (text and isinstance(cell, str) and clean(cell)[0] == "'"):
            return None
        value = self.read(text, context)
        if ("?" in text or not text.isascii()) and has_lost_letters(text, is_name=self.field in _NAMES):
            message = _("Letters were lost before the file came here: look whether this is right.")
            raise Doubt(f"{self.field}_unclear", message, value)
        return value

    def read(self, text: str, context: Context) -> Any:
        if self.limit and len(text) > self.limit:
            message = format_lazy(
                _("Too long: only the first {limit} characters were kept."), limit=self.limit
            )
            raise Doubt(f"{self.field}_too_long", message, text[: self.limit].rstrip())
        return text

    def put(self, values: Values, value: Any, header: str) -> None:
        """Add the value to the row's; of two columns for one field the first that says something stays."""
        if values[self.field] is None:
            values[self.field] = value
