"""Customers as people meet them: the list, the page, the form, duplicates, the trash."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from oportuna.accounts.actor import Actor
from oportuna.accounts.models import Company
from oportuna.accounts.scope import company_scope
from oportuna.sales.actions import customers, opportunities
from oportuna.sales.models import Channel, Customer, HistoryEntry
from tests.factories import admin_of, make_actor, make_company, make_customer, make_opportunity
from tests.sales.pages import fields_of, linked, names_listed, said_above, text_of, wrong_fields

HTMX = {"HX-Request": "true"}


def address(actor: Actor, name: str, *args: Any) -> str:
    with company_scope(actor.company):
        return reverse(f"sales:{name}", args=[actor.company.slug, *args])


def signed_in(client: Client, actor: Actor) -> Client:
    client.force_login(actor.membership.user)
    return client


def typed(**fields: Any) -> dict[str, Any]:
    return {"kind": "organisation", "name": "Padaria Sol", "key": str(uuid4()), **fields}


def shown_of(actor: Actor, customer: Customer) -> dict[str, Any]:
    """What the form of a customer sends when nothing was changed."""
    return {"kind": customer.kind, "name": customer.name, "revision": customer.revision}


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
        assert answer.url == address(ana, "customer", customer.pk)
        assert (customer.cnpj, customer.city, customer.uf) == ("12ABC34501DE35", "Campinas", "SP")
        assert (customer.cep, customer.site) == ("13010000", "https://sol.com.br")
        channels = list(Channel.objects.values_list("value", flat=True))
        assert channels == ["compras@sol.com", "+5511987654321", "+551133334444"]


def test_a_form_sent_twice_registers_once(db, client):
    ana, form = make_actor(), typed()
    signed_in(client, ana)

    answers = [client.post(address(ana, "new_customer"), form) for _ in range(2)]

    assert answers[0].url == answers[1].url
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
    assert "Campinas" in said_above(refused)
    again = fields_of(refused)
    assert again["city"] == "Sorocaba"
    saved = client.post(url, again)
    assert saved.status_code == 302
    with company_scope(ana.company):
        assert Customer.objects.get().city == "Sorocaba"


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


def test_the_form_begins_with_what_a_search_did_not_find(db, client):
    ana = make_actor()
    signed_in(client, ana)

    def begun(text: str) -> dict[str, Any]:
        sent = fields_of(client.get(address(ana, "new_customer"), {"q": text}))
        return {name: sent[name] for name in ("kind", "name", "cnpj", "cpf") if sent[name]}

    assert begun("Padaria Sol") == {"kind": "organisation", "name": "Padaria Sol"}
    assert begun("11222333000181") == {"kind": "organisation", "cnpj": "11.222.333/0001-81"}
    assert begun("529.982.247-25") == {"kind": "person", "cpf": "529.982.247-25"}


def test_branches_of_one_legal_entity_are_a_group(db, client):
    ana = make_actor()
    head = make_customer(ana, "Matriz", cnpj="11222333000181")
    make_customer(ana, "Filial", cnpj="11222333000262")
    make_customer(ana, "Outra", cnpj="11444777000161")

    page = signed_in(client, ana).get(address(ana, "customer", head.pk))

    assert re.findall(r"<li><div class=\"op-list__main\"><b><a[^>]*>(.*?)</a>", text_of(page)) == ["Filial"]


def asked(client: Client, url: str) -> int:
    """How many times a page asks the database; a scope's own statements on PostgreSQL do not count."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return sum(q["sql"].startswith("SELECT") and "current_setting" not in q["sql"] for q in queries)


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
    assert one <= (9, 17)


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
