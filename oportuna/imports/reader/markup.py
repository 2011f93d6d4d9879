"""The tables of a page and of Excel's XML of 2003, which programs save under the name .xls."""

from datetime import datetime, time
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.parsers import expat

from oportuna.imports.reader.cells import has_content
from oportuna.imports.reader.encodings import detect_encoding
from oportuna.imports.reader.limits import Limits
from oportuna.imports.reader.refusals import Refusal

_BLOCK = 1 << 20
_MOST_COLUMNS = 16_384
_LONGEST_MARK, _LONGEST_END = 4 * _BLOCK, 16_384
_UNSEEN = frozenset(("script", "style"))
_LINE = frozenset(("br", "p", "div", "li"))

Grid = list[list[Any]]


def read_markup(path: Path, limits: Limits) -> tuple[str, dict[str, Grid]]:
    """The format, html or xml, and the tables by their names: a workbook's sheets, or "Tabela 1" and so on in a page.

    Cells are texts, and in Excel's XML numbers, dates and truth values too; what a merged cell covers is None. Raises Refusal
    for markup that holds no table.
    """
    with path.open("rb") as file:
        opening = file.read(_BLOCK)
    if b"urn:schemas-microsoft-com:office:spreadsheet" in opening and b"<html" not in opening.lower():
        return "xml", _of_xml(path, limits)
    tables = _Page(limits).read(path)
    named = {f"Tabela {number}": rows for number, rows in enumerate(tables, 1)}
    if not named:
        is_xml = (
            opening.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml") and b"<html" not in opening.lower()
        )
        raise Refusal("xml" if is_xml else "html")
    return "html", named


class _Cells:
    """How many cells were laid out so far, covered ones too."""

    def __init__(self, limits: Limits) -> None:
        self.left = limits.workbook_cells

    def add(self, cells: int) -> None:
        self.left -= cells
        if self.left < 0:
            raise Refusal("memory")


class _Table:
    """A table of a page while it is read: rows above may reach down into those below (rowspan)."""

    def __init__(self) -> None:
        self.rows: Grid = []
        self.reaching: dict[int, int] = {}
        self.cell: list[str] | None = None
        self.span = (1, 1)


class _Page(HTMLParser):
    """Collects the tables of a page; one within another's cell is a table by itself."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(convert_charrefs=True)
        self._cells = _Cells(limits)
        self._limits = limits
        self._open: list[_Table] = []
        self._done: list[Grid] = []
        self._unseen = 0

    def read(self, path: Path) -> list[Grid]:
        with path.open(encoding=detect_encoding(path), errors="replace") as file:
            while block := file.read(_BLOCK):
                self.feed(block)
                self._require_closed(_LONGEST_MARK)
        self._require_closed(_LONGEST_END)
        self.close()
        while self._open:
            self._end_table()
        return [rows for rows in self._done if any(has_content(cell) for row in rows for cell in row)]

    def _require_closed(self, most: int) -> None:
        """A comment or tag that never ends is no page; the parser would look for its end from each of its characters."""
        if len(self.rawdata) > most:
            raise Refusal("damaged")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "table":
            self._open.append(_Table())
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

    def _begin_row(self) -> None:
        self._end_cell()
        table = self._open[-1]
        if len(table.rows) >= self._limits.workbook_rows:
            raise Refusal("rows", rows=self._limits.workbook_rows)
        table.rows.append([])

    def _begin_cell(self, attrs: dict[str, str | None]) -> None:
        self._end_cell()
        table = self._open[-1]
        if not table.rows:
            table.rows.append([])
        self._skip_covered(table)
        table.cell = []
        table.span = _number(attrs.get("colspan")), _number(attrs.get("rowspan"))

    def _skip_covered(self, table: _Table) -> None:
        row = table.rows[-1]
        while table.reaching.get(len(row), 0) >= len(table.rows):
            self._cells.add(1)
            row.append(None)

    def _end_cell(self) -> None:
        table = self._open[-1]
        if table.cell is None:
            return
        text = "\n".join(" ".join(line.split()) for line in "".join(table.cell).split("\n")).strip()
        table.cell = None
        row, (across, down) = table.rows[-1], table.span
        self._cells.add(across)
        for column in range(len(row), len(row) + across):
            if down > 1:
                table.reaching[column] = len(table.rows) + down - 1
        row += [text or None, *[None] * (across - 1)]

    def _end_table(self) -> None:
        self._end_cell()
        self._done.append([_trimmed(row) for row in self._open.pop().rows])


def _number(text: str | None, *, least: int = 1) -> int:
    """How far a cell reaches, as it is written, within what a sheet holds."""
    if not text or not text.isdecimal() or len(text) > 6:
        return least
    return min(max(int(text), least), _MOST_COLUMNS)


def _trimmed(row: list[Any]) -> list[Any]:
    while row and row[-1] is None:
        row.pop()
    return row


class _Sheets:
    """Collects the sheets of Excel's XML; a row or cell may say its place (ss:Index)."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._cells = _Cells(limits)
        self.named: dict[str, Grid] = {}
        self._rows: Grid = []
        self._across = 0
        self._kind = ""
        self._text: list[str] | None = None

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        place = {key.rpartition(":")[2]: value for key, value in attrs.items()}
        if name == "Worksheet":
            self._rows = self.named.setdefault(place.get("Name") or f"Plan{len(self.named) + 1}", [])
        elif name == "Row":
            self._move(self._rows, place.get("Index"), list, self._limits.workbook_rows)
            self._rows.append([])
        elif name == "Cell" and self._rows:
            self._move(self._rows[-1], place.get("Index"), lambda: None, _MOST_COLUMNS)
            self._rows[-1].append(None)
            self._across = _number(place.get("MergeAcross"), least=0)
        elif name == "Data" and self._rows and self._rows[-1]:
            self._kind, self._text = place.get("Type", "String"), []

    def _move(self, into: list[Any], index: str | None, filler: Any, most: int) -> None:
        """Fill up to the place that is said."""
        place = int(index) - 1 if index and index.isdecimal() and len(index) < 9 else len(into)
        if place >= most:
            raise Refusal("memory")
        self._cells.add(max(place - len(into), 0) + 1)
        while len(into) < place:
            into.append(filler())

    def data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "Data" and self._text is not None:
            self._rows[-1][-1] = _typed(self._kind, "".join(self._text))
            self._text = None
        elif name == "Cell" and self._across:
            self._cells.add(self._across)
            self._rows[-1] += [None] * self._across
            self._across = 0


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


def _of_xml(path: Path, limits: Limits) -> dict[str, Grid]:
    sheets = _Sheets(limits)
    parser = expat.ParserCreate()

    def refuse(*_args: Any) -> None:
        raise Refusal("doctype")

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = sheets.start
    parser.EndElementHandler = sheets.end
    parser.CharacterDataHandler = sheets.data
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                parser.Parse(block, False)
            parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Refusal("damaged") from error
    return {name: [_trimmed(row) for row in rows] for name, rows in sheets.named.items()}
