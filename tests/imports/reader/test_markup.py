"""What ERPs save as .xls and is none: a page with a table, and Excel's XML of 2003."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest

from oportuna.imports.reader.cells import Cell
from oportuna.imports.reader.opening import Table, open_table
from oportuna.imports.reader.refusals import Refusal


def page(path: Path, body: str, encoding: str = "iso-8859-1") -> Path:
    path.write_bytes(
        f"<html><head><title>Relatório</title></head><body>{body}</body></html>".encode(encoding)
    )
    return path


def book(path: Path, *sheets: str, before: str = "") -> Path:
    """A workbook of 2003; each sheet is its rows."""
    tables = "".join(
        f'<Worksheet ss:Name="Plan{number}"><Table>{rows}</Table></Worksheet>'
        for number, rows in enumerate(sheets, 1)
    )
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        f' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">{tables}</Workbook>'
    )
    path.write_text(text, encoding="utf-8")
    return path


def cells(table: Table) -> list[tuple[int, Sequence[Cell]]]:
    return [(row.number, [*row.cells]) for row in table.rows()]


def refusal(path: Path) -> str:
    with pytest.raises(Refusal) as caught, open_table(path) as table:
        [*table.rows()]
    return caught.value.cause


@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-8", "utf-16"])
def test_the_table_of_a_page_is_read_as_people_see_it(tmp_path: Path, encoding: str) -> None:
    path = page(
        tmp_path / "relatorio.xls",
        "<script>document.write('<table>')</script><table border=1>"
        "<tr><td colspan=3><b>Clientes da região</b></td></tr>"
        "<thead><tr><th>Razão&nbsp;Social</th><th>Cidade</th><th>Valor</th></tr></thead>"
        "<tr><td>A&ccedil;o\n   Sul &amp; Cia</td><td>Vit&oacute;ria<br>ES</td><td>R$ 1.234,56</td></tr>"
        "<tr><td>Padaria <i>São</i> João</td><td></td><td>0,00</td></tr></table>",
        encoding,
    )

    with open_table(path) as table:
        assert (table.format, table.sheet, table.header_row) == ("html", "Tabela 1", 2)
        assert table.header == ["Razão Social", "Cidade", "Valor"]
        assert cells(table) == [
            (3, ["Aço Sul & Cia", "Vitória\nES", "R$ 1.234,56"]),
            (4, ["Padaria São João", None, "0,00"]),
        ]


def test_merged_cells_leave_those_behind_them_in_their_columns(tmp_path: Path) -> None:
    path = page(
        tmp_path / "a.xls",
        "<table><tr><th>Empresa</th><th>Telefone</th><th>Cidade</th></tr>"
        '<tr><td rowspan="2">Sol</td><td>1</td><td>Rio</td></tr><tr><td>2</td><td>Natal</td></tr>'
        '<tr><td colspan="2">Mar</td><td>Recife</td></tr></table>',
    )

    with open_table(path) as table:
        assert cells(table) == [
            (2, ["Sol", "1", "Rio"]),
            (3, [None, "2", "Natal"]),
            (4, ["Mar", None, "Recife"]),
        ]


def test_of_several_tables_the_one_with_a_header_is_taken_wherever_it_stands(tmp_path: Path) -> None:
    data = "<table><tr><th>Empresa<th>Cidade<tr><td>Sol<td>Rio</table>"
    path = page(
        tmp_path / "a.xls", f"<table><tr><td>Emitido em 01/07/2026</td></tr><tr><td>{data}</td></tr></table>"
    )

    with open_table(path) as table:
        assert (table.header, cells(table)) == (["Empresa", "Cidade"], [(2, ["Sol", "Rio"])])


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


def test_a_title_that_never_ends_takes_no_cell_away(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_text("<html><title>Relatório<table><tr><th>Empresa<th>Cidade<tr><td>Sol<td>Rio</table>")

    with open_table(path) as table:
        assert cells(table) == [(2, ["Sol", "Rio"])]


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


@pytest.mark.parametrize(
    "rows",
    [
        '<tr><td colspan="16000">x</td></tr>' * 4_000,
        '<tr><td colspan="16000" rowspan="9999">x</td></tr>' + "<tr><td>y</td></tr>" * 4_000,
    ],
)
def test_a_page_of_cells_that_reach_without_end_is_too_far(tmp_path: Path, rows: str) -> None:
    path = page(tmp_path / "a.xls", f"<table><tr><th>Empresa</th></tr>{rows}</table>")

    assert refusal(path) == "memory"


@pytest.mark.parametrize("mark", ["<!-- ", "<![CDATA["])
def test_a_mark_that_never_ends_is_damage_told_at_once(tmp_path: Path, mark: str) -> None:
    path = page(tmp_path / "a.xls", "<table><tr><th>Empresa<th>Cidade</tr>" + mark * 20_000)

    assert refusal(path) == "damaged"


def test_a_document_type_in_the_xml_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xls", ROWS.format("", ""), before='<!DOCTYPE a [<!ENTITY b "c">]>')

    assert refusal(path) == "doctype"


def test_broken_xml_is_damaged(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xls", ROWS.format("", ""))
    path.write_bytes(path.read_bytes()[:-30])

    assert refusal(path) == "damaged"


def test_a_page_without_a_table_and_another_xml_are_told_apart(tmp_path: Path) -> None:
    other = tmp_path / "nota.xml"
    other.write_text("<?xml version='1.0'?><nfeProc><NFe/></nfeProc>")

    assert refusal(page(tmp_path / "a.xls", "<p>Sessão expirada</p><table></table>")) == "html"
    assert refusal(other) == "xml"
