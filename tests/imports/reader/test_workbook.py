"""What people get from xlsx files, good and hostile ones."""

import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from bench.leads import HEADER, rows, write_xlsx
from oportuna.imports.reader.cells import SheetInfo
from oportuna.imports.reader.limits import MEGABYTE, Limits
from oportuna.imports.reader.opening import open_table
from oportuna.imports.reader.refusals import Refusal
from tests.imports.reader.books import write_xlsb
from tests.imports.reader.packages import parts_of, row, write_package

TABLE = [["Empresa", "Cidade"], ["Aço Sul", "Vitória"]]
SHEET = "xl/worksheets/sheet1.xml"


def refusal(path: Path, **options: Any) -> Refusal:
    with pytest.raises(Refusal) as caught, open_table(path, **options) as table:
        [*table.rows()]
    return caught.value


def test_cells_keep_their_types_and_rows_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "leads.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        sheet = book.add_worksheet()
        sheet.write_row("B3", ["Empresa", "Valor", "Previsão", "Criado em", "Bloqueado"])
        sheet.write_row("B5", ["Aço Sul", 1234.5])
        sheet.write_datetime("D5", datetime.fromisoformat("2026-12-31"), day)
        sheet.write_datetime("E5", datetime.fromisoformat("2026-01-02T10:30"), moment)
        sheet.write_boolean("F5", True)
        sheet.write_formula("C6", "=1+1", None, 2)
        sheet.write_string("B7", "   ")

    with open_table(path) as table:
        found = [*table.rows()]

    assert (table.header_row, table.header) == (
        3,
        ["", "Empresa", "Valor", "Previsão", "Criado em", "Bloqueado"],
    )
    assert [(row.number, [*row.cells]) for row in found] == [
        (5, [None, "Aço Sul", 1234.5, date(2026, 12, 31), datetime.fromisoformat("2026-01-02T10:30"), True]),
        (6, [None, None, 2.0]),
    ]


def test_ten_thousand_leads_arrive_in_order_and_can_be_read_again(tmp_path: Path) -> None:
    path = tmp_path / "leads.xlsx"
    write_xlsx(path, rows(10_000))

    with open_table(path) as table:
        first = [row.cells[1] for row in table.rows()]
        second = [row.cells[1] for row in table.rows()]

    assert (table.sheets, table.header) == ([SheetInfo("Leads", 10_001)], [*HEADER])
    assert first == second == [lead.cnpj for lead in rows(10_000)]


def test_a_reading_left_halfway_can_be_begun_again(tmp_path: Path) -> None:
    path = tmp_path / "leads.xlsx"
    write_xlsx(path, rows(5_000))

    with open_table(path) as table:
        next(table.batches())
        assert len([*table.rows()]) == 5_000


def test_the_only_sheet_with_a_table_is_taken_whatever_its_place(write_book: Callable[..., Path]) -> None:
    path = write_book(
        {"Leia-me": [["Preencha a aba ao lado"], ["Obrigado"]], ".Listas": TABLE, "Dados": TABLE}
    )

    with open_table(path) as table:
        assert table.sheet == "Dados"
        assert [(sheet.name, sheet.rows, sheet.hidden) for sheet in table.sheets] == [
            ("Leia-me", 2, False),
            ("Listas", 2, True),
            ("Dados", 2, False),
        ]


def test_several_sheets_with_tables_are_asked_about(write_book: Callable[..., Path]) -> None:
    path = write_book({"Janeiro": TABLE, "Fevereiro": TABLE})

    refused = refusal(path)

    assert (refused.code, refused.needs_choice) == ("several_sheets", True)
    assert refused.params == {"names": "“Janeiro”, “Fevereiro”"}
    with open_table(path, sheet="fevereiro") as table:
        assert table.sheet == "Fevereiro"


def test_a_sheet_that_is_not_there_is_refused_with_the_names_that_are(
    write_book: Callable[..., Path],
) -> None:
    refused = refusal(write_book({"Janeiro": TABLE}), sheet="Março")

    assert (refused.cause, refused.params) == ("sheet_unknown", {"sheet": "Março", "names": "“Janeiro”"})


def test_a_hidden_sheet_is_read_when_asked_for(write_book: Callable[..., Path]) -> None:
    with open_table(write_book({"Vazia": [], ".Base": TABLE}), sheet="Base") as table:
        assert [row.cells for row in table.rows()] == [["Aço Sul", "Vitória"]]


def test_a_workbook_without_cells_is_empty(write_book: Callable[..., Path]) -> None:
    assert refusal(write_book({"Plan1": []})).code == "empty"


def test_a_stray_cell_without_content_does_no_harm(
    write_book: Callable[..., Path], change_part: Callable[..., Path]
) -> None:
    stray = b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    path = change_part(write_book({"Plan1": TABLE}), SHEET, lambda xml: xml.replace(b"</sheetData>", stray))

    with open_table(path) as table:
        assert [row.number for row in table.rows()] == [2]


def test_a_parser_that_runs_out_of_memory_ends_alone_and_as_a_refusal(tmp_path: Path) -> None:
    refused = refusal(write_xlsb(tmp_path / "leads.xlsb", TABLE, stray=(1_048_575, 700)))

    assert (refused.code, refused.cause) == ("too_large", "memory")


def test_many_cells_get_the_memory_that_they_need(tmp_path: Path) -> None:
    path = tmp_path / "leads.xlsx"
    rows = "".join(f"<row>{'<c><v>1</v></c>' * 100}</row>" for _ in range(20_000))
    write_package(path, parts_of(f"{row(1, 'Empresa', 'Cidade')}{rows}"))

    with open_table(path, limits=Limits(least_memory_bytes=64 * MEGABYTE)) as table:
        assert sum(len(row.cells) for row in table.rows()) == 2_000_000


def test_a_parser_that_takes_too_long_is_ended(write_book: Callable[..., Path]) -> None:
    refused = refusal(write_book({"Plan1": TABLE}), limits=Limits(wait_seconds=0))

    assert (refused.code, refused.cause) == ("too_large", "time")


def test_a_doctype_in_any_part_is_refused(
    write_book: Callable[..., Path], change_part: Callable[..., Path]
) -> None:
    attack = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><sst'
    path = change_part(
        write_book({"Plan1": TABLE}), "xl/sharedStrings.xml", lambda xml: xml.replace(b"<sst", attack)
    )

    assert refusal(path).code == "dangerous_xml"


def test_a_zip_bomb_is_refused_before_the_parser_sees_it(
    write_book: Callable[..., Path], change_part: Callable[..., Path]
) -> None:
    path = change_part(write_book({"Plan1": TABLE}), SHEET, lambda xml: xml + b" " * 100 * MEGABYTE)

    assert (refusal(path).code, refusal(path).cause) == ("too_large", "bomb")


def test_a_zip_that_lies_about_its_size_is_caught_while_inflating(
    write_book: Callable[..., Path], change_part: Callable[..., Path]
) -> None:
    path = change_part(write_book({"Plan1": TABLE}), SHEET, lambda xml: xml + b" " * 100 * MEGABYTE)
    with zipfile.ZipFile(path) as archive:
        declared = archive.getinfo(SHEET).file_size
    path.write_bytes(path.read_bytes().replace(declared.to_bytes(4, "little"), (1000).to_bytes(4, "little")))

    assert refusal(path).cause == "bomb"


def test_more_inflated_bytes_than_allowed_are_refused(write_book: Callable[..., Path]) -> None:
    path = write_book({"Plan1": [*TABLE, *[[f"Empresa {i}", f"Cidade {i}"] for i in range(2000)]]})

    assert refusal(path, limits=Limits(inflated_bytes=20_000)).cause == "inflated_size"


@pytest.mark.parametrize("kept", [0.3, 0.7, 0.98])
def test_a_truncated_workbook_is_damaged(write_book: Callable[..., Path], kept: float) -> None:
    path = write_book({"Plan1": TABLE})
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])

    assert refusal(path).code == "corrupt"


def test_a_workbook_with_broken_xml_is_damaged(
    write_book: Callable[..., Path], change_part: Callable[..., Path]
) -> None:
    path = change_part(write_book({"Plan1": TABLE}), SHEET, lambda xml: xml[: len(xml) // 2])

    assert refusal(path).code == "corrupt"


def test_a_cell_of_32767_characters_and_odd_characters_arrive_whole(write_book: Callable[..., Path]) -> None:
    path = write_book({"Plan1": [*TABLE, ["á" * 32_767, "emoji 👩‍💻 e \"aspas\"; 'fim'"]]})

    with open_table(path) as table:
        assert [*table.rows()][-1].cells == ["á" * 32_767, "emoji 👩‍💻 e \"aspas\"; 'fim'"]


def test_more_rows_than_allowed_are_refused(write_book: Callable[..., Path]) -> None:
    path = write_book({"Plan1": [*TABLE, *[["A", "B"]] * 30]})

    assert refusal(path, limits=Limits(workbook_rows=20)).code == "too_many_rows"
