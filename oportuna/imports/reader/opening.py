"""The door: a file in, a table out, or a refusal that says why."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from oportuna.brazil.text import fold
from oportuna.imports.reader.cells import Row, SheetInfo, has_content
from oportuna.imports.reader.delimited import DelimitedSource
from oportuna.imports.reader.kinds import kind_of
from oportuna.imports.reader.limits import Limits
from oportuna.imports.reader.refusals import Refusal
from oportuna.imports.reader.rows import HEADER_WITHIN, Classifier, find_header, header_texts
from oportuna.imports.reader.workbook import WorkbookSource

SAMPLE_ROWS = 40


class Source(Protocol):
    """A format: what it finds out about the file, and its rows from the first on."""

    @property
    def format(self) -> str: ...
    @property
    def encoding(self) -> str | None: ...
    @property
    def delimiter(self) -> str | None: ...
    @property
    def sheets(self) -> list[SheetInfo]: ...

    def head(self, sheet: str | None) -> Sequence[Row]:
        """The first rows: of a workbook its sheet's, of a text (sheet None) its own."""

    def batches(self, sheet: str | None, width: int) -> Iterator[list[Row]]:
        """All rows in batches, in the order of their numbers; runs of blank ones may lack. May be asked again."""

    def close(self) -> None:
        """End whatever still runs."""


class Table:
    """A table of a file: its header and the rows below it. A context manager; rows may be read again."""

    def __init__(self, source: Source, sheet: str | None, header_row: int | None) -> None:
        self._source = source
        self.format = source.format
        self.encoding = source.encoding
        self.delimiter = source.delimiter
        self.sheets = source.sheets
        self.sheet = sheet
        head = source.head(sheet)
        self.header_row = find_header(head) if header_row is None else header_row
        names = self._row(head).cells if self.header_row else []
        below = [row for row in head if row.number > self.header_row]
        self._record_width = len(names)
        self.header = header_texts(names, max((len(row.cells) for row in below), default=0))
        self._classifier = Classifier(self.header)
        self.sample = [row for row in self._visible(below) if not row.code][:SAMPLE_ROWS]

    def batches(self) -> Iterator[list[Row]]:
        """Rows below the header with any visible content, in batches; a row with a code is no lead."""
        for batch in self._source.batches(self.sheet, self._record_width):
            if rows := self._visible(row for row in batch if row.number > self.header_row):
                yield rows

    def rows(self) -> Iterator[Row]:
        for batch in self.batches():
            yield from batch

    def close(self) -> None:
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _row(self, head: Sequence[Row]) -> Row:
        """The header's row; one further down than the head is looked for in the whole sheet."""
        rows: Iterable[Row] = head
        if head and self.header_row > head[-1].number:
            rows = chain.from_iterable(self._source.batches(self.sheet, 0))
        for row in rows:
            if row.number == self.header_row and any(map(has_content, row.cells)):
                return row
            if row.number >= self.header_row:
                break
        raise Refusal("header_beyond", row=self.header_row)

    def _visible(self, rows: Iterable[Row]) -> list[Row]:
        code = self._classifier.code
        return [
            row if row.code else Row(row.number, row.cells, code(row.cells))
            for row in rows
            if any(map(has_content, row.cells))
        ]


def open_table(
    path: Path,
    *,
    sheet: str | None = None,
    header_row: int | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    limits: Limits | None = None,
) -> Table:
    """The table of a spreadsheet, whatever kind the file is by its content (its name says nothing).

    `header_row` as Excel numbers rows, 0 when there is none; left out, it is looked for. `sheet`: a
    workbook's, hidden ones only by name. Raises Refusal with the true cause. Close the table: a process may
    be behind it.
    """
    limits = limits or Limits()
    source: Source
    if kind_of(path, limits) == "workbook":
        source = WorkbookSource(path, limits)
    else:
        source = DelimitedSource(path, limits, encoding, delimiter)
    try:
        chosen = _choose_sheet(source, sheet, header_row) if source.sheets else None
        if chosen is None and not any(has_content(cell) for row in source.head(None) for cell in row.cells):
            raise Refusal("empty")
        return Table(source, chosen, header_row)
    except Refusal as refusal:
        refusal.sheets = source.sheets
        source.close()
        raise
    except BaseException:
        source.close()
        raise


def _choose_sheet(source: Source, wanted: str | None, header_row: int | None) -> str:
    """The sheet asked for, or the only visible one that holds a table; Refusal when that leaves a choice."""
    if wanted is not None:
        by_name = {fold(sheet.name): sheet.name for sheet in source.sheets}
        if any(sheet.name == wanted for sheet in source.sheets):
            return wanted
        if found := by_name.get(fold(wanted)):
            return found
        raise Refusal("sheet_unknown", sheet=wanted[:80], names=_names(sheet.name for sheet in source.sheets))
    filled = [sheet for sheet in source.sheets if sheet.rows and not sheet.hidden]
    if not filled:
        raise Refusal("no_sheet")
    tables = [sheet for sheet in filled if _has_header(source.head(sheet.name))]
    with_rows = [sheet for sheet in tables if sheet.rows > 1]
    tables = with_rows or tables
    if len(filled) == 1 or len(tables) == 1:
        return (tables or filled)[0].name
    if not tables and header_row is None:
        raise Refusal("no_header", rows=HEADER_WITHIN)
    raise Refusal("several_sheets", names=_names(sheet.name for sheet in tables or filled))


def _has_header(head: Sequence[Row]) -> bool:
    try:
        find_header(head)
    except Refusal as refusal:
        return refusal.needs_choice
    return True


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)[:400]
