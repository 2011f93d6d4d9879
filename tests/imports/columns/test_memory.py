"""Columns that a person confirmed come again with the next file of the same header."""

import pytest

from oportuna.accounts.scope import company_scope
from oportuna.errors import Conflict, NotAllowed
from oportuna.imports import confirming
from oportuna.imports.columns import memory as column_memory
from oportuna.imports.columns.memory import ColumnMemory
from oportuna.imports.models import ImportJob
from oportuna.imports.options import Options
from oportuna.imports.reports.reporting import rehearse
from tests.factories import make_actor
from tests.imports.screens import address, signed_in
from tests.imports.sheets import received, write

_HEADER = ("Empresa", "Cor", "Obs")


def sheet(tmp_path, name="a.csv", header=_HEADER):
    return write(tmp_path / name, ["Aço Sul", "azul", name], header=header)


def fields(job):
    return [match["field"] for match in job.columns]


def confirmed(job, by, **mapping):
    with company_scope(by.company):
        return confirming.confirm_columns(job, Options(mapping=mapping), by=by)


def test_the_next_file_with_the_same_header_gets_what_was_confirmed(db, tmp_path):
    ana = make_actor()
    bia = make_actor(company=ana.company)
    first = received(sheet(tmp_path), ana)
    assert (fields(first), first.remembered_at) == (["name", "note", "notes"], None)

    confirmed(first, ana, B="segment", C="ignore")
    second = received(sheet(tmp_path, "b.csv", ["EMPRESA", "cor ", "Obs"]), bia)

    assert fields(second) == ["name", "segment", "ignore"]
    assert second.remembered_at is not None
    with company_scope(ana.company):
        said = rehearse(sheet(tmp_path, "c.csv"), Options(mapping={"Obs": "notes"}), by=ana)
    assert [match.field for match in said.mapping] == ["name", "segment", "notes"]


def test_the_newest_confirmation_wins(db, tmp_path):
    ana = make_actor()
    confirmed(received(sheet(tmp_path), ana), ana, B="segment")

    confirmed(received(sheet(tmp_path, "b.csv"), ana), ana, B="tags")

    assert fields(received(sheet(tmp_path, "c.csv"), ana)) == ["name", "tags", "notes"]
    with company_scope(ana.company):
        assert ColumnMemory.objects.count() == 1


@pytest.mark.parametrize(
    "header", [("Cor", "Empresa", "Obs"), ("Empresa", "Cor", "Obs", "Valor"), ("Empresa", "Cores", "Obs")]
)
def test_another_header_is_another_table(db, tmp_path, header):
    ana = make_actor()
    confirmed(received(sheet(tmp_path), ana), ana, B="segment")

    assert received(sheet(tmp_path, "b.csv", header), ana).remembered_at is None


def test_another_company_remembers_nothing_of_it(db, tmp_path):
    ana, stranger = make_actor(), make_actor()
    confirmed(received(sheet(tmp_path), ana), ana, B="segment")

    found = received(sheet(tmp_path, "b.csv"), stranger)

    assert (fields(found), found.remembered_at) == (["name", "note", "notes"], None)


def test_one_can_start_anew_and_what_was_remembered_stays_until_one_confirms(db, client, tmp_path):
    ana = make_actor()
    confirmed(received(sheet(tmp_path), ana), ana, B="segment")
    job = received(sheet(tmp_path, "b.csv"), ana)
    page = signed_in(client, ana).get(address("columns", ana, job)).content.decode()
    assert "Começar de novo" in page

    for _ in range(2):
        assert client.post(address("start_anew", ana, job)).status_code == 302

    with company_scope(ana.company):
        job = ImportJob.objects.get(pk=job.pk)
    assert (fields(job), job.remembered_at) == (["name", "note", "notes"], None)
    assert "Começar de novo" not in client.get(address("columns", ana, job)).content.decode()
    assert fields(received(sheet(tmp_path, "c.csv"), ana)) == ["name", "segment", "notes"]


def test_the_columns_step_remembers_what_was_sent(db, client, tmp_path):
    ana = make_actor()
    job = received(sheet(tmp_path), ana)
    sent = {"revision": job.revision, "column_0": "name", "column_1": "segment", "column_2": "notes"}

    assert signed_in(client, ana).post(address("columns", ana, job), sent).status_code == 302

    assert fields(received(sheet(tmp_path, "b.csv"), ana)) == ["name", "segment", "notes"]


def test_what_is_refused_is_not_remembered(db, tmp_path):
    ana, viewer = make_actor(), make_actor("viewer")
    job = received(sheet(tmp_path), ana)

    with company_scope(ana.company), pytest.raises(Conflict):
        confirming.confirm_columns(job, Options(mapping={"B": "segment"}), seen=job.revision + 1, by=ana)
    with company_scope(viewer.company), pytest.raises(NotAllowed):
        confirming.start_anew(job, by=viewer)

    with company_scope(ana.company):
        assert ColumnMemory.objects.count() == 0


def test_a_table_without_names_is_not_remembered(db, tmp_path):
    ana = make_actor()

    confirmed(received(sheet(tmp_path), ana, header_row=0), ana, A="name")

    with company_scope(ana.company):
        assert ColumnMemory.objects.count() == 0


def test_of_too_many_headers_the_oldest_go(db, tmp_path, monkeypatch):
    ana = make_actor()
    monkeypatch.setattr(column_memory, "MOST_HEADERS", 2)

    for name in ("a", "b", "c"):
        confirmed(received(sheet(tmp_path, f"{name}.csv", ("Empresa", name, "Obs")), ana), ana, B="segment")

    remembered = [
        received(sheet(tmp_path, f"{name}2.csv", ("Empresa", name, "Obs")), ana).remembered_at is not None
        for name in ("a", "b", "c")
    ]
    assert remembered == [False, True, True]
