"""How long an opportunity has been in its stage: one number, which no slip and no closed time changes."""

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from oportuna.accounts.scope import company_scope
from oportuna.sales.actions import opportunities
from oportuna.sales.models import Opportunity, OpportunityVersion
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


def days_in_stage(opportunity: Opportunity) -> set[int]:
    """What its card and its page say, which must be one number."""
    opportunity = Opportunity.objects.select_related("stage").get(pk=opportunity.pk)
    (step,) = [step for step in steps(opportunity) if step.current]
    assert step.spent is not None
    return {step.spent.days, (timezone.now() - opportunity.stage_since).days}


def test_a_move_taken_back_at_once_costs_no_days_in_the_stage(db):
    ana = make_actor()
    with company_scope(ana.company):
        opportunity = aged(make_opportunity(ana), 5)
        lead, proposal = opportunity.stage, stage_of(ana.company, "Proposta")

        opportunities.move_to(opportunity, proposal, by=ana)
        assert days_in_stage(opportunity) == {0}
        opportunities.move_to(opportunity, lead, by=ana)
        assert days_in_stage(opportunity) == {5}


def test_a_slip_made_twice_costs_no_days_either(db):
    ana = make_actor()
    with company_scope(ana.company):
        opportunity = aged(make_opportunity(ana), 5)
        lead, proposal = opportunity.stage, stage_of(ana.company, "Proposta")
        for stage in (proposal, lead, proposal, lead):
            opportunities.move_to(opportunity, stage, by=ana)

        assert days_in_stage(opportunity) == {5}


def test_a_slip_taken_back_does_not_count_the_time_in_which_it_was_closed(db):
    ana = make_actor()
    with company_scope(ana.company):
        opportunity = aged(make_opportunity(ana), 3)
        lead, proposal = opportunity.stage, stage_of(ana.company, "Proposta")
        opportunities.lose(opportunity, reason=reason_of(ana.company), by=ana)
        opportunities.reopen(aged(opportunity, 40), by=ana)
        for stage in (proposal, lead):
            opportunities.move_to(opportunity, stage, by=ana)

        assert days_in_stage(opportunity) == {3}


def test_coming_back_after_days_the_stay_begins_anew(db):
    ana = make_actor()
    with company_scope(ana.company):
        opportunity = make_opportunity(ana)
        lead = opportunity.stage
        opportunities.move_to(aged(opportunity, 5), stage_of(ana.company, "Proposta"), by=ana)
        opportunities.move_to(aged(opportunity, 1), lead, by=ana)

        assert days_in_stage(opportunity) == {0}


def test_while_it_was_closed_no_days_in_its_stage_go_by(db):
    ana = make_actor()
    with company_scope(ana.company):
        opportunity = aged(make_opportunity(ana), 3)
        opportunities.lose(opportunity, reason=reason_of(ana.company), by=ana)
        opportunities.reopen(aged(opportunity, 40), by=ana)

        assert days_in_stage(opportunity) == {3}
