"""What people get from the pages with a table that ERPs save as .xls."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from django.utils.translation import override

from oportuna.imports.reader.cells import Cell
from oportuna.imports.reader.opening import Table, open_table
from oportuna.imports.reader.refusals import Refusal


def page(path: Path, body: str, encoding: str = "iso-8859-1") -> Path:
    path.write_bytes(
        f"<html><head><title>Relatório</title></head><body>{body}</body></html>".encode(encoding)
    )
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


def test_a_title_that_never_ends_takes_no_cell_away(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_text("<html><title>Relatório<table><tr><th>Empresa<th>Cidade<tr><td>Sol<td>Rio</table>")

    with open_table(path) as table:
        assert cells(table) == [(2, ["Sol", "Rio"])]


@pytest.mark.parametrize(
    "rows",
    [
        '<tr><td colspan="16000"></td><td>x</td></tr>' * 4_000,
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


def test_titles_that_reach_over_more_columns_than_there_are_cost_nothing(tmp_path: Path) -> None:
    titles = '<tr><td colspan="16000">Vendedor: Ana</td></tr>' * 20_000
    path = page(tmp_path / "a.xls", f"<table><tr><th>Empresa<th>Cidade<th>Valor</tr>{titles}</table>")

    with open_table(path) as table:
        rows = [*table.rows()]
    assert (len(rows), {len(row.cells) for row in rows}, {row.code for row in rows}) == (
        20_000,
        {1},
        {"group_row"},
    )


def test_tables_within_tables_without_end_are_damaged(tmp_path: Path) -> None:
    assert refusal(page(tmp_path / "a.xls", "<table><tr><td>Empresa" * 100_000)) == "damaged"


def test_more_rows_than_are_kept_in_memory_arrive_in_order_and_can_be_read_again(tmp_path: Path) -> None:
    rows = "".join(f"<tr><td>Loja {number}<td>Rio" for number in range(20_000))
    path = page(tmp_path / "a.xls", f"<table><tr><th>Empresa<th>Cidade{rows}</table>")

    with open_table(path) as table:
        first, second = cells(table), cells(table)

    assert first == second == [(number + 2, [f"Loja {number}", "Rio"]) for number in range(20_000)]


def test_the_second_of_two_tables_is_read_when_it_is_asked_for(tmp_path: Path) -> None:
    one = "<table><tr><th>Empresa<th>Cidade<tr><td>{}<td>Rio</table>"
    path = page(
        tmp_path / "a.xls", f"{one.format('Sol')}<table><tr><td></td></tr></table>{one.format('Mar')}"
    )

    assert refusal(path) == "several_sheets"
    with open_table(path, sheet="Tabela 2") as table:
        assert cells(table) == [(2, ["Mar", "Rio"])]


def test_tables_are_called_the_same_for_all_people(tmp_path: Path) -> None:
    path = page(tmp_path / "a.xls", "<table><tr><th>Empresa<th>Cidade<tr><td>Sol<td>Rio</table>")

    with override("en"), open_table(path) as table:
        assert table.sheet == "Tabela 1"


def test_a_page_without_a_table_and_another_xml_are_told_apart(tmp_path: Path) -> None:
    other = tmp_path / "nota.xml"
    other.write_text("<?xml version='1.0'?><nfeProc><NFe/></nfeProc>")

    assert refusal(page(tmp_path / "a.xls", "<p>Sessão expirada</p><table></table>")) == "html"
    assert refusal(other) == "xml"
