"""Workbooks whose days are counted from 1904: a number without a date's form is the day that their owner saw."""

import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter
import xlwt

from oportuna.accounts.scope import company_scope
from oportuna.imports.options import Options
from oportuna.imports.reports.reporting import rehearse
from oportuna.sales.models import Opportunity
from tests.factories import make_actor
from tests.imports.cells import codes, read
from tests.imports.reader.books import write_xlsb
from tests.imports.sheets import applied

_NUMBER = 46387 - 1462  # 31 December 2026
_HEADER = ("Empresa", "Previsão")


def _xlsx(path):
    book = xlsxwriter.Workbook(str(path), {"date_1904": True})
    sheet, shown = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(0, 0, _HEADER)
    sheet.write_row(1, 0, ("Aço Sul", _NUMBER))
    sheet.write(2, 0, "Padaria Sol")
    sheet.write_datetime(2, 1, datetime.fromisoformat("2026-12-31"), shown)
    book.close()


def _xlsx_of_others(path):
    """The same with another name for its main part, as programs other than Excel write it."""
    _xlsx(usual := path.with_name("usual.xlsx"))
    with zipfile.ZipFile(usual) as archive, zipfile.ZipFile(path, "w") as other:
        for part in archive.namelist():
            content = archive.read(part).replace(b"workbook.xml", b"book.xml")
            other.writestr(part.replace("workbook.xml", "book.xml"), content)


def _xls(path):
    book = xlwt.Workbook()
    book.dates_1904 = True
    sheet, shown = book.add_sheet("Plan1"), xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for number, row in enumerate([_HEADER, ("Aço Sul", _NUMBER)]):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    sheet.write(2, 0, "Padaria Sol")
    sheet.write(2, 1, _NUMBER, shown)
    book.save(str(path))


def _xlsb(path):
    write_xlsb(path, [_HEADER, ("Aço Sul", _NUMBER), ("Padaria Sol", _NUMBER)], from_1904=True)


@pytest.mark.parametrize(
    ("name", "write_it"),
    [("a.xlsx", _xlsx), ("other.xlsx", _xlsx_of_others), ("a.xls", _xls), ("a.xlsb", _xlsb)],
)
def test_its_numbers_and_its_dates_are_the_same_day(db, tmp_path, name, write_it):
    ana = make_actor()
    write_it(tmp_path / name)

    with company_scope(ana.company):
        said = rehearse(tmp_path / name, Options(), by=ana).preview or []
    applied(tmp_path / name, ana)

    last_day = date(2026, 12, 31)
    assert [row.values["expected_close_on"] for row in said] == [last_day] * 2
    with company_scope(ana.company):
        assert list(Opportunity.objects.values_list("expected_close_on", flat=True)) == [last_day] * 2


def test_a_workbook_that_counts_from_1900_keeps_its_days(db, tmp_path):
    ana = make_actor()

    applied(write_xlsb(tmp_path / "a.xlsb", [_HEADER, ("Aço Sul", 46387)]), ana)

    with company_scope(ana.company):
        assert Opportunity.objects.get().expected_close_on == date(2026, 12, 31)


def test_a_count_of_days_that_is_text_in_such_a_workbook_is_left_empty():
    text, number = read([*_HEADER], ["A", str(_NUMBER)], ["B", _NUMBER], from_1904=True)

    assert (text.values["expected_close_on"], codes(text)) == (
        None,
        [("B", "expected_close_on_unclear", False)],
    )
    assert number.values["expected_close_on"] == date(2026, 12, 31)
