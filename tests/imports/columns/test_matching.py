"""What the user gets for the columns of a sheet: their fields, by header and by content."""

from datetime import date, datetime

import pytest

from bench.leads import HEADER, rows
from oportuna.imports.columns.matching import ColumnMatch, match_columns, with_choices
from oportuna.imports.reader.cells import Cell, Row
from oportuna.imports.reader.refusals import Refusal


def sample(*lines: list[Cell]) -> list[Row]:
    return [Row(number, line) for number, line in enumerate(lines, 2)]


def fields(header: list[str], *lines: list[Cell]) -> list[str]:
    matches = match_columns(header, sample(*lines), today=date(2026, 6, 1))
    return [match.field for match in matches]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("RAZÃO SOCIAL", "name"),
        ("Nome da Empresa", "name"),
        ("Nome Fantasia", "trade_name"),
        ("C.N.P.J.", "cnpj"),
        ("CNPJ (só números)", "cnpj"),
        ("CPF do responsável", "contact_cpf"),
        ("CPF/CNPJ", "tax_id"),
        ("Nº Documento", "tax_id"),
        ("Nome do contato", "contact"),
        ("A/C", "contact"),
        ("Função", "job_title"),
        ("E-MAIL", "email"),
        ("E-mail 2", "email"),
        ("Correio eletrônico", "email"),
        ("Tel.", "phone"),
        ("Telefone do comprador", "phone"),
        ("Celular/WhatsApp", "mobile"),
        ("Cód. Área", "ddd"),
        ("Município", "city"),
        ("U.F.", "uf"),
        ("Cidade/UF", "city_uf"),
        ("Código Postal", "cep"),
        ("Como conheceu?", "source"),
        ("utm_campaign", "campaign"),
        ("Valor (R$)", "value"),
        ("Vlr. estimado", "value"),
        ("Prev. Fechamento", "expected_close_on"),
        ("%", "probability"),
        ("Prob.", "probability"),
        ("Etapa do funil", "stage"),
        ("Vendedor", "owner"),
        ("E-mail do vendedor", "owner"),
        ("Follow-up", "next_contact_on"),
        ("Obs.:", "notes"),
        ("Ramo de atividade", "segment"),
        ("Web site", "site"),
        ("Data de cadastro", "created_on"),
        ("Produto de interesse", "title"),
        ("Não perturbe", "do_not_contact"),
        ("Limite de crédito", "note"),
        ("Valor unitário", "note"),
        ("Data de nascimento", "note"),
        ("Faturamento anual", "note"),
        ("Cor favorita", "note"),
    ],
)
def test_a_header_is_known_as_people_write_it(header: str, field: str) -> None:
    assert fields([header], ["x"]) == [field]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (["Nome", "E-mail"], ["name", "email"]),
        (["Empresa", "Nome"], ["name", "contact"]),
        (["Empresa", "Responsável"], ["name", "contact"]),
        (["Empresa", "Contato", "Responsável"], ["name", "contact", "owner"]),
        (["Empresa", "Setor"], ["name", "segment"]),
        (["Empresa", "Ramo", "Setor"], ["name", "segment", "job_title"]),
        (["Empresa", "Status"], ["name", "stage"]),
        (["Empresa", "Etapa", "Status"], ["name", "stage", "status"]),
        (["Empresa", "Funil", "Etapa"], ["name", "pipeline", "stage"]),
        (["Endereço", "Número", "Complemento"], ["address", "address", "address"]),
        (["Telefone", "Telefone", "Celular"], ["phone", "phone", "mobile"]),
        (["Cliente", "Razão Social"], ["trade_name", "name"]),
        (["Razão Soc.", "Fone"], ["name", "phone"]),
        (["Valor", "Valor total"], ["value", "note"]),
    ],
)
def test_ambiguous_names_are_decided_by_the_other_columns(header: list[str], expected: list[str]) -> None:
    assert fields(header, ["x"] * len(header)) == expected


def test_columns_without_names_are_known_by_what_they_hold() -> None:
    line: list[Cell] = [
        "Padaria Sol Ltda",
        "11.222.333/0001-81",
        "ana@padaria.com.br",
        "(11) 98765-4321",
        "SP",
        "R$ 1.234,56",
        datetime.fromisoformat("2026-12-31"),
        "qualquer coisa",
    ]

    found = fields([""] * 8, line, [*line[:6], date(2027, 1, 31), "outra"])

    assert found == ["name", "cnpj", "email", "phone", "uf", "value", "expected_close_on", "note"]


def test_headers_shifted_over_e_mails_do_not_make_them_phones() -> None:
    assert fields(["Empresa", "Telefone"], ["A", "a@b.com"], ["C", "c@d.com"]) == ["name", "email"]


def test_every_column_of_our_own_lead_sheet_is_known_for_sure() -> None:
    lines = [[*lead.cells()] for lead in rows(20)]

    matches = match_columns(HEADER, [Row(2, [str(cell) for cell in line]) for line in lines])

    assert [match.field for match in matches] == [
        *("name", "cnpj", "contact", "job_title", "email", "phone", "city", "uf", "stage", "source"),
        *("value", "expected_close_on", "title"),
    ]
    assert min(match.certainty for match in matches) > 0.9


def test_a_match_shows_its_letter_and_three_different_samples() -> None:
    found = match_columns(
        ["", "Empresa"], sample([None, "A"], [None, "A"], [None, "B"], ["", "C"], ["", "D"])
    )

    assert found[1] == ColumnMatch(1, "B", "Empresa", "name", 0.98, ("A", "B", "C"))


def test_a_persons_choice_wins_by_header_or_letter_and_takes_the_field() -> None:
    matches = match_columns(["Empresa", "Conta do cliente", "Coisa"], [])

    found = with_choices(matches, {"coisa": "name", "B": "custom.conta"})

    assert [match.field for match in found] == ["note", "custom.conta", "name"]


@pytest.mark.parametrize(
    ("choices", "code"), [({"Z": "name"}, "column_unknown"), ({"Empresa": "nome"}, "field_unknown")]
)
def test_a_choice_of_what_does_not_exist_is_refused(choices: dict[str, str], code: str) -> None:
    with pytest.raises(Refusal) as caught:
        with_choices(match_columns(["Empresa"], []), choices)

    assert caught.value.code == code


def test_columns_marked_as_not_to_be_imported_are_left_out_however_many():
    header = [
        "Cliente",
        "Valor ponderado (só leitura)",
        "Vendedor (não importar)",
        "Valor (read only)",
        "Valor",
    ]

    assert fields(header) == ["name", "ignore", "ignore", "ignore", "value"]


def test_leaving_one_column_out_brings_no_other_back():
    matches = match_columns(["Cliente", "Saldo (só leitura)", "Valor"], [])

    chosen = with_choices(matches, {"Valor": "ignore"})

    assert [match.field for match in chosen] == ["name", "ignore", "ignore"]


def test_a_situation_of_won_and_lost_is_the_status_even_without_a_stage():
    rows = [Row(2, ["Padaria", "Ganha"]), Row(3, ["Ótica", "PERDIDA"]), Row(4, ["Mercado", ""])]

    assert [match.field for match in match_columns(["Empresa", "Situação"], rows)] == ["name", "status"]


def test_a_situation_of_other_words_is_the_stage():
    rows = [Row(2, ["Padaria", "Ganha"]), Row(3, ["Ótica", "Em negociação"])]

    assert [match.field for match in match_columns(["Empresa", "Situação"], rows)] == ["name", "stage"]
