"""The page of an opportunity: what it shows, and changing it there."""

import re
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
from oportuna.accounts.models import Company
from oportuna.accounts.scope import company_scope
from oportuna.sales.actions import activities, customers, opportunities
from oportuna.sales.models import Activity, HistoryEntry, Opportunity, OpportunityVersion
from oportuna.sales.queries.opportunities import steps
from oportuna.sales.queries.telling import tell
from oportuna.sales.queries.timeline import Show, timeline
from tests.factories import (
    make_actor,
    make_company,
    make_customer,
    make_opportunity,
    reason_of,
    source_of,
    stage_of,
)

HTMX = {"HX-Request": "true"}


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.membership.user)
    return client


def address(actor: Actor, route: str, opportunity: Opportunity, **query: str) -> str:
    return reverse(f"sales:{route}", args=[actor.company.slug, opportunity.number], query=query)


def shown(actor: Actor, opportunity: Opportunity) -> str:
    answer = signed_in(actor).get(address(actor, "opportunity", opportunity))
    assert answer.status_code == 200
    return answer.text


def edited(actor: Actor, opportunity: Opportunity, **data: Any) -> Any:
    return signed_in(actor).post(address(actor, "edit_opportunity", opportunity), data, headers=HTMX)


def now(opportunity: Opportunity) -> Opportunity:
    with company_scope(opportunity.company):
        return Opportunity.objects.get(pk=opportunity.pk)


def test_the_page_shows_value_probability_weighted_value_and_people(db):
    ana = make_actor()
    customer = make_customer(ana, "Padaria Sol", cnpj="11222333000181", phones=["+5511987654321"])
    with company_scope(ana.company):
        customers.add_contact(
            customer, {"name": "Célia"}, phones=["+5511912345678"], emails=["celia@example.com"], by=ana
        )
    opportunity = make_opportunity(ana, "Proposta", customer=customer, value=Decimal("1234.50"))

    page = shown(ana, opportunity)

    for text in (
        "R$\xa01.234,50",
        "60%",
        "R$\xa0740,70",
        "11.222.333/0001-81",
        'href="tel:+5511912345678"',
        "https://wa.me/5511912345678",
        'href="mailto:celia@example.com"',
    ):
        assert text in page, text


def test_who_asked_for_no_contact_has_no_link_to_call(db):
    ana = make_actor()
    customer = make_customer(ana, phones=["+5511987654321"], do_not_contact=True)

    page = shown(ana, make_opportunity(ana, customer=customer))

    assert "tel:" not in page
    assert "wa.me" not in page
    assert "(11) 98765-4321" in page


def test_a_lost_one_says_why_and_offers_to_reopen(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    with company_scope(ana.company):
        opportunities.lose(
            opportunity, reason=reason_of(ana.company), competitor="Rival", comment="Mais barato", by=ana
        )

    page = shown(ana, opportunity)

    for text in ("Preço muito alto", "(Rival)", "“Mais barato”", address(ana, "reopen", opportunity)):
        assert text in page, text
    assert address(ana, "win", opportunity) not in page
    assert re.search(r"0% <small>era \d+%</small>", page)


def test_the_stages_count_the_time_open_in_each_the_present_stay_too(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    with company_scope(ana.company):
        opportunities.move_to(opportunity, stage_of(ana.company, "Proposta"), by=ana)
        first, second = OpportunityVersion.objects.filter(opportunity=opportunity).order_by("valid_from")
        moved = timezone.now() - timedelta(days=3)
        OpportunityVersion.objects.filter(pk=first.pk).update(
            valid_from=moved - timedelta(days=5), valid_to=moved
        )
        OpportunityVersion.objects.filter(pk=second.pk).update(valid_from=moved)
        Opportunity.objects.filter(pk=opportunity.pk).update(stage_since=moved)

        found = steps(ana, Opportunity.objects.select_related("stage").get(pk=opportunity.pk))

    assert [(step.name, step.days) for step in found] == [
        ("Lead", 5),
        ("Prospecção", None),
        ("Qualificação", None),
        ("Proposta", 3),
        ("Negociação", None),
    ]
    assert [step.passed for step in found] == [True, True, True, False, False]
    assert [step.name for step in found if step.current] == ["Proposta"]


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("title", "  Usina  nova ", "Usina nova"),
        ("value", "1.234,56", Decimal("1234.56")),
        ("value", "", None),
        ("probability", "12,5", 125),
        ("probability", "", None),
        ("expected_close_on", "31/12/2026", "2026-12-31"),
        ("expected_close_on", "2026-12-31", "2026-12-31"),
        ("notes", "Linha 1\r\nLinha 2", "Linha 1\nLinha 2"),
    ],
)
def test_a_field_edited_in_place_is_kept(db, field, typed, kept):
    ana = make_actor()
    opportunity = make_opportunity(ana, probability=100)

    answer = edited(ana, opportunity, field=field, **{field: typed})

    assert answer.status_code == 200
    assert answer.headers["HX-Reswap"] == "none"
    value = getattr(now(opportunity), field)
    assert (str(value) if field == "expected_close_on" else value) == kept


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("title", ""),
        ("value", "dez"),
        ("value", "-1"),
        ("probability", "101"),
        ("expected_close_on", "31/02/2026"),
    ],
)
def test_what_cannot_be_read_is_said_at_the_field_and_kept_as_typed(db, field, typed):
    ana = make_actor()
    opportunity = make_opportunity(ana)

    answer = edited(ana, opportunity, field=field, **{field: typed})

    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.text
    assert typed in answer.text
    assert now(opportunity).revision == opportunity.revision


def test_without_script_the_form_saves_and_leads_back(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    url = address(ana, "edit_opportunity", opportunity)

    answer = signed_in(ana).post(url, {"title": "Nova", "value": "5", "revision": opportunity.revision})

    assert answer.status_code == 302
    assert answer.headers["Location"] == address(ana, "opportunity", opportunity)
    assert (now(opportunity).title, now(opportunity).value) == ("Nova", Decimal("5.00"))


def test_two_people_editing_the_same_field_the_second_sees_the_firsts_value_and_may_insist(db):
    ana = make_actor()
    opportunity = make_opportunity(ana, value=Decimal("10.00"))
    form = {"field": "value", "initial-value": "10,00", "revision": opportunity.revision}

    assert edited(ana, opportunity, **form, value="20").status_code == 200
    second = edited(ana, opportunity, **form, value="30")

    assert second.status_code == 409
    assert "R$\xa020,00" in second.text
    assert 'value="30"' in second.text
    assert now(opportunity).value == Decimal("20.00")
    again = {**form, "revision": now(opportunity).revision}
    assert edited(ana, opportunity, **again, value="30").status_code == 200
    assert now(opportunity).value == Decimal("30.00")


def test_two_people_editing_different_fields_both_are_kept(db):
    ana = make_actor()
    opportunity = make_opportunity(ana, value=Decimal("10.00"), title="Antes")
    form = {"initial-value": "10,00", "initial-title": "Antes", "revision": opportunity.revision}

    edited(ana, opportunity, **form, value="20", title="Antes")
    second = edited(ana, opportunity, **form, value="10,00", title="Depois")

    assert second.status_code == 200
    assert (now(opportunity).value, now(opportunity).title) == (Decimal("20.00"), "Depois")


def test_a_manager_gives_it_to_someone_and_a_seller_takes_an_unassigned_one(db):
    boss = make_actor("manager")
    ana, rui = (make_actor("seller", boss.company, name=name) for name in ("Ana", "Rui"))
    opportunity = make_opportunity(boss)
    url = address(boss, "assign_opportunity", opportunity)

    assert signed_in(boss).post(url, {"owner": rui.membership.pk}, headers=HTMX).status_code == 200
    assert now(opportunity).owner_id == rui.membership.pk
    assert signed_in(ana).post(url, {"owner": ana.membership.pk}, headers=HTMX).status_code == 403
    assert signed_in(boss).post(url, {"owner": ""}, headers=HTMX).status_code == 200
    assert signed_in(ana).post(url, {"owner": rui.membership.pk}, headers=HTMX).status_code == 422
    assert signed_in(ana).post(url, {"owner": ana.membership.pk}, headers=HTMX).status_code == 200
    assert now(opportunity).owner_id == ana.membership.pk


def test_giving_it_out_of_ones_sight_leads_back_to_the_list(db):
    company = make_company(visibility=Company.Visibility.OWN)
    ana, rui = make_actor("seller", company), make_actor("seller", company, name="Rui")
    opportunity = make_opportunity(rui)

    assert signed_in(ana).get(address(ana, "opportunity", opportunity)).status_code == 404
    assert edited(ana, opportunity, field="title", title="x").status_code == 404


@pytest.mark.parametrize(
    ("role", "own", "buttons"),
    [
        ("viewer", False, set()),
        ("operator", True, {"lose", "edit_opportunity", "log_activity"}),
        ("seller", True, {"win", "lose", "edit_opportunity", "log_activity", "delete"}),
        ("seller", False, set()),
        ("manager", False, {"win", "lose", "edit_opportunity", "log_activity", "delete"}),
    ],
)
def test_each_role_is_offered_what_it_may_do(db, role, own, buttons):
    company = make_company()
    someone = make_actor(role, company, name="Zé")
    opportunity = make_opportunity(someone if own else make_actor("seller", company))

    page = shown(someone, opportunity)

    offered = ("win", "lose", "edit_opportunity", "log_activity", "delete")
    assert {route for route in offered if address(someone, route, opportunity) in page} == buttons
    change_stage = f'href="{address(someone, "move", opportunity)}?next='
    assert (change_stage in page) == ("edit_opportunity" in buttons)


def test_a_viewer_who_posts_is_refused(db):
    company = make_company()
    viewer, opportunity = make_actor("viewer", company), make_opportunity(make_actor("seller", company))

    assert edited(viewer, opportunity, field="title", title="x").status_code == 403


def told(actor: Actor, opportunity: Opportunity) -> list[str]:
    with company_scope(actor.company):
        days = timeline(actor, opportunity).days
    return [str(one.sentence) for day in days for one in day.told]


def test_the_history_tells_each_act_in_a_sentence(db):
    ana = make_actor("manager")
    opportunity = make_opportunity(ana, value=Decimal("10.00"))
    with company_scope(ana.company):
        opportunities.edit(opportunity, {"value": Decimal("1234.50")}, by=ana)
        opportunities.edit(opportunity, {"source": source_of(ana.company)}, by=ana)
        opportunities.edit(opportunity, {"value": None}, by=ana)
        opportunities.assign(opportunity, None, by=ana)
        opportunities.move_to(opportunity, stage_of(ana.company, "Proposta"), by=ana)
        activities.log(opportunity, Activity.Kind.CALL, text="Oi", by=ana)
        opportunities.lose(opportunity, reason=reason_of(ana.company), by=ana)

    sentences = [sentence.replace("\xa0", " ") for sentence in told(ana, opportunity)]

    plain = [
        "<b>Ana</b> ligou",
        "<b>Ana</b> deixou sem responsável (era de Ana)",
        "<b>Ana</b> apagou o valor (era R$ 1.234,50)",
        "<b>Ana</b> preencheu a origem: <b>Site</b>",
        "<b>Ana</b> mudou o valor de R$ 10,00 para <b>R$ 1.234,50</b>",
    ]
    assert [one for one in sentences if "<svg" not in one] == plain
    assert sentences[0].startswith("<b>Ana</b> marcou como <b>perdida</b> em <svg")
    assert sentences[0].endswith("Proposta: Preço muito alto")
    assert sentences[2].startswith("<b>Ana</b> moveu de <svg")


def test_what_people_wrote_is_never_markup(db):
    ana = make_actor()
    opportunity = make_opportunity(ana, title="<script>1</script>")
    with company_scope(ana.company):
        opportunities.edit(opportunity, {"title": "<img src=x>"}, by=ana)
        activities.log(opportunity, Activity.Kind.NOTE, text="<script>2</script>", by=ana)

    page = shown(ana, opportunity)

    assert "<script>1" not in page
    assert "<script>2" not in page
    assert "<img src=x>" not in page


def test_every_verb_of_history_has_a_sentence(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    with company_scope(ana.company):
        entry = HistoryEntry.objects.get(opportunity=opportunity)
        for verb in HistoryEntry._meta.get_field("verb").choices or ():
            entry.verb = str(verb[0])
            assert "<b>Ana</b>" in tell(entry).sentence


def test_the_history_is_shown_in_parts_and_by_kind(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    with company_scope(ana.company):
        for number in range(24):
            activities.log(opportunity, Activity.Kind.NOTE, text=f"Nota {number}.", by=ana)
        first = timeline(ana, opportunity)
        rest = timeline(ana, opportunity, before=first.older)
        changes = timeline(ana, opportunity, Show.CHANGES)

    client, url = signed_in(ana), address(ana, "opportunity_history", opportunity)
    with company_scope(ana.company):
        older = client.get(url, {"before": first.older_code, "show": "all"}, headers=HTMX)
    assert [len(part.told) for part in first.days] == [20]
    assert [len(part.told) for part in rest.days] == [5]
    assert rest.older is None
    assert [len(part.told) for part in changes.days] == [1]
    assert ("Nota 3." in older.text, "Nota 23." in older.text) == (True, False)
    assert client.get(url).status_code == 200
    assert client.get(url, {"before": "nada"}).status_code == 404


def test_the_page_asks_the_database_as_often_whatever_there_is(db):
    ana = make_actor("manager")
    client = signed_in(ana)
    opportunity = make_opportunity(ana)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(address(ana, "opportunity", opportunity)).status_code == 200
        return len(captured)

    with company_scope(ana.company):
        activities.plan(opportunity, Activity.Kind.CALL, due_on=ana.today(), by=ana)
        customers.add_contact(opportunity.customer, {"name": "A"}, by=ana)
    queries()
    before = queries()
    with company_scope(ana.company):
        for name in "BC":
            contact = customers.add_contact(
                opportunity.customer, {"name": name}, phones=["+5511987654321"], by=ana
            )
            activities.plan(opportunity, Activity.Kind.CALL, due_on=ana.today(), contact=contact, by=ana)
            activities.log(opportunity, Activity.Kind.CALL, text="Oi", contact=contact, by=ana)

    assert queries() == before
