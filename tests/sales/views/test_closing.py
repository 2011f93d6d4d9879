"""Winning, losing, reopening, deleting: what the person gets, and who is refused."""

import re
from html import unescape

import pytest
from django.urls import reverse

from oportuna.accounts.models import Company
from oportuna.accounts.scope import company_scope
from oportuna.sales.actions import activities, opportunities, registers
from oportuna.sales.models import Activity, HistoryEntry, LossReason, Opportunity
from tests.factories import admin_of, fresh, make_actor, make_company, make_opportunity, reason_of, stage_of
from tests.sales.boards import board_of, signed_in

HTMX = {"HX-Request": "true"}
VERBS = ("win", "lose", "reopen", "delete", "restore")


def url_of(verb, opportunity):
    return reverse(f"sales:{verb}", args=[opportunity.company.slug, opportunity.number])


def now(opportunity):
    with company_scope(opportunity.company):
        return Opportunity.objects.select_related("loss_reason", "stage").get(pk=opportunity.pk)


def verbs(opportunity):
    with company_scope(opportunity.company):
        entries = HistoryEntry.objects.filter(opportunity=opportunity).order_by("at", "id")
        return list(entries.values_list("verb", flat=True))


def undo_in(page: str) -> str:
    return str(re.findall(r'op-toast.*?<form method="post" action="([^"]*)"', page, re.DOTALL)[0])


def test_winning_takes_the_card_off_the_board_and_offers_to_undo(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    client = signed_in(ana)

    page = client.post(
        url_of("win", opportunity), {"revision": opportunity.revision}, headers=HTMX
    ).content.decode()

    assert re.findall(r'<section class="op-col" id="(.*?)"', page) == [f"stage-{opportunity.stage_id}"]
    assert f'id="card-{opportunity.number}"' not in page
    assert now(opportunity).status == "won"

    again = client.post(undo_in(page), headers=HTMX).content.decode()
    assert f'id="card-{opportunity.number}"' in again
    assert verbs(opportunity) == ["created", "won", "reopened"]


def test_winning_twice_leaves_one_entry(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)

    for _again in range(2):
        signed_in(ana).post(url_of("win", opportunity), {"revision": opportunity.revision})

    assert verbs(opportunity) == ["created", "won"]


def test_losing_asks_for_the_reason_with_the_most_used_first(db):
    ana = make_actor()
    with company_scope(ana.company):
        opportunities.lose(make_opportunity(ana), reason=reason_of(ana.company, "Sem orçamento"), by=ana)

    page = signed_in(ana).get(url_of("lose", make_opportunity(ana)), headers=HTMX).content.decode()

    names = re.findall(r'class="op-choice op-choice--lost">.*?</svg>(.*?) <kbd', page, re.DOTALL)
    assert names[:2] == ["Sem orçamento", "Preço muito alto"]
    assert len(names) == 8
    assert re.findall(r'data-key="(\d)"', page) == list("12345678")


def test_reasons_are_not_ordered_by_losses_that_one_may_not_see(db):
    company = make_company(visibility=Company.Visibility.OWN)
    ana, bob = make_actor(company=company), make_actor(company=company, name="Bob")
    with company_scope(company):
        opportunities.lose(make_opportunity(bob), reason=reason_of(company, "Sem orçamento"), by=bob)

    page = signed_in(fresh(ana)).get(url_of("lose", make_opportunity(ana)), headers=HTMX).content.decode()

    names = re.findall(r'class="op-choice op-choice--lost">.*?</svg>(.*?) <kbd', page, re.DOTALL)
    assert names[0] == "Preço muito alto"


def test_losing_keeps_the_stage_and_what_was_learned(db):
    ana = make_actor()
    opportunity = make_opportunity(ana, "Proposta")
    reason = reason_of(ana.company, "Comprou do concorrente")
    typed = {
        "reason": reason.pk,
        "competitor": " Rival ",
        "comment": "Caro\nDemorado",
        "revision": opportunity.revision,
    }

    response = signed_in(ana).post(url_of("lose", opportunity), typed, headers=HTMX)

    lost = now(opportunity)
    assert response.status_code == 200
    assert (lost.status, lost.stage.name, lost.loss_reason) == ("lost", "Proposta", reason)
    assert (lost.competitor, lost.loss_comment) == ("Rival", "Caro\nDemorado")


def test_losing_without_a_reason_says_so_at_the_field_and_keeps_what_was_typed(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)

    response = signed_in(ana).post(url_of("lose", opportunity), {"comment": "Sumiu"}, headers=HTMX)

    page = response.content.decode()
    assert response.status_code == 422
    assert 'id="id_reason_error"' in page
    assert "Sumiu" in page
    assert verbs(opportunity) == ["created"]


def test_a_company_may_leave_the_reason_open(db):
    ana = make_actor(company=make_company(loss_reason_required=False))
    opportunity = make_opportunity(ana)

    signed_in(ana).post(url_of("lose", opportunity), {}, headers=HTMX)

    assert (now(opportunity).status, now(opportunity).loss_reason) == ("lost", None)


def test_a_reason_out_of_use_or_of_another_company_is_refused_at_the_field(db):
    ana, stranger = make_actor(), make_actor()
    opportunity = make_opportunity(ana)
    retired = reason_of(ana.company, "Mau atendimento")
    with company_scope(ana.company):
        registers.set_active(retired, False, by=admin_of(ana.company))

    for reason in (retired.pk, reason_of(stranger.company).pk, "x", 10**30):
        response = signed_in(ana).post(url_of("lose", opportunity), {"reason": reason}, headers=HTMX)
        assert (response.status_code, b"id_reason_error" in response.content) == (422, True)
    assert verbs(opportunity) == ["created"]


def test_a_loss_meets_someone_elses_change_once_and_then_goes_through(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    typed = {"reason": reason_of(ana.company).pk, "revision": opportunity.revision, "comment": "Caro"}
    with company_scope(ana.company):
        moved = opportunities.move_to(
            opportunity, stage_of(ana.company, "Proposta"), by=admin_of(ana.company)
        )
    client = signed_in(ana)

    first = client.post(url_of("lose", opportunity), typed, headers=HTMX).content.decode()
    assert ("Caro" in first, f'name="revision" value="{moved.revision}"' in first) == (True, True)

    second = client.post(url_of("lose", opportunity), {**typed, "revision": moved.revision}, headers=HTMX)
    assert (second.status_code, now(opportunity).stage.name) == (200, "Proposta")


def test_without_script_losing_is_a_page_that_leads_back_to_the_board(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    client = signed_in(ana)

    page = client.get(url_of("lose", opportunity)).content.decode()
    response = client.post(url_of("lose", opportunity), {"reason": reason_of(ana.company).pk})

    assert (
        "<!doctype html>" in page,
        '<modal-dialog><dialog class="op-modal" aria-labelledby="dialog-title">' in page,
    ) == (True, False)
    assert (response.status_code, response["Location"]) == (302, board_of(ana))
    undo = f"{url_of('reopen', opportunity)}?revision={now(opportunity).revision}"
    assert undo_in(client.get(board_of(ana)).content.decode()) == undo


def test_a_form_leads_on_to_a_page_of_ours_and_to_no_other(db):
    ana = make_actor()
    here = f"{board_of(ana)}opportunities/"

    for wanted, reached in (
        (here, here),
        ("https://example.com/", board_of(ana)),
        ("//example.com", board_of(ana)),
    ):
        response = signed_in(ana).post(url_of("win", make_opportunity(ana)), {"next": wanted})
        assert response["Location"] == reached


def test_an_operator_neither_wins_nor_reopens_what_another_lost(db):
    operator = make_actor("operator")
    opportunity = make_opportunity(operator)
    with company_scope(operator.company):
        opportunities.lose(opportunity, reason=reason_of(operator.company), by=admin_of(operator.company))
    client = signed_in(operator)

    refused = client.post(url_of("reopen", opportunity), headers=HTMX)

    assert (refused.status_code, "Seu papel não permite isto" in refused.content.decode()) == (403, True)
    assert client.post(url_of("win", make_opportunity(operator)), headers=HTMX).status_code == 403
    assert verbs(opportunity) == ["created", "lost"]


UNDONE = {"move": "moved", "win": "reopened", "lose": "reopened", "delete": "restored"}


@pytest.mark.parametrize(
    ("role", "verb"),
    [
        *((role, verb) for role in ("seller", "manager", "admin") for verb in UNDONE),
        *(("operator", verb) for verb in ("move", "lose")),
    ],
)
def test_whoever_may_do_it_may_undo_it_from_the_toast(db, role, verb):
    ana = make_actor(role)
    opportunity = make_opportunity(ana)
    client = signed_in(ana)
    typed = {"reason": reason_of(ana.company).pk, "stage": stage_of(ana.company, "Proposta").pk}

    page = client.post(url_of(verb, opportunity), typed, headers=HTMX).content.decode()
    undo = unescape(undo_in(page))
    answers = [client.post(undo, headers=HTMX).status_code for _again in range(2 if verb != "move" else 1)]

    assert set(answers) == {200}
    assert verbs(opportunity)[2:] == [UNDONE[verb]]
    assert (now(opportunity).status, now(opportunity).stage.name) == ("open", "Lead")
    assert now(opportunity).deleted_at is None


@pytest.mark.parametrize("role", ["operator", "seller"])
@pytest.mark.parametrize("whose", ["own", "a manager's"])
def test_a_loss_is_not_undone_over_what_happened_since(db, role, whose):
    ana = make_actor(role)
    opportunity = make_opportunity(ana)
    by = ana if whose == "own" else admin_of(ana.company)
    client = signed_in(ana)
    typed = {"reason": reason_of(ana.company).pk}
    undo = undo_in(client.post(url_of("lose", opportunity), typed, headers=HTMX).content.decode())
    with company_scope(ana.company):
        activities.log(opportunity, Activity.Kind.NOTE, text="Volta em março", by=by)

    refused = client.post(undo, headers=HTMX)

    assert (refused.status_code, "Alguém mudou isto" in refused.content.decode()) == (409, True)
    assert verbs(opportunity) == ["created", "lost", "logged"]


def test_without_its_revision_an_operator_undoes_only_his_last_act(db):
    operator = make_actor("operator")
    opportunity = make_opportunity(operator)
    with company_scope(operator.company):
        opportunities.lose(opportunity, reason=reason_of(operator.company), by=operator)
        activities.log(opportunity, Activity.Kind.NOTE, text="Volta em março", by=operator)

    assert signed_in(operator).post(url_of("reopen", opportunity), headers=HTMX).status_code == 403
    assert verbs(opportunity) == ["created", "lost", "logged"]


@pytest.mark.parametrize("verb", ["win", "delete"])
def test_an_old_undo_does_not_take_back_what_someone_else_did_again(db, verb):
    ana = make_actor()
    manager = admin_of(ana.company)
    opportunity = make_opportunity(ana)
    client = signed_in(ana)
    undo = undo_in(client.post(url_of(verb, opportunity), headers=HTMX).content.decode())
    with company_scope(ana.company):
        for act in {
            "win": (opportunities.reopen, opportunities.win),
            "delete": (opportunities.restore, opportunities.delete),
        }[verb]:
            act(opportunity, by=manager)
    done = verbs(opportunity)

    assert client.post(undo, headers=HTMX).status_code == 409
    assert verbs(opportunity) == done


def test_deleting_is_taken_back_from_the_toast(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    client = signed_in(ana)

    page = client.post(url_of("delete", opportunity), headers=HTMX).content.decode()
    assert f'id="card-{opportunity.number}"' not in page

    again = client.post(undo_in(page), headers=HTMX).content.decode()
    assert f'id="card-{opportunity.number}"' in again
    assert verbs(opportunity) == ["created", "deleted", "restored"]


def test_deleting_from_its_own_page_leads_to_the_board(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    here = f"http://testserver{board_of(ana)}opportunities/{opportunity.number}/"

    response = signed_in(ana).post(url_of("delete", opportunity), headers={**HTMX, "HX-Current-URL": here})

    assert (response.status_code, response["HX-Redirect"]) == (204, board_of(ana))


def test_what_is_in_the_trash_is_neither_won_nor_lost(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    with company_scope(ana.company):
        opportunities.delete(opportunity, by=ana)

    for verb in ("win", "lose", "reopen"):
        assert signed_in(ana).post(url_of(verb, opportunity), headers=HTMX).status_code == 404


def test_a_closed_sale_is_not_closed_again_the_other_way(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    with company_scope(ana.company):
        opportunities.lose(opportunity, reason=LossReason.objects.first(), by=ana)

    response = signed_in(ana).post(url_of("win", opportunity), headers=HTMX)

    assert (response.status_code, now(opportunity).status) == (409, "lost")


@pytest.mark.parametrize("verb", VERBS)
def test_a_stranger_finds_no_opportunity(db, verb):
    opportunity, stranger = make_opportunity(make_actor()), make_actor("admin")

    assert signed_in(stranger).post(url_of(verb, opportunity)).status_code == 404


@pytest.mark.parametrize("verb", VERBS)
def test_an_invisible_colleague_is_as_good_as_a_stranger(db, verb):
    company = make_company(visibility=Company.Visibility.OWN)
    ana, bob = make_actor(company=company), make_actor(company=company, name="Bob")

    assert signed_in(fresh(ana)).post(url_of(verb, make_opportunity(bob)), headers=HTMX).status_code == 404


@pytest.mark.parametrize("verb", ["win", "lose", "delete"])
@pytest.mark.parametrize("role", ["seller", "operator", "viewer"])
def test_a_colleagues_opportunity_is_not_closed_or_deleted(db, role, verb):
    ana = make_actor()
    bob = make_actor(role, ana.company, name="Bob")
    opportunity = make_opportunity(ana)

    response = signed_in(bob).post(
        url_of(verb, opportunity), {"reason": reason_of(ana.company).pk}, headers=HTMX
    )

    assert (response.status_code, verbs(opportunity)) == (403, ["created"])


@pytest.mark.parametrize("verb", VERBS)
def test_no_verb_acts_without_the_forgery_token_or_by_a_link(db, verb):
    ana = make_actor()
    opportunity = make_opportunity(ana)

    assert signed_in(ana, enforce_csrf_checks=True).post(url_of(verb, opportunity)).status_code == 403
    signed_in(ana).get(url_of(verb, opportunity))
    assert verbs(opportunity) == ["created"]


def test_closing_twice_offers_to_undo_it_once(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    client = signed_in(ana)
    address = reverse("sales:win", args=[ana.company.slug, opportunity.number])

    first, second = (client.post(address, headers=HTMX).content.decode() for _time in range(2))

    assert ("reopen/?revision=" in first, "reopen/?revision=" in second) == (True, False)


@pytest.mark.parametrize(("role", "offered"), [("operator", True), ("seller", True), ("viewer", False)])
def test_the_page_of_a_loss_offers_to_reopen_it_to_whoever_may(db, role, offered):
    company = make_company()
    actor = make_actor(role, company)
    loser = actor if role != "viewer" else admin_of(company)
    opportunity = make_opportunity(loser)
    with company_scope(company):
        opportunities.lose(opportunity, reason=reason_of(company), by=loser)

    page = signed_in(actor).get(reverse("sales:opportunity", args=[company.slug, opportunity.number]))

    assert ("/reopen/" in page.content.decode()) == offered
