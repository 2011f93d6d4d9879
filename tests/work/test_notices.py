"""Notices: told once, to whom it concerns, and to nobody who may not know any more."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from oportuna.accounts.models import Company
from oportuna.accounts.scope import company_scope
from oportuna.sales.actions import opportunities, people
from oportuna.work import clock, notices
from oportuna.work.models import Notice
from tests.factories import admin_of, fresh, make_actor, make_opportunity
from tests.sales.pages import asked, signed_in, text_of


def page_of(actor, client):
    """The page of notices as its reader sees it."""
    return text_of(signed_in(client, actor).get(f"/{actor.company.slug}/notices/"))


def taken(pattern, page):
    """What the parentheses of a pattern take, all of them."""
    found = re.search(pattern, page, re.DOTALL)
    assert found, pattern
    return found.groups()


def told_to(actor):
    """The kinds and counts of a member's notices, oldest first."""
    with company_scope(actor.company):
        return list(notices.mine(actor).order_by("pk").values_list("kind", "count"))


@pytest.fixture
def team(db):
    """A manager and a seller of one company."""
    manager = make_actor("manager", name="Marina")
    return manager, make_actor("seller", manager.company, name="Rui")


def give(manager, seller, title="Câmara fria"):
    """The manager gives the seller an opportunity of his own."""
    opportunity = make_opportunity(manager, title=title)
    with company_scope(manager.company):
        return opportunities.assign(opportunity, seller.membership, by=manager)


def test_whoever_is_given_an_opportunity_hears_of_it_and_its_giver_does_not(team, client):
    manager, seller = team

    give(manager, seller)

    assert (told_to(seller), told_to(manager)) == ([("opportunity.assigned", 1)], [])
    assert "Marina</b> passou para você <b>Câmara fria</b>" in page_of(seller, client)


def test_one_registered_for_somebody_else_is_told_and_ones_own_is_not(team):
    manager, seller = team

    make_opportunity(manager, owner=seller.membership)
    make_opportunity(seller)

    assert told_to(seller) == [("opportunity.assigned", 1)]


def test_giving_it_twice_tells_once(team):
    manager, seller = team
    opportunity = give(manager, seller)

    with company_scope(manager.company):
        opportunities.assign(opportunity, seller.membership, by=manager)

    assert len(told_to(seller)) == 1


def test_what_somebody_leaves_is_one_notice_with_the_number(team, client):
    manager, seller = team
    admin = admin_of(manager.company)
    for _each in range(3):
        make_opportunity(seller)

    with company_scope(manager.company):
        people.deactivate(seller.membership, heir=manager.membership, by=admin)

    assert told_to(manager) == [("people.handed_over", 3)]
    assert "passou para você 3 oportunidades de Rui, que saiu" in page_of(manager, client)


def test_the_bell_counts_what_is_not_read(team, client):
    manager, seller = team
    give(manager, seller)
    give(manager, seller)

    board = signed_in(client, seller).get(f"/{seller.company.slug}/").text

    assert board.count('aria-label="Avisos: 2 não lidos"') == 2
    assert "op-bell__n" not in signed_in(client, manager).get(f"/{seller.company.slug}/").text


def test_opening_a_notice_reads_it_and_leads_to_what_it_is_about(team, client):
    manager, seller = team
    opportunity = give(manager, seller)
    (opening,) = taken(r'action="([^"]+/open/)"', page_of(seller, client))

    answer = client.post(opening)

    assert answer.headers["Location"] == f"/{seller.company.slug}/opportunities/{opportunity.number}/"
    assert "is-unread" not in page_of(seller, client)


def test_nobody_opens_or_reads_a_colleagues_notice(team, client):
    manager, seller = team
    give(manager, seller)
    (opening,) = taken(r'action="([^"]+/open/)"', page_of(seller, client))
    signed_in(client, manager)

    assert client.post(opening).status_code == 404
    client.post(f"/{seller.company.slug}/notices/read/")

    assert "is-unread" in page_of(seller, client)
    assert "Nenhum aviso" in page_of(manager, client)


def test_all_are_marked_as_read_at_once(team, client):
    manager, seller = team
    give(manager, seller)
    give(manager, seller)
    signed_in(client, seller)

    answer = client.post(f"/{seller.company.slug}/notices/read/", follow=True)

    assert "Todos os avisos estão marcados como lidos." in answer.text
    assert "is-unread" not in answer.text


@pytest.mark.parametrize("gone", ["deleted", "given to somebody else"])
def test_what_the_reader_may_not_see_any_more_is_not_told(team, client, gone):
    manager, seller = team
    opportunity = give(manager, seller, "Segredo")
    Company.objects.filter(pk=seller.company.pk).update(visibility=Company.Visibility.OWN)
    with company_scope(manager.company):
        if gone == "deleted":
            opportunities.delete(opportunity, by=manager)
        else:
            opportunities.assign(opportunity, manager.membership, by=manager)

    page = page_of(fresh(seller), client)

    assert "Segredo" not in page
    assert "Isto não está mais entre o que você vê." in page
    (opening,) = taken(r'action="([^"]+/open/)"', page)
    assert client.post(opening).headers["Location"] == f"/{seller.company.slug}/notices/"


def test_the_page_that_shows_it_reads_it_and_counts_it_no_more(team, client):
    manager, seller = team
    opportunity = give(manager, seller)
    url = f"/{seller.company.slug}/opportunities/{opportunity.number}/"

    page = signed_in(client, seller).get(url).text

    assert "op-bell__n" not in page
    reading, row = taken(r'hx-post="([^"]+)" hx-trigger="load".*?name="row" value="(\d+)"', page)
    data = {"noun": "opportunity", "row": row}
    assert client.post(reading, data, headers={"HX-Request": "true"}).status_code == 204
    assert 'hx-trigger="load"' not in client.get(url).text


@pytest.mark.parametrize(
    "about", [{"noun": "x\0", "row": "1"}, {"noun": "opportunity", "row": "9" * 30}, {"noun": ""}]
)
def test_what_is_no_thing_reads_nothing(team, client, about):
    manager, seller = team
    give(manager, seller)

    answer = signed_in(client, seller).post(f"/{seller.company.slug}/notices/read/", about)

    assert answer.status_code == 302
    assert "is-unread" in page_of(seller, client)


def test_older_ones_stand_on_pages_of_their_own(team, client, monkeypatch):
    manager, seller = team
    monkeypatch.setattr(notices, "PAGE", 2)
    for title in ("Um", "Dois", "Três"):
        give(manager, seller, title)

    first = page_of(seller, client)
    older = client.get(*taken(r'href="([^"]+before=[^"]+)"', first)).text

    assert [title for title in ("Um", "Dois", "Três") if f"<b>{title}</b>" in first] == ["Dois", "Três"]
    assert [title for title in ("Um", "Dois", "Três") if f"<b>{title}</b>" in older] == ["Um"]
    assert client.get(f"/{seller.company.slug}/notices/?before=nada").status_code == 404


def test_the_page_asks_as_often_for_many_notices_as_for_one(team, client):
    manager, seller = team
    give(manager, seller)
    signed_in(client, seller)
    once = asked(client, f"/{seller.company.slug}/notices/")
    for _each in range(3):
        give(manager, seller)

    assert asked(client, f"/{seller.company.slug}/notices/") == once


def test_the_clock_forgets_what_was_read_a_month_ago(team):
    manager, seller = team
    for _each in range(3):
        give(manager, seller)
    with company_scope(seller.company):
        first, second, _third = notices.mine(seller).order_by("pk")
        Notice.objects.filter(pk=first.pk).update(read_at=timezone.now() - timedelta(days=31))
        Notice.objects.filter(pk=second.pk).update(read_at=timezone.now() - timedelta(days=29))

    clock.tick()

    assert len(told_to(seller)) == 2
