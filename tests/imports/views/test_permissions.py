"""Whose imports one finds: his own, a manager everyone's, of another company nobody's."""

import pytest
from django.urls import reverse

from oportuna.accounts.scope import company_scope
from tests.factories import make_actor
from tests.imports.screens import address, send, signed_in
from tests.imports.sheets import (
    checked,
    lead_file,
)

ROUTES = ("job", "columns", "check", "run", "progress", "rejected", "file")
POSTED = ("columns", "choose_table", "run", "cancel")


@pytest.mark.parametrize("role", ["operator", "viewer"])
def test_operators_and_viewers_find_every_door_closed(db, client, tmp_path, role):
    ana = make_actor("manager")
    job = checked(lead_file(tmp_path / "a.csv", 1), ana)
    someone = make_actor(role, ana.company, name="Zé")
    signed_in(client, someone)

    assert [client.get(address(route, ana, job)).status_code for route in ROUTES] == [403] * len(ROUTES)
    assert [client.post(address(route, ana, job)).status_code for route in POSTED] == [403] * len(POSTED)
    assert client.get(address("jobs", ana)).status_code == 403
    assert send(client, ana, b"Empresa;CNPJ\r\na;b\r\n").status_code == 403


def test_a_seller_does_not_find_a_colleagues_import_and_a_manager_does(db, client, tmp_path):
    ana = make_actor("seller")
    job = checked(lead_file(tmp_path / "segredo.csv", 1), ana)
    rui, marta = (make_actor(role, ana.company, name=role) for role in ("seller", "manager"))

    signed_in(client, rui)
    assert [client.get(address(route, ana, job)).status_code for route in ROUTES] == [404] * len(ROUTES)
    assert [client.post(address(route, ana, job)).status_code for route in POSTED] == [404] * len(POSTED)
    assert "segredo.csv" not in client.get(address("jobs", ana)).text
    signed_in(client, marta)
    assert client.get(address("check", ana, job)).status_code == 200
    assert "segredo.csv" in client.get(address("jobs", ana)).text


def test_another_company_finds_nothing(db, client, tmp_path):
    ana, other = make_actor("manager"), make_actor("admin")
    job = checked(lead_file(tmp_path / "segredo.csv", 1), ana)
    signed_in(client, other)

    assert [client.get(address(route, ana, job)).status_code for route in ROUTES] == [404] * len(ROUTES)
    with company_scope(other.company):
        urls = [reverse(f"imports:{route}", args=[other.company.slug, job.pk]) for route in ROUTES]
    assert [client.get(url).status_code for url in urls] == [404] * len(ROUTES)
