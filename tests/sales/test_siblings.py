"""What else is open with an opportunity's customer, on its page."""

import re
from decimal import Decimal
from typing import Any

from django.test import Client

from oportuna.accounts.actor import Actor
from oportuna.accounts.codes import encode
from oportuna.accounts.models import Company
from oportuna.accounts.scope import company_scope
from oportuna.sales.actions import opportunities
from oportuna.sales.models import Opportunity
from tests.factories import admin_of, make_actor, make_company, make_customer, make_opportunity, reason_of
from tests.sales.pages import address, asked, names_listed, signed_in, text_of

TITLE = "Também em aberto com este cliente"


def page_of(actor: Actor, opportunity: Opportunity) -> str:
    answer = signed_in(Client(), actor).get(address(actor, "opportunity", opportunity.number))
    assert answer.status_code == 200
    return text_of(answer)


def panel(actor: Actor, opportunity: Opportunity) -> str:
    """The panel of the others; empty when there is none."""
    found = re.search(rf"<h2>{TITLE}</h2>.*?</section>", page_of(actor, opportunity), re.DOTALL)
    return found[0] if found else ""


def titles(shown: str) -> list[str]:
    return re.findall(r"<b><a [^>]+>(.*?)</a></b>", shown)


def several(by: Actor, how_many: int, **fields: Any) -> list[Opportunity]:
    customer = fields.pop("customer", None) or make_customer(by)
    return [
        make_opportunity(by, customer=customer, title=f"Venda {n}", **fields) for n in range(1, how_many + 1)
    ]


def test_the_others_of_the_customer_stand_with_stage_value_owner_and_link_the_newest_first(db):
    ana = make_actor()
    here, *_others = several(ana, 2, value=Decimal("1234.50"))
    newest = make_opportunity(ana, "Proposta", customer=here.customer, title="Nova", value=None)

    shown = panel(ana, here)

    assert titles(shown) == ["Nova", "Venda 2"]
    assert f'href="{address(ana, "opportunity", newest.number)}"' in shown
    assert "<small>Proposta · Ana</small>" in shown
    assert 'title="R$\xa01.234,50"' in shown
    assert ">2</span>" in shown


def test_alone_it_shows_no_panel_and_neither_closed_nor_deleted_ones_count(db):
    ana = make_actor()
    here, won, lost, gone = several(ana, 4)
    make_opportunity(ana, title="De outro cliente")
    with company_scope(ana.company):
        opportunities.win(won, by=ana)
        opportunities.lose(lost, reason=reason_of(ana.company), by=ana)
        opportunities.delete(gone, by=ana)

    assert panel(ana, here) == ""
    assert titles(panel(ana, won)) == ["Venda 1"]


def test_those_of_colleagues_whom_one_may_not_see_are_neither_shown_nor_counted(db):
    company = make_company(visibility=Company.Visibility.OWN)
    ana, rui = (make_actor("seller", company, name=name) for name in ("Ana", "Rui"))
    customer = make_customer(ana)
    here, _own = several(ana, 2, customer=customer)
    make_opportunity(rui, customer=customer, title="Segredo")

    shown = panel(ana, here)

    assert titles(shown) == ["Venda 2"]
    assert ">1</span>" in shown
    assert titles(panel(admin_of(company), here)) == ["Segredo", "Venda 2"]


def test_beyond_five_the_list_has_the_rest(db):
    ana = make_actor()
    here, *others = several(ana, 8)
    with company_scope(ana.company):
        code = encode(here.customer_id)

    shown = panel(ana, here)

    assert titles(shown) == [f"Venda {n}" for n in (8, 7, 6, 5, 4)]
    assert "e mais 2" in shown
    url = f"{address(ana, 'opportunities')}?customer={code}"
    assert f'href="{url}"' in shown
    listed = signed_in(Client(), ana).get(url)
    assert len(names_listed(listed)) == len(others) + 1
    assert "Cliente: Padaria Sol" in text_of(listed)


def test_the_list_of_a_customer_who_is_not_there_is_empty(db):
    ana, stranger = make_actor(), make_actor()
    make_opportunity(ana)
    theirs = make_customer(stranger)
    with company_scope(stranger.company):
        code = encode(theirs.pk)
    client = signed_in(Client(), ana)

    for asked_for in (code, "nada", "a" * 13):
        answer = client.get(address(ana, "opportunities"), {"customer": asked_for})
        assert (answer.status_code, names_listed(answer)) == (200, [])


def test_the_page_asks_as_often_with_many_as_with_one(db):
    ana = make_actor()
    one, many = several(ana, 2)[0], several(ana, 9, customer=make_customer(ana, "Outra"))[0]
    client = signed_in(Client(), ana)

    counts = {asked(client, address(ana, "opportunity", each.number)) for each in (one, many)}

    assert len(counts) == 1
