"""The check's screen: each figure opens its rows, choices are asked, rows are corrected."""

import re

import pytest

from tests.factories import make_actor, make_customer
from tests.imports.screens import address, row_address, signed_in
from tests.imports.sheets import (
    CNPJS,
    applied,
    cell_rows,
    checked,
    worked,
    write,
)


@pytest.mark.parametrize(
    ("shown", "names"),
    [
        ("created", ["Nova", "Sem origem"]),
        ("duplicate", ["Nova"]),
        ("rejected", ["Errada", "=1+1"]),
        ("warnings", ["Sem origem"]),
        ("", ["Errada", "=1+1"]),
        ("nada", ["Errada", "=1+1"]),
    ],
)
def test_each_figure_of_the_check_opens_its_rows(mixed, client, shown, names):
    ana, job = mixed

    page = signed_in(client, ana).get(address("check", ana, job, show=shown)).text

    assert re.findall(r'<td class="op-b">([^<]+)<', page) == names


def test_another_choice_at_the_check_is_checked_at_once(client, db, tmp_path):
    ana = make_actor("manager")
    make_customer(ana, "Padaria", cnpj=CNPJS[0])
    path = write(tmp_path / "a.csv", *cell_rows(("Padaria", CNPJS[0]), ("Ótica", CNPJS[1])))
    job = checked(path, ana)
    page = signed_in(client, ana).get(address("check", ana, job)).content.decode()
    assert "1 linha é de um cliente que você já tem" in page

    answer = client.post(address("answers", ana, job), {"revision": job.revision, "known": "skip"})

    assert (answer.status_code, answer["Location"]) == (302, address("check", ana, job))
    job = worked(job, ana)
    assert (job.created, job.duplicates, job.options["on_duplicate"]) == (1, 1, "skip")
    page = client.get(address("check", ana, job, show="known")).content.decode()
    assert "mesmo CNPJ ou CPF" in page


def test_a_choice_that_there_is_not_is_told_at_the_choice(client, db, tmp_path):
    ana = make_actor("manager")
    make_customer(ana, "Padaria", cnpj=CNPJS[0])
    job = checked(write(tmp_path / "a.csv", *cell_rows(("Padaria", CNPJS[0]))), ana)

    for sent in ({"known": "explodir"}, {}):
        answer = signed_in(client, ana).post(address("answers", ana, job), {"revision": job.revision, **sent})
        assert answer.status_code == 422
        assert "Escolha uma destas opções." in answer.content.decode()


def test_a_choice_made_on_an_old_page_says_that_somebody_changed_it(client, db, tmp_path):
    ana = make_actor("manager")
    make_customer(ana, "Padaria", cnpj=CNPJS[0])
    job = checked(write(tmp_path / "a.csv", *cell_rows(("Padaria", CNPJS[0]))), ana)
    signed_in(client, ana).post(address("answers", ana, job), {"revision": job.revision, "known": "skip"})
    worked(job, ana)

    answer = client.post(address("answers", ana, job), {"revision": job.revision, "known": "join"})

    assert answer.status_code == 422
    assert worked(job, ana).options["on_duplicate"] == "skip"


WRONG_ROW = cell_rows(("Errada", "11.222.333/0001-80"), ("Boa", CNPJS[1]))


def test_a_wrong_cell_is_corrected_where_it_stands(client, db, tmp_path):
    ana = make_actor("manager")
    job = checked(write(tmp_path / "a.csv", *WRONG_ROW), ana)
    page = signed_in(client, ana).get(address("check", ana, job)).content.decode()
    assert re.search(r'name="column_1"\s+value="11.222.333/0001-80"', page)

    answer = client.post(
        row_address(ana, job, 2), {"column_1": CNPJS[0], "show": "rejected"}, headers={"HX-Request": "true"}
    )

    assert (answer.status_code, answer["HX-Retarget"]) == (200, "#check")
    assert "Importar 2 linhas" in answer.content.decode()


def test_without_script_a_correction_leads_back_to_the_rows(client, db, tmp_path):
    ana = make_actor("manager")
    job = checked(write(tmp_path / "a.csv", *WRONG_ROW), ana)

    answer = signed_in(client, ana).post(row_address(ana, job, 2), {"column_1": CNPJS[0], "show": "rejected"})

    assert (answer.status_code, answer["Location"]) == (
        302,
        address("check", ana, job, show="rejected") + "#rows",
    )


def test_the_whole_row_opens_with_its_faults_and_its_cells(client, db, tmp_path):
    ana = make_actor("manager")
    job = checked(write(tmp_path / "a.csv", *WRONG_ROW), ana)
    signed_in(client, ana)

    for number, said in ((2, "11.222.333/0001-80"), (3, "Boa")):
        page = client.get(row_address(ana, job, number)).content.decode()
        assert said in page
    assert client.get(row_address(ana, job, 99)).status_code == 404


def test_a_cell_longer_than_any_spreadsheet_holds_is_told_at_its_field(client, db, tmp_path):
    ana = make_actor("manager")
    job = checked(write(tmp_path / "a.csv", *WRONG_ROW), ana)

    answer = signed_in(client, ana).post(
        row_address(ana, job, 2), {"column_0": "x" * 40_000}, headers={"HX-Request": "true"}
    )

    assert (answer.status_code, answer["HX-Retarget"]) == (422, "#dialog")
    assert "aria-invalid" in answer.content.decode()


def test_a_row_is_left_out_and_taken_in_again_from_its_line(client, db, tmp_path):
    ana = make_actor("manager")
    job = checked(write(tmp_path / "a.csv", *WRONG_ROW), ana)
    signed_in(client, ana)

    for leaves_out, skipped in (("1", 1), ("1", 1), ("0", 0)):
        sent = {"leaves_out": leaves_out, "show": "created"}
        client.post(row_address(ana, job, 3, "leave_out"), sent, headers={"HX-Request": "true"})
        assert worked(job, ana).skipped == skipped


def test_rows_of_an_import_that_has_begun_are_not_corrected(client, db, tmp_path):
    ana = make_actor("manager")
    job = applied(write(tmp_path / "a.csv", *WRONG_ROW), ana)

    answer = signed_in(client, ana).post(row_address(ana, job, 2), {"column_1": CNPJS[0]})

    assert answer.status_code == 409
