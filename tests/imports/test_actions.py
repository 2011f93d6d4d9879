"""What people do with an import: who may, once each, and in their turn."""

import pytest
import xlsxwriter

from oportuna.accounts.scope import company_scope
from oportuna.errors import NotAllowed, Refused
from oportuna.imports import actions
from oportuna.imports.models import ImportJob, ImportRow, import_folder
from oportuna.imports.options import Options
from oportuna.imports.reader.refusals import Refusal
from tests.factories import make_actor
from tests.imports.sheets import (
    CNPJS,
    applied,
    checked,
    lead_file,
    received,
    titles,
    worked,
    write,
)


def test_the_very_same_file_is_refused_until_one_insists(db, tmp_path):
    ana = make_actor()
    path = lead_file(tmp_path / "leads.csv", 3)
    applied(path, ana)

    with pytest.raises(actions.SameFileAgain):
        received(path, ana)
    job = applied(path, ana, again=True)

    assert (job.created, job.duplicates) == (0, 3)
    assert len(list(import_folder().iterdir())) == 2


def test_a_file_that_is_no_spreadsheet_leaves_nothing_behind(db, tmp_path):
    ana = make_actor()
    (tmp_path / "foto.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 100)

    with pytest.raises(Refusal, match="imagem"):
        received(tmp_path / "foto.xlsx", ana)

    assert list(import_folder().iterdir()) == []
    with company_scope(ana.company):
        assert ImportJob.objects.count() == 0


def test_a_form_sent_twice_brings_one_import(db, tmp_path):
    ana = make_actor()
    path = lead_file(tmp_path / "leads.csv", 3)
    key = "8f8e7a52-6d3f-4c3e-9d1b-0a1b2c3d4e5f"

    first, second = received(path, ana, key=key), received(path, ana, key=key)

    assert first.pk == second.pk
    assert len(list(import_folder().iterdir())) == 1


def test_an_import_asked_for_twice_runs_once(db, tmp_path):
    ana = make_actor()
    job = checked(lead_file(tmp_path / "leads.csv", 5), ana)

    with company_scope(ana.company):
        actions.apply(job, by=ana)
        actions.apply(job, by=ana)
    worked(job, ana)
    with company_scope(ana.company):
        again = actions.apply(job, by=ana)

    assert again.state == "done"
    assert len(titles(ana)) == 5


def test_imports_of_a_company_run_one_at_a_time(db, tmp_path):
    ana = make_actor()
    first = checked(lead_file(tmp_path / "a.csv", 5), ana)
    second = checked(lead_file(tmp_path / "b.csv", 6), ana)

    with company_scope(ana.company):
        assert actions.apply(first, by=ana).state == "running"
        assert actions.apply(second, by=ana).state == "queued"

    assert (worked(first, ana).state, worked(second, ana).state) == ("done", "done")
    assert (first.created, worked(second, ana).duplicates) == (5, 5)


def test_cancelling_skips_what_was_not_written(db, tmp_path):
    ana = make_actor()
    job = checked(lead_file(tmp_path / "a.csv", 5), ana)
    with company_scope(ana.company):
        actions.apply(job, by=ana)
        job = actions.cancel(job, by=ana)

    job = worked(job, ana)

    assert (job.state, job.created, job.skipped, job.rows) == ("cancelled", 0, 5, 5)
    assert titles(ana) == []


def test_an_import_checked_anew_forgets_the_first_check(db, tmp_path):
    ana = make_actor()
    path = write(tmp_path / "a.csv", ("Padaria", "Zé", "Bauru"), header=("Empresa", "Coisa", "Cidade"))
    job = checked(path, ana)

    with company_scope(ana.company):
        actions.check(job, Options(mapping={"Coisa": "contact"}), by=ana)
    job = worked(job, ana)

    with company_scope(ana.company):
        assert (job.rows, ImportRow.objects.get(job=job).values["contact"]) == (1, "Zé")


def test_columns_without_a_name_are_refused(db, tmp_path):
    ana = make_actor()
    job = received(write(tmp_path / "a.csv", ("1", "Zé"), header=("Valor", "Etapa")), ana)

    with company_scope(ana.company), pytest.raises(Refused):
        actions.check(job, Options(), by=ana)


def test_a_workbook_of_two_tables_waits_for_the_choice(db, tmp_path):
    ana = make_actor()
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        for name in ("Leads", "Clientes"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["Empresa", "CNPJ"])
            sheet.write_row(1, 0, [name, CNPJS[0]])
    job = received(tmp_path / "a.xlsx", ana)
    assert job.refusal is not None
    assert [one[0] for one in job.sheets] == ["Leads", "Clientes"]

    with company_scope(ana.company):
        job = actions.choose_table(job, sheet="Clientes", header_row=None, by=ana)
        actions.check(job, Options(), by=ana)
        job = worked(job, ana)
        actions.apply(job, by=ana)
    worked(job, ana)

    assert titles(ana) == ["Clientes"]


@pytest.mark.parametrize("role", ["operator", "viewer"])
def test_operators_and_viewers_import_nothing(db, tmp_path, role):
    someone = make_actor(role)

    with pytest.raises(NotAllowed):
        received(lead_file(tmp_path / "a.csv", 1), someone)


def test_a_seller_cannot_go_on_with_anothers_import(db, tmp_path):
    ana = make_actor()
    rui = make_actor("seller", ana.company, name="Rui")
    job = checked(lead_file(tmp_path / "a.csv", 2), ana)

    with company_scope(ana.company):
        with pytest.raises(NotAllowed):
            actions.apply(job, by=rui)
        with pytest.raises(NotAllowed):
            actions.cancel(job, by=rui)
