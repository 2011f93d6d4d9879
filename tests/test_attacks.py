"""What people without the right, hostile pages and two people at once cannot do."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client

from oportuna.accounts import actions as accounts
from oportuna.accounts.actor import Actor
from oportuna.accounts.middleware import CompanyMiddleware
from oportuna.accounts.models import AuditEntry, Company, Invitation, Membership, Role, User
from oportuna.accounts.rls import tenant_models
from oportuna.accounts.scope import company_scope
from oportuna.errors import Conflict, Refused
from oportuna.sales.actions import (
    activities,
    customers,
    items,
    many,
    opening,
    opportunities,
    people,
    registers,
)
from oportuna.sales.actions.newcomers import NewOpportunity
from oportuna.sales.models import Activity, Customer, Opportunity, Pipeline, Stage
from tests import isolation_samples
from tests.factories import (
    admin_of,
    make_actor,
    make_company,
    make_customer,
    make_opportunity,
    reason_of,
    stage_of,
)
from tests.test_bad_input import forms_of
from tests.test_isolation import ROUTES, address

HTMX = {"HX-Request": "true"}
MARKUP = "\"'><img src=x onerror=alert(1)>"


@pytest.fixture
def acme(db) -> isolation_samples.Seed:
    return isolation_samples.seed()


def _text_of(answer: Any) -> str:
    """What an answer says; of a workbook whatever its bytes are."""
    return str(answer.content.decode(errors="replace"))


def signed_in(actor: Actor, **options: Any) -> Client:
    client = Client(raise_request_exception=False, **options)
    client.force_login(actor.membership.user)
    return client


def everything(company: Company) -> dict[str, list[Any]]:
    """All that the database knows about a company, but for who signed in when."""
    with company_scope(company):
        found = {}
        models: list[Any] = [*tenant_models(), Company, User, Membership, Invitation]
        for model in models:
            names = [field.attname for field in model._meta.concrete_fields if field.name != "last_login"]
            rows = model._default_manager.order_by("pk")
            if model is AuditEntry:
                rows = rows.exclude(verb=AuditEntry.Verb.SIGNED_IN)
            found[model._meta.label] = list(rows.values_list(*names))
        return found


def offered(acme: isolation_samples.Seed) -> list[tuple[str, dict[str, Any]]]:
    """Each form that an administrator is offered, filled in, and each address with a bit of everything."""
    admin = signed_in(admin_of(acme.company))
    typed = {
        "due_on": "2099-01-01",
        "text": "algo",
        "name": "Outra",
        "title": "Outra",
        "email": "a@example.com",
    }
    rows = {name: acme.rows[name].pk for name in ("stage", "reason", "source", "member", "team")}
    bit = {**typed, **rows, "owner": rows["member"], "heir": rows["member"], "marked": "1", "tick": "1"}
    found: dict[Any, tuple[str, dict[str, Any]]] = {}
    for route in ROUTES:
        url = address(route, acme.company, acme)
        found[url] = (url, {**bit, "customer": "Nova", "role": "admin", "kind": "call", "revision": "1"})
        answer = admin.get(url)
        if answer.status_code == 200 and not answer.streaming:
            for action, fields in forms_of(_text_of(answer)):
                filled = {name: value or typed.get(name, "") for name, value in fields.items()}
                found[action or url, frozenset(fields)] = (action or url, filled)
    begin = f"/{acme.company.slug}/"
    # Everybody changes his own profile, and reads his own notices.
    own = (f"{begin}profile/", f"{begin}notices/read/")
    return [one for one in found.values() if one[0].startswith(begin) and one[0] not in own]


def accepted(
    client: Client, company: Company, sent: list[tuple[str, dict[str, Any]]]
) -> list[tuple[str, int]]:
    """What was not refused: the addresses that answered below 400. The database must be as it was in any case."""
    before = everything(company)
    answers = [(url, client.post(url, data).status_code) for url, data in sent]
    assert everything(company) == before
    return [(url, status) for url, status in answers if status < 400 or status >= 500]


def test_a_viewer_changes_nothing_at_any_address(acme):
    viewer = signed_in(make_actor("viewer", acme.company, name="Zé"))

    assert accepted(viewer, acme.company, offered(acme)) == []


@pytest.mark.parametrize("role", ["seller", "operator"])
def test_a_colleague_changes_nothing_of_anothers_opportunity(acme, role):
    begin = f"/{acme.company.slug}/"
    number = acme.rows["opportunity"].number
    theirs = (f"{begin}opportunities/{number}/", f"{begin}activities/")
    sent = [one for one in offered(acme) if one[0].startswith(theirs)]

    assert accepted(signed_in(make_actor(role, acme.company, name="Zé")), acme.company, sent) == []
    assert len(sent) > 10


@pytest.mark.parametrize("role", ["manager", "seller", "operator"])
def test_only_an_administrator_changes_registers_people_and_settings(acme, role):
    parts = tuple(f"/{acme.company.slug}/{part}/" for part in ("registers", "people", "settings", "teams"))
    sent = [one for one in offered(acme) if one[0].startswith(parts)]

    assert accepted(signed_in(make_actor(role, acme.company, name="Zé")), acme.company, sent) == []
    assert len(sent) > 20


def test_a_form_that_another_site_sends_changes_nothing(acme):
    sent = [
        (url, {name: value for name, value in data.items() if name != "csrfmiddlewaretoken"})
        for url, data in offered(acme)
    ]

    assert accepted(signed_in(admin_of(acme.company), enforce_csrf_checks=True), acme.company, sent) == []


def test_a_visitor_who_is_not_signed_in_changes_nothing(acme):
    before = everything(acme.company)

    statuses = {Client().post(url, data).status_code for url, data in offered(acme)}

    assert statuses == {302}
    assert everything(acme.company) == before


@pytest.mark.parametrize("role", ["seller", "operator"])
def test_nothing_of_an_invisible_colleagues_opportunities_stands_on_any_page(acme, role):
    Company.objects.filter(pk=acme.company.pk).update(visibility=Company.Visibility.OWN)
    company, customer = Company.objects.get(pk=acme.company.pk), acme.rows["customer"]
    admin, stage = admin_of(company), acme.rows["stage"]
    with company_scope(company):
        hidden = {"title": "TITSEC", "notes": "NOTSEC"}
        opportunity = opportunities.edit(acme.rows["opportunity"], hidden, by=admin)
        item = {"description": "ITESEC", "quantity": Decimal(1), "unit_price": Decimal("77777.77")}
        items.change_item(acme.rows["item"], item, by=admin)
        opportunity.refresh_from_db()
        activities.log(opportunity, Activity.Kind.CALL, text="TEXSEC", subject="SUBSEC", by=admin)
        activities.plan(opportunity, Activity.Kind.CALL, due_on=admin.today(), subject="PLASEC", by=admin)
    more = {"customer": customer, "value": Decimal("88888.88")}
    lost = make_opportunity(admin, stage, title="LOSSEC", **more)
    won, gone = (make_opportunity(admin, stage, title=title, **more) for title in ("WONSEC", "DELSEC"))
    with company_scope(company):
        reason = reason_of(company)
        opportunities.lose(lost, reason=reason, competitor="COMSEC", comment="CMTSEC", by=admin)
        opportunities.win(won, by=admin)
        opportunities.delete(gone, by=admin)
    someone = signed_in(make_actor(role, company, name="Zé"))

    found = set()
    for route in ROUTES:
        for asked in ({"status": "all"}, {"q": "sec", "status": "lost"}, {"name": "Sigilosa Ltda"}):
            answer = someone.get(address(route, company, acme), asked)
            if not answer.streaming:
                told = re.findall(
                    r"\b[A-Z]{3}SEC\b|77[.]777|88[.]888", _text_of(answer)
                )  # whole words: tokens are random
                found |= {(route.name, secret) for secret in told}

    assert found == set()


def test_markup_in_any_text_is_shown_as_text(acme):
    company, admin = acme.company, admin_of(acme.company)
    with company_scope(company):
        opportunity, customer = acme.rows["opportunity"], acme.rows["customer"]
        opportunities.edit(opportunity, {"title": MARKUP, "notes": MARKUP}, by=admin)
        activities.log(opportunity, Activity.Kind.CALL, text=MARKUP, subject=MARKUP, by=admin)
        lost = make_opportunity(admin, acme.rows["stage"], customer=customer, title=MARKUP)
        opportunities.lose(lost, reason=reason_of(company), competitor=MARKUP, comment=MARKUP, by=admin)
        texts = ("name", "trade_name", "segment", "address", "district", "city", "notes")
        customers.edit(customer, dict.fromkeys(texts, MARKUP), by=admin)
        for noun in ("stage", "source", "reason", "campaign", "pipeline", "team", "member", "contact", "job"):
            type(acme.rows[noun]).objects.filter(pk=acme.rows[noun].pk).update(name=MARKUP)
        Invitation.objects.filter(company=company).update(name=MARKUP, email=MARKUP)
    Membership.objects.filter(pk=admin.membership.pk).update(name=MARKUP)
    Company.objects.filter(pk=company.pk).update(name=MARKUP)
    someone = signed_in(admin)

    broken = set()
    asked = {"q": MARKUP, "show": MARKUP, "stage": MARKUP, "status": "all", "name": MARKUP, "next": MARKUP}
    sent = {"name": MARKUP, "title": MARKUP, "tick": "1"}
    for method, data in (("get", {}), ("get", asked), ("post", sent)):
        for route in ROUTES:
            answer = getattr(someone, method)(address(route, company, acme), data, headers=HTMX)
            if not answer.streaming and "html" in answer.headers["Content-Type"]:
                broken |= {route.name} if "<img src=x" in f"{_text_of(answer)}{answer.headers}" else set()

    assert broken == set()


@pytest.mark.parametrize(
    "evil", ["https://evil.example/", "//evil.example/", "/\\evil.example", "/\t/evil.example"]
)
def test_no_form_leads_to_another_site_afterwards(acme, evil):
    admin = signed_in(admin_of(acme.company))

    places = set()
    for url, data in offered(acme):
        answer = admin.post(url, {**data, "next": evil})
        places |= {answer.headers.get("Location", ""), answer.headers.get("HX-Redirect", "")}

    assert {place for place in places if "evil" in place} == set()


@pytest.mark.parametrize("path", ["/%00/", "/acme%00/", "/%ff%fe/", "/companies/%00", "/invitations/%00/"])
def test_a_broken_address_is_not_found(acme, path):
    assert signed_in(admin_of(acme.company)).get(path).status_code in (404, 410)


@pytest.mark.parametrize("header", ["Referer", "HX-Current-URL"])
def test_a_request_from_a_broken_address_is_answered(acme, header):
    admin = signed_in(admin_of(acme.company))
    headers = {header: "http://[", **(HTMX if header == "HX-Current-URL" else {})}

    failures = set()
    for route in ROUTES:
        url = address(route, acme.company, acme)
        statuses = {
            admin.get(url, headers=headers).status_code,
            admin.post(url, {"tick": "1"}, headers=headers).status_code,
        }
        failures |= {(route.name, status) for status in statuses if status >= 500}

    assert failures == set()


def test_a_row_that_only_the_commit_refuses_is_told_as_a_change_meanwhile(committed):
    admin = admin_of(make_company())
    client = signed_in(admin)
    request = client.get(f"/{admin.company.slug}/profile/").wsgi_request

    def view(_request: HttpRequest) -> HttpResponse:
        Membership.objects.filter(pk=admin.membership.pk).update(team_id=99_999)
        return HttpResponse("saved")

    answer = CompanyMiddleware(view)(request)

    assert answer.status_code == 409
    assert Membership.objects.get(pk=admin.membership.pk).team_id is None


def test_behind_a_proxy_one_visitors_failures_do_not_shut_out_the_others(tmp_path):
    # A process of its own: the settings are read once, from the environment.
    program = (
        "import django; django.setup()\n"
        "from django.test import RequestFactory\n"
        "from allauth.core.internal.httpkit import get_client_ip\n"
        "print(get_client_ip(RequestFactory().get('/', headers={'X-Forwarded-For': '1.2.3.4, 203.0.113.7'})))"
    )
    addresses = {}
    for url in ("https://crm.example.com", "http://127.0.0.1:8000"):
        environ = {**os.environ, "OPORTUNA_URL": url, "OPORTUNA_DATA": str(tmp_path)}
        environ |= {
            "DJANGO_SETTINGS_MODULE": "oportuna.settings",
            "DATABASE_URL": "",
            "OPORTUNA_OWNER_URL": "",
        }
        done = subprocess.run(
            [sys.executable, "-c", program],
            env=environ,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        addresses[url] = done.stdout.strip()

    # What a visitor writes into the header himself counts for nothing.
    assert addresses == {"https://crm.example.com": "203.0.113.7", "http://127.0.0.1:8000": "127.0.0.1"}


# ---- what a form was shown with may be out of use when it is sent


def test_nothing_goes_to_a_stage_that_went_out_of_use_meanwhile(db):
    admin = admin_of(make_company())
    opportunity, shown = make_opportunity(admin), stage_of(admin.company, "Proposta")
    with company_scope(admin.company):
        registers.set_stage_active(shown, False, by=admin)
        shown.is_active = True

        with pytest.raises(Refused, match="Proposta"):
            opportunities.move_to(opportunity, shown, by=admin)


def test_a_refused_opportunity_leaves_no_new_customer(db):
    admin = admin_of(make_company())
    shown = stage_of(admin.company, "Proposta")
    with company_scope(admin.company):
        registers.set_stage_active(shown, False, by=admin)
        shown.is_active = True

        with pytest.raises(Refused):
            opening.open_opportunity(title="Notebook", customer="Nova Ltda", stage=shown, by=admin)

        assert list(Customer.objects.values_list("name", flat=True)) == []


def test_a_deleted_customer_gets_no_opportunity(db):
    admin = admin_of(make_company())
    shown = make_customer(admin)
    with company_scope(admin.company):
        customers.delete(shown, by=admin)
        shown.deleted_at = None

    with pytest.raises(Refused):
        make_opportunity(admin, customer=shown)


def test_nothing_is_given_to_somebody_who_left_meanwhile(db):
    admin = admin_of(make_company())
    opportunity, shown = make_opportunity(admin), make_actor(company=admin.company).membership
    with company_scope(admin.company):
        people.deactivate(shown, heir=None, by=admin)

        with pytest.raises(Refused):
            opportunities.assign(opportunity, shown, by=admin)


def test_nothing_is_lost_for_a_reason_that_went_out_of_use_meanwhile(db):
    admin = admin_of(make_company())
    opportunity, shown = make_opportunity(admin), reason_of(admin.company)
    with company_scope(admin.company):
        registers.set_active(shown, False, by=admin)
        shown.is_active = True

        with pytest.raises(Refused):
            opportunities.lose(opportunity, reason=shown, by=admin)


def test_an_opportunity_is_not_restored_into_a_stage_out_of_use(db):
    admin = admin_of(make_company())
    opportunity = make_opportunity(admin, "Proposta")
    with company_scope(admin.company):
        opportunities.delete(opportunity, by=admin)
        registers.set_stage_active(stage_of(admin.company, "Proposta"), False, by=admin)

        with pytest.raises(Refused, match="Proposta"):
            opportunities.restore(opportunity, by=admin)


def test_a_team_that_is_gone_meanwhile_is_not_renamed(db):
    admin = admin_of(make_company())
    with company_scope(admin.company):
        team = accounts.save_team(None, "Sul", by=admin)
        shown = type(team).objects.get()
        accounts.delete_team(team, by=admin)

        with pytest.raises(Conflict):
            accounts.save_team(shown, "Norte", by=admin)


# ---- two people at once


def at_once(company: Company, first: Callable[[], Any], second: Callable[[], Any]) -> list[str]:
    """Do both in transactions of their own, the second while the first is not committed; who was refused, of the two.

    Where the database lets the second go on it ends before the first; where it has to wait the first commits after a
    moment.
    """
    did, ended, refused = threading.Event(), threading.Event(), list[str]()

    def run(name: str, act: Callable[[], Any], before: Callable[[], Any], after: Callable[[], Any]) -> None:
        try:
            before()
            with company_scope(company), transaction.atomic():
                act()
                after()
        except Refused:
            refused.append(name)
        finally:
            (did if name == "first" else ended).set()
            connection.close()

    def begun() -> None:
        did.set()
        ended.wait(0.5)

    threads = [
        threading.Thread(target=run, args=("first", first, lambda: None, begun)),
        threading.Thread(target=run, args=("second", second, lambda: did.wait(30), lambda: None)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return refused


def test_two_administrators_cannot_end_each_other(committed):
    company = make_company()
    ana, bia = admin_of(company), make_actor("admin", company, name="Bia")

    refused = at_once(
        company,
        lambda: accounts.deactivate(bia.membership, by=ana),
        lambda: accounts.change_member(ana.membership, {"role": "seller"}, by=bia),
    )

    assert refused == ["second"]
    assert Membership.objects.filter(company=company, role="admin", is_active=True).count() == 1


def test_of_two_invitations_at_once_the_second_replaces_the_first(committed):
    company = make_company()
    ana, bia = admin_of(company), make_actor("admin", company, name="Bia")

    refused = at_once(
        company,
        lambda: accounts.invite(email="caio@example.com", role=Role.SELLER, by=ana),
        lambda: accounts.invite(email="Caio@example.com", role=Role.VIEWER, by=bia),
    )

    assert refused == []
    open_ones = Invitation.objects.filter(used_at__isnull=True)
    assert [(one.role, one.invited_by) for one in open_ones] == [("viewer", bia.membership)]


def test_the_last_two_stages_do_not_go_out_of_use_together(committed):
    company = make_company()
    admin = admin_of(company)
    with company_scope(company):
        one, other, *rest = Stage.objects.order_by("pk")
        for stage in rest:
            registers.set_stage_active(stage, False, by=admin)

    refused = at_once(
        company,
        lambda: registers.set_stage_active(one, False, by=admin),
        lambda: registers.set_stage_active(other, False, by=admin),
    )

    assert refused == ["second"]


@pytest.mark.parametrize("retires_first", [False, True])
@pytest.mark.parametrize(
    ("how", "what"),
    [("move", "stage"), ("create", "stage"), ("create many", "stage"), ("create", "pipeline")],
)
def test_nothing_enters_a_stage_that_goes_out_of_use_at_that_moment(committed, how, what, retires_first):
    company = make_company()
    admin, customer = admin_of(company), make_customer(admin_of(company))
    with company_scope(company):
        pipeline = registers.add(Pipeline, {"name": "Renovações"}, by=admin)
        first, last = (registers.add_stage(pipeline, {"name": name}, by=admin) for name in ("A", "B"))
        moving = make_opportunity(admin, first) if how == "move" else None
    rows = [NewOpportunity("Servidor", last, customer)]

    def enter() -> None:
        if moving:
            opportunities.move_to(moving, last, by=admin)
        elif how == "create":
            opportunities.create(title="Servidor", customer=customer, stage=last, by=admin)
        else:
            many.Batch(rows, first_number=9, by=admin).write()

    def retire() -> None:
        if what == "stage":
            registers.set_stage_active(last, False, by=admin)
        else:
            registers.set_active(pipeline, False, by=admin)

    refused = at_once(company, *((retire, enter) if retires_first else (enter, retire)))

    assert refused == ["second"]
    with company_scope(company):
        assert Opportunity.objects.filter(stage=last).count() == (0 if retires_first else 1)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
def test_two_people_move_cards_into_one_stage_without_waiting_for_each_other(committed):
    company = make_company()
    ana, bia = make_actor(company=company), make_actor(company=company, name="Bia")
    hers, other, proposal = make_opportunity(ana), make_opportunity(bia), stage_of(company, "Proposta")
    moved = threading.Event()

    def move() -> None:
        try:
            with company_scope(company):
                opportunities.move_to(other, proposal, by=bia)
            moved.set()
        finally:
            connection.close()

    with company_scope(company), transaction.atomic():
        opportunities.move_to(hers, proposal, by=ana)
        thread = threading.Thread(target=move)
        thread.start()
        committed_first = moved.wait(30)
    thread.join(60)

    assert committed_first


def test_a_customer_is_not_deleted_while_it_gets_an_opportunity(committed):
    company = make_company()
    admin = admin_of(company)
    customer, stage = make_customer(admin), stage_of(company)

    refused = at_once(
        company,
        lambda: opportunities.create(title="Notebook", customer=customer, stage=stage, by=admin),
        lambda: customers.delete(customer, by=admin),
    )

    assert refused == ["second"]
    with company_scope(company):
        assert Opportunity.objects.get().customer.deleted_at is None
