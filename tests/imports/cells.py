"""The cells of a sheet as an import reads them, without a file."""

from oportuna.imports.columns.matching import match_columns
from oportuna.imports.columns.survey import Survey
from oportuna.imports.reader.cells import Cell, Row
from oportuna.imports.rows.values import RowReader, RowValues


def read(
    header: list[str],
    *lines: list[Cell],
    choices: dict[str, str] | None = None,
    drop_bad_document: bool = False,
    from_1904: bool = False,
    calm_names: bool = False,
) -> list[RowValues]:
    """The lines below the header, read with the columns found and decided by themselves."""
    found = [Row(number, line) for number, line in enumerate(lines, 2)]
    matches = match_columns(header, found)
    survey = Survey(matches, choices, from_1904=from_1904)
    for row in found:
        survey.add(row)
    reader = RowReader(
        matches, survey.decisions(), drop_bad_document=drop_bad_document, calm_names=calm_names
    )
    return [reader.read(row) for row in found]


def filled(found: RowValues) -> dict[str, object]:
    """What the row says."""
    return {name: value for name, value in found.values.items() if value not in (None, [], {})}


def codes(found: RowValues) -> list[tuple[str | None, str, bool]]:
    """Each problem's column and code, and whether it rejects the row."""
    return [(problem.column, problem.code, problem.rejects) for problem in found.problems]
