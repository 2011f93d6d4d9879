"""The tables of a web page, which ERPs save under the name .xls."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from oportuna.imports.reader.encodings import detect_encoding
from oportuna.imports.reader.limits import Limits
from oportuna.imports.reader.refusals import Refusal

_BLOCK = 1 << 16
_MOST_COLUMNS = 16_384
_LONGEST_MARK, _LONGEST_END = 4 << 20, 16_384
_DEEPEST = 256
_UNSEEN = frozenset(("script", "style"))
_LINE = frozenset(("br", "p", "div", "li"))


def page_rows(path: Path, limits: Limits) -> Iterator[tuple[int, int, list[Any]]]:
    """The rows of a page's tables as they end: the table by its place in the page from 0, the row's number, its cells.

    Cells are texts, None where one is empty or covered by a merged one; a table within another's cell is one by itself.
    """
    page = _Page(limits)
    with path.open(encoding=detect_encoding(path), errors="replace") as file:
        while block := file.read(_BLOCK):
            page.feed(block)
            page.require_closed(_LONGEST_MARK)
            yield from page.taken()
    page.require_closed(_LONGEST_END)
    page.close()
    page.end_all()
    yield from page.taken()


class _Table:
    """A table while it is read: cells above may reach down into the rows below (rowspan)."""

    def __init__(self, place: int) -> None:
        self.place = place
        self.number = 0
        self.row: list[Any] = []
        self.column = 0
        self.reaching: dict[int, int] = {}
        self.cell: list[str] | None = None
        self.span = (1, 1)


class _Page(HTMLParser):
    def __init__(self, limits: Limits) -> None:
        super().__init__(convert_charrefs=True)
        self._limits = limits
        self._empty_left = limits.empty_cells
        self._covered_left = limits.empty_cells // 5
        self._open: list[_Table] = []
        self._count = 0
        self._unseen = 0
        self._done: list[tuple[int, int, list[Any]]] = []

    def taken(self) -> list[tuple[int, int, list[Any]]]:
        done, self._done = self._done, []
        return done

    def require_closed(self, most: int) -> None:
        """A comment or tag that never ends is no page; the parser would look for its end from each of its characters."""
        if len(self.rawdata) > most:
            raise Refusal("damaged")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "table":
            if len(self._open) == _DEEPEST:
                raise Refusal("damaged")
            self._open.append(_Table(self._count))
            self._count += 1
        elif not self._open:
            return
        elif tag == "tr":
            self._begin_row()
        elif tag in ("td", "th"):
            self._begin_cell(dict(attrs))
        elif tag in _LINE and self._open[-1].cell:
            self._open[-1].cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(self._unseen - 1, 0)
        elif not self._open:
            return
        elif tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "table":
            self._end_table()

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1].cell is not None and not self._unseen:
            # A line ends at a <br> alone.
            self._open[-1].cell.append(data.replace("\r", " ").replace("\n", " "))

    def end_all(self) -> None:
        while self._open:
            self._end_table()

    def _begin_row(self) -> None:
        self._end_row()
        table = self._open[-1]
        if table.number >= self._limits.workbook_rows:
            raise Refusal("rows", rows=self._limits.workbook_rows)
        table.number += 1

    def _end_row(self) -> None:
        self._end_cell()
        table = self._open[-1]
        if table.row:
            self._done.append((table.place, table.number, table.row))
        table.row, table.column = [], 0

    def _end_table(self) -> None:
        self._end_row()
        self._open.pop()

    def _begin_cell(self, attrs: dict[str, str | None]) -> None:
        self._end_cell()
        table = self._open[-1]
        table.number = table.number or 1
        while table.reaching.get(table.column, 0) >= table.number:
            table.column += 1
            self._cover(1)
        table.cell = []
        table.span = _span(attrs.get("colspan")), _span(attrs.get("rowspan"))

    def _cover(self, cells: int) -> None:
        self._covered_left -= cells
        if self._covered_left < 0:
            raise Refusal("memory")

    def _end_cell(self) -> None:
        table = self._open[-1]
        if table.cell is None:
            return
        text = "\n".join(" ".join(line.split()) for line in "".join(table.cell).split("\n")).strip()
        table.cell = None
        across, down = table.span
        if text:
            self._put(table, text)
        if down > 1:
            self._cover(across)
            for column in range(table.column, table.column + across):
                table.reaching[column] = table.number + down - 1
        table.column += across

    def _put(self, table: _Table, text: str) -> None:
        gap = table.column - len(table.row)
        self._empty_left -= gap
        if table.column >= _MOST_COLUMNS or self._empty_left < 0:
            raise Refusal("memory")
        table.row += [None] * gap
        table.row.append(text)


def _span(text: str | None) -> int:
    """How far a cell reaches, as it is written, within what a sheet holds."""
    if not text or not text.isdecimal() or len(text) > 6:
        return 1
    return min(max(int(text), 1), _MOST_COLUMNS)
