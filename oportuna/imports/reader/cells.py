"""What every format hands over: rows of typed cells, numbered as Excel shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

Cell = str | float | int | bool | date | datetime | None


class Row(NamedTuple):
    """A row: its number (from 1), its cells from column A on, and a rejection's code if it is no lead."""

    number: int
    cells: Sequence[Cell]
    code: str = ""


@dataclass(frozen=True)
class SheetInfo:
    """A sheet of a workbook: `rows` counts those with any content, the header too."""

    name: str
    rows: int
    hidden: bool = False


def has_content(cell: Cell) -> bool:
    """Whether a person sees anything in the cell: blanks, no-break and zero-width ones too, are nothing."""
    if isinstance(cell, str):
        return bool(cell) and not cell.isspace() and bool(cell.strip(_INVISIBLE))
    return cell is not None


_INVISIBLE = " \t\r\n\x00\x0b\x0c\x1a\u00a0\u200b\u2060\u3000\ufeff"


def column_letter(index: int) -> str:
    """The letter Excel shows above a column: 0 is A, 25 Z, 26 AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
