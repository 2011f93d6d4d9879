"""Joining by invitation, and opening one's own company at a founder's address."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from oportuna.accounts import actions, links
from oportuna.accounts.models import Company, Invitation, Membership, Role, User
from oportuna.accounts.scope import company_scope
from oportuna.sales.models import Pipeline
from tests.factories import admin_of, make_company, make_user

PASSWORD = "girassol-amarelo-42"
PERSON = {"name": "Bia", "password": PASSWORD, "again": PASSWORD}
FOUNDER = {"company": "Café São João", "slug": "", "email": "bia@example.com", **PERSON}


@pytest.fixture(autouse=True)
def _no_attempts_before() -> None:
    cache.clear()


def invite(company: Company, email: str = "bia@example.com", role: Role = Role.SELLER) -> str:
    """The path of an invitation to the company."""
    with company_scope(company):
        _invitation, token = actions.invite(email=email, role=role, by=admin_of(company))
    return f"/invitations/{token}/"


def founder() -> str:
    """The path of a founder's address."""
    _invitation, token = actions.invite_founder()
    return f"/new-company/{token}/"


def test_the_invitation_says_which_company_and_which_role(client, db):
    page = client.get(invite(make_company("Acme"), role=Role.MANAGER))

    assert "Entrar em Acme" in page.text
    assert "<b>Gerente</b>" in page.text


def test_a_new_person_sets_name_and_password_and_lands_on_the_board(client, db):
    acme = make_company()
    url = invite(acme, "Bia@Example.com", Role.OPERATOR)

    answer = client.post(url, PERSON)

    assert (answer.status_code, answer.headers["Location"]) == (302, f"/{acme.slug}/")
    assert client.get("/").headers["Location"] == f"/{acme.slug}/"
    member = Membership.objects.get(user__email="bia@example.com")
    assert (member.company, member.role, member.name) == (acme, "operator", "Bia")
    assert member.user.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"password": "12345678", "again": "12345678"}, "muito curta"),
        ({"password": "1234567890", "again": "1234567890"}, "muito comum"),
        ({"password": "bia@example.com", "again": "bia@example.com"}, "muito parecida"),
        ({"again": "outra"}, "As duas senhas são diferentes"),
        ({"name": "  "}, "Este campo é obrigatório"),
    ],
)
def test_a_wrong_field_is_explained_and_nobody_joins(client, db, wrong, said):
    acme = make_company()
    url = invite(acme)

    answer = client.post(url, {**PERSON, **wrong})

    assert answer.status_code == 422
    assert said in answer.text
    assert Membership.objects.filter(company=acme).count() == 1


def test_an_invitation_works_once(client, db):
    url = invite(make_company())
    client.post(url, PERSON)
    client.logout()

    again = client.post(url, {**PERSON, "name": "Outra"})

    assert again.status_code == 410
    assert "Este link não funciona mais" in client.get(url).text
    assert User.objects.filter(name="Outra").count() == 0


def test_an_invitation_ends_after_a_week(client, db):
    url = invite(make_company())
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert client.get(url).status_code == 410


def test_a_new_invitation_replaces_the_one_before(client, db):
    acme = make_company()
    first, second = invite(acme), invite(acme)

    assert [client.get(first).status_code, client.get(second).status_code] == [410, 200]


def test_the_database_keeps_one_open_invitation_of_a_person(db):
    acme = make_company()
    invite(acme)
    again = {"company": acme, "email": "bia@example.com", "expires_at": timezone.now()}

    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(token_hash="other", **again)
    Invitation.objects.create(token_hash="ended", used_at=timezone.now(), **again)


@pytest.mark.parametrize("url", ["/invitations/nada/", "/new-company/nada/"])
def test_a_guessed_address_is_a_clear_page(client, db, url):
    answer = client.get(url)

    assert answer.status_code == 410
    assert "Este link não funciona mais" in answer.text


def test_someone_with_an_account_signs_in_first_and_joins_by_one_button(client, db):
    acme, bia = make_company("Acme"), make_user("Bia", email="bia@example.com", password=PASSWORD)
    url = invite(acme, "BIA@example.com")

    assert "já tem conta" in client.get(url).text
    assert client.post(url, PERSON).status_code == 200
    assert Membership.objects.filter(user=bia).count() == 0
    client.post("/login/", {"login": bia.email, "password": PASSWORD, "next": url})
    assert "Entrar em Acme" in client.get(url).text
    assert client.post(url).headers["Location"] == f"/{acme.slug}/"
    assert Membership.objects.get(user=bia).company == acme


def test_somebody_else_cannot_use_an_invitation(client, db):
    acme, other = make_company(), admin_of(make_company())
    url = invite(acme)
    client.force_login(other.membership.user)

    assert "Este convite é para bia@example.com" in client.get(url).text
    assert client.post(url).status_code == 409
    assert Membership.objects.filter(company=acme, user=other.membership.user).count() == 0


def test_a_former_member_who_is_invited_again_is_back(client, db):
    acme = make_company()
    client.post(invite(acme), PERSON)
    Membership.objects.filter(user__email="bia@example.com").update(is_active=False)

    client.post(invite(acme, role=Role.MANAGER))

    member = Membership.objects.get(user__email="bia@example.com")
    assert (member.is_active, member.role) == (True, "manager")


def test_a_founder_opens_a_company_and_lands_on_its_board(client, db):
    answer = client.post(founder(), FOUNDER)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/cafe-sao-joao/")
    member = Membership.objects.get()
    assert (member.company.name, member.role, member.user.email) == (
        "Café São João",
        "admin",
        "bia@example.com",
    )
    with company_scope(member.company):
        assert Pipeline.objects.count() == 1
    assert client.get("/").headers["Location"] == "/cafe-sao-joao/"


def test_the_founders_address_works_once(client, db):
    url = founder()
    client.post(url, FOUNDER)
    client.logout()

    assert client.post(url, {**FOUNDER, "email": "outra@example.com"}).status_code == 410
    assert Company.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"slug": "login"}, "Este endereço já está em uso"),
        ({"slug": "tem espaço"}, "Use só letras minúsculas"),
        ({"slug": "-a"}, "Use só letras minúsculas"),
        ({"company": ""}, "Este campo é obrigatório"),
        ({"company": "x" * 121}, "no máximo 120"),
        ({"email": "nada"}, "Este e-mail não está certo"),
        ({"password": "12345678", "again": "12345678"}, "muito curta"),
    ],
)
def test_a_founders_wrong_field_is_explained_and_the_address_goes_on_working(client, db, wrong, said):
    url = founder()

    answer = client.post(url, {**FOUNDER, **wrong})

    assert answer.status_code == 422
    assert said in answer.text
    assert Company.objects.count() == 0
    assert client.post(url, FOUNDER).status_code == 302


def test_an_address_that_is_taken_is_refused_and_another_suggested(client, db):
    taken = make_company("Acme")
    url = founder()

    refused = client.post(url, {**FOUNDER, "slug": taken.slug})
    suggested = client.get(url, {"company": taken.slug, "slug": ""}, headers={"HX-Request": "true"})

    assert "Este endereço já está em uso" in refused.text
    assert f'value="{taken.slug}-2"' in suggested.text


def test_an_e_mail_with_an_account_founds_nothing_without_signing_in(client, db):
    make_user("Bia", email="bia@example.com")

    answer = client.post(founder(), {**FOUNDER, "email": "BIA@example.com"})

    assert answer.status_code == 422
    assert "já tem conta" in answer.text
    assert Company.objects.count() == 0


def test_someone_signed_in_founds_a_second_company_as_himself(client, db):
    bia = admin_of(make_company()).membership.user
    client.force_login(bia)

    answer = client.post(founder(), {"company": "Outra", "slug": ""})

    assert answer.headers["Location"] == "/outra/"
    assert Membership.objects.filter(user=bia).count() == 2


def test_the_demonstrations_administrator_finds_the_way_to_an_own_company(client, db):
    demo = make_company(is_demo=True)
    url = founder()
    link = links.demo_founder_url(admin_of(demo))
    client.force_login(admin_of(demo).membership.user)

    answer = client.post(link, FOUNDER)

    assert answer.headers["Location"] == "/cafe-sao-joao/"
    assert Company.objects.get(slug="cafe-sao-joao").memberships.get().user.email == "bia@example.com"
    assert [client.get(link).status_code, client.get(url).status_code] == [410, 410]
    assert links.demo_founder_url(admin_of(demo)) == ""


def test_only_the_demonstration_links_to_the_founders_address(db):
    founder()

    assert links.demo_founder_url(admin_of(make_company())) == ""


def test_the_demonstration_says_so_and_links_to_an_own_company(db):
    demo, other = admin_of(make_company(is_demo=True)), admin_of(make_company())

    def banner(**context: object) -> str:
        return render_to_string("accounts/_demo_banner.html", context)

    assert "Esta é uma demonstração" in banner(actor=demo)
    assert 'href="/new-company/x/"' in banner(actor=demo, demo_founder_url="/new-company/x/")
    assert [banner(actor=other).strip(), banner().strip()] == ["", ""]


def test_printed_addresses_are_whole(settings, db):
    settings.OPORTUNA_URL = "https://crm.example.com/"

    assert links.invitation_url("abc") == "https://crm.example.com/invitations/abc/"
    assert links.founder_url("abc") == "https://crm.example.com/new-company/abc/"
