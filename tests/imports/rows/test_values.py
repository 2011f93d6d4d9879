"""What the user gets for the cells of a row: values, rejections and warnings."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from bench.leads import HEADER, rows
from oportuna.imports.columns.matching import match_columns
from oportuna.imports.columns.survey import Survey
from oportuna.imports.reader.cells import Cell, Row
from oportuna.imports.reader.refusals import Refusal
from oportuna.imports.rows.values import RowReader
from tests.imports.cells import codes, filled, read


def test_a_whole_row_of_our_own_lead_sheet_is_read() -> None:
    lead = next(rows(1))

    (found,) = read(
        [*HEADER], [str(c) if not isinstance(c, date | Decimal) else _cell(c) for c in lead.cells()]
    )

    assert filled(found) == {
        "name": lead.company,
        "kind": "organisation",
        "cnpj": lead.cnpj.translate(str.maketrans("", "", "./-")),
        "contact": lead.contact,
        "job_title": lead.job_title,
        "emails": [lead.email],
        "phones": ["+55" + "".join(filter(str.isdigit, lead.phone))],
        "city": lead.city,
        "uf": lead.uf,
        "stage": lead.stage,
        "source": lead.source,
        "value": lead.value,
        "expected_close_on": lead.expected_close_on,
        "title": lead.title,
    }
    assert found.problems == []


def _cell(value: date | Decimal) -> Cell:
    return value if isinstance(value, date) else float(value)


def test_every_lead_of_ten_thousand_is_read_without_a_problem() -> None:
    lines = [Row(2, [str(cell) for cell in lead.cells()]) for lead in rows(10_000)]
    matches = match_columns([*HEADER], lines[:40])
    reader = RowReader(matches, Survey(matches).decisions())

    assert sum(len(reader.read(line).problems) for line in lines) == 0


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("11.222.333/0001-00", "cnpj_check_digit"),
        ("00.000.000/0000-00", "cnpj_zero"),
        ("3,30002E+13", "cnpj_scientific"),
        ("123", "cnpj_length"),
    ],
)
def test_a_wrong_cnpj_rejects_the_row_unless_it_is_to_be_dropped(cell: Cell, code: str) -> None:
    header, line = ["Empresa", "CNPJ"], ["A", cell]

    (rejected,) = read(header, line)
    (kept,) = read(header, line, drop_bad_document=True)

    assert (codes(rejected), rejected.is_rejected) == ([("B", code, True)], True)
    assert (codes(kept), kept.is_rejected) == ([("B", code, False)], False)
    assert (kept.values["name"], kept.values["cnpj"]) == ("A", None)


def test_documents_that_a_spreadsheet_took_for_numbers_are_repaired() -> None:
    (found,) = read(["Empresa", "CNPJ", "CPF do sócio"], ["A", 33000167000101.0, 191.0])

    assert filled(found)["cnpj"] == "33000167000101"
    assert filled(found)["contact_cpf"] == "00000000191"


def test_a_cpf_or_cnpj_column_tells_person_from_organisation_and_asks_when_both_fit() -> None:
    firm, person, both = read(
        ["Cliente", "CPF/CNPJ"], ["A", "12.ABC.345/01DE-35"], ["B", "529.982.247-25"], ["C", 191.0]
    )

    assert (firm.values["kind"], firm.values["cnpj"], firm.values["cpf"]) == (
        "organisation",
        "12ABC34501DE35",
        None,
    )
    assert (person.values["kind"], person.values["cnpj"], person.values["cpf"]) == (
        "person",
        None,
        "52998224725",
    )
    assert codes(both) == [("B", "tax_id_ambiguous", True)]


def test_the_cpf_beside_a_cnpj_is_the_contacts() -> None:
    (found,) = read(["Empresa", "CNPJ", "CPF"], ["A", "11.222.333/0001-81", "529.982.247-25"])

    assert (found.values["cpf"], found.values["contact_cpf"]) == (None, "52998224725")


@pytest.mark.parametrize(
    ("cells", "choice", "expected"),
    [
        (["R$ 1.234,56", "1.234"], None, [Decimal("1234.56"), Decimal("1234")]),
        (["1.234", "2.500"], None, [Decimal("1234"), Decimal("2500")]),
        (["1.500", "2.5"], None, [None, Decimal("2.50")]),
        (["1.500", "2.5"], "comma", [Decimal("1500"), Decimal("2.50")]),
        (["1.500", "2.5"], "dot", [Decimal("1.50"), Decimal("2.50")]),
        ([1234.567, 0], None, [Decimal("1234.57"), Decimal("0")]),
        (["10 mil", "US$ 5,00"], None, [None, None]),
        ([-5, 1e11], None, [None, None]),
        ([True, date(2026, 1, 1)], None, [None, None]),
        (["-", "n/d"], None, [None, None]),
    ],
)
def test_an_amount_is_read_by_its_column_and_a_doubtful_one_left_empty(
    cells: list[Cell], choice: str | None, expected: list[Any]
) -> None:
    found = read(
        ["Empresa", "Valor"], *[["A", cell] for cell in cells], choices={"Valor": choice} if choice else None
    )

    assert [row.values["value"] for row in found] == expected
    assert not any(row.is_rejected for row in found)


def test_a_doubtful_amount_is_a_warning_with_its_cell() -> None:
    (found,) = read(["Empresa", "Valor"], ["A", "10 mil"])

    (problem,) = found.problems
    assert (problem.row, problem.column, problem.field, problem.value, problem.code, problem.rejects) == (
        2,
        "B",
        "value",
        "10 mil",
        "value_unclear",
        False,
    )


@pytest.mark.parametrize(
    ("cells", "choice", "expected"),
    [
        (["31/12/2026", "01/02/2026"], None, [date(2026, 12, 31), date(2026, 2, 1)]),
        (["12/31/2026", "01/02/2026", "13/02/2026"], None, [None, None, date(2026, 2, 13)]),
        (["12/31/2026", "01/02/2026"], "mdy", [date(2026, 12, 31), date(2026, 1, 2)]),
        (["12/31/2026", "01/02/2026"], "dmy", [None, date(2026, 2, 1)]),
        ([46387.0, "46387"], None, [date(2026, 12, 31), date(2026, 12, 31)]),
        (
            [datetime.fromisoformat("2026-12-31T09:00"), date(2026, 1, 2)],
            None,
            [date(2026, 12, 31), date(2026, 1, 2)],
        ),
        (["31/02/2026", "00/00/0000"], None, [None, None]),
        (["-", True], None, [None, None]),
    ],
)
def test_a_date_has_its_day_first_unless_the_column_contradicts_it(
    cells: list[Cell], choice: str | None, expected: list[Any]
) -> None:
    found = read(
        ["Empresa", "Previsão"], *[["A", cell] for cell in cells], choices={"B": choice} if choice else None
    )

    assert [row.values["expected_close_on"] for row in found] == expected


def test_the_code_of_a_doubtful_date_begins_with_its_field() -> None:
    (found,) = read(["Empresa", "Previsão"], ["A", "31/02/2026"])

    assert codes(found) == [("B", "expected_close_on_invalid", False)]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([0.25, 1, 0.005], [Decimal(25), Decimal(100), Decimal("0.5")]),
        ([25, 0.5], [Decimal(25), None]),
        (["25%", "25,5", "0,25"], [Decimal(25), Decimal("25.5"), None]),
        ([150, "muita"], [None, None]),
    ],
)
def test_probabilities_are_percentages_or_fractions_by_their_column(
    cells: list[Cell], expected: list[Any]
) -> None:
    found = read(["Empresa", "Probabilidade"], *[["A", cell] for cell in cells])

    assert [row.values["probability"] for row in found] == expected


def test_phones_of_all_columns_are_collected_with_the_area_code_of_its_own_column() -> None:
    (found,) = read(
        ["Empresa", "DDD", "Telefone", "Celular"], ["A", "011", "3333-4444 / 3333-5555", 11987654321.0]
    )

    assert found.values["phones"] == ["+551133334444", "+551133335555", "+5511987654321"]


def test_a_phone_or_e_mail_that_cannot_be_read_is_left_out_with_a_warning_and_the_good_ones_stay() -> None:
    (found,) = read(
        ["Empresa", "Telefone", "E-mail"],
        ["A", "(11) 3333-4444 / 99999-8888 / 12345678", "a@b.com; errado@; C@D.com"],
    )

    assert found.values["emails"] == ["a@b.com", "c@d.com"]
    assert found.values["phones"][0] == "+551133334444"
    assert [(problem.column, problem.rejects) for problem in found.problems] == [("B", False), ("C", False)]


def test_city_and_state_are_parted_and_a_cep_of_another_state_is_pointed_out() -> None:
    (found,) = read(["Empresa", "Cidade/UF", "CEP"], ["A", "Campinas/SP", 80010000])

    assert (found.values["city"], found.values["uf"], found.values["cep"]) == ("Campinas", "SP", "80010000")
    assert codes(found) == [(None, "cep_unclear", False)]


def test_the_parts_of_an_address_are_joined() -> None:
    (found,) = read(["Empresa", "Rua", "Número", "Complemento"], ["A", "Rua Sete", 120.0, "sala 3"])

    assert found.values["address"] == "Rua Sete, 120, sala 3"


def test_columns_without_a_field_are_kept_in_the_notes_under_their_names() -> None:
    (found,) = read(["Empresa", "Obs", "Cor"], ["A", "ligar cedo", "azul"])

    assert found.values["notes"] == "ligar cedo\nCor: azul"


def test_cells_beyond_the_header_are_kept_in_the_notes_with_a_warning() -> None:
    (found,) = read(["Empresa", "Cidade"], ["A", "Itu", "sobra", "", "mais"])

    assert found.values["notes"] == "sobra; mais"
    assert codes(found) == [("C", "extra_cells", False)]


def test_a_text_too_long_is_cut_with_a_warning() -> None:
    (found,) = read(["Empresa"], ["Ab" * 150])

    assert (len(found.values["name"]), len(found.values["title"])) == (160, 120)
    assert codes(found) == [("A", "name_too_long", False)]


@pytest.mark.parametrize(
    ("header", "cell", "expected"),
    [
        ("Não contatar", "Sim", True),
        ("Não contatar", "não", False),
        ("Não contatar", True, True),
        ("Consentimento", "Sim", False),
        ("Opt-in", "N", True),
        ("Não contatar", "talvez", None),
    ],
)
def test_who_must_not_be_contacted_is_understood_from_either_question(
    header: str, cell: Cell, expected: bool | None
) -> None:
    (found,) = read(["Empresa", header], ["A", cell])

    assert found.values["do_not_contact"] is expected


def test_a_row_without_a_company_takes_the_contacts_name_and_without_any_is_rejected() -> None:
    person, nobody = read(["Empresa", "Contato", "E-mail"], ["", "Ana", "a@b.com"], [None, None, "c@d.com"])

    assert (person.values["name"], person.values["title"], person.values["kind"]) == ("Ana", "Ana", "person")
    assert codes(nobody) == [(None, "no_name", True)]


def test_a_row_that_is_no_lead_is_rejected_with_its_code() -> None:
    reader = RowReader(match_columns(["Empresa"], []), {})

    assert codes(reader.read(Row(9, ["Total"], "totals_row"))) == [(None, "totals_row", True)]


def test_status_words_are_understood_and_unknown_ones_left_empty_with_a_warning() -> None:
    won, odd = read(["Empresa", "Etapa", "Status"], ["A", "Lead", "Ganha"], ["B", "Lead", "verde"])

    assert (won.values["status"], odd.values["status"]) == ("won", None)
    assert codes(odd) == [("C", "status_unknown", False)]


def test_what_protects_a_text_in_a_csv_is_taken_off() -> None:
    (found,) = read(["Empresa", "Telefone", "Obs"], ['="007"', "'+5511987654321", "=1+1"])

    assert (found.values["name"], found.values["phones"], found.values["notes"]) == (
        "007",
        ["+5511987654321"],
        "=1+1",
    )


def test_a_way_of_reading_that_does_not_exist_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        read(["Empresa", "Valor"], ["A", "1"], choices={"Valor": "roman"})

    assert caught.value.code == "reading_unknown"


@pytest.mark.parametrize(
    ("cell", "title"),
    [
        ("'=1+1", "=1+1"),
        ("''=1", "'=1"),
        ("'Boteco'-Bar", "'Boteco'-Bar"),
        ("d'-x", "d'-x"),
        ("'ok", "'ok"),
        ("'n/d", "n/d"),
        ("''n/d", "'n/d"),
        ("n/d", "Sol"),
        ("'", "'"),
    ],
)
def test_of_the_apostrophes_of_a_text_only_the_one_that_guards_it_is_taken_off(cell: str, title: str) -> None:
    (found,) = read(["Empresa", "Título"], ["Sol", cell])

    assert found.values["title"] == title
