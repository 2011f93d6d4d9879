"""What a cell of an exported file is, and how it is written so that Excel in Brazil shows it and an import reads it back.

Text is always text: in a csv what begins like a formula gets an apostrophe (brazil.md 5), which `fields.base.as_text` takes
off again. So does, in either kind, what that function would take for such a guard, and a word that an import takes for
nothing ("n/d"): somebody wrote it as a name or a comment.
"""

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import TextIOWrapper
from typing import IO, Any, Protocol

from django.utils.functional import Promise

from oportuna.brazil.dates import format_date
from oportuna.brazil.money import money_for_input
from oportuna.imports.fields.base import says_nothing

CSV, XLSX = "csv", "xlsx"
MOST_XLSX_ROWS = 1_048_575
LONGEST = 32_767
"""Characters that a cell holds in Excel, in either kind of file; nothing that we keep is longer, but for lists."""

SEPARATOR = "; "

Cell = str | int | Decimal | date | None
Values = dict[str, Any]

_LIKE_A_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_LIKE_A_GUARD = re.compile(r"'+[=+\-@\t\r]|=\".*\"\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file; `permille` says that its integers are tenths of a percent."""

    title: str | Promise
    cell: Callable[[Values], Cell]
    permille: bool = False
    width: int = 14


class Writer(Protocol):
    """A file that is being written, a batch of rows at a time, its header first."""

    def add(self, rows: Iterable[Sequence[Cell]]) -> None: ...

    def close(self) -> None: ...


def joined(values: Iterable[str]) -> str:
    """Several values in one cell, the main one first; those that a cell does not hold any more are left out whole."""
    text = ""
    for value in values:
        longer = f"{text}{SEPARATOR}{value}" if text else value
        if len(longer) >= LONGEST:
            break
        text = longer
    return text


class CsvWriter:
    """UTF-8 with its mark, semicolons, decimal commas, dd/mm/yyyy; a line break inside a cell stays in its quotes."""

    def __init__(self, file: IO[bytes], columns: Sequence[Column]) -> None:
        self._text = TextIOWrapper(file, encoding="utf-8-sig", newline="")
        self._rows = csv.writer(self._text, delimiter=";", lineterminator="\r\n")
        self._permille = [column.permille for column in columns]
        self._rows.writerow([str(column.title) for column in columns])

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Write rows of as many cells as there are columns."""
        permille = self._permille
        self._rows.writerows(map(_csv_text, row, permille) for row in rows)

    def close(self) -> None:
        """Write what is still in memory; the file itself stays open."""
        self._text.detach()


def _csv_text(cell: Cell, permille: bool) -> str:
    if cell is None or cell == "":
        return ""
    if isinstance(cell, str):
        guarded = _LIKE_A_FORMULA.match(cell) is not None or _reads_as_nothing(cell)
        return f"'{cell}"[:LONGEST] if guarded else cell[:LONGEST]
    if isinstance(cell, Decimal):
        return money_for_input(cell)
    if isinstance(cell, date):
        return format_date(cell)
    if permille:
        whole, tenth = divmod(cell, 10)
        return f"{whole},{tenth}%" if tenth else f"{whole}%"
    return str(cell)


def as_its_own_text(text: str) -> str:
    """A text as a workbook holds it: with an apostrophe only where reading would take off some of it, or all."""
    return f"'{text}" if _LIKE_A_GUARD.match(text) or _reads_as_nothing(text) else text


def _reads_as_nothing(text: str) -> bool:
    rest = text.lstrip("'") if text[0] == "'" else text
    return rest != "" and says_nothing(rest)
