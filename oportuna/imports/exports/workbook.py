"""A workbook of one sheet, written a row at a time and in constant memory.

XlsxWriter makes everything but the rows: an export of 110,000 opportunities took 50 s with its rows and takes half of that with
these (measured). Text, amounts, days and percentages are a few lines of XML.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from oportuna.brazil.dates import format_date
from oportuna.imports.exports.cells import LONGEST, Cell, Column, as_its_own_text

_SHEET = "xl/worksheets/sheet1.xml"
_FORMATS = ({"num_format": "#,##0.00"}, {"num_format": "dd/mm/yyyy"}, {"num_format": "0.0%"}, {"bold": True})
# Where Excel counts days as everybody does: it takes 1900 for a leap year.
_FIRST_DAY, _EARLIEST = date(1899, 12, 30), date(1900, 3, 1)
_QUICK = 6
"""zlib's usual effort."""

# What XML takes for its own or cannot hold, and what Excel takes for the code of a character.
_SPECIAL = re.compile(r"[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


class XlsxWriter:
    """Writes rows to a file of `folder`, and at the end the workbook around them. Text is never a formula or a link."""

    def __init__(self, file: IO[bytes], columns: Sequence[Column], folder: Path) -> None:
        self._file = file
        self._frame, before, self._after, styles = _frame(columns)
        self._money, self._day, self._percent, self._bold = styles
        self._letters = [xl_col_to_name(place) for place in range(len(columns))]
        self._permille = [column.permille for column in columns]
        self._part = folder / "sheet"
        self._rows = self._part.open("w", encoding="utf-8", newline="")
        self._rows.write(before)
        self._line = 0
        self._add([_text(str(column.title), f' s="{self._bold}"') for column in columns])

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Write rows of as many cells as there are columns."""
        for row in rows:
            self._add(list(map(self._cell, row, self._permille)))

    def close(self) -> None:
        """Put the workbook together; it takes as long as compressing it does. The file itself stays open."""
        self._rows.write(self._after)
        self._rows.close()
        with ZipFile(self._file, "w", ZIP_DEFLATED, compresslevel=_QUICK) as book:
            for name in self._frame.namelist():
                if name == _SHEET:
                    book.write(self._part, name)
                else:
                    book.writestr(name, self._frame.read(name))
        self._part.unlink()

    def _add(self, cells: Sequence[str]) -> None:
        self._line += 1
        line = self._line
        filled = [
            f'<c r="{letter}{line}"{cell}' for letter, cell in zip(self._letters, cells, strict=True) if cell
        ]
        self._rows.write(f'<row r="{line}">{"".join(filled)}</row>')

    def _cell(self, cell: Cell, permille: bool) -> str:
        """What stands behind a cell's place; nothing for an empty one."""
        if cell is None or cell == "":
            return ""
        if isinstance(cell, str):
            return _text(as_its_own_text(cell))
        if isinstance(cell, Decimal):
            return f' s="{self._money}"><v>{cell:f}</v></c>'
        if isinstance(cell, date):
            if cell < _EARLIEST:
                return _text(format_date(cell))
            return f' s="{self._day}"><v>{(cell - _FIRST_DAY).days}</v></c>'
        return f' s="{self._percent}"><v>{cell / 1000}</v></c>' if permille else f"><v>{cell}</v></c>"


def _text(text: str, style: str = "") -> str:
    text = text[:LONGEST]
    blank = ' xml:space="preserve"' if text != text.strip() else ""
    if _SPECIAL.search(text):
        text = _SPECIAL.sub(_escaped, text)
    return f'{style} t="inlineStr"><is><t{blank}>{text}</t></is></c>'


def _escaped(found: re.Match[str]) -> str:
    character = found[0]
    return _NAMED.get(character) or f"_x{ord(character):04X}_"


def _frame(columns: Sequence[Column]) -> tuple[ZipFile, str, str, list[str]]:
    """A workbook without rows, the sheet's XML before and behind them, and the numbers of _FORMATS in it."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
        for place, wanted in enumerate(_FORMATS):
            sheet.write_blank(0, place, None, book.add_format(wanted))
    frame = ZipFile(file)
    xml = re.sub(r"<dimension [^>]*/>", "", frame.read(_SHEET).decode())
    before, row, after = re.split(r"(?<=<sheetData>)(.*)(?=</sheetData>)", xml)
    return frame, before, after, re.findall(r' s="(\d+)"', row)
