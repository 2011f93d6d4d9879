"""A customer's page: what each person sees and may do there."""

import re
from typing import Any
from uuid import uuid4

import pytest

from oportuna.accounts.models import Company
from oportuna.accounts.scope import company_scope
from oportuna.sales.actions import customers
from oportuna.sales.models import Customer, HistoryEntry
from tests.factories import admin_of, make_actor, make_company, make_customer, make_opportunity
from tests.sales.pages import (
    HTMX,
    address,
    names_listed,
    signed_in,
    text_of,
)


def typed(**fields: Any) -> dict[str, Any]:
    return {"kind": "organisation", "name": "Padaria Sol", "key": str(uuid4()), **fields}


def test_everybody_sees_a_customer_but_only_figures_he_may_see(db, client):
    company = make_company(visibility=Company.Visibility.OWN)
    ana, bia = make_actor("seller", company), make_actor("seller", company, name="Bia")
    customer = make_customer(ana, "Padaria Sol")
    make_opportunity(ana, customer=customer, title="Da Ana")
    make_opportunity(bia, customer=customer, title="Da Bia")
    signed_in(client, bia)

    listed = client.get(address(bia, "customers"))
    page = client.get(address(bia, "customer", customer.pk))

    assert re.findall(r'<td class="num">(.*?)</td>', text_of(listed)) == ["1", "R$\xa01.000"]
    assert names_listed(page) == ["Da Bia"]
    assert "R$\xa01.000 <small>" in text_of(page)
    assert "Da Ana" not in text_of(page)


@pytest.mark.parametrize("name", ["customer", "edit_customer", "new_contact"])
def test_a_strangers_customer_does_not_exist(db, client, name):
    ana, stranger = make_actor("admin"), make_actor("admin")
    customer = make_customer(ana)
    with company_scope(ana.company):
        contact = customers.add_contact(customer, {"name": "Maria"}, by=ana)
    signed_in(client, stranger)

    assert client.get(address(ana, name, customer.pk)).status_code == 404
    assert client.get(address(stranger, name, customer.pk)).status_code == 404
    assert client.get(address(stranger, "edit_contact", contact.pk)).status_code == 404
    for verb in ("delete_customer", "restore_customer", "mark_do_not_contact"):
        assert client.post(address(stranger, verb, customer.pk), {"marked": "1"}).status_code == 404


def test_deleting_leaves_the_page_with_a_way_back(db, client):
    ana = make_actor()
    customer = make_customer(ana, "Padaria Sol")
    signed_in(client, ana)
    restore = address(ana, "restore_customer", customer.pk)

    deleted = client.post(address(ana, "delete_customer", customer.pk), headers=HTMX)

    assert deleted.content.decode().count(f'action="{restore}"') == 2  # on the page and on the toast
    assert client.get(address(ana, "customer", customer.pk)).status_code == 200
    assert client.get(address(ana, "edit_customer", customer.pk)).status_code == 404
    assert client.post(restore).status_code == 302
    with company_scope(ana.company):
        assert Customer.objects.get().deleted_at is None
        verbs = list(HistoryEntry.objects.order_by("at", "pk").values_list("verb", flat=True))
        assert verbs == ["created", "deleted", "restored"]


def test_a_customer_with_opportunities_stays(db, client):
    ana = make_actor()
    opportunity = make_opportunity(ana)

    answer = signed_in(client, ana).post(
        address(ana, "delete_customer", opportunity.customer_id), headers=HTMX
    )

    assert answer.status_code == 409
    with company_scope(ana.company):
        assert not Customer.objects.filter(deleted_at__isnull=False).exists()


@pytest.mark.parametrize(
    ("role", "may_create", "may_delete"),
    [
        ("viewer", False, False),
        ("operator", True, False),
        ("seller", True, False),
        ("manager", True, True),
        ("admin", True, True),
    ],
)
def test_each_role_does_what_it_may_and_sees_no_other_button(db, client, role, may_create, may_delete):
    company = make_company()
    someone = make_actor(role, company)
    customer = make_customer(admin_of(company), "Padaria Sol")
    signed_in(client, someone)
    edit = address(someone, "edit_customer", customer.pk)
    delete = address(someone, "delete_customer", customer.pk)

    page = text_of(client.get(address(someone, "customer", customer.pk)))

    assert (edit in page, delete in page) == (may_create, may_delete)
    allowed = 200 if may_create else 403
    for url in (edit, address(someone, "new_customer"), address(someone, "new_contact", customer.pk)):
        assert client.get(url).status_code == allowed
    assert client.post(address(someone, "new_customer"), typed(name="Nova")).status_code == (
        302 if may_create else 403
    )
    assert client.post(delete).status_code == (302 if may_delete else 403)


def test_do_not_contact_takes_the_links_away_and_back(db, client):
    ana = make_actor()
    customer = make_customer(ana, "Padaria Sol", phones=["+5511987654321"], emails=["a@sol.com"])
    signed_in(client, ana)
    url = address(ana, "mark_do_not_contact", customer.pk)

    before = client.get(address(ana, "customer", customer.pk)).content.decode()
    marked = client.post(url, {"marked": "1"}, headers=HTMX).content.decode()
    again = client.post(url, {"marked": "0"}, headers=HTMX).content.decode()

    links = ("tel:+5511987654321", "https://wa.me/5511987654321", "mailto:a@sol.com")
    assert [[link in page for link in links] for page in (before, marked, again)] == [
        [True] * 3,
        [False] * 3,
        [True] * 3,
    ]
    assert client.post(url, {"marked": "maybe"}).status_code == 404


def test_branches_of_one_legal_entity_are_a_group(db, client):
    ana = make_actor()
    head = make_customer(ana, "Matriz", cnpj="11222333000181")
    make_customer(ana, "Filial", cnpj="11222333000262")
    make_customer(ana, "Outra", cnpj="11444777000161")

    page = signed_in(client, ana).get(address(ana, "customer", head.pk))

    assert re.findall(r"<li><div class=\"op-list__main\"><b><a[^>]*>(.*?)</a>", text_of(page)) == ["Filial"]
