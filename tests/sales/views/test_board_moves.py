"""Moving a card: what a drop answers, what it refuses, and how it is undone."""

import re

import pytest
from django.urls import reverse

from oportuna.accounts.codes import encode
from oportuna.accounts.scope import company_scope
from oportuna.sales.actions import opportunities, registers
from oportuna.sales.models import HistoryEntry, Opportunity
from tests.factories import (
    admin_of,
    make_actor,
    make_company,
    make_opportunity,
    stage_of,
)
from tests.sales.boards import board_of, columns, signed_in, summary

HTMX = {"HX-Request": "true"}


def move_url(opportunity):
    return reverse("sales:move", args=[opportunity.company.slug, opportunity.number])


def test_dropping_a_card_moves_it_and_answers_with_the_two_columns_alone(db):
    ana = make_actor()
    lead, proposal = stage_of(ana.company), stage_of(ana.company, "Proposta")
    opportunity = make_opportunity(ana, lead)

    response = signed_in(ana).post(
        move_url(opportunity), {"stage": proposal.pk, "revision": opportunity.revision}, headers=HTMX
    )

    page = response.content.decode()
    assert list(columns(page)) == ["Lead", "Proposta"]
    assert columns(page)["Proposta"] == ["Notebook"]
    with company_scope(ana.company):
        entry = HistoryEntry.objects.get(opportunity=opportunity, verb="moved")
        assert (entry.from_stage, entry.to_stage, entry.by) == (lead, proposal, ana.membership)


def test_without_script_a_move_leads_back_to_the_board_and_can_be_undone_there(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    client = signed_in(ana)

    response = client.post(move_url(opportunity), {"stage": stage_of(ana.company, "Proposta").pk})

    assert (response.status_code, response["Location"]) == (302, board_of(ana))
    undo = re.findall(
        r'action="([^"]*/stage/[a-z2-7]{13}/[^"]*)"', client.get(board_of(ana)).content.decode()
    )[0]
    client.post(undo.replace("&amp;", "&"))
    assert columns(client.get(board_of(ana)).content.decode())["Lead"] == ["Notebook"]


def test_undoing_a_move_puts_the_card_above_the_one_that_it_stood_above(db):
    ana = make_actor()
    low, middle, high = (make_opportunity(ana, title=title) for title in ("c", "b", "a"))
    client = signed_in(ana)

    moved = client.post(
        move_url(middle), {"stage": stage_of(ana.company, "Proposta").pk}, headers=HTMX
    ).content.decode()
    undo = re.findall(r'hx-post="([^"]*/stage/[a-z2-7]{13}/[^"]*)"', moved)[0].replace("&amp;", "&")
    page = client.post(undo, headers=HTMX).content.decode()

    assert columns(page) == {"Lead": ["a", "b", "c"], "Proposta": []}
    assert (low.number, high.number) == (1, 3)


@pytest.mark.parametrize("forged", ["", "revision=", "revision=x", "revision=-1", "revision=1&before=x"])
@pytest.mark.parametrize("headers", [HTMX, {}])
def test_a_cut_or_forged_undo_is_refused_in_words_and_moves_nothing(db, forged, headers):
    ana = make_actor()
    opportunity, lead = make_opportunity(ana), stage_of(ana.company)
    with company_scope(ana.company):
        opportunities.move_to(opportunity, stage_of(ana.company, "Proposta"), by=ana)
        undo = reverse("sales:move_back", args=[ana.company.slug, opportunity.number, lead.pk])

    response = signed_in(ana).post(f"{undo}?{forged}", headers=headers)

    assert response.status_code == 409
    assert "Este endereço está incompleto" in response.content.decode()
    with company_scope(ana.company):
        assert Opportunity.objects.get().stage.name == "Proposta"


def test_a_move_is_not_undone_over_what_someone_else_did_since(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    client = signed_in(ana)
    moved = client.post(
        move_url(opportunity), {"stage": stage_of(ana.company, "Proposta").pk}, headers=HTMX
    ).content.decode()
    undo = re.findall(r'hx-post="([^"]*/stage/[a-z2-7]{13}/[^"]*)"', moved)[0].replace("&amp;", "&")
    with company_scope(ana.company):
        opportunities.edit(opportunity, {"title": "Servidor"}, by=admin_of(ana.company))

    response = client.post(undo, headers=HTMX)

    assert response.status_code == 409
    with company_scope(ana.company):
        assert Opportunity.objects.get().stage.name == "Proposta"


@pytest.mark.parametrize(
    ("beside", "order"),
    [({"before": 1}, ["b", "c", "a"]), ({"after": 1}, ["b", "a", "c"]), ({}, ["c", "b", "a"])],
)
def test_a_card_lands_where_it_was_dropped_in_its_column(db, beside, order):
    ana = make_actor()
    for title in "abc":
        last = make_opportunity(ana, title=title)
    client = signed_in(ana)

    page = client.post(move_url(last), {"stage": last.stage_id, **beside}, headers=HTMX).content.decode()

    assert columns(page) == {"Lead": order}
    with company_scope(ana.company):
        assert HistoryEntry.objects.filter(opportunity=last).count() == 1


def test_a_card_that_someone_else_moved_first_comes_back_with_the_reason_and_the_fresh_board(db):
    company = make_company()
    ana, bob = make_actor(company=company), make_actor("manager", company, name="Bob")
    opportunity = make_opportunity(ana)
    seen = opportunity.revision
    with company_scope(company):
        opportunities.move_to(opportunity, stage_of(company, "Negociação"), by=bob)

    response = signed_in(ana).post(
        move_url(opportunity), {"stage": stage_of(company, "Proposta").pk, "revision": seen}, headers=HTMX
    )

    page = response.content.decode()
    assert response.status_code == 409
    assert "op-toast--error" in page
    assert [title for titles in columns(page).values() for title in titles] == ["Notebook"]
    assert columns(page)["Negociação"] == ["Notebook"]


def test_a_stage_taken_out_of_use_meanwhile_refuses_the_card_and_says_which(db):
    ana = make_actor()
    opportunity, proposal = make_opportunity(ana), stage_of(ana.company, "Proposta")
    with company_scope(ana.company):
        registers.set_stage_active(proposal, False, by=admin_of(ana.company))

    response = signed_in(ana).post(move_url(opportunity), {"stage": proposal.pk}, headers=HTMX)

    assert response.status_code == 409
    toast = re.findall(r"op-toast--error.*?</div>", response.content.decode(), re.DOTALL)[0]
    assert "Proposta" in toast
    with company_scope(ana.company):
        assert Opportunity.objects.get().stage == stage_of(ana.company)


def test_a_stage_of_another_company_is_no_choice(db):
    ana, stranger = make_actor(), make_actor()
    opportunity = make_opportunity(ana)
    foreign = stage_of(stranger.company, "Proposta")

    for stage in (foreign.pk, "", "x", 10**30):
        response = signed_in(ana).post(move_url(opportunity), {"stage": stage}, headers=HTMX)
        assert response.status_code == 422


def test_an_oversized_number_is_a_message_and_no_failure(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)

    response = signed_in(ana).post(
        move_url(opportunity), {"stage": opportunity.stage_id, "before": 10**30}, headers=HTMX
    )

    assert response.status_code == 422


@pytest.mark.parametrize("role", ["seller", "operator", "viewer"])
def test_a_colleagues_card_is_seen_but_not_moved(db, role):
    ana = make_actor()
    bob = make_actor(role, ana.company, name="Bob")
    opportunity = make_opportunity(ana)

    response = signed_in(bob).post(
        move_url(opportunity), {"stage": stage_of(ana.company, "Proposta").pk}, headers=HTMX
    )

    assert response.status_code == 403
    with company_scope(ana.company):
        assert HistoryEntry.objects.filter(opportunity=opportunity).count() == 1


def test_a_move_without_the_forgery_token_is_refused(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    client = signed_in(ana, enforce_csrf_checks=True)

    response = client.post(move_url(opportunity), {"stage": stage_of(ana.company, "Proposta").pk})

    assert response.status_code == 403


def test_changing_the_stage_is_also_a_page_of_its_own(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    client = signed_in(ana)

    page, dialog = client.get(move_url(opportunity)), client.get(move_url(opportunity), headers=HTMX)

    assert ("<!doctype html>" in page.content.decode(), "<modal-dialog>" in page.content.decode()) == (
        True,
        False,
    )
    assert ("<!doctype html>" in dialog.content.decode(), "<modal-dialog>" in dialog.content.decode()) == (
        False,
        True,
    )


def test_a_move_made_elsewhere_shows_that_page_again(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    here = f"http://testserver{board_of(ana)}customers/"

    response = signed_in(ana).post(
        move_url(opportunity),
        {"stage": stage_of(ana.company, "Proposta").pk},
        headers={**HTMX, "HX-Current-URL": here},
    )

    assert (response.status_code, response["HX-Refresh"]) == (204, "true")


def test_the_answer_keeps_the_filters_of_the_board_that_one_looks_at(db):
    company = make_company()
    ana, bob = make_actor("manager", company), make_actor(company=company, name="Bob")
    mine = make_opportunity(ana, title="Da Ana")
    make_opportunity(bob, title="Do Bob")
    with company_scope(company):
        here = "http://testserver" + board_of(ana, owner=encode(ana.membership.pk))

    page = (
        signed_in(ana)
        .post(
            move_url(mine),
            {"stage": stage_of(company, "Proposta").pk},
            headers={**HTMX, "HX-Current-URL": here},
        )
        .content.decode()
    )

    assert columns(page) == {"Lead": [], "Proposta": ["Da Ana"]}
    assert summary(page).startswith("1 ")
