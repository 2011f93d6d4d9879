"""What becomes of rows whose customer is known: by the choice made for each kind of repetition."""

from decimal import Decimal

import pytest
from django.db import transaction

from oportuna.accounts.scope import company_scope
from oportuna.errors import Conflict
from oportuna.imports import actions
from oportuna.imports.models import ImportRow
from oportuna.imports.options import Options
from oportuna.imports.writing import applying
from oportuna.imports.writing.lookups import Lookups
from oportuna.imports.writing.updating import carry_out, standings, update_of
from oportuna.ops.check import check
from oportuna.sales.actions import customers, items, opportunities, registers
from oportuna.sales.models import Channel, Contact, Customer, DataOrigin, HistoryEntry, Opportunity, Pipeline
from oportuna.work.steps import Lease
from tests.factories import admin_of, make_actor, make_customer, make_opportunity
from tests.imports.padaria import FULL, forno_of, known_padaria, row, sheet
from tests.imports.sheets import CNPJS, applied, checked, outcomes, problem_codes, worked, write


@pytest.mark.parametrize(
    ("choice", "outcome", "opportunities", "customers_there"),
    [
        ("join", "created", 2, 1),
        ("create", "created", 2, 1),
        ("skip", "duplicate", 1, 1),
        ("reject", "rejected", 1, 1),
        ("fill", "updated", 1, 1),
        ("overwrite", "updated", 1, 1),
    ],
)
def test_a_known_cnpj_does_what_was_chosen(db, tmp_path, choice, outcome, opportunities, customers_there):
    ana = make_actor("manager")
    make_opportunity(ana, customer=known_padaria(ana), title="Forno")
    path = sheet(tmp_path, row("Padaria", CNPJS[0], "Niterói", "Lia", title="Balcão"))

    job = applied(path, ana, Options(on_duplicate=choice))

    assert outcomes(job, ana) == [(2, outcome)]
    with company_scope(ana.company):
        assert (Opportunity.objects.count(), Customer.objects.count()) == (opportunities, customers_there)


def test_a_known_customers_row_that_repeats_a_title_of_the_file_stays_a_known_customers(db, tmp_path):
    ana = make_actor("manager")
    make_customer(ana, "Padaria", cnpj=CNPJS[0])
    rows = (row("Padaria", CNPJS[0], title="Forno"), row("Padaria", CNPJS[0], "Niterói", title="Forno"))
    options = Options(on_duplicate="join", on_repeated="fill")
    job = checked(sheet(tmp_path, *rows), ana, options)
    foreseen = outcomes(job, ana)

    with company_scope(ana.company):
        actions.apply(job, by=ana)

    assert foreseen == outcomes(worked(job, ana), ana) == [(2, "created"), (3, "duplicate")]
    assert job.met == {"known": 2}


def test_who_is_known_by_an_opportunitys_number_alone_gets_another_opportunity(db, tmp_path):
    ana = make_actor("manager")
    there = make_opportunity(ana, customer=make_customer(ana, "Padaria"), title="Forno")
    header = ("Número da oportunidade", "Empresa", "Oportunidade")
    path = write(tmp_path / "a.csv", (str(there.number), "Padaria", "Forno"), header=header)

    job = applied(path, ana, Options(on_duplicate="create", on_perhaps="skip"))

    assert (job.created, problem_codes(job, ana)) == (1, [(2, "number_taken")])
    with company_scope(ana.company):
        assert Customer.objects.count() == 1
        assert len(set(Opportunity.objects.values_list("number", flat=True))) == 2


def test_create_brings_another_customer_where_no_document_is_shared(db, tmp_path):
    ana = make_actor("manager")
    known_padaria(ana)
    path = sheet(tmp_path, row("Outra padaria", email="sol@padaria.com"))

    job = applied(path, ana, Options(on_duplicate="create"))

    assert job.created == 1
    with company_scope(ana.company):
        assert Customer.objects.count() == 2


def test_repetitions_in_the_file_have_a_choice_of_their_own(db, tmp_path):
    ana = make_actor("manager")
    known_padaria(ana)
    rows = (
        row("Padaria", CNPJS[0], title="A"),
        row("Ótica", CNPJS[1], title="A"),
        row("Ótica", CNPJS[1], title="B"),
    )

    job = applied(sheet(tmp_path, *rows), ana, Options(on_duplicate="skip", on_repeated="reject"))

    assert outcomes(job, ana) == [(2, "duplicate"), (3, "created"), (4, "rejected")]
    assert problem_codes(job, ana) == [(4, "duplicate_in_file")]


def test_the_choice_for_repetitions_holds_across_batches_that_were_written_before(db, tmp_path, monkeypatch):
    ana = make_actor("manager")
    rows = [row("Ótica", CNPJS[1], title="A"), *[row(f"Loja {n}", title="A") for n in range(5)]]
    path = sheet(tmp_path, *rows, row("Ótica", CNPJS[1], title="B"))
    monkeypatch.setattr(Lease, "rows", 2)

    job = applied(path, ana, Options(on_duplicate="join", on_repeated="skip"))

    assert outcomes(job, ana)[-1] == (8, "duplicate")
    with company_scope(ana.company):
        assert ImportRow.objects.get(job=job, number=8).duplicate_of_row == 2


def test_the_same_name_and_city_is_no_more_than_perhaps(db, tmp_path):
    ana = make_actor("manager")
    make_customer(ana, "Padaria", city="Niterói")
    rows = (row("PADARIA", city="niteroi"), row("Padaria", city="Santos"), row("Padaria"))

    job = checked(sheet(tmp_path, *rows), ana)

    assert outcomes(job, ana) == [(2, "created"), (3, "created"), (4, "created")]
    assert problem_codes(job, ana) == [(2, "name_unclear"), (4, "name_unclear")]
    assert job.met == {"perhaps": 2}


def test_namesakes_with_other_documents_are_strangers(db, tmp_path):
    ana = make_actor("manager")
    known_padaria(ana)

    job = checked(sheet(tmp_path, row("Padaria", CNPJS[1], "Niterói")), ana)

    assert (problem_codes(job, ana), job.met) == ([], {})


def test_perhaps_can_be_joined(db, tmp_path):
    ana = make_actor("manager")
    make_customer(ana, "Padaria", city="Niterói")

    job = applied(sheet(tmp_path, row("PADARIA", city="niteroi")), ana, Options(on_perhaps="join"))

    assert job.created == 1
    with company_scope(ana.company):
        assert Customer.objects.count() == 1


def stand(ana):
    with company_scope(ana.company):
        customer, contact = Customer.objects.get(), Contact.objects.get()
        forno = Opportunity.objects.get()
        return {
            "name": customer.name,
            "city": customer.city,
            "job": contact.job_title,
            "reached": sorted(Channel.objects.values_list("value", flat=True)),
            "value": forno.value,
            "stage": forno.stage.name,
            "notes": forno.notes,
            "due": forno.next_due_on and forno.next_due_on.isoformat(),
        }


REACHED = ["+5521987654321", "novo@padaria.com", "sol@padaria.com", "ze@padaria.com"]


def test_filling_in_changes_nothing_that_is_there(db, tmp_path):
    ana = make_actor("manager")
    forno_of(ana)

    job = applied(sheet(tmp_path, FULL), ana, Options(on_duplicate="fill"))

    assert (job.created, job.updated) == (0, 1)
    assert stand(ana) == {
        "name": "Padaria",
        "city": "Niterói",
        "job": "Dono",
        "reached": REACHED,
        "value": Decimal(1000),
        "stage": "Lead",
        "notes": "Liga cedo.",
        "due": "2026-12-15",
    }


def test_overwriting_puts_what_the_file_says_and_keeps_what_people_wrote(db, tmp_path):
    ana = make_actor("manager")
    forno_of(ana)

    job = applied(sheet(tmp_path, FULL), ana, Options(on_duplicate="overwrite"))

    assert (job.created, job.updated) == (0, 1)
    assert stand(ana) == {
        "name": "Padaria Sol Ltda",
        "city": "Rio",
        "job": "Dono",
        "reached": REACHED,
        "value": Decimal(2000),
        "stage": "Proposta",
        "notes": "Liga cedo.\nPediu catálogo.",
        "due": "2026-12-15",
    }
    with company_scope(ana.company):
        assert set(HistoryEntry.objects.filter(via="import").values_list("verb", flat=True)) == {
            *("edited", "moved", "planned"),
        }
    assert [finding.first for finding in check(ana.company) if finding.different] == []


def test_the_same_update_a_second_time_is_a_repetition(db, tmp_path):
    ana = make_actor("manager")
    forno_of(ana)
    applied(sheet(tmp_path, FULL), ana, Options(on_duplicate="overwrite"))

    job = checked(sheet(tmp_path, FULL), ana, Options(on_duplicate="overwrite"), again=True)

    assert outcomes(job, ana) == [(2, "duplicate")]


def test_a_row_updates_the_customer_that_a_row_above_has_just_brought(db, tmp_path):
    ana = make_actor("manager")
    rows = (
        row("Ótica", CNPJS[1], title="A"),
        row("Ótica", CNPJS[1], city="Santos", contact="Bia", title="A"),
    )

    job = applied(sheet(tmp_path, *rows), ana, Options(on_duplicate="fill"))

    assert outcomes(job, ana) == [(2, "created"), (3, "updated")]
    with company_scope(ana.company):
        assert Customer.objects.get().city == "Santos"
        assert Contact.objects.get().name == "Bia"


def test_an_update_never_clears_an_opt_out(db, tmp_path):
    ana = make_actor("manager")
    make_customer(ana, "Padaria", cnpj=CNPJS[0], do_not_contact=True)
    path = write(
        tmp_path / "a.csv",
        ("Padaria", CNPJS[0], "não", "Niterói"),
        header=("Empresa", "CNPJ", "Não contatar", "Cidade"),
    )

    applied(path, ana, Options(on_duplicate="overwrite"))

    with company_scope(ana.company):
        customer = Customer.objects.get()
        assert (customer.do_not_contact, customer.city) == (True, "Niterói")


def test_a_seller_updates_no_opportunity_of_a_colleague(db, tmp_path):
    ana = make_actor("manager")
    forno_of(ana)
    bia = make_actor("seller", company=ana.company, name="Bia")

    job = applied(sheet(tmp_path, FULL), bia, Options(on_duplicate="overwrite"))

    assert job.updated == 1
    found = stand(ana)
    assert (found["city"], found["value"], found["stage"]) == ("Rio", Decimal(1000), "Lead")


def test_an_update_that_a_verb_refuses_rejects_its_row_and_no_other(db, tmp_path):
    ana = make_actor("manager")
    make_customer(ana, "Outra", cnpj=CNPJS[0])
    make_opportunity(ana, customer=make_customer(ana, "Padaria"), title="Forno")
    header = ("Número da oportunidade", "Empresa", "Oportunidade", "CNPJ", "Cidade")
    rows = [("1", "Padaria", "Forno", CNPJS[0], "Niterói"), ("", "Mercado", "Balcão", CNPJS[1], "")]

    job = applied(write(tmp_path / "a.csv", *rows, header=header), ana, Options(on_duplicate="fill"))

    assert outcomes(job, ana) == [(2, "rejected"), (3, "created")]
    assert problem_codes(job, ana) == [(2, "not_updated")]
    assert (job.rows, job.created, job.updated, job.rejected) == (2, 1, 0, 1)
    with company_scope(ana.company):
        padaria = Customer.objects.get(name="Padaria")
        assert (padaria.cnpj, padaria.city) == (None, "")


def test_a_title_that_an_earlier_row_brings_won_or_lost_is_no_open_one(db, tmp_path):
    ana = make_actor("manager")
    header = ("Empresa", "CNPJ", "Oportunidade", "Situação", "Encerrada em")
    rows = [
        ("Padaria", CNPJS[0], "Forno", "Ganha", "04/05/2026"),
        ("Padaria", CNPJS[0], "Forno", "Aberta", ""),
    ]

    job = applied(write(tmp_path / "a.csv", *rows, header=header), ana)

    assert outcomes(job, ana) == [(2, "created"), (3, "created")]


def planned(ana, mode="overwrite", **values):
    """An update of the known bakery by a row with these values, planned from what stands now."""
    lookups = Lookups(Options(), ana)
    customer = Customer.objects.get()
    values = {"name": "Padaria", "title": "Forno", **values}
    return update_of(values, standings([customer.pk], ana)[customer.pk], mode, lookups)


@pytest.mark.parametrize("changed", ["customer", "opportunity"])
def test_whoever_changes_a_record_after_its_update_was_planned_is_not_written_over(db, changed):
    ana = make_actor("manager")
    forno_of(ana)
    with company_scope(ana.company):
        update = planned(ana, city="Rio", value="2000.00")
        if changed == "customer":
            customers.edit(Customer.objects.get(), {"city": "Recife"}, by=ana)
        else:
            opportunities.edit(Opportunity.objects.get(), {"value": Decimal(1500)}, by=ana)

        with pytest.raises(Conflict), transaction.atomic():
            carry_out(update, DataOrigin(), ana)

        assert Customer.objects.get().city == ("Recife" if changed == "customer" else "Niterói")
        assert Opportunity.objects.get().value == Decimal(1000 if changed == "customer" else 1500)


def test_rows_that_somebody_comes_between_are_written_anew(db, tmp_path, monkeypatch):
    ana = make_actor("manager")
    forno_of(ana)
    tried = []

    def come_between(update, origin, by):
        tried.append(update)
        if len(tried) == 1:
            raise Conflict("changed meanwhile")
        return carry_out(update, origin, by)

    monkeypatch.setattr(applying, "carry_out", come_between)

    job = applied(sheet(tmp_path, FULL), ana, Options(on_duplicate="overwrite"))

    assert (job.state, job.updated, len(tried)) == ("done", 1, 2)
    assert stand(ana)["value"] == Decimal(2000)


def test_a_stage_of_another_pipeline_is_no_update(db):
    ana = make_actor("manager")
    forno_of(ana)
    with company_scope(ana.company):
        admin = admin_of(ana.company)
        other = registers.add(Pipeline, {"name": "Outro"}, by=admin)
        registers.add_stage(other, {"name": "Longe"}, by=admin)

        assert planned(ana, stage="Longe", pipeline="Outro").stage is None
        assert planned(ana, stage="Proposta").stage is not None


def test_the_value_of_an_opportunity_with_items_is_left_as_their_sum_and_told(db, tmp_path):
    ana = make_actor("manager")
    forno_of(ana)
    with company_scope(ana.company):
        forno = Opportunity.objects.get()
        fields = {"description": "Forno", "quantity": Decimal(3), "unit_price": Decimal(10)}
        items.add_item(forno, fields, by=ana)

    job = applied(sheet(tmp_path, FULL), ana, Options(on_duplicate="overwrite"))

    assert outcomes(job, ana) == [(2, "updated")]
    assert problem_codes(job, ana) == [(2, "value_of_items")]
    with company_scope(ana.company):
        forno = Opportunity.objects.select_related("stage").get()
        assert (forno.value, forno.stage.name) == (Decimal(30), "Proposta")
