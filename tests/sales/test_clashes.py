"""Two people at once: the second sees both values and who wrote the other, loses nothing typed, and chooses."""

from decimal import Decimal

import pytest

from oportuna.accounts.scope import company_scope
from oportuna.sales.actions import customers, opportunities, tags
from oportuna.sales.models import Contact, Customer, Opportunity
from tests.factories import make_actor, make_customer, make_opportunity
from tests.sales.pages import HTMX, address, fields_of, signed_in, text_of


@pytest.fixture
def two(db):
    """A manager who was first, and a colleague who is second."""
    first = make_actor("manager", name="Bia Reis")
    return first, make_actor("manager", first.company, name="Rui")


@pytest.fixture
def opportunity(two):
    """What both work on."""
    return make_opportunity(two[0], title="Forno", value=Decimal(10), expected_close_on=None)


def now(actor, pk):
    """The opportunity as it stands."""
    with company_scope(actor.company):
        return Opportunity.objects.get(pk=pk)


def test_one_field_tells_who_wrote_the_other_value_and_offers_either(two, opportunity, client):
    first, second = two
    url = address(second, "edit_opportunity", opportunity.number)
    form = fields_of(signed_in(client, second).get(url, {"field": "value"}, headers=HTMX))
    with company_scope(first.company):
        opportunities.edit(opportunity, {"value": Decimal(20)}, by=first)

    answer = client.post(url, {**form, "value": "30"}, headers=HTMX)

    page = text_of(answer)
    assert answer.status_code == 409
    for said in ("Bia Reis escreveu", "R$\xa020,00", "Você escreveu", "R$\xa030,00"):
        assert said in page
    assert "Manter a minha" in page
    assert "Usar a de Bia Reis" in page
    assert fields_of(answer)["value"] == "30"
    assert client.post(url, fields_of(answer), headers=HTMX).status_code == 200
    assert now(second, opportunity.pk).value == Decimal(30)


@pytest.mark.parametrize("field", ["owner", "tags"])
def test_owner_and_tags_tell_it_too(two, opportunity, client, field):
    first, second = two
    route = {"owner": "assign_opportunity", "tags": "tag_opportunity"}[field]
    url = address(second, route, opportunity.number)
    form = fields_of(signed_in(client, second).get(url, headers=HTMX))
    with company_scope(first.company):
        if field == "owner":
            opportunities.assign(opportunity, second.membership, by=first)
        else:
            tags.put_on(opportunity, ["urgente"], by=first)

    answer = client.post(url, {**form, field: "" if field == "owner" else "frio"}, headers=HTMX)

    assert answer.status_code == 409
    assert "Bia Reis escreveu" in text_of(answer)
    assert ("Rui" if field == "owner" else "urgente") in text_of(answer)


def test_of_many_fields_those_that_differ_are_chosen_one_by_one(two, opportunity, client):
    first, second = two
    url = address(second, "edit_opportunity", opportunity.number)
    form = fields_of(signed_in(client, second).get(url))
    with company_scope(first.company):
        opportunities.edit(
            opportunity, {"value": Decimal(20), "title": "Forno a gás", "notes": "Pressa"}, by=first
        )

    answer = client.post(url, {**form, "value": "30", "title": "Forno elétrico"})

    assert answer.status_code == 409
    chosen = fields_of(answer)
    assert {name: value for name, value in chosen.items() if name.startswith("keep-")} == {
        "keep-value": "mine",
        "keep-title": "mine",
    }
    client.post(url, {**chosen, "keep-title": "theirs"})
    kept = now(second, opportunity.pk)
    assert (kept.title, kept.value, kept.notes) == ("Forno a gás", Decimal(30), "Pressa")


def test_what_a_third_one_wrote_meanwhile_is_told_anew(two, opportunity, client):
    first, second = two
    url = address(second, "edit_opportunity", opportunity.number)
    form = fields_of(signed_in(client, second).get(url))
    with company_scope(first.company):
        opportunities.edit(opportunity, {"value": Decimal(20)}, by=first)
    chosen = fields_of(client.post(url, {**form, "value": "30"}))
    with company_scope(first.company):
        opportunities.edit(opportunity, {"value": Decimal(25)}, by=first)

    answer = client.post(url, chosen)

    assert answer.status_code == 409
    assert "R$\xa025,00" in text_of(answer)
    assert now(second, opportunity.pk).value == Decimal(25)


def test_two_who_change_other_fields_of_a_customer_are_not_in_each_others_way(two, client):
    first, second = two
    customer = make_customer(first, "Padaria Sol", phones=["+5511987654321"], emails=["a@sol.com"])
    url = address(second, "edit_customer", customer.pk)
    form = fields_of(signed_in(client, second).get(url))
    with company_scope(first.company):
        fields = {"cnpj": "11222333000181", "do_not_contact": True}
        customers.edit(customer, fields, phones=["+551133334444"], by=first)

    answer = client.post(url, {**form, "city": "Campinas/SP", "emails": "b@sol.com"})

    assert answer.status_code == 302
    with company_scope(first.company):
        kept = Customer.objects.get()
        assert (kept.city, kept.uf, kept.cnpj, kept.do_not_contact) == (
            "Campinas",
            "SP",
            "11222333000181",
            True,
        )
        assert sorted(kept.channels.values_list("value", flat=True)) == ["+551133334444", "b@sol.com"]


def test_the_same_field_of_a_customer_is_chosen_and_nothing_typed_is_lost(two, client):
    first, second = two
    customer = make_customer(first, "Padaria Sol", phones=["+5511987654321"])
    url = address(second, "edit_customer", customer.pk)
    form = fields_of(signed_in(client, second).get(url))
    with company_scope(first.company):
        customers.edit(customer, {"city": "Campinas"}, phones=["+551133334444"], by=first)

    answer = client.post(
        url, {**form, "city": "Sorocaba", "phones": "(11) 95555-4444", "notes": "Ligar cedo"}
    )

    page, chosen = text_of(answer), fields_of(answer)
    assert answer.status_code == 422
    assert page.count("Usar a de Bia Reis") == 2
    assert (chosen["city"], chosen["notes"]) == ("Sorocaba", "Ligar cedo")
    assert client.post(url, {**chosen, "keep-phones": "theirs"}).status_code == 302
    with company_scope(first.company):
        kept = Customer.objects.get()
        assert (kept.city, kept.notes) == ("Sorocaba", "Ligar cedo")
        assert list(kept.channels.values_list("value", flat=True)) == ["+551133334444"]


def test_a_tick_that_somebody_set_is_kept_or_taken_away_knowingly(two, client):
    first, second = two
    customer = make_customer(first, "Padaria Sol", do_not_contact=True)
    url = address(second, "edit_customer", customer.pk)
    form = fields_of(signed_in(client, second).get(url))
    assert form.pop("do_not_contact") == "on"

    assert client.post(url, form).status_code == 302

    with company_scope(first.company):
        assert Customer.objects.get().do_not_contact is False


def test_a_person_at_a_customer_tells_it_too(two, client):
    first, second = two
    customer = make_customer(first, "Padaria Sol")
    with company_scope(first.company):
        contact = customers.add_contact(customer, {"name": "Maria"}, by=first)
    url = address(second, "edit_contact", contact.pk)
    form = fields_of(signed_in(client, second).get(url, headers=HTMX))
    with company_scope(first.company):
        customers.edit_contact(contact, {"job_title": "Compras"}, by=first)

    answer = client.post(url, {**form, "job_title": "Dona"}, headers=HTMX)

    assert "Bia Reis escreveu" in text_of(answer)
    client.post(url, {**fields_of(answer), "keep-job_title": "theirs"}, headers=HTMX)
    with company_scope(first.company):
        assert Contact.objects.get().job_title == "Compras"
