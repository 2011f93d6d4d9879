"""Registering in bulk what began on a day before, has ended already, or has a call planned."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from oportuna.accounts.actor import Actor
from oportuna.accounts.scope import company_scope
from oportuna.errors import NotAllowed, Refused
from oportuna.ops.check import check
from oportuna.sales.actions import activities, numbers, opportunities
from oportuna.sales.actions.many import Batch
from oportuna.sales.actions.newcomers import Closing, NewCustomer, NewOpportunity
from oportuna.sales.models import (
    Activity,
    Customer,
    HistoryEntry,
    LedgerLine,
    Opportunity,
    OpportunityVersion,
)
from tests.factories import make_actor, make_customer, make_opportunity, reason_of, stage_of
from tests.sales.test_many import facts, write

TODAY = date(2026, 11, 28)


def lost(**said: Any) -> Closing:
    return Closing("lost", **said)


def new(by: Actor, title: str = "Ímãs", **fields: Any) -> NewOpportunity:
    return NewOpportunity(title, stage_of(by.company), NewCustomer({"name": f"Cliente de {title}"}), **fields)


def one_by_one(by: Actor) -> Opportunity:
    customer = make_customer(by, "Padaria")
    with company_scope(by.company):
        return opportunities.create(
            title="Ímãs", customer=customer, stage=stage_of(by.company), value=Decimal(100), by=by
        )


def same_in_bulk(by: Actor, **fields: Any) -> None:
    customer = make_customer(by, "Padaria")
    write([NewOpportunity("Ímãs", stage_of(by.company), customer, value=Decimal(100), **fields)], by)


def assert_same(one: Actor, many: Actor, *models: Any, but: tuple[str, ...] = ()) -> None:
    for model in models:
        with company_scope(one.company):
            wanted = facts(model, *but)
        with company_scope(many.company):
            assert facts(model, *but) == wanted


ALL = (Customer, Opportunity, OpportunityVersion, HistoryEntry, LedgerLine)
# Raised by each verb of its own, and instants.
INSTANTS = ("revision", "valid_to", "closed_at", "activity_id", "loss_reason_id", "from_stage_id")


def test_what_comes_in_won_leaves_what_registering_and_winning_leave(db):
    one, many = make_actor("manager"), make_actor("manager")
    with company_scope(one.company):
        opportunities.win(one_by_one(one), by=one)

    same_in_bulk(many, closing=Closing("won"))

    assert_same(one, many, *ALL, but=INSTANTS)


def test_what_comes_in_lost_leaves_what_registering_and_losing_leave(db):
    one, many = make_actor("manager"), make_actor("manager")
    with company_scope(one.company):
        opportunities.lose(
            one_by_one(one), reason=reason_of(one.company), competitor="Rival", comment="Caro.", by=one
        )

    same_in_bulk(many, closing=lost(reason=reason_of(many.company), competitor="Rival", comment="Caro."))

    assert_same(one, many, *ALL, but=INSTANTS)


def test_a_planned_call_leaves_what_planning_it_leaves(db):
    one, many = make_actor("manager"), make_actor("manager")
    due_on = TODAY + timedelta(days=3)
    with company_scope(one.company):
        activities.plan(one_by_one(one), Activity.Kind.CALL, due_on=due_on, by=one)

    same_in_bulk(many, next_contact_on=due_on)

    assert_same(one, many, Activity, *ALL, but=INSTANTS)


def test_past_days_and_figures_agree_with_what_came_in(db):
    ana = make_actor("manager")
    rows = [
        new(ana, "aberta", created_on=date(2026, 3, 2), value=Decimal(10)),
        new(ana, "ganha", created_on=date(2026, 3, 2), closing=Closing("won", date(2026, 5, 4))),
        new(ana, "perdida", closing=lost(on=date(2025, 1, 31), reason=reason_of(ana.company))),
        new(ana, "hoje", closing=Closing("won")),
        new(ana, "mesmo dia", created_on=date(2026, 3, 2), closing=Closing("won", date(2026, 3, 2))),
    ]

    write(rows, ana)

    with company_scope(ana.company):
        found = {one.title: one for one in Opportunity.objects.all()}
        zone = ana.company.zone
        days = {
            title: (one.created_at.astimezone(zone).date(), one.closed_on) for title, one in found.items()
        }
        today = timezone.localdate(timezone=zone)
        assert days == {
            "aberta": (date(2026, 3, 2), None),
            "ganha": (date(2026, 3, 2), date(2026, 5, 4)),
            "perdida": (date(2025, 1, 31), date(2025, 1, 31)),
            "hoje": (today, today),
            "mesmo dia": (date(2026, 3, 2), date(2026, 3, 2)),
        }
        assert found["ganha"].seconds_open == 63 * 86_400
        assert Customer.objects.filter(status="customer").count() == 3
        april = datetime(2026, 4, 30, tzinfo=zone)
        open_in_april = OpportunityVersion.objects.filter(status="open", valid_from__lt=april).exclude(
            valid_to__lt=april
        )
        assert set(open_in_april.values_list("opportunity__title", flat=True)) == {"aberta", "ganha"}
    assert [finding.first for finding in check(ana.company) if finding.different] == []


def test_a_row_keeps_its_own_number_and_the_next_one_comes_behind_all(db):
    ana = make_actor("manager")
    make_opportunity(ana, title="Antes")
    with company_scope(ana.company):
        kept_from, first = numbers.take_beyond(40, 2)
        batch = Batch([new(ana, "a", number=40), new(ana, "b"), new(ana, "c")], first_number=first, by=ana)
        batch.write()
        following = opportunities.create(
            title="depois", customer=Customer.objects.all()[0], stage=stage_of(ana.company), by=ana
        )

        assert kept_from == 2
        found = dict(Opportunity.objects.values_list("title", "number"))
    assert found == {"Antes": 1, "a": 40, "b": 41, "c": 42, "depois": following.number}
    assert following.number == 43
    assert [finding.first for finding in check(ana.company) if finding.different] == []


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"created_on": date(2999, 1, 1)}, "ainda não chegou"),
        ({"closing": Closing("won", date(2999, 1, 1))}, "ainda não chegou"),
        ({"created_on": date(2026, 3, 2), "closing": Closing("won", date(2026, 3, 1))}, "antes de criada"),
        ({"closing": Closing("won"), "next_contact_on": TODAY}, "próximo contato"),
    ],
)
def test_days_that_cannot_be_are_refused(db, fields, why):
    ana = make_actor("manager")

    with pytest.raises(Refused, match=why):
        write([new(ana, **fields)], ana)

    with company_scope(ana.company):
        assert not Customer.objects.exists()


def test_a_company_that_wants_the_reason_gets_it_in_bulk_too(db):
    ana = make_actor("manager")
    with pytest.raises(Refused):
        write([new(ana, closing=lost())], ana)


def test_a_reason_out_of_use_is_refused_in_bulk(db):
    ana = make_actor("manager")
    reason = reason_of(ana.company)
    with company_scope(ana.company):
        batch = Batch([new(ana, closing=lost(reason=reason))], first_number=1, by=ana)
        type(reason).objects.filter(pk=reason.pk).update(is_active=False)
        with pytest.raises(Refused):
            batch.write()


def test_an_operator_brings_nothing_that_is_won(db):
    ana = make_actor("operator")
    with pytest.raises(NotAllowed):
        write([new(ana, closing=Closing("won"))], ana)
