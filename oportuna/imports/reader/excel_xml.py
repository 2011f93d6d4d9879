"""Excel's XML of 2003 (SpreadsheetML), which programs save under the names .xml and .xls."""

from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path
from typing import Any

from oportuna.imports.reader.events import local, parsed
from oportuna.imports.reader.limits import Limits
from oportuna.imports.reader.refusals import Refusal

_BLOCK = 1 << 15
_MOST_COLUMNS = 16_384


class ExcelXml:
    """A workbook whose sheets' names are known once its rows were read."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        self._handler = _SheetsHandler(limits)

    @property
    def sheets(self) -> list[tuple[str, bool]]:
        """Each sheet's name, "" if it has none, and whether it is hidden."""
        return [(name, place in self._handler.hidden) for place, name in enumerate(self._handler.names)]

    def rows(self) -> Iterator[tuple[int, int, list[Any]]]:
        """The rows with cells: the sheet's place from 0, the row's number, its cells.

        Cells are texts, numbers, dates and truth values; what a merged one covers is None.
        """
        return parsed(self._blocks(), self._handler)

    def _blocks(self) -> Iterator[bytes]:
        with self._path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block


class _SheetsHandler:
    """A row or cell may say its place (ss:Index), from 1; else it stands behind the one before and what that one covers."""

    def __init__(self, limits: Limits) -> None:
        self.names: list[str] = []
        self.hidden: set[int] = set()
        self._limits = limits
        self._empty_left = limits.empty_cells
        self._done: list[tuple[int, int, list[Any]]] = []
        self._number = self._column = 0
        self._row: list[Any] = []
        self._across = 0
        self._kind = ""
        self._pieces: list[str] | None = None
        self._visible: list[str] | None = None

    def taken(self) -> list[tuple[int, int, list[Any]]]:
        done, self._done = self._done, []
        return done

    def start(self, name: str, attrs: dict[str, str]) -> None:
        place = {local(key): value for key, value in attrs.items()}
        if name == "Worksheet":
            self.names.append(place.get("Name", ""))
            self._number = 0
        elif name == "Row":
            self._number = _moved(self._number, place.get("Index"), self._limits.workbook_rows)
            self._row, self._column = [], 0
        elif name == "Cell":
            self._column = _moved(self._column, place.get("Index"), _MOST_COLUMNS)
            self._across = _whole(place.get("MergeAcross"))
        elif name == "Data":
            self._kind, self._pieces = place.get("Type", "String"), []
        elif name == "Visible":
            self._visible = []

    def text(self, text: str) -> None:
        if self._pieces is not None:
            self._pieces.append(text)
        elif self._visible is not None:
            self._visible.append(text)

    def end(self, name: str) -> None:
        if name == "Data" and self._pieces is not None:
            self._put(_typed(self._kind, "".join(self._pieces)))
            self._pieces = None
        elif name == "Cell":
            self._column += self._across
        elif name == "Row":
            if self._row and self.names:
                self._done.append((len(self.names) - 1, self._number, self._row))
            self._row = []
        elif name == "Visible" and self._visible is not None:
            if "".join(self._visible).strip() in ("SheetHidden", "SheetVeryHidden"):
                self.hidden.add(len(self.names) - 1)
            self._visible = None

    def _put(self, value: Any) -> None:
        gap = self._column - 1 - len(self._row)
        if value is None or gap < 0:
            return
        self._empty_left -= gap
        if self._empty_left < 0 or self._column > _MOST_COLUMNS:
            raise Refusal("memory")
        self._row += [None] * gap
        self._row.append(value)


def _moved(before: int, index: str | None, most: int) -> int:
    """The place behind the one before, or the one that is said. Raises Refusal beyond what a sheet holds."""
    place = _whole(index) or before + 1
    if place > most:
        raise Refusal("memory")
    if place <= before:
        raise Refusal("damaged")
    return place


def _whole(text: str | None) -> int:
    text = (text or "").strip()
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _typed(kind: str, text: str) -> Any:
    if kind == "Number":
        try:
            return float(text)
        except ValueError:
            return text
    if kind == "Boolean":
        return text.strip() == "1"
    if kind == "DateTime":
        try:
            at = datetime.fromisoformat(text.strip())
        except ValueError:
            return text
        return at if at.time() != time() else at.date()
    return None if kind == "Error" else text.strip() or None
