"""What a row changed of records that were there goes back, as far as nobody has changed it since."""

from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from oportuna.accounts.scope import company_scope
from oportuna.imports import actions
from oportuna.imports.options import Options
from oportuna.imports.writing import undoing
from oportuna.sales.actions import customers, items
from oportuna.sales.models import (
    Channel,
    Contact,
    Customer,
    Opportunity,
)
from tests.factories import make_actor, make_customer
from tests.imports.padaria import FULL, forno_of, sheet
from tests.imports.records import in_order, records, totals
from tests.imports.sheets import CNPJS, applied, undone, write


@pytest.mark.parametrize("mode", ["fill", "overwrite"])
def test_every_field_that_was_changed_is_as_before(db, tmp_path, mode):
    ana = make_actor("manager")
    forno_of(ana)
    before, figures_before = records(ana), totals(ana)
    job = applied(sheet(tmp_path, FULL), ana, Options(on_duplicate=mode))
    assert records(ana) != before

    job = undone(job, ana)

    assert (job.taken_back, job.kept_back) == (1, 0)
    after = records(ana)
    for change in (before, after):
        for one in change["Opportunity"]:
            one.pop("stage_since")
    assert (after, totals(ana)) == (before, figures_before)
    in_order(ana)


def test_a_field_that_somebody_changed_since_stays_and_the_others_go_back(db, tmp_path):
    ana = make_actor("manager")
    forno_of(ana)
    job = applied(sheet(tmp_path, FULL), ana, Options(on_duplicate="overwrite"))
    with company_scope(ana.company):
        customers.edit(Customer.objects.get(), {"city": "Recife"}, by=ana)

    job = undone(job, ana)

    assert (job.taken_back, job.kept_back) == (0, 1)
    with company_scope(ana.company):
        customer = Customer.objects.get()
        assert (customer.name, customer.city) == ("Padaria", "Recife")


def test_what_joining_added_to_a_known_customer_goes(db, tmp_path):
    ana = make_actor("manager")
    make_customer(ana, "Padaria", cnpj=CNPJS[0], emails=["sol@padaria.com"])
    before = records(ana)
    header = ("Empresa", "CNPJ", "Contato", "E-mail", "Telefone", "Não contatar")
    path = write(
        tmp_path / "a.csv",
        ("Padaria", CNPJS[0], "Lia", "lia@padaria.com", "(21) 98765-4321", "sim"),
        header=header,
    )
    job = applied(path, ana)
    assert len(records(ana)["Contact"]) == 1

    undone(job, ana)

    assert records(ana) == before
    with company_scope(ana.company):
        assert "lia" not in Customer.objects.get().search_text


def joining(folder, ana, many):
    """An import of as many people of known customers, each with an e-mail of its own."""
    header = ("Empresa", "CNPJ", "Contato", "E-mail")
    rows = [(f"Loja {n}", CNPJS[n], f"Lia {n}", f"lia@loja{n}.com") for n in range(many)]
    for name, cnpj, *_ in rows:
        make_customer(ana, name, cnpj=cnpj)
    return applied(write(folder / "a.csv", *rows, header=header), ana)


def test_of_people_who_joined_known_customers_only_those_that_nobody_touched_go(db, tmp_path):
    ana = make_actor("manager")
    job = joining(tmp_path, ana, 3)
    with company_scope(ana.company):
        edited = Contact.objects.order_by("pk")[1]
        customers.edit_contact(edited, {"job_title": "Sócia"}, by=ana)

    job = undone(job, ana)

    assert (job.taken_back, job.kept_back) == (2, 1)
    with company_scope(ana.company):
        assert list(Contact.objects.values_list("name", flat=True)) == ["Lia 1"]
        assert not Channel.objects.exists()
        texts = Customer.objects.order_by("name").values_list("search_text", flat=True)
        assert ["lia" in text for text in texts] == [False, True, False]
    in_order(ana)


def test_a_person_whom_a_later_row_of_the_same_import_changed_goes_too(db, tmp_path):
    ana = make_actor("manager")
    make_customer(ana, "Padaria", cnpj=CNPJS[0])
    before = records(ana)
    header = ("Empresa", "CNPJ", "Contato", "Cargo", "Telefone")
    rows = [
        ("Padaria", CNPJS[0], "Lia", "", "(11) 3333-4444"),
        ("Padaria", CNPJS[0], "Lia", "Sócia", "(21) 98765-4321"),
    ]
    job = applied(write(tmp_path / "a.csv", *rows, header=header), ana, Options(on_duplicate="fill"))
    assert job.updated == 2

    job = undone(job, ana)

    assert (job.taken_back, job.kept_back, records(ana)) == (2, 0, before)


def test_what_a_later_row_changed_of_an_opportunity_of_the_same_import_is_no_reason_to_keep_it(db, tmp_path):
    ana = make_actor("manager")
    header = ("Empresa", "CNPJ", "Oportunidade", "Valor", "Etiquetas", "Próximo contato")
    rows = [
        ("Padaria", CNPJS[0], "Forno", "", "", ""),
        ("Padaria", CNPJS[0], "Forno", "10,00", "Feira", "15/12/2026"),
    ]
    options = Options(on_duplicate="fill", create_missing=("tag",))
    job = applied(write(tmp_path / "a.csv", *rows, header=header), ana, options)
    assert (job.created, job.updated) == (1, 1)

    job = undone(job, ana)

    assert (job.taken_back, job.kept_back) == (2, 0)
    assert records(ana)["Customer"] == []


def test_taking_back_those_who_joined_asks_the_database_as_often_for_one_as_for_three(db, tmp_path):
    asked = {}
    for many in (1, 3):
        ana = make_actor("manager")
        job = joining(tmp_path, ana, many)
        with company_scope(ana.company):
            actions.undo(job, by=ana)
            job.refresh_from_db()
            batch = undoing.TakingBack(job, 10, ana)
            with CaptureQueriesContext(connection) as questions, transaction.atomic():
                batch.write(job)
        assert job.taken_back == many
        asked[many] = len(questions)

    assert asked[1] == asked[3]


def test_who_bought_by_the_import_alone_is_a_prospect_again(db, tmp_path):
    ana = make_actor("manager")
    make_customer(ana, "Padaria", cnpj=CNPJS[0])
    header = ("Empresa", "CNPJ", "Oportunidade", "Situação")
    rows = [("Padaria", CNPJS[0], "Forno", "Ganha"), ("Padaria", CNPJS[0], "Balcão", "Ganha")]
    job = applied(write(tmp_path / "a.csv", *rows, header=header), ana)
    with company_scope(ana.company):
        assert Customer.objects.get().status == "customer"

    undone(job, ana)

    with company_scope(ana.company):
        assert Customer.objects.get().status == "prospect"


def test_a_value_that_is_the_sum_of_items_by_now_stays_and_the_other_fields_go_back(db, tmp_path):
    ana = make_actor("manager")
    forno_of(ana)
    job = applied(sheet(tmp_path, FULL), ana, Options(on_duplicate="overwrite"))
    with company_scope(ana.company):
        fields = {"description": "Forno", "quantity": Decimal(1), "unit_price": Decimal(2000)}
        items.add_item(Opportunity.objects.get(), fields, by=ana)  # as much as the row said

    job = undone(job, ana)

    assert (job.taken_back, job.kept_back) == (0, 1)
    with company_scope(ana.company):
        forno = Opportunity.objects.select_related("stage").get()
        assert (forno.value, forno.stage.name) == (Decimal(2000), "Lead")
    in_order(ana)
