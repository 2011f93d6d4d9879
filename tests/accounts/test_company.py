"""The company's settings: what the administrator changes, and who may not."""

import re

import pytest

from oportuna.accounts.models import AuditEntry, Company, Membership
from oportuna.accounts.scope import company_scope
from tests.factories import admin_of, make_actor, make_company

FIELDS = {
    "name": "Vetor Energia",
    "time_zone": "America/Manaus",
    "visibility": "team",
    "loss_reason_required": "",
    "revision": "1",
}


@pytest.fixture
def acme(client, db) -> Company:
    """A company whose administrator is signed in."""
    company = make_company("Acme")
    client.force_login(admin_of(company).membership.user)
    return company


def test_the_administrator_changes_the_settings_and_the_audit_tells(client, acme):
    answer = client.post(f"/{acme.slug}/settings/", FIELDS)

    assert (answer.status_code, answer.headers["Location"]) == (302, f"/{acme.slug}/settings/")
    acme.refresh_from_db()
    assert (acme.name, acme.time_zone, acme.visibility, acme.loss_reason_required, acme.revision) == (
        "Vetor Energia",
        "America/Manaus",
        "team",
        False,
        2,
    )
    with company_scope(acme):
        entry = AuditEntry.objects.get(verb="company_changed")
        assert entry.changes["name"] == ["Acme", "Vetor Energia"]


def test_the_page_shows_what_holds_now(client, acme):
    page = client.get(f"/{acme.slug}/settings/").text

    assert 'value="Acme"' in page
    assert 'value="America/Sao_Paulo" selected' in page
    assert re.findall(r'name="visibility" value="(\w+)"[^>]* checked', page) == ["all"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "Este campo é obrigatório"),
        ({"name": "x" * 121}, "no máximo 120"),
        ({"time_zone": "America/Nada"}, "Faça uma escolha válida"),
        ({"visibility": "nobody"}, "Faça uma escolha válida"),
    ],
)
def test_a_wrong_setting_is_explained_and_nothing_changes(client, acme, wrong, said):
    answer = client.post(f"/{acme.slug}/settings/", {**FIELDS, **wrong})

    assert answer.status_code == 422
    assert said in answer.text
    acme.refresh_from_db()
    assert (acme.name, acme.revision) == ("Acme", 1)


def test_the_second_of_two_administrators_is_told_of_the_firsts_change(client, acme):
    client.post(f"/{acme.slug}/settings/", FIELDS)

    answer = client.post(f"/{acme.slug}/settings/", {**FIELDS, "name": "Outro nome"})

    assert answer.status_code == 422
    assert "Alguém mudou isto depois que você abriu" in answer.text
    acme.refresh_from_db()
    assert acme.name == "Vetor Energia"


@pytest.mark.parametrize("role", ["manager", "seller", "operator", "viewer"])
@pytest.mark.parametrize("place", ["settings", "teams", "teams/new", "people", "people/invite"])
def test_only_the_administrator_manages_company_and_people(client, acme, role, place):
    client.force_login(make_actor(role, acme).membership.user)

    url = f"/{acme.slug}/{place}/"
    codes = [client.get(url).status_code, client.post(url, FIELDS).status_code]

    assert codes == ([403, 405] if place in ("teams", "people") else [403, 403])
    acme.refresh_from_db()
    assert acme.name == "Acme"
    assert Membership.objects.filter(company=acme).count() == 2


@pytest.mark.parametrize("place", ["settings", "teams", "people", "profile"])
def test_another_companys_pages_are_not_found(client, acme, place):
    other = make_company("Outra")

    assert client.get(f"/{other.slug}/{place}/").status_code == 404
    assert client.post(f"/{other.slug}/{place}/", FIELDS).status_code == 404
