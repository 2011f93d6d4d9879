"""One's own profile."""

import pytest

from tests.factories import fresh, make_actor

FIELDS = {"name": "Ana Lúcia", "time_zone": "America/Noronha", "letter_keys": ""}


@pytest.mark.parametrize("role", ["admin", "manager", "seller", "operator", "viewer"])
def test_everybody_changes_the_own_profile(client, db, role):
    ana = make_actor(role)
    client.force_login(ana.membership.user)

    answer = client.post(f"/{ana.company.slug}/profile/", FIELDS)

    assert answer.headers["Location"] == f"/{ana.company.slug}/profile/"
    member = fresh(ana).membership
    assert (member.name, member.time_zone, member.user.name, member.user.letter_keys) == (
        "Ana Lúcia",
        "America/Noronha",
        "Ana Lúcia",
        False,
    )


def test_one_letter_keys_rest_on_every_page_once_turned_off(client, db):
    ana = make_actor()
    client.force_login(ana.membership.user)
    url = f"/{ana.company.slug}/profile/"
    assert "<app-shortcuts>" in client.get(url).text

    client.post(url, FIELDS)

    assert "<app-shortcuts data-off>" in client.get(url).text


def test_without_a_zone_of_ones_own_the_companys_holds(client, db):
    ana = make_actor()
    client.force_login(ana.membership.user)

    client.post(f"/{ana.company.slug}/profile/", {**FIELDS, "time_zone": ""})

    assert fresh(ana).membership.zone.key == "America/Sao_Paulo"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"name": ""}, "Este campo é obrigatório"), ({"time_zone": "Lua"}, "Faça uma escolha válida")],
)
def test_a_wrong_field_is_explained(client, db, wrong, said):
    ana = make_actor()
    client.force_login(ana.membership.user)

    answer = client.post(f"/{ana.company.slug}/profile/", {**FIELDS, **wrong})

    assert answer.status_code == 422
    assert said in answer.text
    assert fresh(ana).membership.name == "Ana"
