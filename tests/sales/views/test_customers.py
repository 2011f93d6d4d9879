"""The list of customers: searching, its pages and views, the picker."""

from typing import Any

import pytest

from oportuna.accounts.models import Company
from oportuna.accounts.scope import company_scope
from oportuna.sales.actions import customers, opportunities
from oportuna.sales.models import Customer
from tests.factories import make_actor, make_company, make_customer, make_opportunity
from tests.sales.pages import HTMX, address, asked, linked, names_listed, signed_in, text_of


@pytest.mark.parametrize(
    "search",
    ["acucar", "AÇÚCAR sao", "11.222.333/0001-81", "11222333", "(11) 98765", "joao@doce.com", "MARIA"],
)
def test_a_customer_is_found_by_any_part_of_what_is_known(db, client, search):
    ana = make_actor()
    customer = make_customer(
        ana, "Açúcar São João", cnpj="11222333000181", phones=["+5511987654321"], emails=["joao@doce.com"]
    )
    make_customer(ana, "Outro")
    with company_scope(ana.company):
        customers.add_contact(customer, {"name": "Maria Lima"}, by=ana)

    page = signed_in(client, ana).get(address(ana, "customers"), {"q": search})

    assert names_listed(page) == ["Açúcar São João"]


def test_the_list_goes_on_page_by_page_and_back_by_name(db, client, monkeypatch):
    monkeypatch.setattr("oportuna.sales.queries.customers.PAGE", 2)
    ana = make_actor()
    for name in ("Érica", "ana", "Bruno", "erica", "Zé"):
        make_customer(ana, name)
    signed_in(client, ana)
    url = address(ana, "customers")

    first = client.get(url)
    second = client.get(linked(first, "next"))
    third = client.get(linked(second, "next"))

    pages = [names_listed(page) for page in (first, second, third)]
    assert pages == [["ana", "Bruno"], ["Érica", "erica"], ["Zé"]]
    assert (linked(first, "prev"), linked(third, "next")) == ("", "")
    back = client.get(linked(third, "prev"))
    assert names_listed(back) == ["Érica", "erica"]
    assert linked(client.get(linked(back, "prev")), "prev") == ""
    assert names_listed(client.get(url, {"after": "not a code"})) == ["ana", "Bruno"]


def test_going_back_to_a_search_shows_the_whole_page(db, client):
    ana = make_actor()
    make_customer(ana)
    signed_in(client, ana)
    url = address(ana, "customers")

    alone = client.get(url, headers=HTMX)
    back = client.get(url, headers=HTMX | {"HX-History-Restore-Request": "true"})

    assert ["<html" in text_of(answer) for answer in (alone, back)] == [False, True]
    assert "HX-Request" in alone.headers["Vary"]


def test_ready_views_narrow_the_list(db, client):
    ana = make_actor()
    bought, open_one = make_customer(ana, "Comprou"), make_customer(ana, "Aberto")
    make_customer(ana, "Nada")
    gone = make_customer(ana, "Excluído")
    sale = make_opportunity(ana, customer=bought)
    make_opportunity(ana, customer=open_one)
    with company_scope(ana.company):
        opportunities.win(sale, by=ana)
        customers.delete(gone, by=ana)
    signed_in(client, ana)

    def names(view: str) -> list[str]:
        return names_listed(client.get(address(ana, "customers"), {"view": view}))

    assert names("open") == ["Aberto"]
    assert names("customers") == ["Comprou"]
    assert names("prospects") == ["Aberto", "Nada"]
    assert names("trash") == ["Excluído"]
    assert names("all") == names("nonsense") == ["Aberto", "Comprou", "Nada"]


def test_an_invisible_colleagues_sale_does_not_put_a_customer_among_those_with_an_open_one(db, client):
    company = make_company(visibility=Company.Visibility.OWN)
    ana, bia = make_actor("seller", company), make_actor("seller", company, name="Bia")
    make_opportunity(ana)

    page = signed_in(client, bia).get(address(bia, "customers"), {"view": "open"})

    assert names_listed(page) == []


def test_another_companys_customers_change_nothing_that_is_shown(db, client):
    ana, stranger = make_actor(), make_actor()
    make_customer(ana, "Padaria Sol", cnpj="11222333000181")
    signed_in(client, ana)

    def seen() -> list[Any]:
        return [
            names_listed(client.get(address(ana, "customers"), {"q": "padaria"})),
            client.get(address(ana, "customer_options"), {"q": "padaria"}).json(),
            client.get(address(ana, "customer_duplicates"), {"name": "Padaria"}).content,
        ]

    before = seen()
    make_customer(stranger, "Padaria Lua", cnpj="11222333000262")

    assert seen() == before


def test_the_picker_gets_names_that_begin_so_first(db, client):
    ana = make_actor()
    for name in ("Casa do Sol", "Sol Nascente", "Lua"):
        make_customer(ana, name, city="Campinas", uf="SP")
    signed_in(client, ana)

    found = client.get(address(ana, "customer_options"), {"q": "sol"}).json()

    assert [one["text"] for one in found] == ["Sol Nascente", "Casa do Sol"]
    assert found[0]["note"] == "Campinas, SP"
    assert len(client.get(address(ana, "customer_options")).json()) == 3
    assert client.get(address(ana, "customer_options"), {"q": "%_"}).json() == []


def test_the_list_and_the_page_ask_as_often_for_three_as_for_one(db, client):
    ana = make_actor()
    signed_in(client, ana)

    def another(name: str) -> Customer:
        customer = make_customer(ana, name, phones=["+5511987654321"])
        with company_scope(ana.company):
            customers.add_contact(customer, {"name": f"Contato de {name}"}, phones=["+551133334444"], by=ana)
        return customer

    customer = another("Um")
    make_opportunity(ana, customer=customer)
    listed, page = address(ana, "customers"), address(ana, "customer", customer.pk)

    one = asked(client, listed), asked(client, page)
    for name in ("Dois", "Três"):
        another(name)
        make_opportunity(ana, customer=customer)
        with company_scope(ana.company):
            customers.add_contact(customer, {"name": name}, phones=["+551133334444"], by=ana)

    assert (asked(client, listed), asked(client, page)) == one
    assert one <= (10, 17)


def test_hostile_addresses_get_an_answer(db, client):
    ana = make_actor()
    signed_in(client, ana)
    url = address(ana, "customers")

    for query in (
        {"q": "'; DROP--\x00"},
        {"q": "á" * 300},
        {"after": "é"},
        {"before": "a" * 13},
        {"view": "x" * 99},
    ):
        assert client.get(url, query).status_code == 200
    assert client.get(f"/{ana.company.slug}/customers/{'a' * 13}/").status_code == 404
