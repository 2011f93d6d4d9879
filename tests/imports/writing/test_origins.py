"""Where the people of an import came from is kept with each of them, asked for where there are people, and never lost."""

from typing import Any

import pytest
from django.urls import reverse

from oportuna.accounts.actor import Actor
from oportuna.accounts.scope import company_scope
from oportuna.errors import Refused
from oportuna.imports import actions
from oportuna.imports.models import ImportJob
from oportuna.imports.options import Options
from oportuna.sales.models import Contact, Customer
from tests.factories import make_actor, make_customer, source_of
from tests.imports.screens import address, form_of, signed_in
from tests.imports.sheets import CNPJS, applied, cell_rows, received, undone, write

BOUGHT = Options(supplier="Listas Boas Ltda", legal_basis="legitimate_interest")
ROW = ("Padaria", CNPJS[0], "Lia", "lia@padaria.com", "", "", "", "", "Forno")


def origin_of(row: Customer | Contact) -> tuple[str, str, str, str, bool]:
    return (row.data_source, row.data_list, row.data_supplier, row.legal_basis, row.data_since is not None)


def origins(by: Actor, model: Any) -> dict[str, tuple[str, str, str, str, bool]]:
    with company_scope(by.company):
        return {row.name: origin_of(row) for row in model.objects.all()}


NONE = ("", "", "", "", False)


def test_each_person_an_import_brings_keeps_source_list_supplier_and_basis(db, tmp_path):
    ana = make_actor("admin")
    options = Options(**{**BOUGHT.to_json(), "source": source_of(ana.company).pk})
    other = ("Ótica", CNPJS[1], "Rui", "", "", "", "Indicação", "", "Lentes")

    applied(write(tmp_path / "feira.csv", *cell_rows(ROW, other)), ana, options)

    of_list = ("feira.csv", "Listas Boas Ltda", "legitimate_interest", True)
    assert origins(ana, Customer) == {"Padaria": ("Site", *of_list), "Ótica": ("Indicação", *of_list)}
    assert origins(ana, Contact) == {"Lia": ("Site", *of_list), "Rui": ("Indicação", *of_list)}


def test_what_is_left_open_is_kept_open_and_the_list_is_known_all_the_same(db, tmp_path):
    ana = make_actor()

    applied(write(tmp_path / "a.csv", *cell_rows(ROW)), ana, Options(legal_basis="undecided"))

    assert origins(ana, Customer) == {"Padaria": ("", "a.csv", "", "", True)}


def test_whom_people_registered_came_from_no_list(db):
    ana = make_actor()
    make_customer(ana, "Padaria")

    assert origins(ana, Customer) == {"Padaria": NONE}


@pytest.mark.parametrize("mode", ["join", "fill", "overwrite", "create"])
def test_a_later_import_never_changes_where_somebody_came_from(db, tmp_path, mode):
    ana = make_actor()
    make_customer(ana, "Ótica", cnpj=CNPJS[1])
    applied(write(tmp_path / "a.csv", *cell_rows(ROW)), ana, BOUGHT)
    before = origins(ana, Customer), origins(ana, Contact)

    later = Options(on_duplicate=mode, supplier="Outra", legal_basis="consent")
    new = ("Padaria Nova", CNPJS[0], "Bia", "bia@padaria.com", "", "", "", "", "Balcão")
    again = ("Padaria Nova", CNPJS[0], "Lia", "", "", "", "", "", "Vitrine")
    known = ("Ótica", CNPJS[1], "Rui", "rui@otica.com", "", "", "", "", "Lentes")
    applied(write(tmp_path / "b.csv", *cell_rows(new, again, known)), ana, later)

    with company_scope(ana.company):
        assert origin_of(Customer.objects.get(cnpj=CNPJS[0])) == before[0]["Padaria"]
        assert origin_of(Customer.objects.get(cnpj=CNPJS[1])) == NONE
    people = origins(ana, Contact)
    assert people["Lia"] == before[1]["Lia"]
    assert people["Bia"] == people["Rui"] == ("", "b.csv", "Outra", "consent", True)


def test_undoing_a_later_import_leaves_where_somebody_came_from(db, tmp_path):
    ana = make_actor()
    applied(write(tmp_path / "a.csv", *cell_rows(ROW)), ana, BOUGHT)
    before = origins(ana, Customer), origins(ana, Contact)
    new = ("Padaria Nova", CNPJS[0], "Lia", "outra@padaria.com", "", "", "", "", "Balcão")
    later = Options(on_duplicate="overwrite", supplier="Outra", legal_basis="consent")

    undone(applied(write(tmp_path / "b.csv", *cell_rows(new)), ana, later), ana)

    assert (origins(ana, Customer), origins(ana, Contact)) == before


@pytest.mark.parametrize(
    ("options", "field"),
    [(Options(legal_basis="any"), "legal_basis"), (Options(supplier="x" * 121), "supplier")],
)
def test_a_basis_that_there_is_not_and_an_endless_supplier_are_refused(db, tmp_path, options, field):
    ana = make_actor()
    job = received(write(tmp_path / "a.csv", *cell_rows(ROW)), ana)

    with company_scope(ana.company), pytest.raises(Refused) as refused:
        actions.check(job, options, by=ana)

    assert refused.value.field == field


def test_the_columns_of_people_ask_for_the_legal_basis(db, client, tmp_path):
    ana = make_actor()
    job = received(write(tmp_path / "a.csv", *cell_rows(ROW)), ana)
    url = address("columns", ana, job)
    fields = form_of(signed_in(client, ana).get(url).text)

    asked = client.post(url, {**fields, "legal_basis": ""})
    assert asked.status_code == 422
    assert "O arquivo tem dados de pessoas" in asked.text

    assert client.post(url, {**fields, "legal_basis": "undecided", "supplier": "Boas"}).status_code == 302
    with company_scope(ana.company):
        kept = ImportJob.objects.get(pk=job.pk).options
    assert (kept["legal_basis"], kept["supplier"]) == ("undecided", "Boas")


def test_a_list_of_companies_alone_is_not_asked(db, client, tmp_path):
    ana = make_actor()
    path = write(tmp_path / "a.csv", ("Padaria", CNPJS[0]), header=("Empresa", "CNPJ"))
    url = address("columns", ana, job := received(path, ana))
    fields = form_of(signed_in(client, ana).get(url).text)

    assert client.post(url, {**fields, "legal_basis": ""})["Location"] == address("check", ana, job)


def test_the_result_the_customer_and_the_contact_say_where_it_came_from(db, client, tmp_path):
    ana = make_actor()
    job = applied(write(tmp_path / "feira.csv", *cell_rows(ROW)), ana, BOUGHT)
    signed_in(client, ana)
    with company_scope(ana.company):
        customer, contact = Customer.objects.get(), Contact.objects.get()
        pages = [
            address("run", ana, job),
            reverse("sales:customer", args=[ana.company.slug, customer.pk]),
            reverse("sales:edit_contact", args=[ana.company.slug, contact.pk]),
        ]

    for page in pages:
        text = client.get(page).text
        assert "Listas Boas Ltda" in text
        assert "Legítimo interesse" in text


def test_of_whom_people_registered_the_page_says_nothing_of_a_list(db, client):
    ana = make_actor()
    customer = make_customer(ana, "Padaria")
    with company_scope(ana.company):
        url = reverse("sales:customer", args=[ana.company.slug, customer.pk])

    assert "Origem dos dados" not in signed_in(client, ana).get(url).text
