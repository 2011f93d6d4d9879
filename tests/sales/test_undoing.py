"""Taking back one's own last change of an opportunity's fields."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from oportuna.accounts.models import Membership
from oportuna.accounts.scope import company_scope
from oportuna.errors import Conflict, NotAllowed, Refused
from oportuna.sales.actions import customers, items, opportunities, tags, undoing
from oportuna.sales.models import Campaign, HistoryEntry, Opportunity, OpportunityVersion
from oportuna.sales.queries.search import find
from oportuna.sales.queries.tags import tags_of
from oportuna.work.models import Notice
from tests.factories import make_actor, make_opportunity, source_of
from tests.sales.pages import HTMX, address, fields_of, signed_in, text_of


@pytest.fixture
def ana(db):
    """A manager."""
    return make_actor("manager", name="Ana")


def edited(ana, opportunity, **fields):
    """The opportunity with these fields."""
    with company_scope(ana.company):
        return opportunities.edit(opportunity, fields, by=ana)


def undone(by, opportunity, **choices):
    """The opportunity after its last change was taken back."""
    with company_scope(by.company):
        undoing.undo(opportunity, by=by, **choices)
        found = Opportunity.objects.select_related("contact", "source", "campaign", "owner")
        return found.get(pk=opportunity.pk)


def test_every_field_is_as_it_was_and_the_history_says_that_it_was_undone(ana):
    source, other = source_of(ana.company), source_of(ana.company, "Indicação")
    with company_scope(ana.company):
        campaign = Campaign.objects.create(name="Feira", source=source, position=1)
    before: dict[str, Any] = {
        "title": "Forno", "value": Decimal("10.00"), "probability": 250, "expected_close_on": date(2026, 12, 1),
        "source": source, "campaign": campaign, "notes": "Ligar, cedo",
    }  # fmt: skip
    opportunity = make_opportunity(ana, **before)
    with company_scope(ana.company):
        contact = customers.add_contact(opportunity.customer, {"name": "Maria"}, by=ana)
    opportunity = edited(ana, opportunity, contact=contact)
    gone = dict.fromkeys(before, None) | {"title": "Outro", "notes": "", "source": other, "contact": None}

    edited(ana, opportunity, **gone)
    kept = undone(ana, opportunity)

    assert {name: getattr(kept, name) for name in (*before, "contact")} == {**before, "contact": contact}
    with company_scope(ana.company):
        verbs = HistoryEntry.objects.filter(opportunity=opportunity).values_list("verb", flat=True)
        assert verbs[0] == "undone"
        current = OpportunityVersion.objects.get(opportunity=opportunity, valid_to=None)
        assert (current.value, current.source_id) == (Decimal("10.00"), source.pk)
        assert "forno" in kept.search_text


def test_an_owner_is_given_back_and_who_had_it_is_told_no_more(ana):
    rui = make_actor("seller", ana.company, name="Rui")
    opportunity = make_opportunity(ana)
    with company_scope(ana.company):
        opportunities.assign(opportunity, rui.membership, by=ana)

    kept = undone(ana, opportunity)

    assert kept.owner == ana.membership
    with company_scope(ana.company):
        assert not Notice.objects.exists()


def test_whoever_took_an_unassigned_one_leaves_it_again(ana):
    rui = make_actor("seller", ana.company, name="Rui")
    opportunity = make_opportunity(ana)
    with company_scope(ana.company):
        opportunities.assign(opportunity, None, by=ana)
        opportunities.edit(opportunity, {"title": "Meu"}, by=rui)

    kept = undone(rui, opportunity)

    assert (kept.title != "Meu", kept.owner) == (True, None)


def test_tags_are_as_they_were(ana):
    opportunity = make_opportunity(ana)
    with company_scope(ana.company):
        tags.put_on(opportunity, ["frio", "urgente"], by=ana)
        tags.put_on(opportunity, [], by=ana)

    undone(ana, opportunity)

    with company_scope(ana.company):
        assert {tag.name for tag in tags_of(opportunity.pk)} == {"frio", "urgente"}


@pytest.mark.parametrize("since", ["a colleague's change", "one's own move", "nothing of one's own"])
def test_what_happened_since_is_not_undone(ana, since):
    rui = make_actor("manager", ana.company, name="Rui")
    opportunity = make_opportunity(ana)
    if since == "a colleague's change":
        edited(ana, opportunity, title="Um")
        edited(rui, opportunity, title="Dois")
    elif since == "one's own move":
        edited(ana, opportunity, title="Um")
        with company_scope(ana.company):
            opportunities.win(opportunity, by=ana)

    with pytest.raises(Refused, match="não é a última coisa"):
        undone(ana, opportunity)


def test_twice_undone_is_undone_once(ana):
    opportunity = edited(ana, make_opportunity(ana, title="Antes"), title="Depois")

    kept = undone(ana, opportunity, seen=opportunity.revision)

    assert kept.title == "Antes"
    with pytest.raises(Conflict):
        undone(ana, opportunity, seen=opportunity.revision)


def test_an_owner_who_left_gets_nothing_back(ana):
    rui = make_actor("seller", ana.company, name="Rui")
    opportunity = make_opportunity(ana, owner=rui.membership)
    with company_scope(ana.company):
        opportunities.assign(opportunity, ana.membership, by=ana)
    Membership.objects.filter(pk=rui.membership.pk).update(is_active=False)

    with pytest.raises(Refused, match="Rui saiu"):
        undone(ana, opportunity)


def test_a_viewer_undoes_nothing(ana):
    viewer = make_actor("viewer", ana.company)
    opportunity = edited(ana, make_opportunity(ana), title="Depois")

    with pytest.raises(NotAllowed):
        undone(viewer, opportunity)


@pytest.mark.parametrize("scripted", [True, False])
def test_the_toast_of_a_change_takes_it_back(ana, client, scripted):
    opportunity = make_opportunity(ana, title="Antes")
    url = address(ana, "edit_opportunity", opportunity.number)
    page = f"http://testserver{address(ana, 'opportunity', opportunity.number)}"
    headers = {**HTMX, "HX-Current-URL": page} if scripted else {}
    form = fields_of(signed_in(client, ana).get(url, {"field": "title"}, headers=headers))

    answer = client.post(url, {**form, "title": "Depois"}, headers=headers, follow=not scripted)
    undo = re.search(r'action="([^"]+/undo/[^"]+)"', answer.text)
    assert undo
    undone_page = client.post(undo[1], headers=headers, follow=not scripted)

    assert "Salvo: Título" in text_of(answer)
    assert "Antes está como antes da sua mudança" in text_of(undone_page)
    with company_scope(ana.company):
        assert Opportunity.objects.get().title == "Antes"


def test_nothing_changed_offers_nothing_to_undo(ana, client):
    opportunity = make_opportunity(ana, title="Antes")
    url = address(ana, "edit_opportunity", opportunity.number)
    form = fields_of(signed_in(client, ana).get(url, {"field": "title"}, headers=HTMX))

    assert "/undo/" not in client.post(url, form, headers=HTMX).text


def test_an_address_that_was_cut_undoes_nothing(ana, client):
    opportunity = edited(ana, make_opportunity(ana, title="Antes"), title="Depois")

    answer = signed_in(client, ana).post(address(ana, "undo_edit", opportunity.number) + "?revision=x")

    assert answer.status_code == 409


def test_an_item_is_not_undone_as_a_field_is(ana):
    opportunity = make_opportunity(ana)
    with company_scope(ana.company):
        fields = {"description": "Forno", "quantity": Decimal(1), "unit_price": Decimal("10.00")}
        items.add_item(opportunity, fields, by=ana)

    with pytest.raises(Refused):
        undone(ana, opportunity)


def test_a_title_that_was_put_back_is_found_again(ana):
    opportunity = make_opportunity(ana, title="Forno")
    edited(ana, opportunity, title="Geladeira")
    undone(ana, opportunity)

    with company_scope(ana.company):
        assert [one.title for one in find(ana, "forno").opportunities] == ["Forno"]
        assert find(ana, "geladeira").opportunities == []
