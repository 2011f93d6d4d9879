"""`oportuna check` finds every kind of damage that somebody could do to the rows, and nothing where there is none."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import F

from oportuna.accounts.scope import company_scope
from oportuna.cli import main
from oportuna.ops.check import check
from oportuna.sales import folding
from oportuna.sales.actions import activities, items, opportunities
from oportuna.sales.models import (
    Activity,
    Customer,
    LedgerDay,
    LedgerLine,
    LedgerTotal,
    NumberSeries,
    Opportunity,
    OpportunityItem,
    OpportunityVersion,
)
from tests.factories import make_actor, make_opportunity, reason_of, stage_of

VERSIONS, TOTALS, DAYS, POSITIONS, NEXTS, CLOSINGS, CUSTOMERS, NUMBERS, ITEMS = range(9)


@pytest.fixture
def ana(db):
    """Somebody with opportunities that went through every verb; the ledger half folded."""
    ana = make_actor("manager")
    moved, won, lost, deleted = (make_opportunity(ana, value=Decimal(100 + place)) for place in range(4))
    with company_scope(ana.company):
        opportunities.move_to(moved, stage_of(ana.company, "Proposta"), by=ana)
        opportunities.win(won, by=ana)
        folding.fold()
        opportunities.lose(lost, reason=reason_of(ana.company), by=ana)
        opportunities.reopen(lost, by=ana)
        opportunities.edit(moved, {"value": Decimal(7)}, by=ana)
        opportunities.delete(deleted, by=ana)
        fields = {"description": "Módulo", "quantity": Decimal(2), "unit_price": Decimal(9)}
        items.add_item(moved, fields, by=ana)
        activities.plan(moved, Activity.Kind.CALL, due_on=ana.today(), by=ana)
    return ana


def damaged(actor) -> list[int]:
    """The kinds of check that find something."""
    return [kind for kind, finding in enumerate(check(actor.company)) if finding.different]


def test_rows_that_the_verbs_wrote_agree(ana):
    assert damaged(ana) == []


def test_a_company_without_opportunities_agrees(db):
    assert damaged(make_actor()) == []


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (lambda: OpportunityVersion.objects.filter(valid_to__isnull=True).update(valid_to=F("valid_from") + timedelta(days=1)), [VERSIONS]),
        (lambda: OpportunityVersion.objects.filter(valid_to__isnull=False).update(valid_to=F("valid_to") - timedelta(microseconds=1)), [VERSIONS]),
        (lambda: Opportunity.objects.filter(status="open", deleted_at__isnull=True).update(value=Decimal(1)), [VERSIONS, ITEMS]),
        (lambda: LedgerTotal.objects.update(cents=F("cents") + 1), [TOTALS]),
        (lambda: LedgerDay.objects.filter(kind="won").delete(), [DAYS]),
        (lambda: LedgerLine.objects.filter(kind="lost").delete(), [TOTALS, DAYS]),
        (lambda: Opportunity.objects.update(position=(1 << 62) + 1), [POSITIONS]),
        (lambda: Opportunity.objects.update(next_kind="visit"), [NEXTS]),
        (lambda: Activity.objects.update(done_at=F("created_at")), [NEXTS]),
        (lambda: Opportunity.objects.filter(status="won").update(seconds_open=F("seconds_open") + 1), [CLOSINGS]),
        (lambda: Customer.objects.update(status="prospect"), [CUSTOMERS]),
        (lambda: NumberSeries.objects.update(next_number=4), [NUMBERS]),
        (lambda: OpportunityItem.objects.update(discount=1), [ITEMS]),
    ],
)  # fmt: skip
def test_damage_is_found_where_it_was_done(ana, damage, found):
    with company_scope(ana.company):
        damage()

    assert damaged(ana) == found


def test_an_opportunity_without_versions_is_found(ana):
    with company_scope(ana.company):
        OpportunityVersion.objects.filter(status="won").delete()

    assert VERSIONS in damaged(ana)


def test_what_is_in_the_trash_counts_nowhere(ana):
    with company_scope(ana.company):
        Opportunity.objects.update(deleted_at=None)

    assert damaged(ana) == [TOTALS, DAYS]


def test_another_companys_damage_is_not_this_ones(ana):
    bob = make_actor()
    make_opportunity(bob)
    with company_scope(bob.company):
        LedgerLine.objects.all().delete()

    assert (damaged(ana), damaged(bob)) == ([], [TOTALS, DAYS])


def test_the_command_ends_with_one_when_something_differs(committed, capsys):
    ana = make_actor()
    opportunity = make_opportunity(ana)

    assert main(["check", "--company", ana.company.slug]) == 0
    with company_scope(ana.company):
        Opportunity.objects.update(value=Decimal(3))
    assert main(["check"]) == 1
    assert f"#{opportunity.number}: " in capsys.readouterr().out


def test_a_company_that_is_not_there_is_said_in_one_line(committed, capsys):
    assert main(["check", "--company", "nowhere"]) == 1
    assert capsys.readouterr().err.count("\n") == 1
