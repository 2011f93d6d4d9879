"""Registering and changing a customer: what is wrong, who may be the same, two editors."""

import re
from typing import Any
from uuid import uuid4

import pytest

from oportuna.accounts.actor import Actor
from oportuna.accounts.scope import company_scope
from oportuna.sales.actions import customers
from oportuna.sales.models import Channel, Customer, HistoryEntry
from tests.factories import make_actor, make_customer
from tests.sales.pages import (
    address,
    fields_of,
    signed_in,
    text_of,
    wrong_fields,
)


def typed(**fields: Any) -> dict[str, Any]:
    return {"kind": "organisation", "name": "Padaria Sol", "key": str(uuid4()), **fields}


def shown_of(actor: Actor, customer: Customer) -> dict[str, Any]:
    """What the form of a customer sends when nothing was changed."""
    return {"kind": customer.kind, "name": customer.name, "revision": customer.revision}


def test_a_customer_is_registered_with_all_that_was_typed(db, client):
    ana = make_actor()

    answer = signed_in(client, ana).post(
        address(ana, "new_customer"),
        typed(
            cnpj="12.ABC.345/01DE-35",
            phones="(11) 98765-4321\n(11) 3333-4444",
            emails="Compras@Sol.com",
            city="Campinas/SP",
            cep="13010-000",
            site="sol.com.br",
        ),
    )

    with company_scope(ana.company):
        customer = Customer.objects.get()
        assert answer.headers["Location"] == address(ana, "customer", customer.pk)
        assert (customer.cnpj, customer.city, customer.uf) == ("12ABC34501DE35", "Campinas", "SP")
        assert (customer.cep, customer.site) == ("13010000", "https://sol.com.br")
        channels = list(Channel.objects.values_list("value", flat=True))
        assert channels == ["compras@sol.com", "+5511987654321", "+551133334444"]


def test_a_form_sent_twice_registers_once(db, client):
    ana, form = make_actor(), typed()
    signed_in(client, ana)

    answers = [client.post(address(ana, "new_customer"), form) for _ in range(2)]

    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    with company_scope(ana.company):
        assert Customer.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("name", "  "),
        ("cnpj", "11.222.333/0001-99"),
        ("cpf", "111.111.111-11"),
        ("phones", "98765-4321"),
        ("emails", "ana@"),
        ("cep", "1"),
        ("uf", "XX"),
        ("site", "javascript:alert(1)"),
        ("kind", "nothing"),
        ("ie", "1" * 21),
    ],
)
def test_what_is_wrong_is_said_at_its_field(db, client, field, text):
    ana = make_actor()

    answer = signed_in(client, ana).post(address(ana, "new_customer"), typed(**{field: text}))

    assert answer.status_code == 422
    assert wrong_fields(answer) == [field]
    with company_scope(ana.company):
        assert not Customer.objects.exists()


def test_a_document_that_another_customer_has_is_refused_with_a_link_to_it(db, client):
    ana = make_actor()
    other = make_customer(ana, "Padaria Lua", cnpj="11222333000181")

    answer = signed_in(client, ana).post(address(ana, "new_customer"), typed(cnpj="11.222.333/0001-81"))

    assert answer.status_code == 422
    assert wrong_fields(answer) == ["cnpj"]
    assert address(ana, "customer", other.pk) in text_of(answer)


@pytest.mark.parametrize(
    "half_typed",
    [
        {"name": "padária sol"},
        {"name": "Sol Padaria LTDA"},
        {"cnpj": "11.222.333/0001-81"},
        {"cnpj": "11.222.333/0002-62"},
        {"emails": "compras@sol.com"},
        {"phones": "11 98765 4321"},
        {"name": "x", "cnpj": "11", "trade_name": "Padaria Sol"},
    ],
)
def test_who_may_be_the_same_is_shown_while_one_types(db, client, half_typed):
    ana = make_actor()
    make_customer(
        ana, "Padaria Sol S.A.", cnpj="11222333000181", phones=["+5511987654321"], emails=["compras@sol.com"]
    )

    answer = signed_in(client, ana).get(address(ana, "customer_duplicates"), half_typed)

    assert re.findall(r"<b><a[^>]*>(.*?)</a>", text_of(answer)) == ["Padaria Sol S.A."]


@pytest.mark.parametrize(
    "half_typed", [{}, {"name": "pa"}, {"name": "Maria"}, {"cnpj": "11.222"}, {"cpf": "oi"}]
)
def test_too_little_typed_finds_nobody(db, client, half_typed):
    ana = make_actor()
    customer = make_customer(ana, "Padaria Sol")
    with company_scope(ana.company):
        customers.add_contact(customer, {"name": "Maria"}, by=ana)

    answer = signed_in(client, ana).get(address(ana, "customer_duplicates"), half_typed)

    assert answer.content.strip() == b""


def test_a_customer_is_not_its_own_duplicate(db, client):
    ana = make_actor()
    customer = make_customer(ana, "Padaria Sol")
    signed_in(client, ana)
    code = address(ana, "customer", customer.pk).split("/")[-2]

    answer = client.get(address(ana, "customer_duplicates"), {"name": "Padaria Sol", "but": code})

    assert answer.content.strip() == b""


def test_editing_keeps_what_the_form_shows_and_records_what_changed(db, client):
    ana = make_actor()
    customer = make_customer(ana, "Padaria Sol", cnpj="11222333000181", phones=["+5511987654321"])
    signed_in(client, ana)
    url = address(ana, "edit_customer", customer.pk)
    sent = fields_of(client.get(url)) | {"city": "Sorocaba"}

    answer = client.post(url, sent)

    assert answer.status_code == 302
    with company_scope(ana.company):
        entry = HistoryEntry.objects.filter(customer=customer, verb="edited").get()
        assert entry.changes == {"city": ["", "Sorocaba"]}


def test_the_second_of_two_editors_sees_what_the_first_wrote_and_may_save_knowingly(db, client):
    ana = make_actor()
    customer = make_customer(ana, "Padaria Sol")
    sent = shown_of(ana, customer) | {"city": "Sorocaba"}
    with company_scope(ana.company):
        customers.edit(customer, {"city": "Campinas"}, by=ana)
    signed_in(client, ana)
    url = address(ana, "edit_customer", customer.pk)

    refused = client.post(url, sent)

    assert refused.status_code == 422
    assert "Campinas" in text_of(refused)
    again = fields_of(refused)
    assert again["city"] == "Sorocaba"
    saved = client.post(url, again)
    assert saved.status_code == 302
    with company_scope(ana.company):
        assert Customer.objects.get().city == "Sorocaba"


def test_the_form_begins_with_what_a_search_did_not_find(db, client):
    ana = make_actor()
    signed_in(client, ana)

    def begun(text: str) -> dict[str, Any]:
        sent = fields_of(client.get(address(ana, "new_customer"), {"q": text}))
        return {name: sent[name] for name in ("kind", "name", "cnpj", "cpf") if sent[name]}

    assert begun("Padaria Sol") == {"kind": "organisation", "name": "Padaria Sol"}
    assert begun("11222333000181") == {"kind": "organisation", "cnpj": "11.222.333/0001-81"}
    assert begun("529.982.247-25") == {"kind": "person", "cpf": "529.982.247-25"}
