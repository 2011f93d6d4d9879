"""Teams: made, renamed, filled, emptied and deleted by the administrator."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from oportuna.accounts.models import Company, Team
from oportuna.accounts.scope import company_scope
from tests.factories import admin_of, fresh, make_actor, make_company


@pytest.fixture
def acme(client, db) -> Company:
    """A company whose administrator is signed in."""
    company = make_company()
    client.force_login(admin_of(company).membership.user)
    return company


def make_team(company: Company, name: str = "Norte") -> Team:
    with company_scope(company):
        return Team.objects.create(name=name)


def address(name: str, company: Company, team: Team) -> str:
    with company_scope(company):
        return reverse(f"company:{name}", args=[company.slug, team.pk])


def names(company: Company) -> list[str]:
    with company_scope(company):
        return list(Team.objects.order_by("name_folded").values_list("name", flat=True))


def test_a_new_team_stands_in_the_list(client, acme):
    answer = client.post(f"/{acme.slug}/teams/new/", {"name": " Norte  e Nordeste "})

    assert answer.headers["Location"] == f"/{acme.slug}/teams/"
    assert names(acme) == ["Norte e Nordeste"]
    assert "Norte e Nordeste" in client.get(f"/{acme.slug}/teams/").text


def test_a_dialog_that_saved_reloads_the_page(client, acme):
    answer = client.post(f"/{acme.slug}/teams/new/", {"name": "Norte"}, headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, f"/{acme.slug}/teams/")


@pytest.mark.parametrize(
    ("name", "said"),
    [("", "Este campo é obrigatório"), ("NORTE", "NORTE já existe."), ("x" * 81, "no máximo 80")],
)
def test_a_name_that_will_not_do_is_explained_in_the_dialog(client, acme, name, said):
    make_team(acme)

    answer = client.post(f"/{acme.slug}/teams/new/", {"name": name}, headers={"HX-Request": "true"})

    assert answer.status_code == 422
    assert said in answer.text
    assert names(acme) == ["Norte"]


def test_sent_twice_a_new_team_is_there_once(client, acme):
    for _turn in range(2):
        client.post(f"/{acme.slug}/teams/new/", {"name": "Norte"})

    assert names(acme) == ["Norte"]


def test_a_team_is_renamed_unless_someone_did_so_first(client, acme):
    url = address("team", acme, make_team(acme))

    client.post(url, {"name": "Sul", "revision": "1"})
    late = client.post(url, {"name": "Leste", "revision": "1"})

    assert late.status_code == 422
    assert "Alguém mudou isto" in late.text
    assert names(acme) == ["Sul"]


def test_people_enter_and_leave_a_team(client, acme):
    ana, north = make_actor("seller", acme), make_team(acme)

    assert "Ana" in client.get(address("add_to_team", acme, north)).text
    client.post(address("add_to_team", acme, north), {"member": ana.membership.pk})
    assert fresh(ana).membership.team_id == north.pk
    client.post(address("remove_from_team", acme, north), {"member": ana.membership.pk})
    assert fresh(ana).membership.team_id is None


def test_another_companys_person_enters_no_team(client, acme):
    stranger, north = make_actor(name="Zuleide"), make_team(acme)

    answer = client.post(address("add_to_team", acme, north), {"member": stranger.membership.pk})

    assert answer.status_code == 422
    assert "Zuleide" not in client.get(address("add_to_team", acme, north)).text
    assert fresh(stranger).membership.team_id is None


def test_the_people_of_a_deleted_team_stay_in_the_company(client, acme):
    north = make_team(acme)
    ana = make_actor("seller", acme, team=north)
    url = address("delete_team", acme, north)

    assert "1 pessoa continua na empresa, sem equipe." in client.get(url).text
    client.post(url)

    assert names(acme) == []
    member = fresh(ana).membership
    assert (member.team_id, member.is_active) == (None, True)
    assert client.post(url).status_code == 404


def test_another_companys_team_is_not_found(client, acme):
    other = make_company()
    theirs = make_team(other)

    for name in ("team", "delete_team", "add_to_team", "remove_from_team"):
        assert client.post(address(name, acme, theirs), {"name": "Sul"}).status_code == 404
    assert names(other) == ["Norte"]


def test_the_list_asks_the_same_number_of_questions_whatever_its_length(client, acme):
    make_team(acme)
    client.get(f"/{acme.slug}/teams/")
    asked = []
    for number in range(3):
        make_actor("seller", acme, team=make_team(acme, f"Equipe {number}"))
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/{acme.slug}/teams/")
        asked.append(len(queries))

    assert asked == [asked[0]] * 3
