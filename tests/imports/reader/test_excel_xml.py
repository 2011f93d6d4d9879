"""What people get from Excel's XML of 2003, which programs save as .xls."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest

from oportuna.imports.reader.cells import Cell
from oportuna.imports.reader.opening import Table, open_table
from oportuna.imports.reader.refusals import Refusal


def book(path: Path, *sheets: str, before: str = "", encoding: str = "UTF-8") -> Path:
    """A workbook of 2003; each sheet is its rows."""
    tables = "".join(
        f'<Worksheet ss:Name="Plan{number}"><Table>{rows}</Table></Worksheet>'
        for number, rows in enumerate(sheets, 1)
    )
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>{before}<?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        f' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">{tables}</Workbook>'
    )
    path.write_bytes(text.encode(encoding))
    return path


def cells(table: Table) -> list[tuple[int, Sequence[Cell]]]:
    return [(row.number, [*row.cells]) for row in table.rows()]


def refusal(path: Path) -> str:
    with pytest.raises(Refusal) as caught, open_table(path) as table:
        [*table.rows()]
    return caught.value.cause


def test_a_workbook_of_2003_keeps_its_types_and_places(tmp_path: Path) -> None:
    def row(*data: str, at: str = "") -> str:
        return f"<Row{at}>{''.join(data)}</Row>"

    def cell(kind: str, text: str, at: str = "") -> str:
        return f'<Cell{at}><Data ss:Type="{kind}">{text}</Data></Cell>'

    names = [cell("String", name) for name in ("Empresa", "Valor", "Previsão", "Criado em", "Bloqueado")]
    path = book(
        tmp_path / "a.xls",
        row(cell("String", "Lista", ' ss:MergeAcross="2"'))
        + row(*names, at=' ss:Index="3"')
        + row(
            cell("String", "Aço &amp; Sul"),
            cell("Number", "1234.5"),
            cell("DateTime", "2026-12-31T00:00:00.000"),
            cell("DateTime", "2026-01-02T10:30:00.000"),
            cell("Boolean", "1"),
        )
        + row(cell("String", "Mar"), "<Cell/>", cell("String", "não sei", ' ss:Index="4"'))
        + row(cell("Error", "#N/D"), cell("Number", "2")),
    )

    with open_table(path) as table:
        assert (table.format, table.sheet, table.header_row) == ("xml", "Plan1", 3)
        assert cells(table) == [
            (4, ["Aço & Sul", 1234.5, date(2026, 12, 31), datetime.fromisoformat("2026-01-02T10:30"), True]),
            (5, ["Mar", None, None, "não sei"]),
            (6, [None, 2.0]),
        ]


ROWS = '<Row><Cell><Data ss:Type="String">Empresa</Data></Cell></Row><Row{}><Cell{}><Data ss:Type="String">Sol</Data></Cell></Row>'


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16", "ISO-8859-1"])
def test_a_workbook_of_2003_is_read_in_the_encoding_that_it_declares(tmp_path: Path, encoding: str) -> None:
    name = '<Row><Cell><Data ss:Type="String">{}</Data></Cell></Row>'
    rows = name.format("Razão Social") + name.format("Pão de Açúcar")

    with open_table(book(tmp_path / "a.xls", rows, encoding=encoding)) as table:
        assert (table.format, table.header, cells(table)) == (
            "xml",
            ["Razão Social"],
            [(2, ["Pão de Açúcar"])],
        )


def test_a_hidden_sheet_of_a_workbook_of_2003_is_left_aside(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xls", ROWS.format("", ""), ROWS.format("", ""))
    hidden = "</Table><WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions>"
    path.write_text(path.read_text().replace("</Table>", hidden, 1))

    with open_table(path) as table:
        assert (table.sheet, [sheet.hidden for sheet in table.sheets]) == ("Plan2", [True, False])


def test_elements_within_elements_without_end_are_damaged(tmp_path: Path) -> None:
    assert refusal(book(tmp_path / "a.xls", "<Row>" * 500_000)) == "damaged"


def test_rows_that_go_back_are_damaged(tmp_path: Path) -> None:
    assert refusal(book(tmp_path / "a.xls", ROWS.format(' ss:Index="1"', ""))) == "damaged"


def test_a_cell_merged_with_none_moves_nothing(tmp_path: Path) -> None:
    name = '<Cell ss:MergeAcross="0"><Data ss:Type="String">{}</Data></Cell>'
    rows = [
        f"<Row>{name.format(one)}{name.format(other)}</Row>"
        for one, other in (("Empresa", "Cidade"), ("Sol", "Rio"))
    ]

    with open_table(book(tmp_path / "a.xls", "".join(rows))) as table:
        assert (table.header, cells(table)) == (["Empresa", "Cidade"], [(2, ["Sol", "Rio"])])


def test_several_sheets_of_a_workbook_of_2003_are_asked_about(tmp_path: Path) -> None:
    assert refusal(book(tmp_path / "a.xls", ROWS.format("", ""), ROWS.format("", ""))) == "several_sheets"


@pytest.mark.parametrize(
    ("row", "cell"), [(' ss:Index="99999999"', ""), ("", ' ss:Index="99999999"'), (' ss:Index="1048577"', "")]
)
def test_a_place_beyond_any_sheet_is_too_far(tmp_path: Path, row: str, cell: str) -> None:
    assert refusal(book(tmp_path / "a.xls", ROWS.format(row, cell))) == "memory"


def test_a_document_type_in_the_xml_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xls", ROWS.format("", ""), before='<!DOCTYPE a [<!ENTITY b "c">]>')

    assert refusal(path) == "doctype"


def test_broken_xml_is_damaged(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xls", ROWS.format("", ""))
    path.write_bytes(path.read_bytes()[:-30])

    assert refusal(path) == "damaged"
