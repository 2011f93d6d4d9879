"""The verbs of an opportunity: what they do, what they refuse, and what they leave in history."""

import threading
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection

from oportuna.accounts.models import Company, Role
from oportuna.accounts.scope import company_scope
from oportuna.errors import Conflict, NotAllowed, Refused
from oportuna.sales.actions import opportunities, registers
from oportuna.sales.models import Customer, HistoryEntry, Opportunity, OpportunityVersion
from tests.factories import (
    admin_of,
    fresh,
    make_actor,
    make_company,
    make_customer,
    make_opportunity,
    reason_of,
    stage_of,
)


def verbs(opportunity: Opportunity) -> list[str]:
    return list(
        HistoryEntry.objects.filter(opportunity=opportunity)
        .order_by("at", "id")
        .values_list("verb", flat=True)
    )


def test_creating_numbers_the_companys_opportunities_from_one(db):
    ana, other = make_actor(), make_actor()

    assert [make_opportunity(ana).number, make_opportunity(ana).number] == [1, 2]
    assert make_opportunity(other).number == 1


def test_creating_leaves_one_entry_and_one_current_version(db):
    ana = make_actor()

    opportunity = make_opportunity(ana, value=Decimal("1234.56"))

    with company_scope(ana.company):
        assert verbs(opportunity) == ["created"]
        version = OpportunityVersion.objects.get(opportunity=opportunity)
        assert (version.status, version.value, version.valid_to) == ("open", Decimal("1234.56"), None)
        assert opportunity.owner == ana.membership


def test_a_form_sent_twice_creates_once(db):
    ana, key = make_actor(), uuid4()
    customer = make_customer(ana)

    first = make_opportunity(ana, customer=customer, key=key)
    second = make_opportunity(ana, customer=customer, key=key)

    assert first.pk == second.pk
    with company_scope(ana.company):
        assert Opportunity.objects.count() == 1


def test_moving_records_one_entry_and_closes_the_version(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    proposal = stage_of(ana.company, "Proposta")

    with company_scope(ana.company):
        moved = opportunities.move_to(opportunity, proposal, by=ana)

        assert moved.stage == proposal
        assert verbs(opportunity) == ["created", "moved"]
        first, second = OpportunityVersion.objects.filter(opportunity=opportunity).order_by("valid_from")
        assert (first.valid_to, second.valid_to) == (second.valid_from, None)


def test_moving_within_the_stage_orders_cards_and_records_nothing(db):
    ana = make_actor()
    a, b, c = (make_opportunity(ana, title=title) for title in "abc")
    lead = stage_of(ana.company)

    def column() -> list[str]:
        return list(
            Opportunity.objects.filter(stage=lead).order_by("position").values_list("title", flat=True)
        )

    with company_scope(ana.company):
        assert column() == ["c", "b", "a"]
        opportunities.move_to(a, lead, before=b, by=ana)
        assert column() == ["c", "a", "b"]
        opportunities.move_to(c, lead, after=b, by=ana)
        assert column() == ["a", "b", "c"]
        assert verbs(a) == ["created"]


def test_a_hundred_drops_on_the_same_spot_keep_the_order(db):
    ana = make_actor()
    first, last, *rest = (make_opportunity(ana, title=str(n)) for n in range(5))
    lead = stage_of(ana.company)

    with company_scope(ana.company):
        for turn in range(60):
            card = rest[turn % 3]
            opportunities.move_to(card, lead, before=first, by=ana)
            order = list(
                Opportunity.objects.filter(stage=lead).order_by("position").values_list("pk", flat=True)
            )
            assert order.index(card.pk) == order.index(first.pk) - 1
            assert len(set(Opportunity.objects.values_list("position", flat=True))) == 5
    assert last


def test_a_stage_just_deactivated_refuses_the_card_and_says_so(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    proposal = stage_of(ana.company, "Proposta")

    with company_scope(ana.company):
        proposal = registers.set_stage_active(proposal, False, by=admin_of(ana.company))
        with pytest.raises(Refused, match="Proposta"):
            opportunities.move_to(opportunity, proposal, by=ana)

        assert verbs(opportunity) == ["created"]


def test_a_card_someone_else_moved_first_is_refused(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    seen = opportunity.revision

    with company_scope(ana.company):
        opportunities.move_to(opportunity, stage_of(ana.company, "Proposta"), seen=seen, by=ana)
        with pytest.raises(Conflict):
            opportunities.move_to(opportunity, stage_of(ana.company, "Prospecção"), seen=seen, by=ana)


def test_losing_keeps_the_stage_and_asks_for_the_reason(db):
    ana = make_actor()
    opportunity = make_opportunity(ana, "Proposta")

    with company_scope(ana.company):
        with pytest.raises(Refused) as refused:
            opportunities.lose(opportunity, reason=None, by=ana)
        assert refused.value.field == "reason"
        lost = opportunities.lose(opportunity, reason=reason_of(ana.company), comment="Caro", by=ana)

        assert (lost.status, lost.stage.name, lost.loss_comment) == ("lost", "Proposta", "Caro")
        assert verbs(opportunity) == ["created", "lost"]


def test_a_company_may_leave_the_reason_open(db):
    ana = make_actor(company=make_company(loss_reason_required=False))
    opportunity = make_opportunity(ana)

    with company_scope(ana.company):
        assert opportunities.lose(opportunity, reason=None, by=ana).status == "lost"


def test_losing_twice_is_no_error_and_leaves_one_entry(db):
    ana = make_actor()
    opportunity, reason = make_opportunity(ana), reason_of(ana.company)

    with company_scope(ana.company):
        for _again in range(2):
            opportunities.lose(opportunity, reason=reason, by=ana)

        assert verbs(opportunity) == ["created", "lost"]


def test_reopening_returns_to_the_stage_and_keeps_the_reason_in_history(db):
    ana = make_actor()
    opportunity = make_opportunity(ana, "Negociação")

    with company_scope(ana.company):
        opportunities.lose(opportunity, reason=reason_of(ana.company), by=ana)
        reopened = opportunities.reopen(opportunity, by=ana)

        assert (reopened.status, reopened.stage.name, reopened.loss_reason) == ("open", "Negociação", None)
        entry = HistoryEntry.objects.get(opportunity=opportunity, verb="reopened")
        assert entry.changes["loss_reason"] == ["Preço muito alto", None]


def test_winning_turns_the_prospect_into_a_customer(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)

    with company_scope(ana.company):
        won = opportunities.win(opportunity, by=ana)

        assert won.status == "won"
        assert Customer.objects.get(pk=opportunity.customer_id).status == "customer"
        opportunities.win(opportunity, by=ana)
        assert verbs(opportunity) == ["created", "won"]


def test_a_closed_opportunity_is_not_moved(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)

    with company_scope(ana.company):
        opportunities.win(opportunity, by=ana)
        with pytest.raises(Refused):
            opportunities.move_to(opportunity, stage_of(ana.company, "Proposta"), by=ana)


def test_editing_says_what_changed_and_an_equal_value_says_nothing(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)

    with company_scope(ana.company):
        opportunities.edit(opportunity, {"title": "Notebook", "value": Decimal("1000.00")}, by=ana)
        assert verbs(opportunity) == ["created"]
        opportunities.edit(opportunity, {"value": Decimal("2500.50"), "title": "Servidor"}, by=ana)
        entry = HistoryEntry.objects.get(opportunity=opportunity, verb="edited")

    assert entry.changes == {"value": ["1000.00", "2500.50"], "title": ["Notebook", "Servidor"]}


def test_working_on_an_unassigned_one_takes_it(db):
    admin = admin_of(make_company())
    bob = make_actor("operator", admin.company, name="Bob")
    opportunity = make_opportunity(admin)

    with company_scope(admin.company):
        opportunities.assign(opportunity, None, by=admin)
        moved = opportunities.move_to(opportunity, stage_of(admin.company, "Proposta"), by=bob)

        assert moved.owner == bob.membership
        assert verbs(opportunity) == ["created", "assigned", "moved"]


@pytest.mark.parametrize("role", ["seller", "operator", "viewer"])
def test_a_colleagues_opportunity_is_read_only(db, role):
    ana = make_actor()
    bob = make_actor(role, ana.company, name="Bob")
    opportunity = make_opportunity(ana)

    with company_scope(ana.company):
        for verb in (
            lambda: opportunities.move_to(opportunity, stage_of(ana.company, "Proposta"), by=bob),
            lambda: opportunities.edit(opportunity, {"title": "Outra"}, by=bob),
            lambda: opportunities.lose(opportunity, reason=reason_of(ana.company), by=bob),
            lambda: opportunities.win(opportunity, by=bob),
            lambda: opportunities.delete(opportunity, by=bob),
            lambda: opportunities.assign(opportunity, bob.membership, by=bob),
        ):
            with pytest.raises(NotAllowed):
                verb()
        assert verbs(opportunity) == ["created"]


def test_an_operator_does_not_win_and_a_viewer_does_not_create(db):
    company = make_company()
    operator, viewer = make_actor("operator", company), make_actor("viewer", company)
    opportunity = make_opportunity(operator)

    with company_scope(company), pytest.raises(NotAllowed):
        opportunities.win(opportunity, by=operator)
    with pytest.raises(NotAllowed):
        make_opportunity(viewer, customer=opportunity.customer)


def test_the_trash_gives_back_what_was_deleted(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)

    with company_scope(ana.company):
        opportunities.delete(opportunity, by=ana)
        with pytest.raises(Refused):
            opportunities.edit(opportunity, {"title": "x"}, by=ana)
        restored = opportunities.restore(opportunity, by=ana)

        assert restored.deleted_at is None
        assert verbs(opportunity) == ["created", "deleted", "restored"]


def test_only_a_manager_gives_an_opportunity_to_someone_else(db):
    ana = make_actor()
    bob = make_actor("seller", ana.company, name="Bob")
    manager = make_actor(Role.MANAGER, ana.company, name="Gil")
    opportunity = make_opportunity(ana)

    with company_scope(ana.company):
        with pytest.raises(NotAllowed):
            opportunities.assign(opportunity, bob.membership, by=ana)
        assert opportunities.assign(opportunity, bob.membership, by=manager).owner == bob.membership


def test_visibility_own_is_kept_by_the_actor(db):
    company = make_company(visibility=Company.Visibility.OWN)
    assert fresh(make_actor(company=company)).company.visibility == "own"


def test_two_requests_of_the_same_form_at_once_create_once(committed):
    ana, key = make_actor(), uuid4()
    customer, lead = make_customer(ana), stage_of(ana.company)
    start = threading.Barrier(2)
    made: list[int] = []

    def submit() -> None:
        start.wait(10)
        try:
            with company_scope(ana.company):
                made.append(
                    opportunities.create(title="Notebook", customer=customer, stage=lead, key=key, by=ana).pk
                )
        finally:
            connection.close()

    threads = [threading.Thread(target=submit) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert len(made) == 2
    assert made[0] == made[1]
