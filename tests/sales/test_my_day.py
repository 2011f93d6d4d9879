"""My day: what waits for a person, and doing it there."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from oportuna.accounts.actor import Actor
from oportuna.accounts.models import Company
from oportuna.accounts.scope import company_scope
from oportuna.sales.actions import activities
from oportuna.sales.models import Activity, Opportunity
from oportuna.sales.queries.activities import MyDay, my_day
from tests.factories import make_actor, make_company, make_opportunity


def day(actor: Actor) -> MyDay:
    with company_scope(actor.company):
        return my_day(actor)


def plan(actor: Actor, opportunity: Opportunity, days: int, **fields: Any) -> Activity:
    with company_scope(actor.company):
        due_on = actor.today() + timedelta(days=days)
        return activities.plan(opportunity, Activity.Kind.CALL, due_on=due_on, by=actor, **fields)


def page(actor: Actor) -> Any:
    client = Client()
    client.force_login(actor.membership.user)
    return client, reverse("sales:my_day", args=[actor.company.slug])


def names(tasks: Any) -> list[str]:
    return [task.activity.subject for task in tasks]


def test_the_day_parts_what_is_late_today_and_coming(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    for days in (-2, -1, 0, 1, 7, 8):
        plan(ana, opportunity, days, subject=str(days))
    with company_scope(ana.company):
        activities.complete(plan(ana, opportunity, 0, subject="done"), by=ana)

    found = day(ana)

    assert (names(found.late), found.late_count) == (["-2", "-1"], 2)
    assert (names(found.today), names(found.done)) == (["0"], ["done"])
    assert (names(found.ahead), found.ahead_count) == (["1", "7"], 2)


def test_new_leads_are_those_of_the_first_stage_without_contact(db):
    ana = make_actor()
    make_opportunity(ana, title="Nova")
    make_opportunity(ana, "Proposta", title="Adiante")
    called, noted = make_opportunity(ana, title="Ligada"), make_opportunity(ana, title="Anotada")
    with company_scope(ana.company):
        activities.log(called, Activity.Kind.CALL, text="Oi", by=ana)
        activities.log(noted, Activity.Kind.NOTE, text="Oi", by=ana)

    found = day(ana)

    assert [lead.title for lead in found.leads] == ["Anotada", "Nova"]
    assert (found.leads_count, found.without_next, found.stalled) == (2, 4, 0)


def test_the_stalled_and_those_without_a_next_activity_are_counted(db):
    ana = make_actor()
    idle, planned = make_opportunity(ana), make_opportunity(ana)
    plan(ana, planned, 1)
    with company_scope(ana.company):
        Opportunity.objects.filter(pk__in=[idle.pk, planned.pk]).update(
            moved_at=timezone.now() - timedelta(days=30)
        )

    found = day(ana)

    assert (found.stalled, found.without_next) == (1, 1)


def test_a_colleagues_work_is_not_mine(db):
    company = make_company(visibility=Company.Visibility.OWN)
    ana, rui = make_actor("seller", company), make_actor("seller", company, name="Rui")
    plan(rui, make_opportunity(rui, title="Segredo"), 0)

    client, url = page(ana)
    client.force_login(ana.membership.user)

    assert day(ana).is_empty
    assert "Segredo" not in client.get(url).text


def test_an_empty_day_says_what_to_do(db):
    client, url = page(make_actor("viewer"))

    assert "Nada espera por você" in client.get(url).text


def test_a_tick_marks_it_done_in_place_and_may_be_undone(db):
    ana = make_actor()
    activity = plan(ana, make_opportunity(ana), 0, subject="Ligar já")
    client, url = page(ana)
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{url}"}
    with company_scope(ana.company):
        slug = ana.company.slug
        complete = reverse("sales:complete_activity", args=[slug, activity.pk])
        back = reverse("sales:put_back_activity", args=[slug, activity.pk])

    ticked = client.post(complete, {"tick": "1"}, headers=headers)

    assert ticked.status_code == 200
    assert 'id="my-day" hx-swap-oob="true"' in ticked.text
    assert back in ticked.text
    assert names(day(ana).done) == ["Ligar já"]
    client.post(back, headers=headers)
    assert names(day(ana).today) == ["Ligar já"]


def test_without_script_the_tick_leads_back_to_the_day(db):
    ana = make_actor()
    activity = plan(ana, make_opportunity(ana), 0)
    client, url = page(ana)
    with company_scope(ana.company):
        complete = reverse("sales:complete_activity", args=[ana.company.slug, activity.pk])

    answer = client.post(complete, {"tick": "1", "next": url})

    assert (answer.status_code, answer.headers["Location"]) == (302, url)


def test_the_day_asks_the_database_as_often_whatever_there_is(db):
    ana = make_actor()
    client, url = page(ana)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    def fill() -> None:
        for days in (-1, 0, 1):
            plan(ana, make_opportunity(ana), days)
        make_opportunity(ana)

    fill()
    queries()
    before = queries()
    fill()
    fill()

    assert queries() == before
