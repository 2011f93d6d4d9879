"""What people get from an xlsx that another program than Excel wrote, or whose cells lie far apart."""

import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from oportuna.imports.reader.cells import Cell
from oportuna.imports.reader.opening import open_table
from oportuna.imports.reader.refusals import Refusal
from tests.imports.reader.packages import OneWay, cell, parts_of, row, write_package

ROWS = (
    row(1, "Empresa", "Cidade", "Criado em")
    + f'<row r="3">{cell("A3", "Aço & Sul")}<c r="B3" t="s"><v>0</v></c><c r="C3" s="1"><v>46387</v></c></row>'
)
FOUND = [(3, ["Aço & Sul", "Rio", date(2026, 12, 31)])]


def read(path: Path) -> list[tuple[int, Sequence[Cell]]]:
    with open_table(path) as table:
        assert table.format == "xlsx"
        return [(row.number, [*row.cells]) for row in table.rows()]


def refusal(path: Path) -> Refusal:
    with pytest.raises(Refusal) as caught, open_table(path) as table:
        [*table.rows()]
    return caught.value


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("prefix", ["", "x"])
@pytest.mark.parametrize("main", ["xl/workbook.xml", "xl/workbook22.xml", "workbook.xml", "dados/book.xml"])
def test_strict_and_transitional_packages_are_read_under_any_prefix_and_names(
    tmp_path: Path, strict: bool, prefix: str, main: str
) -> None:
    parts = parts_of(ROWS, strict=strict, prefix=prefix, main=main, texts=["Rio"])

    assert read(write_package(tmp_path / "a.xlsx", parts)) == FOUND


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_parts_are_read_in_the_encoding_that_they_declare(tmp_path: Path, encoding: str) -> None:
    assert read(write_package(tmp_path / "a.xlsx", parts_of(ROWS, texts=["Rio"]), encoding=encoding)) == FOUND


@pytest.mark.parametrize(
    "renamed",
    [
        lambda name: name.replace("/", "\\"),
        lambda name: f"/{name}",
        lambda name: name.replace("xl/", "XL/").replace("sheet1", "Sheet1"),
    ],
)
def test_parts_are_found_however_the_zip_writes_their_names(
    tmp_path: Path, renamed: Callable[[str], str]
) -> None:
    assert read(write_package(tmp_path / "a.xlsx", parts_of(ROWS, texts=["Rio"]), renamed=renamed)) == FOUND


@pytest.mark.parametrize("main", ["xl/workbook.xml", "xl/workbook22.xml"])
def test_a_zip_that_was_written_in_a_stream_is_read(tmp_path: Path, main: str) -> None:
    with zipfile.ZipFile(OneWay(tmp_path / "a.xlsx"), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts_of(ROWS, main=main, texts=["Rio"]).items():
            archive.writestr(name, text)

    assert read(tmp_path / "a.xlsx") == FOUND


@pytest.mark.parametrize("main", ["xl/workbook.xml", "xl/workbook22.xml"])
def test_cells_and_rows_without_references_stand_behind_those_before(tmp_path: Path, main: str) -> None:
    rows = (
        f"<row>{cell('', 'Empresa')}{cell('', 'Cidade')}<c/>{cell('', 'Valor')}</row>"
        f"<row>{cell('', 'Sol')}<c/>{cell('', 'x')}<c><v>12.5</v></c></row>"
        f'<row/><row r="9">{cell("", "Mar")}</row><row>{cell("", "Céu")}{cell("D10", "y")}</row>'
    )

    assert read(write_package(tmp_path / "a.xlsx", parts_of(rows, main=main))) == [
        (2, ["Sol", None, "x", 12.5]),
        (9, ["Mar"]),
        (10, ["Céu", None, None, "y"]),
    ]


@pytest.mark.parametrize("main", ["xl/workbook.xml", "xl/workbook22.xml"])
def test_dates_that_are_written_as_texts_are_dates(tmp_path: Path, main: str) -> None:
    days = '<c r="B2" t="d"><v>2026-12-31</v></c><c r="C2" t="d"><v>2026-01-02T10:30:00</v></c>'
    rows = row(1, "Empresa", "Previsão", "Criado em") + f'<row r="2">{cell("A2", "Sol")}{days}</row>'

    assert read(write_package(tmp_path / "a.xlsx", parts_of(rows, strict=True, main=main))) == [
        (2, ["Sol", date(2026, 12, 31), datetime.fromisoformat("2026-01-02T10:30")])
    ]


def one_of_each(path: Path, *, counts_from_1904: bool) -> Path:
    """A sheet of numbers in many formats, and of what else a cell may hold."""
    formats = ["General", "0.00", "dd/mm/yyyy", "dd/mm/yyyy hh:mm", "hh:mm", "[h]:mm", '0" dias"', "0%"]
    formats += ['_-"R$"* #,##0.00_-', '[$-416]d "de" mmmm "de" yyyy', "[Red]0;[Blue]0", "0.00E+00", "mmm/yy"]
    with xlsxwriter.Workbook(str(path), {"date_1904": counts_from_1904}) as book:
        sheet = book.add_worksheet("Plan1")
        sheet.write_row(0, 0, ["Empresa", "Cidade"])
        for number, serial in enumerate((0, 0.25, 1, 1.5, 59, 60, 61.25, 46387, 46387.4375, 2_957_003), 1):
            sheet.write_string(number, 0, "Sol")
            for column, code in enumerate(formats, 1):
                sheet.write_number(number, column, serial, book.add_format({"num_format": code}))
        sheet.write_row(20, 0, [" Aço_x000D_\nSul ", True, False, 'é "<&>"'])
        sheet.write_rich_string(21, 0, "Aço", book.add_format({"bold": True}), " Sul", " ")
        sheet.write_formula(22, 0, "=NA()", None, "#N/A")
        sheet.write_formula(22, 1, '="a"', None, "txt")
        sheet.write_formula(22, 2, "=1=1", None, True)
    return path


@pytest.mark.parametrize("counts_from_1904", [False, True])
def test_both_readers_of_xlsx_say_the_same_of_every_kind_of_cell(
    tmp_path: Path, counts_from_1904: bool
) -> None:
    usual = one_of_each(tmp_path / "usual.xlsx", counts_from_1904=counts_from_1904)
    other = tmp_path / "other.xlsx"
    with zipfile.ZipFile(usual) as old, zipfile.ZipFile(other, "w") as new:
        for info in old.infolist():
            content = (
                old.read(info)
                .replace(b"/workbook.xml", b"/livro.xml")
                .replace(b'"workbook.xml', b'"livro.xml')
            )
            new.writestr(info.filename.replace("workbook.xml", "livro.xml"), content)

    found = read(other)

    assert len(found) == 13  # ten serials and three rows of other cells
    assert found == read(usual)


def far(path: Path, *places: str) -> Path:
    rows = row(1, "Empresa", "Cidade") + row(2, "Sol", "Rio")
    for place in places:
        number = "".join(filter(str.isdigit, place))
        rows += f'<row r="{number}">{cell(place, "x")}</row>'
    return write_package(path, parts_of(rows))


@pytest.mark.parametrize("place", ["XFD1048576", "ZZ1048576", "XFD600"])
def test_a_stray_cell_far_from_the_table_is_a_row_beside_it(tmp_path: Path, place: str) -> None:
    first, last = read(far(tmp_path / "a.xlsx", place))

    assert first == (2, ["Sol", "Rio"])
    assert f"{last[0]}" in place
    assert [value for value in last[1] if value is not None] == ["x"]


def test_a_sheet_that_reaches_to_its_end_in_a_near_column_is_read(tmp_path: Path) -> None:
    assert read(far(tmp_path / "a.xlsx", "B1048576")) == [(2, ["Sol", "Rio"]), (1_048_576, [None, "x"])]


def test_too_many_cells_far_from_the_table_are_refused_by_the_name_of_one(tmp_path: Path) -> None:
    refused = refusal(far(tmp_path / "a.xlsx", *(f"XFD{number}" for number in range(3, 6_000))))

    assert (refused.code, refused.cause, refused.params) == ("too_large", "far_cell", {"cell": "XFD1834"})


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook22.xml", "xl/styles.xml"])
def test_a_doctype_is_refused_wherever_the_patient_reader_meets_it(tmp_path: Path, part: str) -> None:
    parts = parts_of(ROWS, main="xl/workbook22.xml", texts=["Rio"])
    parts[part] = parts[part].replace("?>", '?><!DOCTYPE a [<!ENTITY b "c">]>', 1)

    assert refusal(write_package(tmp_path / "a.xlsx", parts, encoding="utf-16")).cause == "doctype"


@pytest.mark.parametrize("main", ["xl/workbook.xml", "xl/workbook22.xml"])
def test_a_workbook_without_any_sheet_is_empty(tmp_path: Path, main: str) -> None:
    parts = parts_of(ROWS, main=main, texts=["Rio"])
    parts[main] = parts[main].replace('<sheet name="Plan1" sheetId="1" r:id="rId1"/>', "")

    assert refusal(write_package(tmp_path / "a.xlsx", parts)).cause == "no_sheet"


def test_a_number_that_no_calendar_has_stays_a_number(tmp_path: Path) -> None:
    rows = (
        row(1, "Empresa", "Previsão")
        + f'<row r="2">{cell("A2", "Sol")}<c r="B2" s="1"><v>1e300</v></c></row>'
    )

    assert read(write_package(tmp_path / "a.xlsx", parts_of(rows, main="xl/workbook22.xml"))) == [
        (2, ["Sol", 1e300])
    ]


@pytest.mark.parametrize("main", ["xl/workbook.xml", "xl/workbook22.xml"])
def test_characters_that_no_database_keeps_are_left_out(tmp_path: Path, main: str) -> None:
    rows = row(1, "Empresa", "Cidade") + row(2, "_x0000_So_x0000_l\\u0000", "Ri_xD83D_o")

    ((_, cells),) = read(write_package(tmp_path / "a.xlsx", parts_of(rows, main=main)))

    assert cells[0] == "Sol\\u0000"
    assert str(cells[1]).encode()


@pytest.mark.parametrize(
    "change",
    [
        ('r="A3"', 'r="3A"'),
        ('r="A3"', 'r="ZZZ3"'),
        ('<row r="3">', '<row r="1">'),
        ('<row r="3">', '<row r="1048577">'),
        ("<v>0</v>", "<v>7</v>"),
        ("</row></sheetData>", "</sheetData>"),
    ],
)
def test_a_sheet_that_contradicts_itself_is_damaged(tmp_path: Path, change: tuple[str, str]) -> None:
    parts = parts_of(ROWS, main="xl/workbook22.xml", texts=["Rio"])
    assert change[0] in parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(*change)

    assert refusal(write_package(tmp_path / "a.xlsx", parts)).code == "corrupt"


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/_rels/workbook22.xml.rels"]
)
def test_a_package_without_one_of_its_parts_is_damaged(tmp_path: Path, part: str) -> None:
    parts: dict[str, Any] = parts_of(ROWS, main="xl/workbook22.xml", texts=["Rio"])
    del parts[part]

    assert refusal(write_package(tmp_path / "a.xlsx", parts)).code == "corrupt"
