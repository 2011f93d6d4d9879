"""What a row says is kept, in its field or in the notes, or told."""

from oportuna.accounts.scope import company_scope
from oportuna.imports.options import Options
from oportuna.sales.models import Customer, Opportunity
from tests.factories import make_actor
from tests.imports.sheets import (
    CNPJS,
    applied,
    cell_rows,
    checked,
    outcomes,
    problem_codes,
    write,
)


def test_a_wrong_cnpj_rejects_its_row_unless_it_may_come_without(db, tmp_path):
    ana = make_actor()
    rows = cell_rows(("Boa", CNPJS[0]), ("Errada", "11.222.333/0001-80"))
    path = write(tmp_path / "a.csv", *rows)

    job = checked(path, ana)
    assert outcomes(job, ana) == [(2, "created"), (3, "rejected")]
    assert problem_codes(job, ana) == [(3, "cnpj_check_digit")]

    job = applied(path, ana, Options(drop_bad_document=True))
    assert (job.created, job.rejected, job.warnings) == (2, 0, 1)
    with company_scope(ana.company):
        assert Customer.objects.get(name="Errada").cnpj is None


def test_nothing_a_row_says_is_thrown_away(db, tmp_path):
    ana = make_actor()
    header = ("Empresa", "Cargo", "Etiquetas", "Próximo contato", "Cor do logotipo", "Status", "Funil")
    row = ("Padaria", "Sócia", "quente, feira", "31/12/2026", "azul", "Ganha", "Vendas")
    path = write(tmp_path / "a.csv", row, header=header)

    job = applied(path, ana, Options(mapping={"F": "status", "G": "pipeline"}))

    assert problem_codes(job, ana) == [(2, "tag_unknown"), (2, "tag_unknown"), (2, "closed_on_missing")]
    with company_scope(ana.company):
        opportunity = Opportunity.objects.get()
        assert opportunity.status == "won"
        said = ("Sócia", "quente", "feira", "31/12/2026", "azul")
        assert [word for word in said if word not in opportunity.notes] == []


def test_texts_longer_than_their_field_are_cut_and_said(db, tmp_path):
    ana = make_actor()
    header = (
        "Empresa",
        "Nome fantasia",
        "Cidade",
        "Bairro",
        "Segmento",
        "Cargo",
        "Contato",
        "Título",
        "Site",
    )
    row = (
        "E" * 10_000,
        "F" * 300,
        "C" * 300,
        "B" * 300,
        "S" * 300,
        "G" * 300,
        "N" * 300,
        "T" * 10_000,
        "www.a.com",
    )

    job = applied(write(tmp_path / "a.csv", row, header=header), ana)

    assert (job.created, job.warnings, len(problem_codes(job, ana))) == (1, 1, 8)
    with company_scope(ana.company):
        customer = Customer.objects.get()
        assert (len(customer.name), len(customer.city), len(Opportunity.objects.get().title)) == (
            160,
            80,
            120,
        )
        assert customer.site == "https://www.a.com"
