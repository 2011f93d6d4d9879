"""How long an opportunity has been in its stage: one number, which no slip and no closed time changes."""

from datetime import timedelta

from django.db.models import F

from oportuna.accounts.actor import Actor
from oportuna.accounts.scope import company_scope
from oportuna.sales.actions import activities, opportunities
from oportuna.sales.models import Activity, Opportunity, OpportunityVersion
from oportuna.sales.queries.board import Selection, board
from oportuna.sales.queries.figures import Narrowing
from oportuna.sales.queries.lists import Wanted, midnight, page
from oportuna.sales.queries.opportunities import steps
from tests.factories import make_actor, make_opportunity, reason_of, stage_of


def aged(opportunity: Opportunity, days: int) -> Opportunity:
    """The opportunity as if all that it went through had been so many days earlier."""
    earlier = timedelta(days=days)
    names = ("created_at", "stage_since", "moved_at", "closed_at")
    Opportunity.objects.filter(pk=opportunity.pk).update(**{name: F(name) - earlier for name in names})
    OpportunityVersion.objects.filter(opportunity=opportunity).update(
        valid_from=F("valid_from") - earlier, valid_to=F("valid_to") - earlier
    )
    return Opportunity.objects.select_related("stage").get(pk=opportunity.pk)


def days_in_stage(ana: Actor, opportunity: Opportunity) -> set[int | None]:
    """What its card, its line in the list and its page say, which must be one number."""
    opportunity = Opportunity.objects.select_related("stage").get(pk=opportunity.pk)
    columns = board(ana, Selection(Narrowing(opportunity.stage.pipeline_id))).columns
    cards = [card for column in columns for card in column.page.cards if card.number == opportunity.number]
    rows = [row for row in page(ana, Wanted()).rows if row.number == opportunity.number]
    (step,) = (step for step in steps(ana, opportunity) if step.current)
    return {step.days, *(card.days for card in cards), *(row.days for row in rows)}


def test_a_move_taken_back_at_once_costs_no_days_in_the_stage(db):
    ana = make_actor()
    with company_scope(ana.company):
        opportunity = aged(make_opportunity(ana), 5)
        lead, proposal = opportunity.stage, stage_of(ana.company, "Proposta")

        opportunities.move_to(opportunity, proposal, by=ana)
        assert days_in_stage(ana, opportunity) == {0}
        opportunities.move_to(opportunity, lead, by=ana)
        assert days_in_stage(ana, opportunity) == {5}


def test_a_slip_made_twice_costs_no_days_either(db):
    ana = make_actor()
    with company_scope(ana.company):
        opportunity = aged(make_opportunity(ana), 5)
        lead, proposal = opportunity.stage, stage_of(ana.company, "Proposta")
        for stage in (proposal, lead, proposal, lead):
            opportunities.move_to(opportunity, stage, by=ana)

        assert days_in_stage(ana, opportunity) == {5}


def test_a_slip_taken_back_does_not_count_the_time_in_which_it_was_closed(db):
    ana = make_actor()
    with company_scope(ana.company):
        opportunity = aged(make_opportunity(ana), 3)
        lead, proposal = opportunity.stage, stage_of(ana.company, "Proposta")
        opportunities.lose(opportunity, reason=reason_of(ana.company), by=ana)
        opportunities.reopen(aged(opportunity, 40), by=ana)
        for stage in (proposal, lead):
            opportunities.move_to(opportunity, stage, by=ana)

        assert days_in_stage(ana, opportunity) == {3}


def test_coming_back_after_days_the_stay_begins_anew(db):
    ana = make_actor()
    with company_scope(ana.company):
        opportunity = make_opportunity(ana)
        lead = opportunity.stage
        opportunities.move_to(aged(opportunity, 5), stage_of(ana.company, "Proposta"), by=ana)
        opportunities.move_to(aged(opportunity, 1), lead, by=ana)

        assert days_in_stage(ana, opportunity) == {0}


def test_while_it_was_closed_no_days_in_its_stage_go_by(db):
    ana = make_actor()
    with company_scope(ana.company):
        opportunity = aged(make_opportunity(ana), 3)
        opportunities.lose(opportunity, reason=reason_of(ana.company), by=ana)
        opportunities.reopen(aged(opportunity, 40), by=ana)

        assert days_in_stage(ana, opportunity) == {3}


def test_what_entered_late_last_night_has_been_there_for_a_day_everywhere(db):
    ana = make_actor()
    with company_scope(ana.company):
        opportunity = make_opportunity(ana)
        last_night = midnight(ana.today(), ana.membership.zone) - timedelta(minutes=1)
        Opportunity.objects.filter(pk=opportunity.pk).update(stage_since=last_night)

        assert days_in_stage(ana, opportunity) == {1}


def test_a_tick_taken_back_leaves_a_card_that_was_moved_as_fresh_as_it_was(db):
    ana = make_actor()
    with company_scope(ana.company):
        opportunity = aged(make_opportunity(ana), 60)
        lead = opportunity.stage
        for stage in (stage_of(ana.company, "Proposta"), lead):
            opportunities.move_to(opportunity, stage, by=ana)
        call = activities.plan(opportunity, Activity.Kind.CALL, due_on=ana.today(), by=ana)
        moved_at = Opportunity.objects.get(pk=opportunity.pk).moved_at

        activities.put_back(activities.complete(call, by=ana), by=ana)

        assert abs(Opportunity.objects.get(pk=opportunity.pk).moved_at - moved_at) < timedelta(seconds=1)
