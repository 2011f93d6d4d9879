"""One definition per figure: board, list, funnel and the rows themselves say the same after every kind of change."""

from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.test import Client
from django.urls import reverse

from oportuna.accounts import codes
from oportuna.accounts.actor import Actor
from oportuna.accounts.models import Membership
from oportuna.accounts.scope import company_scope
from oportuna.analytics.periods import Preset, named
from oportuna.analytics.queries.funnel import funnel
from oportuna.brazil.money import format_money
from oportuna.sales import folding
from oportuna.sales.actions import opportunities, registers
from oportuna.sales.forms.lists import ListForm
from oportuna.sales.models import Opportunity, Stage
from oportuna.sales.queries import figures, lists
from oportuna.sales.queries.board import Column, Selection, board
from oportuna.sales.queries.figures import Narrowing, Totals
from oportuna.sales.queries.visible import visible_opportunities
from oportuna.ui.formats import thousands
from tests.analytics.reading import Page
from tests.factories import (
    admin_of,
    make_actor,
    make_company,
    make_opportunity,
    reason_of,
    source_of,
    stage_of,
)


def listed(actor: Actor, query: str) -> Totals:
    """What the list counts and sums at an address; the address is understood."""
    form = ListForm(dict(parse_qsl(query)), actor=actor, owners=lists.owners(actor))
    assert form.errors == {}
    found = lists.totals(actor, form.wanted, whole=True)
    assert found is not None
    return found


def closed_rows(actor: Actor, **filters: Any) -> Totals:
    """Count and value of closed rows, which have no weight any more."""
    found = figures.row_totals(visible_opportunities(actor).exclude(status="open").filter(**filters))
    return Totals(found.count, found.cents)


def assert_all_agree(actor: Actor, client: Client) -> None:
    """Compare board, list, funnel and its page with the rows, stage by stage."""
    client.force_login(actor.membership.user)
    page = Page(client.get(reverse("analytics:funnel", args=[actor.company.slug])).text)
    cells = page.rows("stages") if "stages" in page.tables else {}
    with company_scope(actor.company):
        drawn = funnel(actor, named(Preset.LAST_12_MONTHS, actor.today()), Narrowing())
        rows = visible_opportunities(actor)
        columns: dict[int, Column] = {}
        for pipeline in {stage.pipeline_id for stage in Stage.objects.all()}:
            columns |= {column.pk: column for column in board(actor, Selection(Narrowing(pipeline))).columns}
        for stage in drawn.stages:
            expected = figures.row_totals(rows.filter(status="open", stage_id=stage.pk))
            lost = closed_rows(actor, status="lost", stage_id=stage.pk)
            assert stage.open == expected
            assert columns[stage.pk].totals == expected
            assert listed(actor, f"status=open&stage={codes.encode(stage.pk)}") == expected
            assert stage.lost == lost
            if cells:
                assert cells[stage.name] == shown(expected, lost)
        everything = figures.row_totals(rows.filter(status="open"))
        assert drawn.open == listed(actor, "status=open") == everything
        assert drawn.closed.won == closed_rows(actor, status="won")
        assert drawn.closed.lost == closed_rows(actor, status="lost")
        assert figures.total(loss.totals for loss in drawn.closed.losses) == drawn.closed.lost
        if cells:
            assert cells["Total"] == shown(everything, drawn.closed.lost)


def shown(open_now: Totals, lost: Totals) -> list[str]:
    """A row of the page's table."""
    amounts = [format_money(open_now.value), format_money(open_now.weighted_value)]
    texts = [thousands(open_now.count), *amounts, thousands(lost.count), format_money(lost.value)]
    return [text.replace("\N{NO-BREAK SPACE}", " ") for text in texts]


def test_every_screen_agrees_after_every_kind_of_change(db, client):
    company = make_company()
    ana, chief = make_actor(company=company), make_actor("manager", company, name="Gil")
    bob, proposal = make_actor(company=company, name="Bob"), stage_of(company, "Proposta")
    for value in ("1000.00", "0.05", "333.33"):
        make_opportunity(ana, value=Decimal(value))
    one = make_opportunity(ana, value=Decimal("77.77"), source=source_of(company))
    own = make_opportunity(bob, "Negociação", value=None, probability=333)
    reason = reason_of(company)

    def check(*steps):
        for step in steps:
            with company_scope(company):
                step(Opportunity.objects.get(pk=one.pk))
            assert_all_agree(chief, client)

    assert_all_agree(chief, client)
    check(
        lambda o: opportunities.move_to(o, proposal, by=ana),
        lambda o: opportunities.edit(o, {"value": Decimal("1234.56")}, by=ana),
        lambda o: opportunities.edit(o, {"probability": 125}, by=ana),
        lambda o: opportunities.edit(o, {"source": None}, by=ana),
        lambda o: folding.fold(),
        lambda o: opportunities.win(o, by=ana),
        lambda o: opportunities.reopen(o, by=ana),
        lambda o: opportunities.lose(o, reason=reason, by=ana),
        lambda o: opportunities.delete(o, by=chief),
        lambda o: opportunities.restore(o, by=chief),
        lambda o: opportunities.reopen(o, by=ana),
        lambda o: opportunities.assign(o, bob.membership, by=chief),
        lambda o: opportunities.assign(o, None, by=chief),
        lambda o: opportunities.win(own, by=bob),
        lambda o: opportunities.delete(o, by=chief),
        lambda o: registers.edit_stage(proposal, {"probability": 990}, by=admin_of(company)),
        lambda o: opportunities.restore(o, by=chief),
        lambda o: folding.fold(),
    )


def counted(text: str, label: str) -> str:
    """What a link says it counts: its text, or, for a drawn bar, the count in its label."""
    return text or label.partition(": ")[2].partition(".")[0]


def test_the_number_behind_every_link_is_the_figure(db, client):
    company = make_company(loss_reason_required=False)
    ana = make_actor("manager", company)
    site, gone = source_of(company), make_actor(company=company, name="Bob")
    for stage, value in (("Lead", "10.10"), ("Lead", "20.20"), ("Proposta", "0.07"), ("Negociação", None)):
        make_opportunity(ana, stage, value=value and Decimal(value), source=site)
    won, lost, unexplained, others = (
        make_opportunity(who, "Proposta", value=Decimal(value))
        for who, value in ((ana, "5.55"), (ana, "6.66"), (gone, "7.77"), (gone, "8.88"))
    )
    with company_scope(company):
        opportunities.win(won, by=ana)
        opportunities.lose(lost, reason=reason_of(company), by=ana)
        opportunities.lose(unexplained, reason=None, by=gone)
        opportunities.lose(others, reason=reason_of(company, "Sem orçamento"), by=gone)
        Membership.objects.filter(pk=gone.membership.pk).update(is_active=False)
        owners = {"owner": codes.encode(gone.membership.pk)}, {"owner": codes.encode(ana.membership.pk)}
    client.force_login(ana.membership.user)
    here, there = (reverse(name, args=[company.slug]) for name in ("analytics:funnel", "sales:opportunities"))
    followed = 0

    for filters in ({}, {"period": "month"}, {"source": "none"}, {"owner": "none"}, *owners):
        page = Page(client.get(here, filters).text)
        for href, text, label in page.links:
            if not href.startswith(f"{there}?"):
                continue
            said = counted(text, label)
            assert client.get(href).status_code == 200
            with company_scope(company):
                found = listed(ana, urlsplit(href).query)
            if said.startswith("R$"):
                both = [shown(found, Totals())[at] for at in (1, 2)]
                assert said == both["ponderado" in label]
            elif not said.endswith("%"):
                assert said == thousands(found.count)
            followed += 1

    assert followed > 60
