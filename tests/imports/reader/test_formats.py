"""The same table arrives from every kind of workbook, whatever the file is called."""

import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import xlwt
from xlwt.CompoundDoc import XlsDoc

from oportuna.imports.reader.opening import open_table
from oportuna.imports.reader.refusals import Refusal
from tests.imports.reader.books import write_ods, write_xls, write_xlsb

TABLE: list[list[Any]] = [
    ["Lista de julho"],
    [],
    [None, "Empresa", "CNPJ", "Valor", "Cidade"],
    [None, "Aço Sul Ltda", "12ABC34501DE35", 1234.5, "São Luís"],
    [],
    [None, "Vidros & Cia", 11222333000181, None, "Açailândia"],
]


def write_xlsx(path: Path, table: list[list[Any]]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Plan1")
        for number, row in enumerate(table):
            sheet.write_row(number, 0, row)
    return path


@pytest.mark.parametrize("name", ["leads.xls", "leads.xlsx", "leads.csv", "leads"])
@pytest.mark.parametrize(
    ("kind", "write"), [("xlsx", write_xlsx), ("xls", write_xls), ("xlsb", write_xlsb), ("ods", write_ods)]
)
def test_a_table_is_the_same_from_every_kind_under_any_name(
    tmp_path: Path, kind: str, write: Callable[..., Path], name: str
) -> None:
    with open_table(write(tmp_path / name, TABLE)) as table:
        found = [(row.number, [*row.cells]) for row in table.rows()]

    assert (table.format, table.sheet, table.header_row) == (kind, "Plan1", 3)
    assert table.header == ["", "Empresa", "CNPJ", "Valor", "Cidade"]
    assert found == [
        (4, [None, "Aço Sul Ltda", "12ABC34501DE35", 1234.5, "São Luís"]),
        (6, [None, "Vidros & Cia", 11222333000181, None, "Açailândia"]),
    ]


@pytest.mark.parametrize("counts_from_1904", [False, True])
def test_days_and_hours_of_an_old_workbook_are_those_that_it_shows(
    tmp_path: Path, counts_from_1904: bool
) -> None:
    book = xlwt.Workbook()
    book.dates_1904 = counts_from_1904
    sheet = book.add_sheet("Plan1")
    for column, name in enumerate(("Empresa", "Previsão", "Criado em")):
        sheet.write(0, column, name)
    sheet.write(1, 0, "Sol")
    sheet.write(1, 1, date(2026, 12, 31), xlwt.easyxf(num_format_str="dd/mm/yyyy"))
    at = datetime.fromisoformat("2026-01-02T10:30")
    sheet.write(1, 2, at, xlwt.easyxf(num_format_str="dd/mm/yyyy hh:mm"))
    book.save(str(tmp_path / "leads.xls"))

    with open_table(tmp_path / "leads.xls") as table:
        assert [[*row.cells] for row in table.rows()] == [["Sol", date(2026, 12, 31), at]]


def test_the_text_that_old_programs_call_xls_is_read_as_text(tmp_path: Path) -> None:
    path = tmp_path / "relatorio.xls"
    path.write_bytes("Empresa\tCidade\r\nAço Sul\tVitória\r\n".encode("cp1252"))

    with open_table(path) as table:
        assert (table.format, [[*row.cells] for row in table.rows()]) == ("tsv", [["Aço Sul", "Vitória"]])


def refusal(path: Path) -> Refusal:
    with pytest.raises(Refusal) as caught, open_table(path) as table:
        [*table.rows()]
    return caught.value


@pytest.mark.parametrize(
    ("kind", "what"), [("text", "word"), ("presentation", "slides"), ("graphics", "archive")]
)
def test_another_document_of_libreoffice_is_refused_for_what_it_is(
    tmp_path: Path, kind: str, what: str
) -> None:
    path = write_ods(tmp_path / "leads.ods", TABLE, kind=f"application/vnd.oasis.opendocument.{kind}")

    assert (refusal(path).cause, refusal(path).params) == ("not_a_spreadsheet", {"what": what})


def test_a_document_type_in_an_ods_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    path = write_ods(tmp_path / "leads.ods", TABLE)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("styles.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a/>')

    assert refusal(path).cause == "doctype"


@pytest.mark.parametrize("write", [write_xls, write_xlsb, write_ods])
def test_a_workbook_cut_off_anywhere_is_damaged_and_nothing_worse(
    tmp_path: Path, write: Callable[..., Path]
) -> None:
    whole = write(tmp_path / "whole", TABLE).read_bytes()
    for share in (0.3, 0.6, 0.9):
        path = tmp_path / "cut"
        path.write_bytes(whole[: int(len(whole) * share)])

        assert refusal(path).code in ("corrupt", "not_a_spreadsheet", "empty")


def test_an_old_workbook_with_a_password_is_told_so(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.add_sheet("Plan1").write(0, 0, "Empresa")
    records = book.get_biff_data()
    first = 4 + int.from_bytes(records[2:4], "little")
    file_pass = b"\x2f\x00\x06\x00\x01\x00" + bytes(4)
    path = tmp_path / "leads.xls"
    XlsDoc().save(str(path), records[:first] + file_pass + records[first:])

    assert refusal(path).code == "password_protected"


def test_an_ods_with_a_password_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "leads.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", bytes(range(256)) * 20)
        archive.writestr("META-INF/manifest.xml", "<manifest:encryption-data manifest:checksum-type='x'/>")

    assert refusal(path).code == "password_protected"


_CELL = '<table:table-cell{} office:value-type="string"><text:p>x</text:p></table:table-cell>'
_ROWS = '<table:table-row table:number-rows-repeated="1048570">{}</table:table-row>'


@pytest.mark.parametrize(
    "row",
    [
        _CELL.format(' table:number-columns-repeated="16383"'),
        '<table:table-cell table:number-columns-repeated="16383"/>' + _CELL.format(""),
    ],
)
def test_an_ods_of_cells_repeated_without_end_is_too_large(tmp_path: Path, row: str) -> None:
    path = write_ods(tmp_path / "leads.ods", [], before=_ROWS.format(row))

    assert refusal(path).cause == "memory"


def test_equal_rows_of_an_ods_are_as_many_as_it_says(tmp_path: Path) -> None:
    row = _CELL.format("") * 2 + '<table:table-cell table:number-columns-repeated="16382"/>'
    equal = f'<table:table-row table:number-rows-repeated="5000">{row}</table:table-row>'
    path = write_ods(tmp_path / "leads.ods", [["Empresa", "Cidade"]], after=equal)

    with open_table(path) as table:
        assert [row.number for row in table.rows()] == list(range(2, 5_002))


def test_empty_rows_below_the_table_of_an_ods_are_nothing(tmp_path: Path) -> None:
    empty = _ROWS.format('<table:table-cell table:number-columns-repeated="16384"/>')
    path = write_ods(tmp_path / "leads.ods", TABLE, after=empty)

    with open_table(path) as table:
        assert [row.number for row in table.rows()] == [4, 6]


def test_a_stray_cell_at_the_end_of_a_binary_sheet_is_too_large(tmp_path: Path) -> None:
    path = write_xlsb(tmp_path / "leads.xlsb", TABLE, stray=(1_048_575, 16_383))

    assert refusal(path).cause == "memory"
