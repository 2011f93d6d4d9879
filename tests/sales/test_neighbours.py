"""Next and previous in the list from which one came to an opportunity, and the way back there."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from oportuna.accounts.actor import Actor
from oportuna.accounts.codes import encode
from oportuna.accounts.models import Company
from oportuna.accounts.scope import company_scope
from oportuna.sales.actions import activities, opportunities
from oportuna.sales.models import Activity, Opportunity
from oportuna.sales.queries.lists import Sort
from tests.factories import make_actor, make_company, make_opportunity, reason_of, stage_of
from tests.sales.pages import address, asked, linked, names_listed, signed_in, text_of


def several(by: Actor, *titles: str, **fields: Any) -> list[Opportunity]:
    """Registered in this order, so that the list has them the other way round."""
    return [make_opportunity(by, title=title, **fields) for title in titles]


def links_in(page: str) -> list[str]:
    """Where the rows, cards or tasks of a list lead."""
    return [link for link in re.findall(r'href="([^"#]+\?from=[^"]+)"', page) if "/opportunities/" in link]


def opened(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return text_of(answer)


def title_of(page: str) -> str:
    found = re.search(r"<title>(.*?) · Oportuna</title>", page)
    assert found
    return found[1]


def walked(client: Client, url: str, rel: str = "next") -> list[str]:
    """The titles that one meets by going on in one direction, the first included."""
    titles: list[str] = []
    while url:
        assert len(titles) < 20
        answer = client.get(url)
        assert answer.status_code == 200
        titles.append(title_of(text_of(answer)))
        url = linked(answer, rel)
    return titles


def here(page: str) -> str:
    """The page's own address with its place, as a reload has it."""
    found = re.search(r'data-here="([^"]+)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize("sort", [sign + name for name in Sort.values for sign in ("", "-")])
def test_one_walks_the_list_in_its_order_both_ways(db, sort):
    ana = make_actor()
    made = several(ana, "Uva", "Amora", value=Decimal(10))
    made += several(ana, "Figo", "Caju", value=None)
    with company_scope(ana.company):
        activities.plan(made[0], Activity.Kind.CALL, due_on=ana.today(), by=ana)
        opportunities.edit(made[3], {"expected_close_on": ana.today()}, by=ana)
    client = signed_in(Client(), ana)
    listed = client.get(address(ana, "opportunities"), {"sort": sort})

    order, links = names_listed(listed), links_in(text_of(listed))

    assert len(order) == 4
    assert walked(client, links[0]) == order
    assert walked(client, links[3], "prev") == order[::-1]


def test_filters_are_kept_and_back_leads_to_the_row(db):
    ana = make_actor()
    several(ana, "Pão 1", "Bolo", "Pão 2", "Torta")
    client = signed_in(Client(), ana)
    listed = client.get(address(ana, "opportunities"), {"q": "pão", "sort": "title"})

    first = links_in(text_of(listed))[0]

    assert walked(client, first) == ["Pão 1", "Pão 2"]
    page = opened(client, first)
    back = re.search(r'href="([^"]+)" data-command="Voltar a Oportunidades"', page)
    assert back
    url, row = back[1].split("#")
    again = client.get(url)
    assert names_listed(again) == ["Pão 1", "Pão 2"]
    assert f'id="{row}"' in text_of(again)


def test_of_a_later_page_back_leads_to_that_page(db):
    ana = make_actor()
    made = several(ana, "Velha", *(f"Venda {n}" for n in range(50)))
    client = signed_in(Client(), ana)

    second = client.get(linked(client.get(address(ana, "opportunities")), "next"))

    page = opened(client, links_in(text_of(second))[0])
    assert title_of(page) == "Velha"
    assert f"?after={made[1].number}#o-{made[0].number}" in page


def test_one_walks_a_column_of_the_board_by_hand_order_within_its_filters(db):
    boss = make_actor("manager")
    ana = make_actor("seller", boss.company)
    several(ana, "A", "B")
    several(boss, "Do chefe")
    several(ana, "C")
    make_opportunity(ana, "Proposta", title="Outra coluna")
    client = signed_in(Client(), ana)
    with company_scope(ana.company):
        board = opened(client, address(ana, "board") + f"?owner={encode(ana.membership.pk)}")

    links = links_in(board)

    assert walked(client, links[0]) == ["C", "B", "A"]
    page = opened(client, links[1])
    assert "Voltar a Lead" in page
    assert re.search(r'href="[^"]+\?pipeline=\w+&owner=\w+#card-\d+"', page)


def test_what_was_lost_or_moved_from_its_page_still_has_neighbours(db):
    ana = make_actor()
    _first, second, third, _fourth = several(ana, "1", "2", "3", "4")
    client = signed_in(Client(), ana)
    second_url, third_url = (
        here(opened(client, next(link for link in links_in(board) if f"/{one.number}/" in link)))
        for board in [opened(client, address(ana, "board"))]
        for one in (second, third)
    )
    with company_scope(ana.company):
        opportunities.lose(third, reason=reason_of(ana.company), by=ana)
        opportunities.move_to(second, stage_of(ana.company, "Proposta"), by=ana)

    assert walked(client, third_url) == ["3", "1"]
    assert walked(client, second_url) == ["2", "1"]
    assert walked(client, second_url, "prev") == ["2", "4"]


def test_in_a_list_sorted_by_what_changed_one_goes_on_from_where_it_stood(db):
    ana = make_actor()
    made = several(ana, "A", "B", "C")
    for days, one in enumerate(made):
        with company_scope(ana.company):
            activities.plan(one, Activity.Kind.CALL, due_on=ana.today() + timedelta(days=days), by=ana)
    client = signed_in(Client(), ana)
    listed = opened(client, address(ana, "opportunities") + "?sort=next")
    url = here(opened(client, links_in(listed)[0]))

    with company_scope(ana.company):
        activities.complete(Activity.objects.get(opportunity=made[0]), by=ana)

    assert walked(client, url) == ["A", "B", "C", "A"]  # without a next activity it is the last now


def test_one_walks_the_activities_of_the_day_and_its_new_leads(db):
    ana = make_actor()
    late, now, other, far = several(ana, "Atrasada", "Agora", "Sem hora", "Longe")
    several(ana, "Lead 1", "Lead 2")
    today = ana.today()
    with company_scope(ana.company):
        for one, day, at in (
            (late, today - timedelta(days=2), None),
            (other, today, None),
            (now, today, timezone.now()),
            (late, today, None),
            (far, today + timedelta(days=30), None),
        ):
            activities.plan(one, Activity.Kind.CALL, due_on=day, due_at=at, by=ana)
    client = signed_in(Client(), ana)
    my_day = opened(client, address(ana, "my_day"))
    tasks = [link for link in links_in(my_day) if "from=day" in link]
    leads = [link for link in links_in(my_day) if "from=leads" in link]

    assert walked(client, tasks[0]) == ["Atrasada", "Agora", "Sem hora", "Atrasada"]
    assert walked(client, tasks[-1], "prev") == ["Atrasada", "Sem hora", "Agora", "Atrasada"]
    assert walked(client, leads[0]) == ["Lead 2", "Lead 1"]
    assert walked(client, leads[1], "prev") == ["Lead 1", "Lead 2"]
    assert "Voltar a Meu dia" in opened(client, tasks[0])
    with company_scope(ana.company):
        activities.complete(Activity.objects.order_by("due_on")[0], by=ana)
    assert walked(client, tasks[0])[:2] == ["Atrasada", "Agora"]


def test_a_page_opened_from_elsewhere_offers_no_neighbours(db):
    ana = make_actor()
    one, _two = several(ana, "A", "B")
    client, url = signed_in(Client(), ana), address(ana, "opportunity", one.number)

    for query in ("", "?from=nada", "?from=board", "?from=board&stage=nada", "?from=day&activity=nada"):
        page = opened(client, url + query)
        assert "list-trail" not in page
        assert 'rel="next"' not in page


def test_what_one_may_not_see_is_nobodys_neighbour(db):
    company = make_company(visibility=Company.Visibility.OWN)
    ana, rui = (make_actor("seller", company, name=name) for name in ("Ana", "Rui"))
    stranger = make_actor()
    mine = make_opportunity(ana, title="Minha")
    secret = make_opportunity(rui, title="Segredo")
    make_opportunity(stranger, title="De fora")
    with company_scope(company):
        task = activities.plan(secret, Activity.Kind.CALL, due_on=rui.today(), by=rui)
        codes = {"stage": encode(secret.stage_id), "owner": encode(rui.membership.pk)}
        activity = encode(task.pk)
    with company_scope(stranger.company):
        foreign = encode(stage_of(stranger.company).pk)
    client, url = signed_in(Client(), ana), address(ana, "opportunity", mine.number)

    for query in (
        {"from": "list", "status": "all"},
        {"from": "list", "owner": codes["owner"]},
        {"from": "board", "stage": codes["stage"]},
        {"from": "board", **codes},
        {"from": "board", "stage": foreign},
        {"from": "day", "activity": activity},
        {"from": "leads"},
    ):
        answer = client.get(url, query)
        assert answer.status_code == 200
        assert (linked(answer, "next"), linked(answer, "prev")) == ("", ""), query


@pytest.mark.parametrize("sort", Sort.values)
@pytest.mark.parametrize(
    "place",
    ["", "x", "2026-13-45", "9" * 40, "\0", "0001-01-01T00:00:00+14:00", "2026-01-01T10:00", "é" * 300],
)
def test_a_place_that_means_nothing_gives_way_to_where_it_stands(db, sort, place):
    ana = make_actor()
    several(ana, "A", "B", "C")
    client = signed_in(Client(), ana)
    listed = client.get(address(ana, "opportunities"), {"sort": sort})
    url = links_in(text_of(listed))[1]

    answer = client.get(url, {"from": "list", "sort": sort, "at": place})

    assert answer.status_code == 200
    if sort not in (Sort.TITLE, Sort.CUSTOMER):
        assert linked(answer, "next")


@pytest.mark.parametrize("source", ["list", "board", "day", "leads"])
def test_the_page_asks_as_often_whatever_stands_around(db, source):
    ana = make_actor()
    alone = make_opportunity(ana)
    client = signed_in(Client(), ana)
    with company_scope(ana.company):
        task = activities.plan(alone, Activity.Kind.CALL, due_on=ana.today(), by=ana)
        query = f"?from={source}&stage={encode(alone.stage_id)}&activity={encode(task.pk)}"
    url = address(ana, "opportunity", alone.number) + query
    before = asked(client, url)
    for one in several(ana, "A", "B", "C"):
        with company_scope(ana.company):
            activities.plan(one, Activity.Kind.CALL, due_on=ana.today(), by=ana)

    assert asked(client, url) == before


@pytest.mark.parametrize("order", ["hand", "next", "value", "close", "age"])
def test_from_a_column_one_goes_through_its_cards_in_the_boards_order_both_ways(db, order):
    ana = make_actor()
    for number, title in enumerate("ABCDE"):
        close = timezone.localdate() + timedelta(days=number % 2) if number % 3 else None
        make_opportunity(
            ana, title=title, value=Decimal(number % 3) if number % 2 else None, expected_close_on=close
        )
    client = signed_in(Client(), ana)
    shown = links_in(opened(client, f"{address(ana, 'board')}?order={order}"))
    titles = [title_of(opened(client, link.replace("&amp;", "&"))) for link in shown]
    assert len(titles) == 5

    assert walked(client, shown[0].replace("&amp;", "&")) == titles
    assert walked(client, shown[-1].replace("&amp;", "&"), "prev") == titles[::-1]
