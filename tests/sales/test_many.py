"""Registering many at once: the same rules and the same traces as one by one."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from oportuna.accounts.actor import Actor
from oportuna.accounts.scope import company_scope
from oportuna.errors import NotAllowed, Refused
from oportuna.sales.actions import customers, numbers, opportunities, registers
from oportuna.sales.actions.many import Batch, Made
from oportuna.sales.actions.newcomers import NewCustomer, NewOpportunity
from oportuna.sales.models import (
    Channel,
    Contact,
    Customer,
    HistoryEntry,
    LedgerLine,
    Opportunity,
    OpportunityVersion,
)
from tests.factories import (
    admin_of,
    make_actor,
    make_customer,
    make_opportunity,
    source_of,
    stage_of,
)

CNPJ = "11222333000181"


def write(rows: list[NewOpportunity], by: Actor) -> list[Made]:
    with company_scope(by.company):
        batch = Batch(rows, first_number=numbers.take(len(rows)), by=by)
        with transaction.atomic():
            return batch.write()


def facts(model, *but: str) -> list[dict[str, Any]]:
    """The rows of a table without their ids and instants, in their order."""
    left_out = {"id", "company_id", "at", "valid_from", "customer_id", "contact_id", "opportunity_id", *but}
    left_out |= {"created_at", "stage_since", "moved_at", "key", "by_id", "created_by_id", "owner_id"}
    left_out |= {"stage_id", "source_id", "to_stage_id", "pipeline_id"}
    return [
        {name: value for name, value in row.items() if name not in left_out}
        for row in model.objects.order_by("id").values()
    ]


def test_a_batch_leaves_exactly_what_single_registering_leaves(db):
    one, many = make_actor("manager"), make_actor("manager")
    fields = {"kind": "organisation", "name": "Padaria São João", "cnpj": CNPJ, "city": "Niterói", "uf": "RJ"}
    sale: dict[str, Any] = {
        "title": "Ímãs",
        "value": Decimal("1234.56"),
        "expected_close_on": date(2027, 1, 2),
        "notes": "x",
    }
    with company_scope(one.company):
        customer = customers.create(fields, emails=["a@b.com"], phones=["+5521987654321"], by=one)
        source, stage = source_of(one.company), stage_of(one.company, "Proposta")
        opportunities.create(**sale, customer=customer, stage=stage, source=source, by=one)

    new = NewCustomer(fields)
    row = NewOpportunity(
        **sale,
        customer=new,
        stage=stage_of(many.company, "Proposta"),
        source=source_of(many.company),
        emails=["a@b.com"],
        phones=["+5521987654321"],
    )
    write([row], many)

    for model in (Customer, Channel, Opportunity, OpportunityVersion, HistoryEntry, LedgerLine):
        with company_scope(one.company):
            wanted = facts(model)
        with company_scope(many.company):
            assert facts(model) == wanted


def test_each_stands_above_the_one_before_with_the_next_number(db):
    ana = make_actor()
    make_opportunity(ana, title="Antes")
    customer = make_customer(ana)
    rows = [NewOpportunity(title, stage_of(ana.company), customer) for title in "abc"]

    made = write(rows, ana)

    assert [one.number for one in made] == [2, 3, 4]
    with company_scope(ana.company):
        column = Opportunity.objects.order_by("position").values_list("title", flat=True)
        assert list(column) == ["c", "b", "a", "Antes"]


def test_rows_that_share_a_customer_share_its_people_and_ways_to_reach_them(db):
    ana = make_actor()
    new = NewCustomer({"name": "Ótica Boa Vista"})
    stage = stage_of(ana.company)
    rows = [
        NewOpportunity("a", stage, new, contact={"name": "Zé"}, emails=["ze@boavista.com"]),
        NewOpportunity(
            "b", stage, new, contact={"name": "ZÉ"}, emails=["ze@boavista.com"], phones=["+551133334444"]
        ),
    ]

    write(rows, ana)

    with company_scope(ana.company):
        contact = Contact.objects.get()
        assert list(Opportunity.objects.values_list("contact", flat=True)) == [contact.pk, contact.pk]
        assert list(Channel.objects.values_list("contact", "value", "position")) == [
            (contact.pk, "ze@boavista.com", 0),
            (contact.pk, "+551133334444", 0),
        ]
        assert "551133334444" in Customer.objects.get().search_text


def test_a_known_customer_keeps_what_it_has_and_gains_what_is_new(db):
    ana = make_actor()
    customer = make_customer(ana, emails=["velho@sol.com"])
    old = make_opportunity(ana, customer=customer)
    row = NewOpportunity(
        "Nova",
        stage_of(ana.company),
        customer,
        contact={"name": "Lia", "job_title": "Sócia", "cpf": ""},
        emails=["velho@sol.com", "lia@sol.com"],
        do_not_contact=True,
    )

    write([row], ana)

    with company_scope(ana.company):
        assert list(Channel.objects.order_by("id").values_list("value", flat=True)) == [
            "velho@sol.com",
            "lia@sol.com",
        ]
        customer.refresh_from_db()
        assert customer.do_not_contact
        entry = HistoryEntry.objects.get(customer=customer, opportunity=None, verb="edited")
        assert entry.changes == {
            "contact": [None, "Lia"],
            "emails": [None, "lia@sol.com"],
            "do_not_contact": [False, True],
        }
        old.refresh_from_db()
        assert "lia@sol.com" in customer.search_text
        assert "lia@sol.com" in old.search_text
        assert "lia@sol.com" in Opportunity.objects.get(title="Nova").search_text


def test_a_seller_writes_to_himself_alone_and_a_manager_to_anyone(db):
    manager = make_actor("manager")
    seller = make_actor("seller", manager.company, name="Rui")
    customer = make_customer(manager)
    row = NewOpportunity("a", stage_of(manager.company), customer, owner=manager.membership)

    with pytest.raises(NotAllowed):
        write([row], seller)
    row.owner = seller.membership
    (made,) = write([row], manager)

    assert made.owner_id == seller.membership.pk


def test_a_viewer_writes_nothing(db):
    viewer = make_actor("viewer")

    with pytest.raises(NotAllowed):
        write([NewOpportunity("a", stage_of(viewer.company), NewCustomer({"name": "X"}))], viewer)

    with company_scope(viewer.company):
        assert Customer.objects.count() == 0


def test_a_stage_out_of_use_refuses_the_whole_batch(db):
    ana = make_actor()
    stage = stage_of(ana.company, "Proposta")
    with company_scope(ana.company):
        stage = registers.set_stage_active(stage, False, by=admin_of(ana.company))
    rows = [NewOpportunity("a", one, NewCustomer({"name": "X"})) for one in (stage_of(ana.company), stage)]

    with pytest.raises(Refused, match="Proposta"):
        write(rows, ana)

    with company_scope(ana.company):
        assert (Customer.objects.count(), Opportunity.objects.count()) == (0, 0)


def test_a_document_that_another_customer_holds_writes_nothing(db):
    ana = make_actor()
    make_customer(ana, cnpj=CNPJ)
    row = NewOpportunity("a", stage_of(ana.company), NewCustomer({"name": "X", "cnpj": CNPJ}))

    with pytest.raises(IntegrityError), transaction.atomic():
        write([row], ana)

    with company_scope(ana.company):
        assert (Customer.objects.count(), Opportunity.objects.count()) == (1, 0)
