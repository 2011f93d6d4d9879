"""People: invited, changed, handed over, deactivated and back."""

import re
from smtplib import SMTPException

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from oportuna.accounts.models import AuditEntry, Company, Invitation, Membership, Role, Team
from oportuna.accounts.scope import company_scope
from oportuna.sales.actions import activities
from oportuna.sales.models import Activity, HistoryEntry, Opportunity
from tests.factories import admin_of, fresh, make_actor, make_company, make_opportunity

HTMX = {"HX-Request": "true"}


@pytest.fixture
def acme(client, db) -> Company:
    """A company whose administrator is signed in."""
    company = make_company("Acme & Filhos")
    client.force_login(admin_of(company).membership.user)
    return company


def address(name: str, company: Company, row: Membership | Invitation) -> str:
    with company_scope(company):
        return reverse(f"sales:{name}", args=[company.slug, row.pk])


def invite(client, company: Company, **fields):
    form = {"email": "bia@example.com", "role": "seller", **fields}
    return client.post(f"/{company.slug}/people/invite/", form)


def test_the_list_shows_people_with_role_and_team(client, acme):
    with company_scope(acme):
        north = Team.objects.create(name="Norte")
    make_actor("operator", acme, name="Bia", team=north)

    page = client.get(f"/{acme.slug}/people/").text

    assert [word in page for word in ("Bia", "Telemarketing", "Norte", "Admin")] == [True] * 4


def test_inviting_mails_the_address_and_shows_it_once(client, acme):
    page = invite(client, acme, email="Bia@Example.com", role="manager")

    (url,) = re.findall(r'value="(http[^"]+/invitations/[^"]+)"', page.text)
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["bia@example.com"], "Convite para Acme & Filhos no Oportuna")
    assert url in message.body
    assert "com o papel de Gerente" in message.body
    listed = client.get(f"/{acme.slug}/people/").text
    assert ["bia@example.com" in listed, "/invitations/" in listed.replace("/people/invitations/", "")] == [
        True,
        False,
    ]
    client.logout()
    assert client.get(url.removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_a_dialog_shows_the_address_and_the_list_beside_it(client, acme):
    form = {"email": "bia@example.com", "role": "seller"}

    answer = client.post(f"/{acme.slug}/people/invite/", form, headers=HTMX)

    assert answer.text.count('id="invitations" hx-swap-oob="true"') == 1


def test_when_the_mail_server_fails_the_address_is_still_there_to_hand_over(client, acme, settings):
    settings.EMAIL_BACKEND = f"{__name__}.NoServer"

    answer = invite(client, acme)

    assert "Nenhum e-mail foi enviado" in answer.text
    assert "/invitations/" in answer.text


def test_without_a_mail_server_nobody_is_told_that_a_mail_was_sent(client, acme, settings, capsys):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

    answer = invite(client, acme)

    assert "Nenhum e-mail foi enviado" in answer.text
    assert "/invitations/" in capsys.readouterr().out


class NoServer:
    """A mail server that is not there."""

    def __init__(self, **_options: object) -> None:
        """As Django makes it."""

    def send_messages(self, _messages: object) -> int:
        raise SMTPException("no server")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"email": "nada"}, "Este e-mail não está certo"),
        ({"role": "boss"}, "Faça uma escolha válida"),
        ({"team": "999999"}, "Faça uma escolha válida"),
    ],
)
def test_a_wrong_invitation_is_explained_and_nobody_is_invited(client, acme, wrong, said):
    answer = invite(client, acme, **wrong)

    assert answer.status_code == 422
    assert said in answer.text
    assert Invitation.objects.count() == 0


def test_a_member_is_not_invited_again_whatever_the_capitals(client, acme):
    ana = make_actor("seller", acme)

    answer = invite(client, acme, email=ana.membership.user.email.upper())

    assert answer.status_code == 422
    assert "já faz parte da empresa" in answer.text


def test_another_companys_member_may_be_invited(client, acme):
    stranger = make_actor()

    assert invite(client, acme, email=stranger.membership.user.email).status_code == 200


def test_sent_twice_the_last_invitation_holds_alone(client, acme):
    invite(client, acme)
    invite(client, acme)

    assert Invitation.objects.filter(used_at__isnull=True).count() == 1


def test_a_withdrawn_invitation_opens_nothing(client, acme):
    page = invite(client, acme)
    (path,) = re.findall(r'value="http://[^/]+(/invitations/[^"]+)"', page.text)
    url = address("withdraw_invitation", acme, Invitation.objects.get())

    client.post(url)
    client.logout()

    assert client.get(path).status_code == 410
    client.force_login(admin_of(acme).membership.user)
    assert client.post(url).status_code == 404


def test_role_team_and_name_change_and_the_audit_tells(client, acme):
    ana = make_actor("seller", acme)
    with company_scope(acme):
        north = Team.objects.create(name="Norte")

    client.post(
        address("member", acme, ana.membership),
        {"name": "Ana Lúcia", "role": "manager", "team": north.pk, "revision": "1"},
    )

    member = fresh(ana).membership
    assert (member.name, member.role, member.team_id) == ("Ana Lúcia", "manager", north.pk)
    with company_scope(acme):
        assert AuditEntry.objects.get(verb="member_changed").changes["role"] == ["seller", "manager"]


def test_the_second_of_two_changes_is_told_of_the_first(client, acme):
    url = address("member", acme, make_actor("seller", acme).membership)
    form = {"name": "Ana", "role": "manager", "team": "", "revision": "1"}
    client.post(url, form)

    answer = client.post(url, {**form, "role": "viewer"}, headers=HTMX)

    assert answer.status_code == 422
    assert "Alguém mudou isto" in answer.text


def test_the_last_administrator_keeps_the_role(client, acme):
    admin = admin_of(acme)

    answer = client.post(
        address("member", acme, admin.membership),
        {"name": "Admin", "role": "seller", "team": "", "revision": "1"},
    )

    assert answer.status_code == 422
    assert "A empresa precisa de um administrador" in answer.text
    assert fresh(admin).role is Role.ADMIN


def test_nobody_deactivates_himself(client, acme):
    make_actor("admin", acme)

    answer = client.post(address("deactivate_member", acme, admin_of(acme).membership))

    assert answer.status_code == 422
    assert "Você não pode desativar a si" in answer.text


def test_who_has_nothing_open_leaves_at_once_and_comes_back(client, acme):
    ana = make_actor("seller", acme, name="Zuleide")

    client.post(address("deactivate_member", acme, ana.membership))

    assert fresh(ana).membership.is_active is False
    assert "Zuleide</b>" not in client.get(f"/{acme.slug}/people/").text
    assert "Zuleide</b>" in client.get(f"/{acme.slug}/people/?show=inactive").text
    client.post(address("reactivate_member", acme, ana.membership))
    assert fresh(ana).membership.is_active is True


def test_who_leaves_hands_over_what_is_open_with_one_entry_each(client, acme):
    ana, bia = make_actor("seller", acme), make_actor("seller", acme, name="Bia")
    opportunities = [make_opportunity(ana), make_opportunity(ana)]
    with company_scope(acme):
        activities.plan(opportunities[0], Activity.Kind.CALL, due_on=ana.today(), by=ana)
    url = address("deactivate_member", acme, ana.membership)

    asked = client.get(url)
    nobody = client.post(url)
    client.post(url, {"heir": bia.membership.pk})

    assert ["2 oportunidades abertas" in asked.text, "1 atividade a fazer" in asked.text] == [True, True]
    assert (nobody.status_code, "Este campo é obrigatório" in nobody.text) == (422, True)
    with company_scope(acme):
        assert {row.owner_id for row in Opportunity.objects.all()} == {bia.membership.pk}
        assert Activity.objects.get().owner_id == bia.membership.pk
        assert HistoryEntry.objects.filter(verb="assigned").count() == 2
    assert fresh(ana).membership.is_active is False


@pytest.mark.parametrize("heir", ["themselves", "viewer", "former", "stranger"])
def test_only_somebody_who_works_in_the_company_takes_over(client, acme, heir):
    ana = make_actor("seller", acme)
    make_opportunity(ana)
    former = make_actor("seller", acme, name="Zé")
    Membership.objects.filter(pk=former.membership.pk).update(is_active=False)
    chosen = {
        "themselves": ana,
        "viewer": make_actor("viewer", acme, name="Leo"),
        "former": former,
        "stranger": make_actor(),
    }[heir]

    answer = client.post(address("deactivate_member", acme, ana.membership), {"heir": chosen.membership.pk})

    assert answer.status_code == 422
    assert fresh(ana).membership.is_active is True


def test_other_companies_people_are_not_found(client, acme):
    stranger = make_actor()

    codes = [
        client.post(address(name, acme, stranger.membership)).status_code
        for name in ("member", "deactivate_member", "reactivate_member")
    ]

    assert codes == [404, 404, 404]
    assert client.get(f"/{acme.slug}/people/?after=aaaaaaaaaaaaa").status_code == 404


@pytest.mark.parametrize("role", ["manager", "seller", "operator", "viewer"])
def test_only_the_administrator_changes_people(client, acme, role):
    someone = make_actor(role, acme, name="Zé")
    ana = make_actor("seller", acme)
    client.force_login(someone.membership.user)

    codes = [
        client.post(address(name, acme, ana.membership), {"role": "admin"}).status_code
        for name in ("member", "deactivate_member", "reactivate_member")
    ]

    assert codes == [403, 403, 403]
    assert fresh(ana).role is Role.SELLER


def test_a_long_list_goes_on_on_the_next_page(client, acme):
    for number in range(51):
        make_actor("seller", acme, name=f"Ana {number:02}")

    first = client.get(f"/{acme.slug}/people/").text
    (older,) = re.findall(r'href="([^"]+)" rel="next"', first)
    second = client.get(older).text

    assert (first.count("person-50"), "Ana 48" in first) == (2, True)
    assert [name in second for name in ("Ana 48", "Ana 49", "Ana 50")] == [False, True, True]


def test_the_list_asks_the_same_number_of_questions_whatever_its_length(client, acme):
    client.get(f"/{acme.slug}/people/")
    asked = []
    for number in range(3):
        with company_scope(acme):
            team = Team.objects.create(name=f"Equipe {number}")
        make_actor("seller", acme, team=team)
        invite(client, acme, email=f"bia{number}@example.com")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/{acme.slug}/people/")
        asked.append(len(queries))

    assert asked == [asked[0]] * 3
