"""Rejected rows go back as a spreadsheet of the same columns plus «Erro», to be corrected and sent again."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from oportuna.imports.check.checked_rows import cell_of_json
from oportuna.imports.check.reading import matches_of
from oportuna.imports.models import ImportJob, ImportRow, Outcome

_MANY = 2_000
_WIDEST, _NARROWEST = 60, 12


def file_name(job: ImportJob) -> str:
    """The name under which the rows are handed out."""
    suffix = pgettext("rows", "rejected")
    return f"{Path(job.name).stem}-{suffix}.xlsx"


def rejected_file(job: ImportJob) -> IO[bytes]:
    """An open workbook of the rejected rows as they were read, each with why; text is never a formula in it."""
    file = TemporaryFile()  # noqa: SIM115  the answer closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        formats: dict[type[date], Any] = {
            date: book.add_format({"num_format": "dd/mm/yyyy"}),
            datetime: book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
        }
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet(_("Rejected"))
        matches = matches_of(job)
        header = [match.header or match.column for match in matches]
        for place, name in enumerate([*header, _("Error")]):
            sheet.set_column(place, place, min(max(len(name) + 2, _NARROWEST), _WIDEST))
            sheet.write_string(0, place, name, bold)
        for number, (cells, reasons) in enumerate(_rows(job), 1):
            for place, cell in enumerate(cells[: len(header)]):
                _write(sheet, number, place, cell, formats)
            sheet.write_string(number, len(header), reasons)
    file.seek(0)
    return file


def _rows(job: ImportJob) -> Iterator[tuple[list[Any], str]]:
    rows = ImportRow.objects.filter(job=job, outcome=Outcome.REJECTED).order_by("number")
    fields = [match.field for match in matches_of(job)]
    for cells, values, problems in rows.values_list("cells", "values", "problems").iterator(_MANY):
        reasons = "; ".join(problem["message"] for problem in problems if problem["rejects"])
        if cells is None:  # rejected only when it was to be written
            cells = [_plain(values, field) for field in fields]
        yield [cell_of_json(cell) for cell in cells], reasons


def _plain(values: dict[str, Any], field: str) -> Any:
    found = values.get({"email": "emails", "phone": "phones", "mobile": "phones"}.get(field, field))
    return "; ".join(found) if isinstance(found, list) else found


def _write(sheet: Any, row: int, place: int, cell: Any, formats: dict[type[date], Any]) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, bool):
        sheet.write_boolean(row, place, cell)
    elif isinstance(cell, int | float):
        sheet.write_number(row, place, cell)
    elif isinstance(cell, date):
        sheet.write_datetime(row, place, cell, formats[type(cell)])
    else:
        sheet.write_string(row, place, cell[:32_767])
