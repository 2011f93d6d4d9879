"""What people get from csv, tsv and txt files as Brazilian programs write them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench.leads import HEADER, rows, write_csv
from oportuna.imports.reader.limits import Limits
from oportuna.imports.reader.opening import open_table
from oportuna.imports.reader.refusals import Refusal

LINES = ("Razão Social", "Cidade", "Observações"), ("Construções São João", "Maringá", "não ligar às 12h")


def read(path: Path, **options: Any) -> list[tuple[Any, ...]]:
    with open_table(path, **options) as table:
        return [(row.number, *row.cells) for row in table.rows()]


def codes(path: Path) -> list[tuple[int, str]]:
    with open_table(path) as table:
        return [(row.number, row.code) for row in table.rows() if row.code]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp1252", "cp1252"),
        ("cp850", "cp850"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_every_encoding_and_delimiter_is_found_out(
    write_text: Callable[..., Path], written: str, found: str, delimiter: str
) -> None:
    path = write_text("\r\n".join(delimiter.join(line) for line in LINES) + "\r\n", written)

    with open_table(path) as table:
        assert (table.encoding, table.delimiter, table.header) == (found, delimiter, [*LINES[0]])
        assert [row.cells for row in table.rows()] == [[*LINES[1]]]


def test_the_delimiter_of_the_header_wins_over_commas_in_amounts(write_text: Callable[..., Path]) -> None:
    path = write_text("Empresa;Valor;Obs\nAço Sul;1,5;a, b, c, d\nBoi Bom;2,5;e, f, g\n")

    with open_table(path) as table:
        assert (table.delimiter, table.header) == (";", ["Empresa", "Valor", "Obs"])


def test_a_sep_line_says_the_delimiter_and_is_no_row(write_text: Callable[..., Path]) -> None:
    path = write_text("sep=|\r\nEmpresa|Cidade\r\nAço; Sul|Vitória\r\n", "cp1252")

    with open_table(path) as table:
        assert (table.delimiter, table.header_row) == ("|", 1)
        assert [(row.number, *row.cells) for row in table.rows()] == [(2, "Aço; Sul", "Vitória")]


def test_line_breaks_inside_quotes_stay_in_the_cell_and_a_record_counts_one(
    write_text: Callable[..., Path],
) -> None:
    path = write_text('Empresa;Obs\r\nA;"um\r\ndois ""três"""\r\n\r\nB;x\r\n')

    assert read(path) == [(2, "A", 'um\r\ndois "três"'), (4, "B", "x")]


def test_a_quote_that_is_never_closed_rejects_its_row_alone(write_text: Callable[..., Path]) -> None:
    path = write_text('Empresa;Cidade;Obs\nA;B;"aberta\nC;D;E\nF;"G";H\nI;"J;K\n')

    with open_table(path) as table:
        found = [(row.number, row.code, row.cells[0]) for row in table.rows()]

    assert found == [
        (2, "unclosed_quote", "A"),
        (3, "", "C"),
        (4, "", "F"),
        (5, "unclosed_quote", "I"),
    ]


def test_a_file_of_quotes_never_closed_is_refused(write_text: Callable[..., Path]) -> None:
    path = write_text("Empresa;Cidade\n" + 'A;"B\n' * 3000)

    with pytest.raises(Refusal) as caught:
        read(path)

    assert caught.value.code == "corrupt"


def test_titles_above_the_header_are_passed_over(write_text: Callable[..., Path]) -> None:
    path = write_text("Relatório de clientes\n\nEmitido em 01/02/2026\nEmpresa;Fone\nA;11 3333-4444\n")

    with open_table(path) as table:
        assert table.header_row == 4
        assert [row.number for row in table.rows()] == [5]


def test_a_band_of_group_titles_is_not_the_header(write_text: Callable[..., Path]) -> None:
    path = write_text("Cliente;;Contato;\nRazão Social;CNPJ;Nome;E-mail\nA;;Ana;a@b.com\n")

    with open_table(path) as table:
        assert (table.header_row, table.header) == (2, ["Razão Social", "CNPJ", "Nome", "E-mail"])


def test_two_rows_that_may_both_be_the_header_are_asked_about(write_text: Callable[..., Path]) -> None:
    path = write_text("Empresa;Cidade\nCliente;Contato\nA;B\n")

    with pytest.raises(Refusal) as caught:
        open_table(path)

    assert (caught.value.code, caught.value.needs_choice) == ("header_unclear", True)


def test_the_header_row_can_be_said_even_far_down_or_not_to_exist(write_text: Callable[..., Path]) -> None:
    path = write_text("x;y\n" * 99 + "Alfa;Beta\n1;2\n")

    with open_table(path, header_row=100) as table:
        assert (table.header, [row.number for row in table.rows()]) == (["Alfa", "Beta"], [101])
    with open_table(path, header_row=0) as table:
        assert (table.header, len([*table.rows()])) == (["", ""], 101)
    with pytest.raises(Refusal) as caught:
        open_table(path, header_row=500)
    assert caught.value.code == "no_header"


def test_a_file_without_a_header_is_refused(write_text: Callable[..., Path]) -> None:
    with pytest.raises(Refusal) as caught:
        open_table(write_text("12;34\n56;78\n"))

    assert caught.value.code == "no_header"


def test_one_column_with_one_known_name_is_a_table(write_text: Callable[..., Path]) -> None:
    assert read(write_text("Empresa\nPadaria Pão Quente\n")) == [(2, "Padaria Pão Quente")]


def test_rows_that_are_no_leads_come_with_their_code(write_text: Callable[..., Path]) -> None:
    path = write_text(
        "Empresa;Vendedor;Valor;Obs\n"
        "Vendedor: Ana Lúcia;;;\n"
        "Total Distribuidora;Ana;1,00;\n"
        "Subtotal;;1,00;\n"
        ";;;\n"
        "EMPRESA;VENDEDOR;VALOR;OBS\n"
        "Padaria;Ana;2,00;Obs: ligar\n"
        "TOTAL GERAL:;;R$ 3,00;\n"
        "Total de registros: 2;;;\n"
        "* valores sem impostos;;;\n"
        "Página 1 de 3;;;\n"
        "Emitido em 02/03/2026 10:00;;;\n"
    )

    with open_table(path) as table:
        found = [(row.number, row.code) for row in table.rows()]

    assert found == [
        (2, "group_row"),
        (3, ""),
        (4, "totals_row"),
        (6, "repeated_header"),
        (7, ""),
        (8, "totals_row"),
        (9, "totals_row"),
        (10, "foot_note"),
        (11, "page_footer"),
        (12, "page_footer"),
    ]


def test_rows_that_only_look_odd_are_leads(write_text: Callable[..., Path]) -> None:
    path = write_text(
        "Empresa;Telefone;Valor\n"
        "Total;11 99999-0000;\n"
        "Soma Contabilidade;;\n"
        "Página Editora;;\n"
        "Obs Tecnologia;;\n"
        "99 Táxis;;\n"
        "Empresa;Telefone 2;1\n"
    )

    assert codes(path) == []


def test_a_stray_byte_in_a_utf8_file_is_read_as_windows_wrote_it(tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    path.write_bytes(("Empresa;Cidade\n" + "São João;Maringá\n" * 60).encode() + "Pão;Céu\n".encode("cp1252"))

    with open_table(path) as table:
        assert (table.encoding, [*table.rows()][-1].cells) == ("utf-8", ["Pão", "Céu"])


def test_nuls_and_the_end_mark_of_dos_are_dropped(write_text: Callable[..., Path]) -> None:
    assert read(write_text("Empresa;Cidade\nA\0ço;Itu\0\n\x1a")) == [(2, "Aço", "Itu")]


def test_a_cell_of_32767_characters_arrives_whole(write_text: Callable[..., Path]) -> None:
    path = write_text(f"Empresa;Obs\nA;{'á' * 32_767}\n")

    assert read(path) == [(2, "A", "á" * 32_767)]


def test_a_person_may_say_encoding_and_delimiter(write_text: Callable[..., Path]) -> None:
    path = write_text("Empresa;Cidade\nÓrgão;Itu\n", "cp850")

    with open_table(path, encoding="cp1252", delimiter=";") as table:
        assert [row.cells for row in table.rows()] == [["àrgÆo", "Itu"]]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"encoding": "klingon"}, "encoding_unknown"),
        ({"encoding": "rot13"}, "encoding_unknown"),
        ({"delimiter": "ab"}, "delimiter_unknown"),
        ({"delimiter": '"'}, "delimiter_unknown"),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused(
    write_text: Callable[..., Path], options: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refusal) as caught:
        open_table(write_text("Empresa;Cidade\nA;B\n"), **options)

    assert caught.value.code == code


def test_more_rows_than_allowed_are_refused(write_text: Callable[..., Path]) -> None:
    path = write_text("Empresa;Cidade\n" + "A;B\n" * 50)

    with pytest.raises(Refusal) as caught, open_table(path, limits=Limits(text_rows=20)) as table:
        [*table.rows()]

    assert (caught.value.code, caught.value.params) == ("too_many_rows", {"rows": 20})


def test_ten_thousand_leads_arrive_in_order_and_can_be_read_again(tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    write_csv(path, rows(10_000))

    with open_table(path) as table:
        first = [row.cells[1] for row in table.rows()]
        second = [row.cells[1] for row in table.rows()]

    assert table.header == [*HEADER]
    assert first == second == [lead.cnpj for lead in rows(10_000)]
