"""Which sheets of a workbook are alike, and which one is likely meant."""

from collections.abc import Sequence
from typing import Protocol

from oportuna.brazil.text import fold
from oportuna.imports.reader.cells import Cell, Row, SheetInfo
from oportuna.imports.reader.headers import count_known
from oportuna.imports.reader.refusals import Refusal
from oportuna.imports.reader.rows import HEADER_WITHIN, find_header, header_cells, header_texts

Shape = tuple[str, ...]


class Sheets(Protocol):
    """What is known of a workbook before its rows are read."""

    @property
    def sheets(self) -> list[SheetInfo]: ...

    def head(self, sheet: str | None) -> Sequence[Row]: ...


def shape_of(cells: Sequence[Cell]) -> Shape:
    """What makes two headers the same: their names, folded, in their columns, without those that are empty at the end."""
    names = [fold(name) for name in header_texts(cells, 0)]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def row_of_shape(head: Sequence[Row], shape: Shape) -> int | None:
    """The number of the row, of about thirty, that is a header of this shape, or None."""
    numbers = (row.number for row in head if row.number <= HEADER_WITHIN)
    return next((number for number in numbers if shape_of(header_cells(head, number)) == shape), None)


def same_shape(source: Sheets) -> list[list[str]]:
    """The names of the sheets that hold a table, those of one shape together: each such list may be read as one table.

    The likeliest comes first: of visible sheets before hidden ones, then the one that names most fields, then of most
    rows. Within a list they stand as in the workbook, hidden ones last.
    """
    found: dict[Shape, list[SheetInfo]] = {}
    known: dict[Shape, int] = {}
    for sheet in source.sheets:
        cells = _header(source.head(sheet.name))
        if sheet.rows and cells is not None:
            shape = shape_of(cells)
            found.setdefault(shape, []).append(sheet)
            known[shape] = count_known(cells)

    def likelihood(shape: Shape) -> tuple[bool, int, int]:
        sheets = found[shape]
        seen = [sheet.rows for sheet in sheets if not sheet.hidden]
        return not seen, -known[shape], -sum(seen or [sheet.rows for sheet in sheets])

    return [
        [sheet.name for sheet in sorted(found[shape], key=lambda sheet: sheet.hidden)]
        for shape in sorted(found, key=likelihood)
    ]


def likely_first(sheets: Sequence[SheetInfo], alike: Sequence[Sequence[str]]) -> list[SheetInfo]:
    """The sheets with the likeliest first, those without a table next and hidden ones last; `alike` as `same_shape` found."""
    places = {name: place for place, names in enumerate(alike) for name in names}
    return sorted(sheets, key=lambda sheet: (sheet.hidden, places.get(sheet.name, len(alike)), -sheet.rows))


def _header(head: Sequence[Row]) -> Sequence[Cell] | None:
    try:
        return header_cells(head, find_header(head))
    except Refusal:
        return None
