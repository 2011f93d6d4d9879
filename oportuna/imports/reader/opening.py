"""The door: a file in, a table out, or a refusal that says why."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise, takewhile
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Protocol, Self

from oportuna.brazil.text import fold
from oportuna.imports.reader.cells import Row, SheetInfo, has_content
from oportuna.imports.reader.delimited import DelimitedSource
from oportuna.imports.reader.kinds import kind_of
from oportuna.imports.reader.limits import Limits
from oportuna.imports.reader.refusals import Refusal
from oportuna.imports.reader.rows import (
    HEADER_WITHIN,
    Classifier,
    find_header,
    header_cells,
    header_lines,
    header_texts,
)
from oportuna.imports.reader.shapes import Shape, likely_first, row_of_shape, same_shape, shape_of
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
    def from_1904(self) -> bool: ...
    @property
    def sheets(self) -> list[SheetInfo]: ...

    def head(self, sheet: str | None) -> Sequence[Row]:
        """The first rows: of a workbook its sheet's, of a text (sheet None) its own."""

    def batches(self, sheet: str | None, width: int) -> Iterator[list[Row]]:
        """All rows in batches, in the order of their numbers; runs of blank ones may lack. May be asked again."""

    def last_row(self, sheet: str | None) -> int:
        """The number of a sheet's last row with any content."""

    def close(self) -> None:
        """End whatever still runs."""


class _Part(NamedTuple):
    """A sheet that is read: below which row its rows stand, and what is added to their numbers."""

    sheet: str | None
    header_row: int
    added: int


class Table:
    """A table of a file: its header and the rows below it. A context manager; rows may be read again.

    Several sheets of the same shape are one table. Rows of the first keep the numbers that Excel shows; those of each further
    one count on from the last number of the sheet before. `place_of` tells the sheet of a number and what Excel shows there.
    `from_1904`: its numbers count days from 1904.
    """

    def __init__(self, source: Source, sheets: Sequence[str | None], header_row: int | None) -> None:
        self._source = source
        self.format = source.format
        self.encoding = source.encoding
        self.delimiter = source.delimiter
        self.from_1904 = source.from_1904
        self.sheets = source.sheets
        self.sheet = sheets[0]
        self.sheets_read = [sheet for sheet in sheets if sheet is not None]
        head = source.head(self.sheet)
        self.header_row = find_header(head) if header_row is None else header_row
        reaching = self._reaching(head)
        names = header_cells(reaching, self.header_row) if self.header_row else []
        if self.header_row and not any(map(has_content, names)):
            raise Refusal("header_beyond", row=self.header_row)
        self._record_width = len(names)
        self._parts = self._placed(sheets, shape_of(names))
        below = [
            [row for row in source.head(part.sheet) if row.number > part.header_row] for part in self._parts
        ]
        self.header = header_texts(names, max((len(row.cells) for rows in below for row in rows), default=0))
        lines = header_lines(reaching, self.header_row)
        self._classifier = Classifier(self.header, lines[0] if len(lines) > 1 else ())
        samples = chain.from_iterable(map(self._visible, self._parts, below))
        self.sample = [row for row in samples if not row.code][:SAMPLE_ROWS]

    def place_of(self, number: int) -> tuple[str | None, int]:
        """The sheet of a row, None in a text, and the number that Excel shows beside it there."""
        part = next((part for part in reversed(self._parts) if part.added < number), self._parts[0])
        return part.sheet, number - part.added

    @property
    def parts(self) -> list[tuple[str, int]]:
        """The sheets that are read, each with what `place_of` takes off a row's number."""
        return [(part.sheet, part.added) for part in self._parts if part.sheet is not None]

    @property
    def same_shape(self) -> list[list[str]]:
        """The sheets that may be read together, the likeliest first: see `shapes.same_shape`."""
        return same_shape(self._source)

    def batches(self) -> Iterator[list[Row]]:
        """Rows below the header with any visible content, in batches; a row with a code is no lead."""
        for part in self._parts:
            for batch in self._source.batches(part.sheet, self._record_width):
                if rows := self._visible(part, [row for row in batch if row.number > part.header_row]):
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

    def _placed(self, sheets: Sequence[str | None], shape: Shape) -> list[_Part]:
        """Where the rows of each sheet stand. Raises Refusal for one of another shape than the first."""
        parts = [_Part(sheets[0], self.header_row, 0)]
        for before, sheet in pairwise(sheets):
            header_row = row_of_shape(self._source.head(sheet), shape) if self.header_row else 0
            if header_row is None:
                raise Refusal("sheet_differs", sheet=str(sheet)[:80], first=str(sheets[0])[:80])
            parts.append(_Part(sheet, header_row, parts[-1].added + self._source.last_row(before)))
        return parts

    def _reaching(self, head: Sequence[Row]) -> Sequence[Row]:
        """The head, or where the header stands further down, all rows to there."""
        if not head or self.header_row <= head[-1].number:
            return head
        rows = chain.from_iterable(self._source.batches(self.sheet, 0))
        return [*takewhile(lambda row: row.number <= self.header_row, rows)][-2:]

    def _visible(self, part: _Part, rows: Iterable[Row]) -> list[Row]:
        code, added = self._classifier.code, part.added
        return [
            row if row.code and not added else Row(row.number + added, row.cells, row.code or code(row.cells))
            for row in rows
            if any(map(has_content, row.cells))
        ]


def open_table(
    path: Path,
    *,
    sheet: str | Sequence[str] | None = None,
    header_row: int | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    limits: Limits | None = None,
) -> Table:
    """The table of a spreadsheet, whatever kind the file is by its content (its name says nothing).

    `header_row` as Excel numbers rows, 0 when there is none; left out, it is looked for. `sheet`: a
    workbook's, hidden ones only by name, or several of the same shape, in the order in which they are to be read; the header
    row is the first one's, in the others it is the row that says the same. Raises Refusal with the true cause. Close the
    table: a process may be behind it.
    """
    source = _source(path, limits or Limits(), encoding, delimiter)
    try:
        chosen = _choose_sheets(source, sheet, header_row) if source.sheets else [None]
        if chosen == [None] and not any(has_content(cell) for row in source.head(None) for cell in row.cells):
            raise Refusal("empty")
        return Table(source, chosen, header_row)
    except Refusal as refusal:
        refusal.sheets = source.sheets
        refusal.same_shape = same_shape(source)
        source.close()
        raise
    except BaseException:
        source.close()
        raise


def sheets_of(path: Path, *, limits: Limits | None = None) -> tuple[list[SheetInfo], list[list[str]]]:
    """The sheets of a workbook, the likeliest first, and those that may be read together; nothing for a text. Raises Refusal."""
    source = _source(path, limits or Limits(), None, None)
    try:
        alike = same_shape(source)
        return likely_first(source.sheets, alike), alike
    finally:
        source.close()


def heads_of(
    path: Path, sheets: Sequence[str | None], *, limits: Limits | None = None
) -> list[tuple[str | None, list[Row]]]:
    """The first rows of some sheets, or of a text (None), as they stand: people see there which the header is. Raises Refusal."""
    source = _source(path, limits or Limits(), None, None)
    try:
        heads = [(sheet, source.head(sheet)) for sheet in sheets]
        return [(sheet, [row for row in head if any(map(has_content, row.cells))]) for sheet, head in heads]
    finally:
        source.close()


def _source(path: Path, limits: Limits, encoding: str | None, delimiter: str | None) -> Source:
    if kind_of(path, limits) == "workbook":
        return WorkbookSource(path, limits)
    return DelimitedSource(path, limits, encoding, delimiter)


def _choose_sheets(
    source: Source, wanted: str | Sequence[str] | None, header_row: int | None
) -> Sequence[str | None]:
    """The sheets asked for, each once, or the only visible one that holds a table; Refusal when that leaves a choice."""
    if isinstance(wanted, str):
        wanted = [wanted]
    if wanted:
        return [*dict.fromkeys(_named(source, name) for name in wanted)]
    return [_only_sheet(source, header_row)]


def _named(source: Source, wanted: str) -> str:
    by_name = {fold(sheet.name): sheet.name for sheet in source.sheets}
    if any(sheet.name == wanted for sheet in source.sheets):
        return wanted
    if found := by_name.get(fold(wanted)):
        return found
    raise Refusal("sheet_unknown", sheet=wanted[:80], names=_names(sheet.name for sheet in source.sheets))


def _only_sheet(source: Source, header_row: int | None) -> str:
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
