"""The list of opportunities: what it finds, sums, sorts and gives out."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from oportuna.accounts.actor import Actor
from oportuna.accounts.codes import encode
from oportuna.accounts.models import Company
from oportuna.accounts.scope import company_scope
from oportuna.sales.actions import activities, opportunities
from oportuna.sales.models import Activity, Opportunity
from oportuna.sales.queries import lists
from oportuna.sales.queries.figures import Narrowing, stage_totals, total
from oportuna.sales.queries.lists import Days, Wanted
from tests.factories import (
    make_actor,
    make_company,
    make_customer,
    make_opportunity,
    reason_of,
    source_of,
    stage_of,
)


def titles(actor: Actor, sort: str = "title", **wanted: Any) -> list[str]:
    with company_scope(actor.company):
        return [row.title for row in lists.page(actor, Wanted(**wanted), sort).rows]


def address(actor: Actor, **query: str) -> str:
    return reverse("sales:opportunities", args=[actor.company.slug], query=query)


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.membership.user)
    return client


def shown(actor: Actor, **query: str) -> str:
    answer = signed_in(actor).get(address(actor, **query))
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize(
    "typed",
    ["sao jo", "São JOÃO", "11222333", "11.222.333/0001-81", "(11) 98765-4321", "98765", "uadro elet"],
)
def test_any_part_of_title_customer_document_or_phone_is_found(db, typed):
    ana = make_actor()
    customer = make_customer(ana, "Padaria São João", cnpj="11222333000181", phones=["+5511987654321"])
    make_opportunity(ana, customer=customer, title="Quadro elétrico")
    make_opportunity(ana, title="Outra")

    assert titles(ana, text=typed) == ["Quadro elétrico"]


def test_each_filter_narrows_the_list(db):
    ana = make_actor("manager")
    rui = make_actor("seller", ana.company, name="Rui")
    a = make_opportunity(ana, title="A", source=source_of(ana.company, "Site"))
    b = make_opportunity(rui, "Proposta", title="B")
    with company_scope(ana.company):
        won = opportunities.win(make_opportunity(ana, title="C"), by=ana)
        lost = opportunities.lose(make_opportunity(ana, title="D"), reason=reason_of(ana.company), by=ana)
    pipeline = stage_of(ana.company).pipeline_id

    assert titles(ana) == ["A", "B"]
    assert titles(ana, status="won") == ["C"]
    assert titles(ana, status="lost") == ["D"]
    assert titles(ana, status="all") == ["A", "B", "C", "D"]
    assert titles(ana, narrowing=Narrowing(owner_id=rui.membership.pk)) == ["B"]
    assert titles(ana, narrowing=Narrowing(source_id=a.source_id)) == ["A"]
    assert titles(ana, narrowing=Narrowing(source_id=0)) == ["B"]
    assert titles(ana, narrowing=Narrowing(pipeline_id=pipeline)) == ["A", "B"]
    assert titles(ana, stage_id=b.stage_id) == ["B"]
    assert titles(ana, status="lost", reason_id=lost.loss_reason_id) == ["D"]
    assert titles(ana, status="lost", reason_id=0) == []
    assert titles(ana, status="all", closed=Days(won.closed_on, won.closed_on)) == ["C", "D"]
    assert titles(ana, status="all", closed=Days(last=ana.today() - timedelta(days=1))) == []
    assert titles(ana, created=Days(first=ana.today())) == ["A", "B"]
    assert titles(ana, created=Days(last=ana.today() - timedelta(days=1))) == []


def test_the_ready_views_find_what_waits(db):
    ana = make_actor()
    today = ana.today()
    late, planned, idle, waiting, closing = (
        make_opportunity(ana, title=title) for title in ("Late", "Planned", "Idle", "Waiting", "Closing")
    )
    with company_scope(ana.company):
        activities.plan(late, Activity.Kind.CALL, due_on=today - timedelta(days=1), by=ana)
        activities.plan(planned, Activity.Kind.CALL, due_on=today + timedelta(days=1), by=ana)
        activities.plan(waiting, Activity.Kind.CALL, due_on=today, by=ana)
        opportunities.edit(closing, {"expected_close_on": today}, by=ana)
        old = timezone.now() - timedelta(days=8)  # a lead is stalled after 7 days
        Opportunity.objects.filter(pk__in=[idle.pk, waiting.pk, late.pk]).update(moved_at=old)

    assert titles(ana, only="no-activity") == ["Closing", "Idle"]
    assert titles(ana, only="late") == ["Late"]
    assert titles(ana, only="stalled") == ["Idle", "Late"]
    assert titles(ana, only="this-month") == ["Closing"]


def test_stalled_begins_on_the_day_after_the_stages_limit(db):
    ana = make_actor()
    opportunity = make_opportunity(ana, title="Lead")
    with company_scope(ana.company):
        at_limit = lists.midnight(ana.today() - timedelta(days=7), ana.membership.zone)
        Opportunity.objects.filter(pk=opportunity.pk).update(moved_at=at_limit)
        assert titles(ana, only="stalled") == []
        Opportunity.objects.filter(pk=opportunity.pk).update(moved_at=at_limit - timedelta(seconds=1))

    assert titles(ana, only="stalled") == ["Lead"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("title", ["água", "Barco", "Zebra"]),
        ("-title", ["Zebra", "Barco", "água"]),
        ("-value", ["Barco", "Zebra", "água"]),
        ("value", ["água", "Zebra", "Barco"]),
        ("-created", ["água", "Zebra", "Barco"]),
        ("customer", ["Zebra", "água", "Barco"]),
    ],
)
def test_the_list_is_sorted_as_asked(db, sort, expected):
    ana = make_actor()
    for title, value, customer in (("Barco", 30, "C"), ("Zebra", 20, "a"), ("água", None, "B")):
        make_opportunity(
            ana, title=title, value=value and Decimal(value), customer=make_customer(ana, customer)
        )

    assert titles(ana, sort) == expected


@pytest.mark.parametrize("sort", ["-created", "title", "-title", "value", "-value", "next", "close"])
def test_paging_forth_and_back_shows_each_once(db, monkeypatch, sort):
    monkeypatch.setattr(lists, "PAGE", 3)
    ana = make_actor()
    for number in range(8):
        make_opportunity(ana, title=f"N{number // 2}", value=None if number % 3 else Decimal(number))

    with company_scope(ana.company):
        pages = [lists.page(ana, Wanted(), sort)]
        while pages[-1].older:
            pages.append(lists.page(ana, Wanted(), sort, after=pages[-1].older))
        back = [lists.page(ana, Wanted(), sort, before=page.newer) for page in pages[1:]]

    numbers = [row.number for page in pages for row in page.rows]
    assert sorted(numbers) == list(range(1, 9))
    assert [len(page.rows) for page in pages] == [3, 3, 2]
    assert [page.rows for page in back] == [page.rows for page in pages[:-1]]
    assert (pages[0].newer, pages[-1].older) == (None, None)


def test_the_sum_is_the_boards_for_the_same_filter(db):
    ana = make_actor("manager")
    rui = make_actor("seller", ana.company, name="Rui")
    make_opportunity(ana, value=Decimal("10.05"))
    make_opportunity(ana, "Proposta", value=Decimal("20.10"), probability=333)
    make_opportunity(rui, value=None)

    with company_scope(ana.company):
        whole = lists.totals(ana, Wanted())
        mine = lists.totals(ana, Wanted(narrowing=Narrowing(owner_id=ana.membership.pk)))
        searched = lists.totals(ana, Wanted(text="notebook"))
        board = total(stage_totals(ana).values())
    assert whole == searched == board
    assert (board.count, board.value) == (3, Decimal("30.15"))
    assert mine is not None
    assert (mine.count, mine.value) == (2, Decimal("30.15"))


def test_beyond_the_limit_it_counts_only_when_asked(db, monkeypatch):
    monkeypatch.setattr(lists, "MOST_COUNTED", 2)
    ana = make_actor()
    for _number in range(3):
        make_opportunity(ana)

    assert "10 mil+" in shown(ana, q="notebook")
    assert '<b class="num">3</b>' in shown(ana, q="notebook", count="all")
    assert '<b class="num">3</b>' in shown(ana)  # the ledger knows without counting


def test_the_address_holds_the_filters(db):
    ana = make_actor("manager")
    rui = make_actor("seller", ana.company, name="Rui")
    make_opportunity(ana, title="Da Ana", source=source_of(ana.company))
    make_opportunity(rui, "Proposta", title="Do Rui")
    with company_scope(ana.company):
        codes = {
            "owner": encode(rui.membership.pk),
            "stage": encode(stage_of(ana.company, "Proposta").pk),
            "source": "none",
        }

    for name, code in codes.items():
        page = shown(ana, **{name: code})
        assert ("Do Rui" in page, "Da Ana" in page) == (True, False), name


def test_a_filter_that_names_nothing_finds_nothing_and_wrong_days_are_said(db):
    ana = make_actor()
    make_opportunity(ana, title="Da Ana")

    assert "Da Ana" not in shown(ana, stage="aaaaaaaaaaaaa")
    page = shown(ana, created_from="31/02/2026", sort="nada", after="x")
    assert "Da Ana" in page
    assert 'role="alert"' in page


def test_a_colleagues_are_neither_listed_nor_counted_where_one_sees_ones_own_only(db):
    company = make_company(visibility=Company.Visibility.OWN)
    ana, rui = make_actor("seller", company), make_actor("seller", company, name="Rui")
    make_opportunity(rui, title="Segredo")

    page = shown(ana, status="all")
    with company_scope(company):
        code = encode(rui.membership.pk)
    assert "Segredo" not in page
    assert '<b class="num">0</b>' in page
    assert "Rui" not in page
    assert "Segredo" not in shown(ana, owner=code)


def test_the_list_asks_the_database_as_often_for_one_row_as_for_three(db):
    ana = make_actor()
    client = signed_in(ana)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(ana)).status_code == 200
        return len(captured)

    make_opportunity(ana)
    queries()
    before = queries()
    for _number in range(2):
        make_opportunity(ana, source=source_of(ana.company))

    assert queries() == before


@pytest.mark.parametrize(
    ("role", "offered"), [("operator", False), ("viewer", False), ("seller", True), ("admin", True)]
)
def test_the_list_offers_to_export_it_as_it_is_filtered_to_those_who_may(db, role, offered):
    page = shown(make_actor(role), q="quadro", status="won")

    assert ("Exportar" in page) == offered
    assert page.count('<input type="hidden" name="q" value="quadro">') == 2 * offered
