"""Searching from anywhere: the palette, what it finds as one types, and the page for whoever has no script."""

import pytest

from tests.factories import make_actor, make_customer, make_opportunity
from tests.sales.pages import HTMX, address, signed_in


@pytest.fixture
def ana(db):
    ana = make_actor("seller")
    make_opportunity(ana, title="Forno <b>novo</b>", customer=make_customer(ana, "Padaria Açaí"))
    return ana


def test_the_menu_of_every_page_leads_to_the_search(ana, client):
    page = signed_in(client, ana).get(address(ana, "my_day"))

    assert f'href="{address(ana, "search")}"' in page.content.decode()


def test_the_palette_gets_what_is_found_alone(ana, client):
    found = signed_in(client, ana).get(address(ana, "search"), {"q": "acai"}, headers=HTMX).content.decode()

    assert "<html" not in found
    assert "Padaria <mark>Açaí</mark>" in found
    assert "1 aberta" in found


def test_without_a_script_it_is_a_page(ana, client):
    page = signed_in(client, ana).get(address(ana, "search"), {"q": "forno"}).content.decode()

    assert "<html" in page
    assert "<mark>Forno</mark> &lt;b&gt;novo&lt;/b&gt;" in page
    assert 'role="option"' not in page


def test_what_is_found_nowhere_says_how_to_go_on(ana, client):
    page = signed_in(client, ana).get(address(ana, "search"), {"q": "<script>"}, headers=HTMX)

    assert "Nada encontrado para “&lt;script&gt;”" in page.content.decode()
