"""Several sheets of a workbook that are alike are read as one table; which one is meant is guessed, never assumed."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from oportuna.imports.reader.opening import open_table, sheets_of
from oportuna.imports.reader.refusals import Refusal
from tests.imports.reader.books import write_xls
from tests.imports.reader.processes import children_of

WriteBook = Callable[..., Path]

HEADER = ["Empresa", "Cidade"]
MONTHS = {
    "Janeiro": [HEADER, ["Sol", "Rio"], [], ["Mar", "Natal"]],
    "Fevereiro": [["Lista de fevereiro"], [], ["EMPRESA", "Cidade ", ""], ["Céu", "Recife"], ["Total", "1"]],
    ".Março": [HEADER, ["Lua", "Belém"]],
    "Valores": [["Empresa", "Valor"], ["Sol", 1]],
    "Leia-me": [["Uma aba por mês"]],
}


def read(path: Path, sheets: Sequence[str]) -> list[tuple[int, tuple[str | None, int], list[Any]]]:
    with open_table(path, sheet=sheets) as table:
        return [
            (row.number, table.place_of(row.number), [*row.cells]) for row in table.rows() if not row.code
        ]


def test_sheets_of_the_same_shape_are_one_table_whose_numbers_count_on(write_book: WriteBook) -> None:
    path = write_book(MONTHS)

    assert read(path, ["janeiro", "Fevereiro", "Março", "Janeiro"]) == [
        (2, ("Janeiro", 2), ["Sol", "Rio"]),
        (4, ("Janeiro", 4), ["Mar", "Natal"]),
        (8, ("Fevereiro", 4), ["Céu", "Recife"]),
        (11, ("Março", 2), ["Lua", "Belém"]),
    ]


def test_a_table_says_what_was_read_and_can_be_read_again(write_book: WriteBook) -> None:
    with open_table(write_book(MONTHS), sheet=["Janeiro", "Fevereiro"]) as table:
        assert (table.sheet, table.sheets_read, table.header_row) == ("Janeiro", ["Janeiro", "Fevereiro"], 1)
        assert [row.number for row in table.sample] == [2, 4, 8]
        assert [(row.number, row.code) for row in table.rows()] == [
            (2, ""),
            (4, ""),
            (8, ""),
            (9, "totals_row"),
        ]
        assert [row.number for row in table.rows()] == [2, 4, 8, 9]


def test_one_sheet_and_a_text_have_places_too(write_book: WriteBook, write_text: Callable[..., Path]) -> None:
    with open_table(write_book(MONTHS), sheet="Fevereiro") as table:
        assert (table.sheets_read, table.place_of(4)) == (["Fevereiro"], ("Fevereiro", 4))
    with open_table(write_text("Empresa;Cidade\nSol;Rio\n")) as table:
        assert (table.sheets_read, table.place_of(2), table.same_shape) == ([], (None, 2), [])


@pytest.mark.parametrize(
    "header", [["Cidade", "Empresa"], ["Empresa", "Cidade", "UF"], ["Empresa"], ["", "Empresa", "Cidade"]]
)
def test_a_sheet_of_another_shape_is_refused_by_its_name(write_book: WriteBook, header: list[str]) -> None:
    path = write_book({"Janeiro": MONTHS["Janeiro"], "Outra": [header, ["x", "y"]]})

    with pytest.raises(Refusal) as caught:
        open_table(path, sheet=["Janeiro", "Outra"])

    assert (caught.value.cause, caught.value.code) == ("sheet_differs", "several_sheets")
    assert caught.value.params == {"sheet": "Outra", "first": "Janeiro"}
    assert "“Outra”" in str(caught.value.message)


def test_without_a_header_all_rows_of_all_sheets_are_read(write_book: WriteBook) -> None:
    path = write_book({"A": [["Sol", "Rio"], ["Mar", "Natal"]], "B": [["Céu", "Recife"]]})

    with open_table(path, sheet=["A", "B"], header_row=0) as table:
        assert [(row.number, row.cells[0]) for row in table.rows()] == [(1, "Sol"), (2, "Mar"), (3, "Céu")]


def test_the_header_row_that_is_said_is_the_first_sheets(write_book: WriteBook) -> None:
    path = write_book({"A": [["Alfa", "Beta"], ["1", "2"]], "B": [["x"], [], ["alfa", "beta"], ["3", "4"]]})

    with open_table(path, sheet=["A", "B"], header_row=1) as table:
        assert [(row.number, row.cells[0]) for row in table.rows()] == [(2, "1"), (6, "3")]


def test_a_sheet_that_is_not_there_is_refused_among_others(write_book: WriteBook) -> None:
    with pytest.raises(Refusal) as caught:
        open_table(write_book(MONTHS), sheet=["Janeiro", "Abril"])

    assert caught.value.cause == "sheet_unknown"


def test_sheets_that_may_be_read_together_are_told_the_likeliest_first(write_book: WriteBook) -> None:
    path = write_book(
        {
            "Leia-me": [["Uma aba por mês"]],
            ".Base": [["Empresa", "CNPJ", "Cidade", "UF"], ["Sol", "1", "Rio", "RJ"]],
            "Resumo": [["Cidade", "Valor"], *[["Rio", 1]] * 9],
            "Janeiro": [["Empresa", "CNPJ", "Cidade"], ["Sol", "1", "Rio"]],
            ".Velho": [["Empresa", "CNPJ", "Cidade"], *[["Sol", "1", "Rio"]] * 50],
            "Fevereiro": [["Empresa", "CNPJ", "Cidade"], *[["Sol", "1", "Rio"]] * 5],
        }
    )
    alike = [["Janeiro", "Fevereiro", "Velho"], ["Resumo"], ["Base"]]

    with pytest.raises(Refusal) as caught:
        open_table(path)
    sheets, told = sheets_of(path)

    assert (caught.value.cause, caught.value.same_shape, told) == ("several_sheets", alike, alike)
    assert [sheet.name for sheet in sheets] == ["Fevereiro", "Janeiro", "Resumo", "Leia-me", "Velho", "Base"]
    with open_table(path, sheet="Janeiro") as table:
        assert table.same_shape == alike


def test_many_sheets_are_read_by_one_process(write_book: WriteBook) -> None:
    path = write_book({f"Aba {number}": [HEADER, [f"Loja {number}", "Rio"]] for number in range(40)})
    before = children_of(os.getpid())

    with open_table(path, sheet=[f"Aba {number}" for number in range(40)]) as table:
        rows = iter(table.batches())
        next(rows)
        (parser,) = set(children_of(os.getpid())) - set(before)
        next(rows)
        assert set(children_of(os.getpid())) - set(before) == {parser}
        names = [row.cells[0] for batch in rows for row in batch]

    assert names == [f"Loja {number}" for number in range(2, 40)]
    assert children_of(os.getpid()) == before


def test_a_text_has_no_sheets(write_text: Callable[..., Path]) -> None:
    assert sheets_of(write_text("Empresa;Cidade\nSol;Rio\n")) == ([], [])


def test_an_old_workbook_may_have_several_sheets_too(tmp_path: Path) -> None:
    path = write_xls(tmp_path / "a.xls", [HEADER, ["Sol", "Rio"]], [HEADER, ["Mar", "Natal"]])

    assert [cells for _, _, cells in read(path, ["Plan1", "Plan2"])] == [["Sol", "Rio"], ["Mar", "Natal"]]
