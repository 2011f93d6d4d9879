"""What the check says of rows that meet each other is what the import then makes of them."""

import pytest

from oportuna.accounts.actor import Actor
from oportuna.accounts.scope import company_scope
from oportuna.imports import actions
from oportuna.imports.check import corrections, reading
from oportuna.imports.models import ImportJob, ImportRow
from oportuna.imports.options import Options
from oportuna.sales.actions import registers, tags
from oportuna.sales.models import Tag
from oportuna.work.steps import Lease
from tests.factories import make_actor, make_customer, make_opportunity
from tests.imports.padaria import row, sheet
from tests.imports.relay import one_transaction_at_a_time
from tests.imports.sheets import CNPJS, checked, outcomes, received, worked, write

FULL = ("Niterói", "Zé", "Chefe", "ze@padaria.com", "(21) 98765-4321")


def said_and_done(job: ImportJob, by: Actor) -> list[str]:
    """What the check said of each row, which is what became of it."""
    said = outcomes(job, by)
    with company_scope(by.company):
        actions.apply(job, by=by)
    assert outcomes(worked(job, by), by) == said
    return [outcome for _row, outcome in said]


@pytest.mark.parametrize("mode", ["fill", "overwrite"])
def test_a_row_that_updates_a_customer_of_a_row_above_with_nothing_new_is_repeated(db, tmp_path, mode):
    ana = make_actor("manager")
    rows = (
        row("Padaria", CNPJS[0], *FULL, "A"),
        row("Padaria", CNPJS[0], *FULL, "A"),
        row("Padaria", CNPJS[0], "", "Lia", title="A"),
        row("Padaria", CNPJS[0], "", "Lia", title="A"),
    )

    job = checked(sheet(tmp_path, *rows), ana, Options(on_repeated=mode))

    assert said_and_done(job, ana) == ["created", "duplicate", "updated", "duplicate"]


def test_the_second_of_two_rows_that_say_the_same_of_a_known_customer_is_repeated(db, tmp_path):
    ana = make_actor("manager")
    make_opportunity(ana, customer=make_customer(ana, "Padaria", cnpj=CNPJS[0]), title="A")
    news = row("Padaria", CNPJS[0], *FULL, "A", "", "10,00", "Liga cedo.", "15/12/2030")

    job = checked(sheet(tmp_path, news, news), ana, Options(on_duplicate="fill"))

    assert said_and_done(job, ana) == ["updated", "duplicate"]


def test_tags_that_a_row_above_puts_on_are_no_news(db, tmp_path):
    ana = make_actor("manager")
    with company_scope(ana.company):
        tags.add("Feira", by=ana)
    header = ("Empresa", "CNPJ", "Oportunidade", "Etiquetas")
    rows = [("Padaria", CNPJS[0], "A", tag) for tag in ("", "Feira", "Feira")]

    job = checked(write(tmp_path / "a.csv", *rows, header=header), ana, Options(on_repeated="fill"))

    assert said_and_done(job, ana) == ["created", "updated", "duplicate"]


@pytest.mark.parametrize(
    ("column", "register", "word"),
    [
        ("Etiquetas", "tag", "Feira, quente"),
        ("Origem", "source", "Feira"),
        ("Etapa", "stage", "Degustação"),
    ],
)
def test_what_the_import_will_create_is_news_once(db, tmp_path, column, register, word):
    ana = make_actor("admin")
    header = ("Empresa", "CNPJ", "Oportunidade", column)
    rows = [("Padaria", CNPJS[0], "A", said) for said in ("", word, word)]

    options = Options(on_repeated="overwrite", create_missing=(register,))
    job = checked(write(tmp_path / "a.csv", *rows, header=header), ana, options)

    assert said_and_done(job, ana) == ["created", "updated", "duplicate"]


def test_a_tag_out_of_use_that_the_opportunity_has_is_no_news(db, tmp_path):
    ana = make_actor("admin")
    forno = make_opportunity(ana, customer=make_customer(ana, "Padaria", cnpj=CNPJS[0]), title="A")
    with company_scope(ana.company):
        tags.put_on(forno, ["Feira"], by=ana)
        registers.set_active(Tag.objects.get(name="Feira"), False, by=ana)
    header = ("Empresa", "CNPJ", "Oportunidade", "Etiquetas")

    options = Options(on_duplicate="fill", create_missing=("tag",))
    job = checked(write(tmp_path / "a.csv", ("Padaria", CNPJS[0], "A", "Feira"), header=header), ana, options)

    assert said_and_done(job, ana) == ["duplicate"]


@pytest.mark.parametrize("mode", ["fill", "overwrite"])
def test_a_check_that_goes_on_in_another_process_knows_what_updates_brought(db, tmp_path, mode):
    ana = make_actor("manager")
    make_customer(ana, "Padaria", cnpj=CNPJS[0])
    rows = [row("Padaria", CNPJS[0], email="sol@padaria.com", title="A")]
    rows += [row(f"Loja {n}", title="A") for n in range(2_500)]
    rows += [row("Sol", email="sol@padaria.com", title="B"), row("Sol", "", *FULL, "B")]
    job = received(sheet(tmp_path, *rows), ana)
    with company_scope(ana.company):
        actions.check(job, Options(on_duplicate=mode, on_perhaps="skip"), by=ana)

    assert one_transaction_at_a_time() > 2

    reading.close_kept()
    with company_scope(ana.company):
        job = ImportJob.objects.get()
    said = said_and_done(job, ana)
    assert (said[0], said[-2]) == ("updated", "updated" if mode == "overwrite" else "duplicate")


@pytest.mark.parametrize("size", [1, 100])
def test_of_two_customers_with_one_email_rows_mean_the_older_in_one_transaction_or_several(
    db, tmp_path, monkeypatch, size
):
    ana = make_actor("manager")
    make_customer(ana, "Padaria", cnpj=CNPJS[0])
    monkeypatch.setattr(Lease, "rows", size)
    rows = (
        row("Ótica", "", "Santos", email="lia@otica.com", title="A"),
        row("Padaria", CNPJS[0], "Niterói", email="lia@otica.com", title="A"),
        row("Outra", "", "Niterói", email="lia@otica.com", title="B"),
    )

    job = checked(sheet(tmp_path, *rows), ana, Options(on_duplicate="fill", on_repeated="skip"))

    assert said_and_done(job, ana) == ["created", "updated", "duplicate"]
    with company_scope(ana.company):
        assert ImportRow.objects.get(number=4).customer.name == "Padaria"


def corrected(job: ImportJob, number: int, by: Actor, changes: dict[int, str]) -> ImportJob:
    with company_scope(by.company):
        texts = corrections.texts_of(job, number)
        for index, text in changes.items():
            texts[index] = text
        job = corrections.correct(job, number, texts, by=by)
    counts = (job.created, job.updated, job.duplicates, job.skipped, job.suppressed, job.rejected)
    assert sum(counts) == job.rows
    return job


@pytest.mark.parametrize("mode", ["join", "skip", "reject", "fill"])
def test_a_corrected_row_meets_the_rows_above_and_those_below_meet_it(db, tmp_path, mode):
    ana = make_actor("manager")
    rows = [row("A", CNPJS[0], title="X"), row("B", "1", title="X"), row("C", CNPJS[1], title="X")]
    job = checked(sheet(tmp_path, *rows, row("D", CNPJS[0], title="X")), ana, Options(on_repeated=mode))

    job = corrected(job, 3, ana, {1: CNPJS[0]})
    job = corrected(job, 2, ana, {1: CNPJS[1]})

    repeated = {"reject": "rejected"}.get(mode, "duplicate")
    said = said_and_done(job, ana)
    assert said == ["created", "created", "updated" if mode == "overwrite" else repeated, repeated]
    assert job.met == {"repeated": 2}


def test_a_row_that_is_left_out_is_no_more_what_others_repeat(db, tmp_path):
    ana = make_actor("manager")
    rows = [row(name, CNPJS[0], email=f"{name}@x.com", title="X") for name in "ABC"]
    job = checked(sheet(tmp_path, *rows), ana, Options(on_repeated="skip"))

    with company_scope(ana.company):
        job = corrections.leave_out(job, 2, True, by=ana)

    assert said_and_done(job, ana) == ["skipped", "created", "duplicate"]
    with company_scope(ana.company):
        assert ImportRow.objects.get(number=4).duplicate_of_row == 3
