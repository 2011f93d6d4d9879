"""An open board that follows what others do: nothing while nothing changes, else the columns that look otherwise."""

import re
from decimal import Decimal
from urllib.parse import parse_qsl

from django.urls import reverse

from oportuna.accounts.codes import encode
from oportuna.accounts.scope import company_scope
from oportuna.sales.actions import customers, opportunities, registers
from oportuna.sales.models import Opportunity
from oportuna.sales.queries.card_pages import PAGE
from tests.factories import admin_of, make_actor, make_opportunity, source_of, stage_of
from tests.sales.boards import board_of, columns, signed_in

HTMX = {"HX-Request": "true"}


def number_in(page):
    return re.findall(r'id="board-number" value="(\w+)"', page)[0]


class Board:
    """A board as a browser holds it: it asks for changes with what it shows."""

    def __init__(self, by, query=""):
        self.client, self.by, self.query = signed_in(by), by, query
        page = self.client.get(board_of(by) + query).content.decode()
        self.number = number_in(page)
        self.seen = dict.fromkeys(re.findall(r'data-stage="(\d+)" data-mark="\w+"', page), PAGE)
        self.marks = dict(re.findall(r'data-stage="(\d+)" data-mark="(\w+)"', page))

    def ask(self):
        said = " ".join(f"{stage}:{self.marks[stage]}:{cards}" for stage, cards in self.seen.items())
        url = reverse("sales:board_changes", args=[self.by.company.slug])
        asked = {"number": self.number, "columns": said, **dict(parse_qsl(self.query.lstrip("?")))}
        return self.client.get(url, asked, headers=HTMX)


def test_nothing_comes_while_nothing_changes(db):
    ana = make_actor()
    make_opportunity(ana)
    board = Board(ana)

    answer = board.ask()

    assert (answer.status_code, answer.content) == (204, b"")


def test_a_colleagues_move_brings_the_two_columns_and_the_new_number_and_nothing_else(db):
    ana = make_actor()
    bia = make_actor(company=ana.company, name="Bia")
    one = make_opportunity(bia, title="Forno")
    board = Board(ana)
    with company_scope(ana.company):
        opportunities.move_to(one, stage_of(ana.company, "Proposta"), by=bia)

    page = board.ask().content.decode()

    assert columns(page) == {"Lead": [], "Proposta": ["Forno"]}
    assert page.count('hx-swap-oob="true"') == 2 + 3  # the sum, the tabs and the number
    board.number = number_in(page)
    assert board.ask().status_code == 204


def test_what_changed_where_the_board_does_not_look_brings_no_column(db):
    ana = make_actor()
    bia = make_actor(company=ana.company, name="Bia")
    board = Board(ana, "?owner=none")
    make_opportunity(bia)

    assert columns(board.ask().content.decode()) == {}


def test_a_customers_new_name_comes(db):
    ana = make_actor()
    one = make_opportunity(ana, title="Forno")
    board = Board(ana)
    with company_scope(ana.company):
        customers.edit(one.customer, {"name": "Nome novo"}, by=ana)

    assert "Nome novo" in board.ask().content.decode()


def test_a_column_keeps_the_cards_that_were_loaded_into_it(db):
    ana = make_actor()
    for number in range(PAGE + 5):
        make_opportunity(ana, title=f"Forno {number}")
    board = Board(ana)
    board.seen[str(stage_of(ana.company).pk)] = PAGE + 5
    make_opportunity(ana, title="Novo")

    assert len(columns(board.ask().content.decode())["Lead"]) == PAGE + 6


def test_a_column_that_is_new_or_gone_reloads_the_board(db):
    ana = make_actor()
    admin = admin_of(ana.company)
    board = Board(ana)
    with company_scope(ana.company):
        registers.add_stage(stage_of(ana.company).pipeline, {"name": "Degustação"}, by=admin)

    assert board.ask().headers["HX-Refresh"] == "true"


def test_whoever_sees_his_own_alone_gets_nothing_of_a_colleagues(db):
    ana = make_actor()
    type(ana.company).objects.filter(pk=ana.company.pk).update(visibility="own")
    bia = make_actor(company=ana.company, name="Bia")
    board = Board(ana)
    make_opportunity(bia, title="Segredo", value=Decimal("987654.00"))

    page = board.ask().content.decode()

    assert columns(page) == {}
    assert "Segredo" not in page
    assert "987" not in page


def test_what_is_no_number_is_answered_with_nothing(db):
    ana = make_actor()
    url = reverse("sales:board_changes", args=[ana.company.slug])
    client = signed_in(ana)

    for query in ({}, {"number": "x", "columns": "a:b"}, {"number": "x" * 999}):
        assert client.get(url, query, headers=HTMX).status_code == 204


def titles(by, order):
    page = signed_in(by).get(board_of(by) + f"?order={order}").content.decode()
    return columns(page)["Lead"]


def test_cards_stand_in_the_order_that_is_asked_for_and_what_has_nothing_to_go_by_last(db):
    ana = make_actor()
    with company_scope(ana.company):
        for title, value, close, due, days in (
            ("A", "10.00", None, "2030-01-02", 1),
            ("B", None, "2030-02-01", None, 3),
            ("C", "30.00", "2030-01-01", "2030-01-01", 2),
        ):
            one = make_opportunity(ana, title=title, value=value and Decimal(value), expected_close_on=close)
            since = one.stage_since.replace(year=2026, month=1, day=10 - days)
            Opportunity.objects.filter(pk=one.pk).update(next_due_on=due, stage_since=since)

    assert {order: "".join(titles(ana, order)) for order in ("hand", "next", "value", "close", "age")} == {
        "hand": "CBA",
        "next": "CAB",
        "value": "CAB",
        "close": "CBA",
        "age": "BCA",
    }


def test_each_order_goes_on_page_by_page_without_losing_or_repeating_a_card(db):
    ana = make_actor()
    with company_scope(ana.company):
        for number in range(2 * PAGE + 7):
            make_opportunity(
                ana, title=f"{number:03}", value=Decimal(number % 7 * 100) if number % 3 else None
            )
    client, base = signed_in(ana), board_of(ana)

    for order in ("hand", "next", "value", "close", "age"):
        page = client.get(f"{base}?order={order}").content.decode()
        seen = columns(page)["Lead"]
        while more := re.search(r'data-more[^>]*href="([^"]+)"', page):
            page = client.get(more[1].replace("&amp;", "&"), headers=HTMX).content.decode()
            seen += re.findall(r'class="op-card__t"[^>]*>(\d+)<', page)
        assert len(seen) == len(set(seen)) == 2 * PAGE + 7, order


def test_in_an_order_by_a_field_a_card_is_not_dropped_between_two_others(db):
    ana = make_actor()
    make_opportunity(ana)
    client = signed_in(ana)

    assert "data-fixed" in client.get(board_of(ana) + "?order=value").content.decode()
    assert "data-fixed" not in client.get(board_of(ana)).content.decode()


def test_what_was_won_and_lost_lately_is_one_click_away_as_the_board_is_narrowed(db):
    ana = make_actor()
    site = source_of(ana.company)
    for title, source in (("Do site", site), ("De fora", None)):
        one = make_opportunity(ana, title=title, source=source)
        with company_scope(ana.company):
            opportunities.win(one, by=ana)
    client = signed_in(ana)
    with company_scope(ana.company):
        page = client.get(f"{board_of(ana)}?source={encode(site.pk)}").content.decode()
    link = re.findall(r'href="([^"]*status=won[^"]*)"', page)[0].replace("&amp;", "&")

    found = client.get(link).content.decode()

    assert "Do site" in found
    assert "De fora" not in found
