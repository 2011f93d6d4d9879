"""What programs and people did to values on their way into a spreadsheet, and what an import makes of it."""

from decimal import Decimal

import pytest

from oportuna.accounts.scope import company_scope
from oportuna.imports.models import ImportRow
from oportuna.imports.options import Options
from oportuna.imports.reader.cells import Cell
from oportuna.sales.models import Customer
from tests.factories import make_actor
from tests.imports.cells import codes, filled, read
from tests.imports.sheets import applied, write


def test_each_phone_takes_the_area_code_of_the_column_before_it() -> None:
    header = ["Empresa", "DDD", "Fone", "Celular", "DDD 2", "Fone 2"]

    both, first, none = read(
        header,
        ["A", "11", "3333-4444", "98765-4321", "021", "2222-1111"],
        ["B", 11.0, 33334444, None, None, "2222-1111"],
        ["C", "-", "3333-4444", None, "00", None],
    )

    assert both.values["phones"] == ["+551133334444", "+5511987654321", "+552122221111"]
    assert (first.values["phones"], codes(first)) == (["+551133334444"], [("F", "phone_no_ddd", False)])
    assert (none.values["phones"], codes(none)) == ([], [("C", "phone_no_ddd", False)])


def test_an_area_code_behind_its_phone_serves_too() -> None:
    (found,) = read(["Empresa", "Telefone", "DDD"], ["A", "3333-4444", "11"])

    assert found.values["phones"] == ["+551133334444"]


@pytest.mark.parametrize(
    "cell",
    ["1.1987654321E+10", "1,1987654321E+10", "11987654321.0", 11987654321.0, "011 9 8765-4321 (whats)"],
)
def test_a_phone_that_was_taken_for_a_number_is_whole_again(cell: str | float) -> None:
    (found,) = read(["Empresa", "Telefone"], ["A", cell])

    assert (found.values["phones"], codes(found)) == (["+5511987654321"], [])


@pytest.mark.parametrize(
    ("header", "cell", "code"),
    [
        ("Telefone", "1,19877E+10", "phone_invalid"),
        ("CNPJ", "3,30002E+13", "cnpj_scientific"),
        ("CPF do sócio", "5,29982E+10", "cpf_scientific"),
        ("CEP", "1,3101E+06", "cep_invalid"),
        ("Valor", "1,2E+05", "value_unclear"),
        ("Previsão", "4,6387E+04", "expected_close_on_unclear"),
    ],
)
def test_a_number_that_lost_digits_is_never_filled_up(header: str, cell: str, code: str) -> None:
    (found,) = read(["Empresa", header], ["A", cell])

    assert [code for _, code, _ in codes(found)] == [code]
    assert set(filled(found)) == {"name", "title", "kind"}


def test_a_number_of_a_workbook_is_read_whatever_its_exponent() -> None:
    (found,) = read(
        ["Empresa", "CNPJ", "CPF do sócio", "CEP", "Valor"],
        ["A", 3.3000167000101e13, 1.91e2, 1.3101e6, 1.2e5],
    )

    assert codes(found) == []
    assert (found.values["cnpj"], found.values["contact_cpf"]) == ("33000167000101", "00000000191")
    assert (found.values["cep"], found.values["value"]) == ("01310100", Decimal("120000.00"))


def test_an_alphanumeric_cnpj_is_read_however_it_is_written() -> None:
    rows = read(
        ["Empresa", "CNPJ"], ["A", "12.abc.345/01de-35"], ["B", "00.000.000/E08G-12"], ["C", "12ABC34501DE35"]
    )

    assert [row.values["cnpj"] for row in rows] == ["12ABC34501DE35", "00000000E08G12", "12ABC34501DE35"]


@pytest.mark.parametrize(
    ("cell", "uf"),
    [("São Paulo", "SP"), ("sao paulo", "SP"), ("S.P.", "SP"), ("SP - São Paulo", "SP"), ("PARAIBA", "PB")],
)
def test_a_state_is_known_by_its_name(cell: str, uf: str) -> None:
    (found,) = read(["Empresa", "Estado"], ["A", cell])

    assert (found.values["uf"], codes(found)) == (uf, [])


@pytest.mark.parametrize(
    ("header", "cell", "city", "uf"),
    [
        ("Cidade/UF", "Campinas/SP", "Campinas", "SP"),
        ("Cidade", "Belo Horizonte - MG", "Belo Horizonte", "MG"),
        ("Cidade", "Ji-Paraná", "Ji-Paraná", None),
        ("Cidade e Estado", "Recife, Pernambuco", "Recife", "PE"),
    ],
)
def test_city_and_state_of_one_cell_are_parted(header: str, cell: str, city: str, uf: str | None) -> None:
    (found,) = read(["Empresa", header], ["A", cell])

    assert (found.values["city"], found.values["uf"]) == (city, uf)


@pytest.mark.parametrize(
    "word",
    [
        *("não tem", "NÃO TEM", "#N/D", "#N/A", "n/d", "n.a", "-", "--", "xxx", "NULL", "nan", "(vazio)"),
        *("não informado", "Não cadastrado", "sem e-mail", "sem telefone", "(em branco)", "?", "."),
    ],
)
def test_a_word_for_nothing_leaves_every_field_empty_without_a_warning(word: str) -> None:
    header = [
        "Empresa",
        "CNPJ",
        "E-mail",
        "Telefone",
        "Cidade",
        "UF",
        "CEP",
        "Valor",
        "Previsão",
        "Contato",
        "Cor",
    ]

    (found,) = read(header, ["A", *[word] * 10])

    assert filled(found) == {"name": "A", "title": "A", "kind": "organisation"}
    assert codes(found) == []


def test_broken_accents_are_repaired_in_headers_and_cells() -> None:
    (found,) = read(["RazÃ£o Social", "MunicÃ­pio"], ["Padaria ConceiÃ§Ã£o", "SÃ£o Paulo/SP"])

    assert (found.values["name"], found.values["city"], found.values["uf"]) == (
        "Padaria Conceição",
        "São Paulo",
        "SP",
    )
    assert codes(found) == []


@pytest.mark.parametrize("cell", ["Jo?o da Silva", "Jo\ufffdo da Silva", "MANHÃ–TARDE"])
def test_letters_that_are_lost_are_kept_as_they_are_with_a_warning(cell: str) -> None:
    (found,) = read(["Empresa"], [cell])

    assert (found.values["name"], codes(found)) == (cell, [("A", "name_unclear", False)])


def test_a_file_whose_header_and_cells_were_broken_comes_in_whole(db, tmp_path):
    ana = make_actor()
    header = ["Razão Social", "Município", "Observações"]
    broken = [
        [text.encode().decode("latin-1") for text in line] for line in (header, ["Aço Sul", "Maceió", "água"])
    ]

    job = applied(write(tmp_path / "leads.csv", broken[1], header=broken[0]), ana)

    assert (job.created, job.warnings, [match["header"] for match in job.columns]) == (1, 0, header)
    with company_scope(ana.company):
        assert list(Customer.objects.values_list("name", "city")) == [("Aço Sul", "Maceió")]
        assert ImportRow.objects.get(job=job).values["notes"] == "água"


def test_names_in_capitals_are_written_as_people_do_when_that_is_chosen() -> None:
    header = ["Empresa", "CPF/CNPJ", "Contato", "Cidade", "Bairro", "Oportunidade", "Cargo"]
    firm: list[Cell] = [
        "AÇO SUL LTDA",
        None,
        "ANA LIZ DE SÁ",
        "SÃO JOSÉ DO RIO PRETO",
        "VILA SÃO PEDRO",
        "ERP",
        "CEO",
    ]
    person: list[Cell] = ["RUI DA COSTA GIL", "529.982.247-25", None, "Itu", None, None, None]

    calm, other = read(header, firm, person, calm_names=True)
    (kept, _) = read(header, firm, person)

    assert [calm.values[name] for name in ("name", "contact", "city", "district", "title", "job_title")] == [
        *("Aço Sul Ltda", "Ana Liz de Sá", "São José do Rio Preto", "Vila São Pedro", "ERP", "CEO"),
    ]
    assert (other.values["name"], other.values["title"]) == ("Rui da Costa Gil", "Rui da Costa Gil")
    assert (kept.values["name"], kept.values["city"]) == ("AÇO SUL LTDA", "SÃO JOSÉ DO RIO PRETO")


def test_a_row_whose_names_were_calmed_keeps_them_so_through_the_whole_import(db, tmp_path):
    ana = make_actor()
    path = write(tmp_path / "leads.csv", ["PADARIA SOL LTDA", "CAMPINAS"], header=["Empresa", "Cidade"])

    applied(path, ana, Options(calm_names=True))

    with company_scope(ana.company):
        assert list(Customer.objects.values_list("name", "city")) == [("Padaria Sol Ltda", "Campinas")]
