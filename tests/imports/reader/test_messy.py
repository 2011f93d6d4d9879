"""Tables as people really make them: titles, merged cells, gaps, names that repeat."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from oportuna.imports.reader.opening import open_table
from oportuna.imports.reader.refusals import Refusal

WriteText = Callable[..., Path]
WriteBook = Callable[..., Path]
Found = tuple[int | None, list[str], list[tuple[int, list[Any], str]]]


def read(path: Path, **options: Any) -> Found:
    with open_table(path, **options) as table:
        rows = [(row.number, [*row.cells], row.code) for row in table.rows()]
        return table.header_row, table.header, rows


@pytest.fixture
def drawn(tmp_path: Path) -> Callable[[Callable[[Worksheet], None]], Path]:
    """Writes an xlsx of one sheet that is drawn cell by cell."""

    def draw(how: Callable[[Worksheet], None]) -> Path:
        with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
            how(book.add_worksheet())
        return tmp_path / "a.xlsx"

    return draw


def over_two_lines(sheet: Worksheet) -> None:
    sheet.merge_range("A1:E1", "Relatório de clientes")
    sheet.merge_range("A3:A4", "Empresa")
    sheet.merge_range("B3:D3", "Contato")
    sheet.write_row("B4", ["Nome", "Telefone", "E-mail"])
    sheet.merge_range("E3:E4", "Cidade")
    sheet.write_row("A5", ["Sol", "Ana", "11 99999-0000", "a@b.com", "Rio"])
    sheet.write_row("A6", ["Empresa", "Contato", None, None, "Cidade"])
    sheet.write_row("B7", ["Nome", "Telefone", "E-mail"])


@pytest.mark.parametrize("header_row", [None, 4])
def test_a_header_over_two_lines_is_one(drawn: Callable[..., Path], header_row: int | None) -> None:
    assert read(drawn(over_two_lines), header_row=header_row) == (
        4,
        ["Empresa", "Nome", "Telefone", "E-mail", "Cidade"],
        [
            (5, ["Sol", "Ana", "11 99999-0000", "a@b.com", "Rio"], ""),
            (6, ["Empresa", "Contato", None, None, "Cidade"], "repeated_header"),
            (7, [None, "Nome", "Telefone", "E-mail"], "repeated_header"),
        ],
    )


def test_a_person_may_take_the_upper_line_alone_for_the_header(drawn: Callable[..., Path]) -> None:
    header_row, header, rows = read(drawn(over_two_lines), header_row=3)

    assert (header_row, header) == (3, ["Empresa", "Contato", "", "", "Cidade"])
    assert [number for number, _, _ in rows] == [4, 5, 6, 7]


def test_a_header_over_two_lines_is_found_in_a_text_too(write_text: WriteText) -> None:
    path = write_text("Empresa;Telefone;;Cidade\n;Fixo;Celular;\nSol;11 3333-4444;11 99999-0000;Rio\n")

    assert read(path) == (
        2,
        ["Empresa", "Telefone Fixo", "Celular", "Cidade"],
        [(3, ["Sol", "11 3333-4444", "11 99999-0000", "Rio"], "")],
    )


@pytest.mark.parametrize("row", ["Sol;;Cliente;x", "Cliente;;Sol;", ";Rio;Cliente;", "Sol;;;Indicação"])
def test_the_first_row_with_gaps_is_no_second_line_of_the_header(write_text: WriteText, row: str) -> None:
    header_row, header, rows = read(write_text(f"Empresa;Cidade;;Origem\n{row}\n"))

    assert (header_row, header) == (1, ["Empresa", "Cidade", "", "Origem"])
    assert [cells for _, cells, _ in rows] == [row.split(";")]


@pytest.mark.parametrize("titles", [0, 1, 29, 30])
def test_up_to_thirty_lines_of_titles_stand_above_the_header(write_book: WriteBook, titles: int) -> None:
    table = [*[[f"Título {number}"] for number in range(titles)], ["Empresa", "Cidade"], ["Sol", "Rio"]]

    assert read(write_book({"Plan1": table})) == (
        titles + 1,
        ["Empresa", "Cidade"],
        [(titles + 2, ["Sol", "Rio"], "")],
    )


def test_a_header_further_down_is_not_guessed(write_book: WriteBook) -> None:
    table = [*[[f"Título {number}"] for number in range(31)], ["Empresa", "Cidade"], ["Sol", "Rio"]]

    with pytest.raises(Refusal) as caught:
        read(write_book({"Plan1": table}))

    assert caught.value.code == "no_header"
    assert read(write_book({"Plan1": table}), header_row=32)[2] == [(33, ["Sol", "Rio"], "")]


def test_of_merged_cells_in_the_body_the_first_has_the_value(drawn: Callable[..., Path]) -> None:
    def draw(sheet: Worksheet) -> None:
        sheet.write_row("A1", ["Empresa", "Cidade", "Telefone"])
        sheet.merge_range("A2:A3", "Sol")
        sheet.write_row("B2", ["Rio", "1"])
        sheet.write_row("B3", ["Natal", "2"])
        sheet.merge_range("A4:B4", "Mar")
        sheet.write("C4", "3")

    assert read(drawn(draw))[2] == [
        (2, ["Sol", "Rio", "1"], ""),
        (3, [None, "Natal", "2"], ""),
        (4, ["Mar", None, "3"], ""),
    ]


def test_empty_rows_and_columns_move_nothing(write_book: WriteBook, write_text: WriteText) -> None:
    table: list[Sequence[str | None]] = [[]] * 4
    table += [[None, None, "Empresa", None, "Cidade"], [], [None, None, "Sol", None, "Rio"]]
    text = "\n".join(";".join(cell or "" for cell in row) for row in table)

    assert read(write_book({"Plan1": table})) == (
        5,
        ["", "", "Empresa", "", "Cidade"],
        [(7, [None, None, "Sol", None, "Rio"], "")],
    )
    assert read(write_text(text)) == (
        5,
        ["", "", "Empresa", "", "Cidade"],
        [(7, ["", "", "Sol", "", "Rio"], "")],
    )


def test_names_that_repeat_stay_in_their_columns(write_book: WriteBook) -> None:
    table = [["Empresa", "Telefone", "Telefone", "Telefone"], ["Sol", "1", "2", "3"]]

    assert read(write_book({"Plan1": table})) == (1, table[0], [(2, table[1], "")])


def test_two_hundred_columns_arrive(write_book: WriteBook, write_text: WriteText) -> None:
    header = ["Empresa", "Cidade", *(f"Campo {letter}" for letter in "ABCDEFGHIJK" * 18)]
    values = [f"valor {number}" for number in range(200)]

    for path in (
        write_book({"Plan1": [header, values]}),
        write_text(f"{';'.join(header)}\n{';'.join(values)}\n"),
    ):
        assert read(path) == (1, header, [(2, values, "")])


def test_rows_longer_and_shorter_than_the_header_arrive_whole(write_text: WriteText) -> None:
    path = write_text("Empresa;Cidade\nSol\nMar;Natal;a mais;e mais\n;Recife\n")

    assert read(path) == (
        1,
        ["Empresa", "Cidade", "", ""],
        [(2, ["Sol"], ""), (3, ["Mar", "Natal", "a mais", "e mais"], ""), (4, ["", "Recife"], "")],
    )


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "cp850", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
@pytest.mark.parametrize("opening", [[], ["sep=;"]])
def test_lines_end_however_the_program_ends_them(
    write_text: WriteText, encoding: str, end: str, opening: list[str]
) -> None:
    lines = [*opening, "Razão Social;Cidade", "Construções São João;Maringá", "Pão;Céu", ""]
    path = write_text(end.join(lines), encoding)

    assert read(path)[1:] == (
        ["Razão Social", "Cidade"],
        [(2, ["Construções São João", "Maringá"], ""), (3, ["Pão", "Céu"], "")],
    )


def test_a_chart_that_is_a_sheet_is_none(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        chart = book.add_chart({"type": "line"})
        book.add_chartsheet("Gráfico").set_chart(chart)
        sheet = book.add_worksheet("Dados")
        sheet.write_row(0, 0, ["Empresa", "Valor"])
        sheet.write_row(1, 0, ["Sol", 1])
        chart.add_series({"values": "=Dados!$B$2:$B$2"})

    with open_table(tmp_path / "a.xlsx") as table:
        assert (table.sheet, [sheet.name for sheet in table.sheets]) == ("Dados", ["Dados"])
        assert [[*row.cells] for row in table.rows()] == [["Sol", 1.0]]


def test_a_workbook_that_counts_from_1904_shows_its_own_days(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx"), {"date_1904": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Empresa", "Previsão"])
        sheet.write(1, 0, "Sol")
        sheet.write_number(1, 1, 44_925, book.add_format({"num_format": "dd/mm/yyyy"}))

    ((_, cells, _),) = read(tmp_path / "a.xlsx")[2]
    assert str(cells[1]) == "2026-12-31"
