"""Totals stay equal to the opportunities themselves after every kind of change, folded or not."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from oportuna.accounts.models import Company
from oportuna.accounts.scope import company_scope
from oportuna.errors import NotAllowed, Refused
from oportuna.sales import bulk_history, folding, history
from oportuna.sales.actions import opportunities, registers
from oportuna.sales.ledger import Lines, State, lines_of
from oportuna.sales.models import (
    LedgerDay,
    LedgerLine,
    LedgerTotal,
    Opportunity,
    OpportunityVersion,
    Stage,
    Verb,
)
from oportuna.sales.queries import figures
from oportuna.sales.queries.closed import Closed, closed_between
from oportuna.sales.queries.figures import Narrowing, Totals
from tests.factories import (
    admin_of,
    fresh,
    make_actor,
    make_company,
    make_opportunity,
    reason_of,
    source_of,
    stage_of,
)


def test_the_boards_totals_are_those_of_the_open_opportunities(db):
    ana = make_actor()
    make_opportunity(ana, value=Decimal("100.10"))
    make_opportunity(ana, value=Decimal("0.05"), probability=500)
    won = make_opportunity(ana, "Proposta", value=Decimal("9.99"))

    with company_scope(ana.company):
        opportunities.win(won, by=ana)
        lead = stage_of(ana.company)

        assert figures.stage_totals(ana) == {lead.pk: Totals(2, 10015, 10010 * 50 + 5 * 500)}
        folding.fold()
        assert figures.stage_totals(ana) == {lead.pk: Totals(2, 10015, 10010 * 50 + 5 * 500)}
        assert LedgerLine.objects.count() == 0


def test_amounts_beyond_32_bits_are_folded_whole(db):
    ana = make_actor()
    with company_scope(ana.company):
        for _ in range(2):
            make_opportunity(ana, value=Decimal("45000000.00"), probability=999)
            folding.fold()

        assert figures.total(figures.stage_totals(ana).values()) == Totals(
            2, 9_000_000_000, 9_000_000_000 * 999
        )


def test_a_new_probability_of_a_stage_weighs_at_once(db):
    ana = make_actor()
    make_opportunity(ana, value=Decimal("1000.00"))
    lead = stage_of(ana.company)

    with company_scope(ana.company):
        registers.edit_stage(lead, {"probability": 250}, by=admin_of(ana.company))

        assert figures.stage_totals(ana)[lead.pk].weighted_value == Decimal("250.00")


def test_totals_show_only_what_the_actor_may_see(db):
    company = make_company(visibility=Company.Visibility.OWN)
    ana, bob, chief = (
        make_actor(role, company, name=name)
        for role, name in (("seller", "Ana"), ("seller", "Bob"), ("manager", "Gil"))
    )
    make_opportunity(ana, value=Decimal(10))
    make_opportunity(bob, value=Decimal(20))
    loose = make_opportunity(chief, value=Decimal(40))

    with company_scope(company):
        opportunities.assign(loose, None, by=chief)

        def seen(actor):
            return figures.total(figures.stage_totals(actor).values()).value

        assert (seen(fresh(ana)), seen(fresh(bob)), seen(fresh(chief))) == (50, 60, 70)


def test_narrowing_by_owner_and_source_agrees_with_the_rows(db):
    company = make_company()
    ana, bob = make_actor(company=company), make_actor(company=company, name="Bob")
    site = source_of(company)
    make_opportunity(ana, source=site, value=Decimal(1))
    make_opportunity(bob, source=site, value=Decimal(2))
    make_opportunity(bob, value=Decimal(4))

    with company_scope(company):

        def value(**narrowing):
            return figures.total(figures.stage_totals(ana, Narrowing(**narrowing)).values()).value

        assert value(owner_id=bob.membership.pk) == 6
        assert value(source_id=site.pk) == 3
        assert value(source_id=figures.NOBODY) == 4
        assert value(owner_id=bob.membership.pk, source_id=site.pk) == 2


def test_what_is_deleted_leaves_every_day_and_comes_back_whole(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    with company_scope(ana.company):
        opportunities.move_to(opportunity, stage_of(ana.company, "Proposta"), by=ana)
        folding.fold()
        days = day_rows()

        opportunities.delete(opportunity, by=ana)
        folding.fold()
        assert {key: amounts for key, amounts in day_rows().items() if any(amounts)} == {}
        opportunities.restore(opportunity, by=ana)
        folding.fold()
        assert day_rows() == days


def test_closed_figures_count_what_was_closed_in_the_period(db):
    ana = make_actor()
    won, lost = make_opportunity(ana, value=Decimal(7)), make_opportunity(ana, value=Decimal(3))
    with company_scope(ana.company):
        opportunities.win(won, by=ana)
        opportunities.lose(lost, reason=reason_of(ana.company), by=ana)
        day = Opportunity.objects.get(pk=won.pk).closed_on
        assert day is not None

        closed = closed_between(ana, day, day)
        assert (closed.won, closed.lost) == (Totals(1, 700), Totals(1, 300))
        assert [(loss.name, loss.totals) for loss in closed.losses] == [("Preço muito alto", Totals(1, 300))]
        assert closed.lost_by_stage == {lost.stage_id: Totals(1, 300)}
        assert closed_between(ana, date(2020, 1, 1), date(2020, 12, 31)) == Closed()


def test_the_bulk_twin_writes_the_same_rows_as_record(db):
    ana = make_actor()
    one, two = make_opportunity(ana, value=Decimal(5)), make_opportunity(ana, value=Decimal(5))
    proposal = stage_of(ana.company, "Proposta")
    with company_scope(ana.company):
        opportunities.move_to(one, proposal, by=ana)

        two = Opportunity.objects.select_related("stage").get(pk=two.pk)
        current = OpportunityVersion.objects.get(opportunity=two, valid_to__isnull=True)
        left, two.stage = two.stage, proposal
        two.save(update_fields=["stage"])
        records = bulk_history.Records(by=ana)
        records.add(Verb.MOVED, [bulk_history.Change(two, current, from_stage=left, to_stage=proposal)])
        records.convert()
        records.write()

        def versions(opportunity):
            return [
                (State.of(v), v.valid_to is None)
                for v in OpportunityVersion.objects.filter(opportunity=opportunity).order_by("valid_from")
            ]

        def entries(opportunity):
            fields = ("verb", "by", "via", "from_stage", "to_stage", "changes", "customer_id")
            rows = opportunity.history.order_by("at", "id").values(*fields)
            return [{**row, "customer_id": None} for row in rows]

        assert versions(one) == versions(two)
        assert entries(one) == entries(two)
        assert_ledger_agrees(ana)


def test_nothing_is_registered_in_bulk_without_its_entry_and_version(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    opportunity.pk += 1  # of which no row is there
    with company_scope(ana.company):
        registered = bulk_history.Records(by=ana)
        registered.add_created([opportunity])
        registered.convert()
        newcomers = bulk_history.Records(by=ana)
        newcomers.add_created_customers([opportunity.customer_id + 1])
        newcomers.convert()

        for records in (registered, newcomers):
            with pytest.raises(RuntimeError, match="0 of 1"):
                records.write()


def day_rows() -> dict[tuple[object, ...], tuple[int, ...]]:
    return {
        (row.day, row.kind, row.stage_id, row.owner_id, row.source_id): (
            row.count,
            row.cents,
            row.stage_cents,
            row.own_weighted,
        )
        for row in LedgerDay.objects.all()
    }


def assert_ledger_agrees(by) -> None:
    """Board, rows, versions and day rows tell the same."""
    zone = by.company.zone
    alive = Opportunity.objects.filter(deleted_at__isnull=True)
    lines = Lines()
    for opportunity in alive:
        chain = list(OpportunityVersion.objects.filter(opportunity=opportunity).order_by("valid_from"))
        assert State.of(chain[-1]) == State.of(opportunity)
        assert [v.valid_to for v in chain] == [*(v.valid_from for v in chain[1:]), None]
        lines.add(lines_of([(history.day_of(v.valid_from, zone), State.of(v)) for v in chain]))
    open_ones = alive.filter(status="open")
    totals = figures.stage_totals(by)
    assert figures.total(totals.values()) == figures.row_totals(open_ones)
    for stage in Stage.objects.all():
        assert totals.get(stage.pk, Totals()) == figures.row_totals(open_ones.filter(stage=stage))
    while folding.fold():
        pass
    expected = {
        (day, str(kind), place.stage_id, place.owner_id, place.source_id): tuple(amounts)
        for (day, kind, place), amounts in lines.rows()
    }
    assert {key: amounts for key, amounts in day_rows().items() if any(amounts)} == expected
    assert figures.total(figures.stage_totals(by).values()) == figures.row_totals(open_ones)
    assert (
        LedgerTotal.objects.values("stage", "owner", "source").distinct().count()
        == LedgerTotal.objects.count()
    )


class Selling(RuleBasedStateMachine):
    """Several people create, move, edit, win, lose, reopen, delete and restore; the figures stay right."""

    @initialize()
    def begin(self):
        self.block = transaction.atomic()
        self.block.__enter__()
        company = make_company()
        self.people = [
            admin_of(company),
            make_actor("seller", company),
            make_actor("operator", company, name="Bob"),
        ]
        self.stages = [stage_of(company, name) for name in ("Lead", "Proposta", "Negociação")]
        self.reason, self.sources = reason_of(company), [None, source_of(company)]
        self.scope = company_scope(company)
        self.scope.__enter__()
        self.made: list[Opportunity] = []

    def teardown(self):
        self.scope.__exit__(None, None, None)
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    def attempt(self, verb, *args, **kwargs):
        try:
            with transaction.atomic():
                return verb(*args, **kwargs)
        except (Refused, NotAllowed):
            return None

    who = st.integers(0, 2)
    which = st.integers(0, 20)
    money = st.one_of(st.none(), st.decimals(0, 1_000_000, places=2))
    chance = st.one_of(st.none(), st.integers(0, 1000))

    @rule(who=who, stage=which, value=money, probability=chance, source=which)
    def create(self, who, stage, value, probability, source):
        self.made.append(
            make_opportunity(
                self.people[who],
                self.stages[stage % 3],
                value=value,
                probability=probability,
                source=self.sources[source % 2],
            )
        )

    @rule(who=who, which=which, stage=which)
    def move(self, who, which, stage):
        if self.made:
            before = self.made[stage % len(self.made)]
            self.attempt(
                opportunities.move_to,
                self.pick(which),
                self.stages[stage % 3],
                before=before,
                by=self.people[who],
            )

    @rule(who=who, which=which, value=money, probability=chance, source=which)
    def edit(self, who, which, value, probability, source):
        if self.made:
            fields = {"value": value, "probability": probability, "source": self.sources[source % 2]}
            self.attempt(opportunities.edit, self.pick(which), fields, by=self.people[who])

    @rule(
        who=who,
        which=which,
        verb=st.sampled_from(["win", "lose", "reopen", "delete", "restore", "assign", "leave"]),
    )
    def act(self, who, which, verb):
        if not self.made:
            return
        by, opportunity = self.people[who], self.pick(which)
        if verb == "lose":
            self.attempt(opportunities.lose, opportunity, reason=self.reason, by=by)
        elif verb == "assign":
            self.attempt(opportunities.assign, opportunity, self.people[which % 3].membership, by=by)
        elif verb == "leave":
            self.attempt(opportunities.assign, opportunity, None, by=by)
        else:
            self.attempt(getattr(opportunities, verb), opportunity, by=by)

    @rule()
    def fold(self):
        folding.fold()

    def pick(self, which) -> Opportunity:
        return Opportunity.objects.get(pk=self.made[which % len(self.made)].pk)

    @invariant()
    def agrees(self):
        if hasattr(self, "made"):
            with transaction.atomic():
                assert_ledger_agrees(self.people[0])
                transaction.set_rollback(True)


@pytest.mark.usefixtures("db")
def test_any_sequence_of_work_keeps_ledger_versions_and_opportunities_in_agreement(pytestconfig):
    from hypothesis import settings

    examples = max(5, pytestconfig.getoption("--examples") // 3)
    run_state_machine_as_test(
        Selling, settings=settings(max_examples=examples, stateful_step_count=15, deadline=None)
    )
