"""Registering an opportunity: what suffices, what is refused where, and that nothing is made twice."""

import json
import re
from datetime import date
from decimal import Decimal
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse

from oportuna.accounts.codes import encode
from oportuna.accounts.scope import company_scope
from oportuna.sales.actions import customers, registers
from oportuna.sales.models import Customer, Opportunity
from tests.factories import admin_of, make_actor, make_customer, source_of, stage_of
from tests.sales.boards import signed_in

HTMX = {"HX-Request": "true"}


def form_of(actor):
    return reverse("sales:new_opportunity", args=[actor.company.slug])


def typed(actor, **fields):
    return {"title": "Notebook", "customer": "Padaria Sol", "stage": stage_of(actor.company).pk, **fields}


def made(actor):
    with company_scope(actor.company):
        return list(Opportunity.objects.select_related("customer", "stage", "owner", "source"))


def test_title_and_customer_suffice(db):
    ana = make_actor()

    response = signed_in(ana).post(form_of(ana), typed(ana), headers=HTMX)

    (opportunity,) = made(ana)
    assert (opportunity.title, opportunity.customer.name) == ("Notebook", "Padaria Sol")
    assert (opportunity.owner, opportunity.value) == (ana.membership, None)
    page = response.content.decode()
    assert re.findall(r'<section class="op-col" id="(.*?)"', page) == [f"stage-{opportunity.stage_id}"]
    assert f'id="card-{opportunity.number}"' in page


def test_everything_else_is_read_as_it_is_typed_here(db):
    ana = make_actor("manager")
    bob = make_actor(company=ana.company, name="Bob")
    fields = typed(
        ana,
        value="1.234,56",
        expected_close_on="31/12/2026",
        owner=bob.membership.pk,
        source=source_of(ana.company).pk,
        stage=stage_of(ana.company, "Proposta").pk,
    )

    signed_in(ana).post(form_of(ana), fields)

    (opportunity,) = made(ana)
    assert (opportunity.value, opportunity.expected_close_on) == (Decimal("1234.56"), date(2026, 12, 31))
    assert (opportunity.owner, opportunity.source.name) == (bob.membership, "Site")
    assert opportunity.stage.name == "Proposta"


def test_a_form_sent_twice_creates_one_opportunity_and_one_customer(db):
    ana = make_actor()
    fields = typed(ana, key=str(uuid4()))

    for _again in range(2):
        assert signed_in(ana).post(form_of(ana), fields, headers=HTMX).status_code == 200

    with company_scope(ana.company):
        assert (Opportunity.objects.count(), Customer.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "say", [lambda c: str(c.pk), lambda c: "padaria SOL", lambda c: "04.252.011/0001-10"]
)
def test_a_customer_that_is_there_is_taken_however_it_is_named(db, say):
    ana = make_actor()
    customer = make_customer(ana, "Padaria Sol", cnpj="04252011000110")

    signed_in(ana).post(form_of(ana), typed(ana, customer=say(customer)))

    assert [opportunity.customer for opportunity in made(ana)] == [customer]


def test_a_picked_customer_is_taken_by_its_code_too(db):
    ana = make_actor()
    customer = make_customer(ana)
    with company_scope(ana.company):
        code = encode(customer.pk)

    signed_in(ana).post(form_of(ana), typed(ana, customer=code))

    assert [opportunity.customer for opportunity in made(ana)] == [customer]


def test_a_name_that_two_customers_have_is_asked_about(db):
    ana = make_actor()
    make_customer(ana, "Padaria Sol")
    make_customer(ana, "Padaria Sol")

    response = signed_in(ana).post(form_of(ana), typed(ana), headers=HTMX)

    assert (response.status_code, b"id_customer_error" in response.content, made(ana)) == (422, True, [])


def test_a_document_that_nobody_has_asks_for_the_name(db):
    ana = make_actor()

    response = signed_in(ana).post(form_of(ana), typed(ana, customer="04.252.011/0001-10"), headers=HTMX)

    assert (response.status_code, b"id_customer_error" in response.content) == (422, True)


def test_the_customer_of_another_company_is_not_found(db):
    ana, stranger = make_actor(), make_actor()
    secret = make_customer(stranger, "Sigilosa Ltda")

    response = signed_in(ana).post(form_of(ana), typed(ana, customer=str(secret.pk)), headers=HTMX)

    assert (response.status_code, b"Sigilosa" in response.content, made(ana)) == (422, False, [])


def test_a_customer_in_the_trash_is_not_taken(db):
    ana = make_actor()
    old = make_customer(ana, "Padaria Sol")
    with company_scope(ana.company):
        customers.delete(old, by=ana)

    signed_in(ana).post(form_of(ana), typed(ana))

    assert [opportunity.customer == old for opportunity in made(ana)] == [False]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "  "),
        ("title", "x" * 121),
        ("customer", ""),
        ("customer", "x" * 161),
        ("value", "muito"),
        ("value", "-5"),
        ("value", "99999999999,00"),
        ("stage", ""),
        ("stage", 10**30),
        ("source", "x"),
        ("expected_close_on", "31/02/2026"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_field_and_nothing_is_made(db, field, value):
    ana = make_actor()

    response = signed_in(ana).post(form_of(ana), typed(ana, **{field: value}), headers=HTMX)

    page = response.content.decode()
    assert (response.status_code, f'id="id_{field}_error"' in page) == (422, True)
    with company_scope(ana.company):
        assert (Opportunity.objects.count(), Customer.objects.count()) == (0, 0)


def test_a_refused_form_keeps_the_customer_that_was_picked(db):
    ana = make_actor()
    customer = make_customer(ana, "Padaria Sol, Lua & Cia")

    response = signed_in(ana).post(form_of(ana), typed(ana, title="", customer=customer.pk), headers=HTMX)

    shown = json.dumps([{"value": str(customer.pk), "text": "Padaria Sol, Lua & Cia"}])
    assert f'data-data="{shown}"' in unescape(response.content.decode())


def test_a_stage_out_of_use_is_no_choice(db):
    ana = make_actor()
    proposal = stage_of(ana.company, "Proposta")
    with company_scope(ana.company):
        registers.set_stage_active(proposal, False, by=admin_of(ana.company))

    response = signed_in(ana).post(form_of(ana), typed(ana, stage=proposal.pk), headers=HTMX)

    assert (response.status_code, b"id_stage_error" in response.content) == (422, True)


def test_a_seller_cannot_register_for_someone_else(db):
    ana = make_actor()
    bob = make_actor(company=ana.company, name="Bob")

    signed_in(ana).post(form_of(ana), typed(ana, owner=bob.membership.pk))

    assert [opportunity.owner for opportunity in made(ana)] == [ana.membership]


def test_a_viewer_registers_nothing(db):
    viewer = make_actor("viewer")

    assert signed_in(viewer).get(form_of(viewer)).status_code == 403
    assert signed_in(viewer).post(form_of(viewer), typed(viewer)).status_code == 403
    assert made(viewer) == []


def test_the_form_begins_with_what_the_link_knows(db):
    ana = make_actor()
    customer = make_customer(ana, "Padaria Sol")
    with company_scope(ana.company):
        known = {"stage": encode(stage_of(ana.company, "Proposta").pk), "customer": encode(customer.pk)}

    page = signed_in(ana).get(form_of(ana), known).content.decode()

    assert 'value="Padaria Sol"' in page
    assert re.findall(r"<option[^>]* selected>\s*(.*?)</option>", page)[0] == "Proposta"


def test_adding_in_a_column_is_a_form_of_three_fields(db):
    ana = make_actor()
    with company_scope(ana.company):
        code = encode(stage_of(ana.company).pk)

    page = signed_in(ana).get(form_of(ana), {"stage": code, "quick": "1"}, headers=HTMX).content.decode()

    assert set(re.findall(r'name="(\w+)"', page)) == {
        "csrfmiddlewaretoken",
        "key",
        "quick",
        "stage",
        "title",
        "customer",
        "value",
    }


def test_after_adding_in_a_column_the_next_one_may_be_typed_at_once_with_a_new_key(db):
    ana = make_actor()
    key = str(uuid4())

    response = signed_in(ana).post(form_of(ana), typed(ana, key=key, quick="1"), headers=HTMX)

    page = response.content.decode()
    assert (page.count('class="op-quick"'), key in page) == (1, False)


def test_on_another_page_the_toast_leads_to_what_was_made(db):
    ana = make_actor()
    here = f"http://testserver{reverse('sales:customers', args=[ana.company.slug])}"

    response = signed_in(ana).post(form_of(ana), typed(ana), headers={**HTMX, "HX-Current-URL": here})

    (opportunity,) = made(ana)
    assert f"opportunities/{opportunity.number}/" in response.content.decode()
    assert "op-col" not in response.content.decode()


def test_without_script_one_sees_what_was_made(db):
    ana = make_actor()

    response = signed_in(ana).post(form_of(ana), typed(ana))

    (opportunity,) = made(ana)
    assert response["Location"].endswith(f"/opportunities/{opportunity.number}/")


def test_a_stranger_and_a_forger_register_nothing(db):
    ana, stranger = make_actor(), make_actor("admin")

    assert signed_in(stranger).post(form_of(ana), typed(ana)).status_code == 404
    assert signed_in(ana, enforce_csrf_checks=True).post(form_of(ana), typed(ana)).status_code == 403
    assert made(ana) == []
