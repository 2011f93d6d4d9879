"""Rows of somebody who asked not to be contacted: nothing is written of them, and everybody sees why."""

import json
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from oportuna.accounts.actor import Actor
from oportuna.accounts.scope import company_scope
from oportuna.imports import actions
from oportuna.imports.check.checking import Checker
from oportuna.imports.check.reading import matches_of
from oportuna.imports.models import ImportJob, ImportRow, Suppression
from oportuna.imports.options import Options
from oportuna.imports.reports.reporting import rehearse, report_of
from oportuna.imports.rows.understanding import Understood
from oportuna.imports.writing.applying import Batch, Stale, pending
from oportuna.imports.writing.lookups import Lookups
from oportuna.sales.models import Contact, Customer
from tests.factories import make_actor, make_customer, make_opportunity
from tests.imports.sheets import CNPJS, applied, cell_rows, checked, outcomes, titles, worked, write
from tests.imports.suppression.listing import put

ROW = ("Padaria", CNPJS[0], "Lia", "lia@sp.padaria.com.br", "(11) 98765-4321", "", "", "", "Forno")


def problems(job: ImportJob, by: Actor) -> list[dict[str, Any]]:
    with company_scope(by.company):
        return [problem for row in ImportRow.objects.order_by("number") for problem in row.problems]


@pytest.mark.parametrize(
    ("text", "column", "field", "said"),
    [
        ("lia@sp.padaria.com.br", "D", "email", "lia@sp.padaria.com.br pediu"),
        ("padaria.com.br", "D", "email", "padaria.com.br pediu"),
        ("(11) 98765-4321", "E", "phone", "(11) 98765-4321 pediu"),
        ("11.222.333/0001-81", "B", "cnpj", "11.222.333/0001-81 pediu"),
    ],
)
def test_a_row_of_somebody_on_the_list_writes_nothing_and_says_by_what(
    db, tmp_path, text, column, field, said
):
    ana = make_actor()
    put(ana, text, why="pediu por telefone")

    other = ("Ótica", CNPJS[1], "Rui", "rui@otica.com.br", "", "", "", "", "Lentes")
    job = applied(write(tmp_path / "a.csv", *cell_rows(ROW, other)), ana)

    assert outcomes(job, ana) == [(2, "suppressed"), (3, "created")]
    assert (job.rows, job.created, job.suppressed, job.warnings) == (2, 1, 1, 0)
    assert titles(ana) == ["Lentes"]
    with company_scope(ana.company):
        assert [one.name for one in Customer.objects.all()] == ["Ótica"]
    (problem,) = problems(job, ana)
    assert (problem["code"], problem["column"], problem["field"], problem["rejects"]) == (
        "suppressed", column, field, False,
    )  # fmt: skip
    assert problem["message"].startswith(said)
    assert problem["message"].endswith("pediu por telefone")


def test_an_alike_domain_and_another_companys_list_keep_nobody_out(db, tmp_path):
    ana = make_actor()
    put(ana, "adaria.com.br")
    put(make_actor(), "padaria.com.br", "11.222.333/0001-81")

    job = applied(write(tmp_path / "a.csv", *cell_rows(ROW)), ana)

    assert outcomes(job, ana) == [(2, "created")]


def test_the_cpf_of_the_row_and_of_its_contact_count_too(db, tmp_path):
    ana = make_actor()
    put(ana, "529.982.247-25")
    header = ("Empresa", "CPF", "Contato", "Documento dele")
    rows = (("Lia Souza", "529.982.247-25", "", ""), ("Padaria", "", "Lia", "529.982.247-25"))
    options = Options(mapping={"Documento dele": "contact_cpf"})

    job = checked(write(tmp_path / "a.csv", *rows, header=header), ana, options)

    assert outcomes(job, ana) == [(2, "suppressed"), (3, "suppressed")]


def test_who_is_added_between_check_and_import_is_kept_out_when_rows_are_written(db, tmp_path):
    ana = make_actor()
    warned = (*ROW[:6], "Pombo", "", "Forno")
    job = checked(write(tmp_path / "a.csv", *cell_rows(warned, ("Ótica", CNPJS[1]))), ana)
    assert (job.created, job.suppressed, job.warnings) == (2, 0, 1)

    put(ana, "padaria.com.br")
    with company_scope(ana.company):
        actions.apply(job, by=ana)
    job = worked(job, ana)

    assert outcomes(job, ana) == [(2, "suppressed"), (3, "created")]
    assert (job.created, job.suppressed, job.warnings, job.done) == (1, 1, 0, 2)
    assert [problem["code"] for problem in problems(job, ana)] == ["source_unknown", "suppressed"]
    assert titles(ana) == ["Ótica"]


def test_who_is_taken_off_the_list_comes_in_at_the_next_check(db, tmp_path):
    ana = make_actor()
    put(ana, "padaria.com.br")
    job = checked(write(tmp_path / "a.csv", *cell_rows(ROW)), ana)
    with company_scope(ana.company):
        Suppression.objects.all().delete()
        actions.check(job, Options(), by=ana)

    assert outcomes(worked(job, ana), ana) == [(2, "created")]


@pytest.mark.parametrize("mode", ["join", "fill", "overwrite", "create"])
def test_nothing_is_written_of_a_customer_who_is_on_the_list_by_what_the_row_does_not_say(db, tmp_path, mode):
    ana = make_actor()
    customer = make_customer(ana, "Padaria", cnpj=CNPJS[0], emails=["dona@padaria.com"])
    make_opportunity(ana, customer=customer, title="Forno")
    put(ana, "dona@padaria.com")
    row = ("Padaria Nova", CNPJS[0], "Lia", "", "", "", "", "900,00", "Balcão")

    job = applied(write(tmp_path / "a.csv", *cell_rows(row)), ana, Options(on_duplicate=mode))

    assert outcomes(job, ana) == [(2, "suppressed")]
    assert titles(ana) == ["Forno"]
    with company_scope(ana.company):
        assert Customer.objects.get().name == "Padaria"
        assert not Contact.objects.exists()
    assert problems(job, ana)[0]["message"] == "dona@padaria.com pediu para não receber contato."


def test_do_not_contact_in_the_row_itself_is_no_reason_it_comes_in_marked(db, tmp_path):
    ana = make_actor()
    path = write(tmp_path / "a.csv", ("Padaria", "sim"), header=("Empresa", "Não contatar"))

    job = applied(path, ana)

    assert outcomes(job, ana) == [(2, "created")]
    with company_scope(ana.company):
        assert Customer.objects.get().do_not_contact


def test_the_report_and_the_rehearsal_count_them(db, tmp_path):
    ana = make_actor()
    put(ana, "padaria.com.br")
    path = write(tmp_path / "a.csv", *cell_rows(ROW, ("Ótica", CNPJS[1])))
    with company_scope(ana.company):
        rehearsed = rehearse(path, Options(), by=ana).to_json()
    job = applied(path, ana)
    with company_scope(ana.company):
        done = report_of(job, 0.0).to_json()

    for report in (rehearsed, done):
        assert (report["rows"], report["created"], report["suppressed"]) == (2, 1, 1)
        assert [(one["row"], one["code"]) for one in report["warnings"]] == [(2, "suppressed")]
        assert report["rejections"] == []
        json.dumps(report)
    assert [row["outcome"] for row in rehearsed["preview"]] == ["suppressed", "created"]


def _rows(how_many: int) -> list[Understood]:
    return [
        Understood(
            number,
            {
                "name": f"Cliente {number}",
                "title": f"Cliente {number}",
                "emails": [f"a{number}@padaria.com.br"],
                "phones": [f"+55119{number:08}"],
            },
            [],
            [],
        )
        for number in range(2, 2 + how_many)
    ]


def _questions(by: Actor, job: ImportJob, how_many: int) -> int:
    with company_scope(by.company):
        checker = Checker(matches_of(job), Options(), by)
        with CaptureQueriesContext(connection) as asked:
            checked_rows = checker.check(_rows(how_many))
    assert [one.outcome for one in checked_rows] == ["suppressed"] + ["created"] * (how_many - 1)
    return len(asked)


def test_the_list_is_asked_once_for_all_rows_of_a_batch(db, tmp_path):
    ana = make_actor()
    put(ana, "a2@padaria.com.br")
    job = checked(write(tmp_path / "a.csv", *cell_rows(ROW)), ana)

    assert _questions(ana, job, 3) == _questions(ana, job, 300)


@pytest.mark.parametrize("there", [(), ("fulano@nenhures.com",)])
@pytest.mark.parametrize("added", ["padaria.com.br", "dona@otica.com"])
def test_who_is_added_while_a_batch_is_made_is_noticed_before_it_is_written(db, tmp_path, there, added):
    ana = make_actor()
    put(ana, *there)
    make_customer(ana, "Ótica", cnpj=CNPJS[1], emails=["dona@otica.com"])
    job = checked(write(tmp_path / "a.csv", *cell_rows(ROW, ("Ótica", CNPJS[1]))), ana)
    with company_scope(ana.company):
        job = actions.apply(job, by=ana)
        batch = Batch(job, pending(job, 10), Lookups(Options(), ana, creates=True))
        put(ana, added)

        with pytest.raises(Stale), transaction.atomic():
            batch.write(job)

    job = worked(job, ana)
    assert (job.state, job.created, job.suppressed) == ("done", 1, 1)
