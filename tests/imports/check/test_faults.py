"""All that is wrong with a row is said at once."""

from oportuna.accounts.scope import company_scope
from oportuna.imports.models import ImportRow
from tests.factories import make_actor
from tests.imports.sheets import checked, outcomes, problem_codes, write

_HEADER = (
    *("Empresa", "CNPJ", "E-mail", "Telefone", "UF", "CEP", "Etapa", "Vendedor", "Valor", "Previsão"),
    *("Status", "Motivo da perda", "Encerramento"),
)


def test_a_wrong_document_hides_no_other_fault_of_its_row(db, tmp_path):
    ana = make_actor()
    cells = (
        *(
            "Aço Sul",
            "11.222.333/0001-00",
            "errado@",
            "123",
            "SP",
            "80010-000",
            "Lua",
            "Zé",
            "10 mil",
            "31/02/2026",
        ),
        *("Perdida", "Azar", "01/01/2099"),
    )

    job = checked(write(tmp_path / "leads.csv", cells, header=_HEADER), ana)

    assert outcomes(job, ana) == [(2, "rejected")]
    assert sorted(code for _, code in problem_codes(job, ana)) == [
        *(
            "cep_unclear",
            "closed_on_unclear",
            "cnpj_check_digit",
            "email_invalid",
            "expected_close_on_invalid",
        ),
        *(
            "loss_reason_missing",
            "loss_reason_unknown",
            "owner_unknown",
            "phone_invalid",
            "unknown_stage",
            "value_unclear",
        ),
    ]


def test_a_row_without_a_name_still_says_what_else_is_wrong(db, tmp_path):
    ana = make_actor()
    cells = ("", "11.222.333/0001-00", "", "", "SP", "80010-000", "Lua", *[""] * 6)

    job = checked(write(tmp_path / "leads.csv", cells, header=_HEADER), ana)

    codes = sorted(code for _, code in problem_codes(job, ana))
    assert codes == ["cep_unclear", "cnpj_check_digit", "no_name", "unknown_stage"]


def test_a_line_of_totals_is_told_to_be_one_and_nothing_else(db, tmp_path):
    ana = make_actor()
    rows = [["Aço Sul", "", "10"], ["Padaria Sol", "", "20"], ["TOTAL", "", "30,00"]]

    job = checked(write(tmp_path / "leads.csv", *rows, header=("Empresa", "Etapa", "Valor")), ana)

    assert problem_codes(job, ana) == [(4, "totals_row")]
    with company_scope(ana.company):
        assert ImportRow.objects.get(job=job, number=4).values == {}
