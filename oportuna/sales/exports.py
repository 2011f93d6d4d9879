"""Lists as files: csv as Excel in Brazil opens it, and xlsx; both safe against formulas (brazil.md, section 5)."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import TextIOWrapper
from tempfile import TemporaryFile
from typing import IO, Any

import xlsxwriter
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from oportuna.accounts import audit, policies
from oportuna.accounts.actor import Actor
from oportuna.accounts.models import AuditEntry
from oportuna.brazil.dates import format_date
from oportuna.brazil.document import format_document
from oportuna.brazil.money import money_for_input
from oportuna.errors import Refused
from oportuna.fields import cents, reais
from oportuna.sales.models import Activity, Opportunity
from oportuna.sales.queries.lists import Wanted, found, ordered

CSV, XLSX = "csv", "xlsx"
MOST_XLSX_ROWS = 1_048_575
_CHUNK = 2_000
_FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r")

Cell = str | int | Decimal | date | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file; `permille` says that its integers are tenths of a percent."""

    title: str | Promise
    cell: Callable[[dict[str, Any]], Cell]
    permille: bool = False
    width: int = 14


def export_opportunities(wanted: Wanted, sort: str, kind: str, *, by: Actor) -> IO[bytes]:
    """A file, "csv" or "xlsx", of exactly what the list shows on all its pages, and an entry in the audit.

    The file stands at its beginning. Raises NotAllowed for whoever may not export, Refused for more rows than a
    sheet holds.
    """
    by.require(policies.export)
    rows = ordered(found(by, wanted), sort)
    written = _write(kind, rows)
    audit.write(
        AuditEntry.Verb.EXPORTED,
        by=by,
        about=f"{Opportunity._meta.verbose_name}: {kind}",
        changes={"rows": [None, written.rows]},
    )
    return written.file


@dataclass(frozen=True, slots=True)
class _Written:
    file: IO[bytes]
    rows: int


def _write(kind: str, rows: QuerySet[Opportunity]) -> _Written:
    columns = opportunity_columns()
    read = rows.values(*_FIELDS).iterator(chunk_size=_CHUNK)
    counted = _Counted([column.cell(row) for column in columns] for row in read)
    file = TemporaryFile()  # noqa: SIM115  whoever sends it closes it
    if kind == XLSX:
        if rows.order_by()[: MOST_XLSX_ROWS + 1].count() > MOST_XLSX_ROWS:
            raise Refused(_("A sheet does not hold that many rows. Export as CSV, or filter the list first."))
        write_xlsx(file, columns, counted)
    else:
        write_csv(file, columns, counted)
    file.seek(0)
    return _Written(file, counted.count)


class _Counted:
    """Rows that count themselves as they are read."""

    def __init__(self, rows: Iterable[Sequence[Cell]]) -> None:
        self.rows, self.count = rows, 0

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        for row in self.rows:
            self.count += 1
            yield row


def write_csv(file: IO[bytes], columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> None:
    """Write UTF-8 with its mark, semicolons and decimal commas; text that begins like a formula gets an apostrophe."""
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([str(column.title) for column in columns])
    permille = [column.permille for column in columns]
    writer.writerows(
        [_csv_text(cell, tenths) for cell, tenths in zip(row, permille, strict=True)] for row in rows
    )
    text.detach()


def _csv_text(cell: Cell, permille: bool) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULA_BEGINS) else cell
    if isinstance(cell, Decimal):
        return money_for_input(cell)
    if isinstance(cell, date):
        return format_date(cell)
    if permille:
        whole, tenth = divmod(cell, 10)
        return f"{whole},{tenth}%" if tenth else f"{whole}%"
    return str(cell)


def write_xlsx(file: IO[bytes], columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a workbook of one sheet, a row at a time; text is always text, never a formula or a link."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        money = book.add_format({"num_format": "#,##0.00"})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        percent = book.add_format({"num_format": "0.0%"})
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, str(column.title), bold)
        for line, row in enumerate(rows, 1):
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    if cell:
                        sheet.write_string(line, place, cell)
                elif isinstance(cell, Decimal):
                    sheet.write_number(line, place, float(cell), money)
                elif isinstance(cell, date):
                    sheet.write_datetime(line, place, datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001  a day has no zone
                elif cell is not None and columns[place].permille:
                    sheet.write_number(line, place, cell / 1000, percent)
                elif cell is not None:
                    sheet.write_number(line, place, cell)


_FIELDS = (
    "number",
    "title",
    "status",
    "value",
    "probability",
    "expected_close_on",
    "created_at",
    "closed_on",
    "next_due_on",
    "next_kind",
    "competitor",
    "loss_comment",
    "customer__name",
    "customer__trade_name",
    "customer__cnpj",
    "customer__cpf",
    "customer__city",
    "customer__uf",
    "contact__name",
    "stage__name",
    "stage__probability",
    "stage__pipeline__name",
    "owner__name",
    "source__name",
    "campaign__name",
    "loss_reason__name",
)
_STATUSES = dict(Opportunity.Status.choices)


def opportunity_columns() -> list[Column]:
    """The columns of an opportunity in a file, in their order."""
    return [
        Column(_("Number"), lambda row: row["number"], width=9),
        Column(_("Title"), lambda row: row["title"], width=40),
        Column(_("Customer"), lambda row: row["customer__name"], width=36),
        Column(_("Trade name"), lambda row: row["customer__trade_name"], width=28),
        Column(
            _("CNPJ / CPF"),
            lambda row: format_document(row["customer__cnpj"] or row["customer__cpf"] or ""),
            width=20,
        ),
        Column(_("City"), lambda row: row["customer__city"], width=20),
        Column(_("State"), lambda row: row["customer__uf"], width=8),
        Column(_("Contact"), lambda row: row["contact__name"], width=24),
        Column(_("Pipeline"), lambda row: row["stage__pipeline__name"], width=16),
        Column(_("Stage"), lambda row: row["stage__name"], width=16),
        Column(_("Status"), lambda row: str(_STATUSES[row["status"]]), width=10),
        Column(_("Value"), lambda row: row["value"]),
        Column(_("Probability"), _probability, permille=True, width=12),
        Column(_("Weighted value"), _weighted),
        Column(_("Expected close"), lambda row: row["expected_close_on"]),
        Column(_("Owner"), lambda row: row["owner__name"], width=24),
        Column(_("Source"), lambda row: row["source__name"], width=20),
        Column(_("Campaign"), lambda row: row["campaign__name"], width=20),
        Column(_("Next activity"), lambda row: row["next_due_on"]),
        Column(
            _("What is next"),
            lambda row: str(Activity.Kind(row["next_kind"]).label) if row["next_kind"] else "",
        ),
        Column(_("Created on"), lambda row: timezone.localdate(row["created_at"])),
        Column(_("Closed on"), lambda row: row["closed_on"]),
        Column(_("Loss reason"), lambda row: row["loss_reason__name"], width=28),
        Column(_("Competitor"), lambda row: row["competitor"], width=20),
        Column(_("Comment"), lambda row: row["loss_comment"], width=40),
    ]


def _probability(row: dict[str, Any]) -> int:
    own: int | None = row["probability"]
    return int(row["stage__probability"]) if own is None else own


def _weighted(row: dict[str, Any]) -> Decimal | None:
    """Of what is open; rounded as one figure is, half a cent up."""
    if row["value"] is None or row["status"] != Opportunity.Status.OPEN:
        return None
    return reais((cents(row["value"]) * _probability(row) + 500) // 1000)
