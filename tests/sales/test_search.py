"""What is found as one types: the likeliest first, and only what one may see."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oportuna.accounts.models import Company
from oportuna.accounts.scope import company_scope
from oportuna.sales.actions import customers, opportunities
from oportuna.sales.queries.search import SHOWN, find
from tests.factories import make_actor, make_company, make_customer, make_opportunity, reason_of


def found(by, text):
    with company_scope(by.company):
        return find(by, text)


@pytest.mark.parametrize(
    "text",
    ["acucar", "SÃO açú", "11.222.333/0001-81", "0001", "joao@doce.com"],
)
def test_a_customer_is_found_by_any_part_of_its_names_and_numbers(db, text):
    ana = make_actor()
    make_customer(ana, "Açúcar São João", cnpj="11222333000181", emails=["joao@doce.com"])
    make_customer(ana, "Outro")

    assert [one.name for one in found(ana, text).customers] == ["Açúcar São João"]


@pytest.mark.parametrize("text", ["lima", "(11) 98765", "maria@doce.com"])
def test_a_person_is_found_with_the_way_to_reach_her_and_her_customer_is_not_told_twice(db, text):
    ana = make_actor()
    customer = make_customer(ana, "Açúcar São João")
    with company_scope(ana.company):
        fields = {"name": "Maria Lima", "job_title": "Compras"}
        customers.add_contact(customer, fields, phones=["+5511987654321"], emails=["maria@doce.com"], by=ana)
        customers.add_contact(customer, {"name": "Outra"}, by=ana)

    result = found(ana, text)

    assert [(one.name, one.customer) for one in result.people] == [("Maria Lima", "Açúcar São João")]
    assert result.people[0].reach == ("+5511987654321" if "(" in text else "maria@doce.com")
    assert list(result.customers) == []


def test_what_begins_so_comes_before_what_only_holds_it(db):
    ana = make_actor()
    for name in ("Cantina da Serra", "Serralheria", "Massas Serrana", "Serra", "Aserra"):
        make_customer(ana, name)

    names = [one.name for one in found(ana, "serra").customers]

    assert names == ["Serra", "Serralheria", "Massas Serrana", "Cantina da Serra", "Aserra"]


def test_an_opportunity_is_found_by_title_customer_or_number_the_open_ones_first(db):
    ana = make_actor()
    padaria = make_customer(ana, "Padaria Sol")
    lost = make_opportunity(ana, title="Forno novo", customer=padaria)
    mine = make_opportunity(ana, title="Forno", customer=padaria)
    other = make_opportunity(ana, title="Batedeira", customer=padaria)
    with company_scope(ana.company):
        opportunities.lose(lost, reason=reason_of(ana.company), by=ana)

    assert [one.title for one in found(ana, "forno").opportunities] == ["Forno", "Forno novo"]
    assert [one.title for one in found(ana, "sol").opportunities] == ["Forno", "Batedeira", "Forno novo"]
    assert [one.number for one in found(ana, str(other.number)).opportunities] == [other.number]
    assert mine.number != other.number


def test_a_seller_finds_the_opportunities_that_he_may_see_alone(db):
    boss = make_actor("manager", make_company(visibility=Company.Visibility.OWN))
    rui = make_actor("seller", boss.company)
    padaria = make_customer(boss, "Padaria Sol")
    hidden = make_opportunity(boss, title="Forno do gerente", customer=padaria)
    make_opportunity(rui, title="Forno do Rui", customer=padaria)

    seen = found(rui, "forno")

    assert [one.title for one in seen.opportunities] == ["Forno do Rui"]
    assert list(found(rui, str(hidden.number)).opportunities) == []
    assert [one.open for one in found(rui, "padaria").customers] == [1]
    assert [one.open for one in found(boss, "padaria").customers] == [2]


def test_another_companys_records_and_the_trash_are_not_found(db):
    ana, stranger = make_actor("manager"), make_actor("admin")
    make_customer(stranger, "Padaria Sol")
    make_opportunity(stranger, title="Padaria nova")
    gone = make_opportunity(ana, title="Padaria velha", customer=make_customer(ana, "Clube"))
    closed = make_customer(ana, "Padaria fechada")
    with company_scope(ana.company):
        opportunities.delete(gone, by=ana)
        customers.delete(closed, by=ana)

    assert not found(ana, "padaria")
    assert found(stranger, "padaria")


def test_of_many_the_first_few_are_shown_with_as_many_queries_as_for_one(db):
    ana = make_actor()

    def register(number):
        customer = make_customer(ana, f"Padaria {number}")
        with company_scope(ana.company):
            customers.add_contact(customer, {"name": f"Padeiro {number}"}, by=ana)
        make_opportunity(ana, title=f"Padaria {number}", customer=customer)

    register(0)
    with CaptureQueriesContext(connection) as for_one:
        found(ana, "pada")
    for number in range(1, SHOWN * 3):
        register(number)
    with CaptureQueriesContext(connection) as for_many:
        result = found(ana, "pada")

    assert len(for_many) == len(for_one)
    assert (len(result.customers), len(result.opportunities)) == (SHOWN, SHOWN)


def test_nobody_is_called_who_asked_not_to_be_contacted(db):
    ana = make_actor()
    customer = make_customer(ana, "Padaria Sol", do_not_contact=True)
    with company_scope(ana.company):
        customers.add_contact(customer, {"name": "Maria Lima"}, phones=["+5511987654321"], by=ana)

    (maria,) = found(ana, "maria").people

    assert (maria.reach, maria.may_contact) == ("", False)


@pytest.mark.parametrize("text", ["", " ", "p", "%", "_", "../..", "9" * 200, "\ud800", "a" * 5_000])
def test_what_nobody_searches_for_finds_nothing_and_breaks_nothing(db, text):
    ana = make_actor()
    make_customer(ana, "Padaria Sol")

    assert not found(ana, text)
