"""Saying what was done, planning what is next, marking it done."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oportuna.accounts.actor import Actor
from oportuna.accounts.models import Company, Membership
from oportuna.accounts.scope import company_scope
from oportuna.errors import Conflict, NotAllowed, Refused
from oportuna.sales.actions import activities, customers
from oportuna.sales.actions.activities import NextStep
from oportuna.sales.models import Activity, HistoryEntry, Opportunity
from tests.factories import make_actor, make_company, make_opportunity

HTMX = {"HX-Request": "true"}
CALL = Activity.Kind.CALL


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.membership.user)
    return client


def post(
    actor: Actor, route: str, about: Opportunity | Activity, data: dict[str, Any], **headers: str
) -> Any:
    with company_scope(actor.company):
        row = about.number if isinstance(about, Opportunity) else about.pk
        url = reverse(f"sales:{route}", args=[actor.company.slug, row])
    return signed_in(actor).post(url, data, headers=headers)


def verbs(opportunity: Opportunity) -> list[str]:
    entries = HistoryEntry.objects.filter(opportunity=opportunity).order_by("at", "id")
    return list(entries.values_list("verb", flat=True))


def planned(actor: Actor, opportunity: Opportunity, **fields: Any) -> Activity:
    with company_scope(actor.company):
        return activities.plan(opportunity, CALL, **{"due_on": actor.today(), **fields}, by=actor)


def test_logging_and_planning_the_next_step_is_one_act_with_two_entries(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    tomorrow = ana.today() + timedelta(days=1)

    with company_scope(ana.company):
        step = NextStep(kind=Activity.Kind.VISIT, due_on=tomorrow, subject="Medir")
        key = uuid4()
        first = activities.log(opportunity, CALL, text="Oi", then=step, key=key, by=ana)
        second = activities.log(opportunity, CALL, text="Oi", then=step, key=key, by=ana)

        assert first == second
        assert verbs(opportunity) == ["created", "logged", "planned"]
        opportunity.refresh_from_db()
        assert (opportunity.next_due_on, opportunity.next_kind) == (tomorrow, "visit")


def test_a_refused_next_step_logs_nothing(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    left = make_actor("seller", ana.company, name="Rui").membership
    Membership.objects.filter(pk=left.pk).update(is_active=False)
    left.refresh_from_db()

    with company_scope(ana.company):
        with pytest.raises(Refused):
            activities.log(
                opportunity, CALL, text="Oi", then=NextStep(kind=CALL, due_on=ana.today(), owner=left), by=ana
            )
        assert verbs(opportunity) == ["created"]


def test_of_one_day_what_has_an_hour_comes_first(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    planned(ana, opportunity, subject="Sem hora")
    with company_scope(ana.company):
        activities.plan(opportunity, Activity.Kind.VISIT, due_on=ana.today(), due_at=timezone.now(), by=ana)
        opportunity.refresh_from_db()

    assert opportunity.next_kind == "visit"


def test_completing_says_what_came_of_it_and_what_is_next(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    activity = planned(ana, opportunity)
    step = NextStep(kind=Activity.Kind.TASK, due_on=ana.today() + timedelta(days=2))

    with company_scope(ana.company):
        done = activities.complete(activity, text="Aceitou", then=step, seen=1, by=ana)
        again = activities.complete(activity, text="De novo", then=step, by=ana)

        assert (done.text, done.done_by) == ("Aceitou", ana.membership)
        assert again.text == "Aceitou"
        assert verbs(opportunity) == ["created", "planned", "completed", "planned"]


def test_putting_back_undoes_the_tick_and_what_the_card_showed(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    activity = planned(ana, opportunity)

    with company_scope(ana.company):
        opportunity.refresh_from_db()
        before = opportunity.next_due_on, opportunity.moved_at
        activities.complete(activity, by=ana)
        back = activities.put_back(activity, by=ana)
        activities.put_back(activity, by=ana)

        assert (back.done_at, back.done_by) == (None, None)
        opportunity.refresh_from_db()
        assert (opportunity.next_due_on, opportunity.moved_at) == before
        assert verbs(opportunity) == ["created", "planned", "completed", "undone"]


def test_what_was_only_logged_cannot_be_put_back(db):
    ana = make_actor()
    with company_scope(ana.company):
        note = activities.log(make_opportunity(ana), Activity.Kind.NOTE, text="Oi", by=ana)

        with pytest.raises(Refused):
            activities.put_back(note, by=ana)


def test_whose_activity_it_is_may_do_it_on_a_colleagues_opportunity(db):
    company = make_company()
    ana, rui, zeca = (make_actor("seller", company, name=name) for name in ("Ana", "Rui", "Zeca"))
    activity = planned(ana, make_opportunity(ana), owner=rui.membership)

    with company_scope(company):
        with pytest.raises(NotAllowed):
            activities.complete(activity, by=zeca)
        assert activities.complete(activity, by=rui).done_by == rui.membership


def test_a_planned_activity_moves_to_another_day_and_never_becomes_a_note(db):
    ana = make_actor()
    activity = planned(ana, make_opportunity(ana))
    later = ana.today() + timedelta(days=3)

    with company_scope(ana.company):
        moved = activities.edit(activity, {"due_on": later}, seen=1, by=ana)
        assert Opportunity.objects.get().next_due_on == later
        with pytest.raises(Conflict):
            activities.edit(activity, {"due_on": ana.today()}, seen=1, by=ana)
        with pytest.raises(Refused):
            activities.edit(moved, {"kind": Activity.Kind.NOTE}, by=ana)


def test_who_logs_on_an_unassigned_one_takes_it_and_the_entry_says_so(db):
    boss = make_actor("manager")
    ana = make_actor("seller", boss.company)
    opportunity = make_opportunity(boss)
    with company_scope(boss.company):
        Opportunity.objects.filter(pk=opportunity.pk).update(owner=None)

        activities.log(opportunity, CALL, text="Oi", by=ana)

        entry = HistoryEntry.objects.get(verb="logged")
        assert entry.changes == {"owner": [None, "Ana"]}


def test_the_form_logs_and_plans_with_an_hour_of_ones_own_zone(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    day = ana.today() + timedelta(days=1)
    form = {
        "log-kind": "call",
        "log-text": "Pediu preço",
        "log-key": uuid4(),
        "log-next_kind": "visit",
        "log-next_due_on": day.isoformat(),
        "log-next_hour": "14h30",
        "log-next_owner": ana.membership.pk,
    }

    assert post(ana, "log_activity", opportunity, form).status_code == 302
    assert post(ana, "log_activity", opportunity, form).status_code == 302

    with company_scope(ana.company):
        visit = Activity.objects.get(kind="visit")
        assert visit.due_at is not None
        assert f"{visit.due_at.astimezone(ana.membership.zone):%Y-%m-%d %H:%M}" == f"{day} 14:30"
        assert Activity.objects.filter(kind="call").count() == 1


@pytest.mark.parametrize(
    ("route", "wrong", "field"),
    [
        ("log_activity", {"log-text": ""}, "id_log-text"),
        ("log_activity", {"log-text": "Oi", "log-next_hour": "25:00"}, "id_log-next_hour"),
        ("log_activity", {"log-text": "Oi", "log-next_subject": "Medir"}, "id_log-next_due_on"),
        ("log_activity", {"log-text": "Oi", "log-next_due_on": "2020-01-01"}, "id_log-next_due_on"),
        ("plan_activity", {"due_on": ""}, "id_due_on"),
        ("plan_activity", {"due_on": "01/01/2020"}, "id_due_on"),
        ("plan_activity", {"due_on": "31/02/2030"}, "id_due_on"),
        ("plan_activity", {"due_on": "2099-01-01", "kind": "note"}, "id_kind"),
    ],
)
def test_what_cannot_be_read_is_said_at_the_field(db, route, wrong, field):
    ana = make_actor()
    first = {"log-kind": "call", "kind": "call", "owner": ana.membership.pk}

    answer = post(ana, route, make_opportunity(ana), {**first, **wrong}, **HTMX)

    assert answer.status_code == 422
    assert f'{field}_error"' in answer.text
    with company_scope(ana.company):
        assert Activity.objects.count() == 0


def test_the_plan_form_sent_twice_plans_once(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    form = {"kind": "task", "due_on": "2099-01-01", "owner": ana.membership.pk, "key": uuid4()}

    for _turn in range(2):
        assert post(ana, "plan_activity", opportunity, form).status_code == 302

    with company_scope(ana.company):
        assert Activity.objects.count() == 1


def test_the_complete_form_asks_the_result_and_the_next_step(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    activity = planned(ana, opportunity)
    form = {"text": "Fechou", "revision": 1, "next_kind": "email", "next_due_on": "2099-01-01"}

    assert post(ana, "complete_activity", activity, form).status_code == 302

    with company_scope(ana.company):
        activity.refresh_from_db()
        assert activity.text == "Fechou"
        assert str(Activity.objects.get(kind="email").due_on) == "2099-01-01"


def test_the_edit_form_keeps_a_day_that_is_over_but_takes_no_other(db):
    ana = make_actor()
    activity = planned(ana, make_opportunity(ana))
    with company_scope(ana.company):
        old = ana.today() - timedelta(days=2)
        Activity.objects.filter(pk=activity.pk).update(due_on=old)
    form = {"kind": "call", "subject": "Outro", "owner": ana.membership.pk, "revision": 1}

    assert post(ana, "edit_activity", activity, {**form, "due_on": old.isoformat()}).status_code == 302
    older = (old - timedelta(days=1)).isoformat()
    assert post(ana, "edit_activity", activity, {**form, "due_on": older, "revision": 2}).status_code == 422


def test_an_activity_of_an_invisible_colleague_is_not_found(db):
    company = make_company(visibility=Company.Visibility.OWN)
    ana, rui = make_actor("seller", company), make_actor("seller", company, name="Rui")
    activity = planned(rui, make_opportunity(rui))

    for route in ("complete_activity", "edit_activity", "put_back_activity"):
        assert post(ana, route, activity, {"tick": "1"}).status_code == 404


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("manager", 302), ("seller", 403)])
def test_who_may_mark_a_colleagues_activity_done(db, role, status):
    company = make_company()
    activity = planned(*((ana := make_actor("seller", company)), make_opportunity(ana)))

    assert (
        post(make_actor(role, company, name="Zé"), "complete_activity", activity, {"tick": "1"}).status_code
        == status
    )


def test_a_contact_of_another_customer_is_no_choice(db):
    ana = make_actor()
    opportunity, other = make_opportunity(ana), make_opportunity(ana)
    with company_scope(ana.company):
        customers.add_contact(opportunity.customer, {"name": "A"}, by=ana)
        stranger = customers.add_contact(other.customer, {"name": "B"}, by=ana)

    form = {"log-kind": "call", "log-text": "Oi", "log-contact": stranger.pk}
    assert post(ana, "log_activity", opportunity, form, **HTMX).status_code == 422


def test_somebody_who_is_gone_meanwhile_is_no_choice_and_not_left_out_in_silence(db):
    ana = make_actor()
    opportunity = make_opportunity(ana)
    form = {"log-kind": "call", "log-text": "Oi", "log-contact": "12345"}

    answer = post(ana, "log_activity", opportunity, form, **HTMX)

    assert answer.status_code == 422
    assert "Oi" in answer.text
