"""Several sheets of one shape as one import, and several files sent at once."""

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from oportuna.accounts.scope import company_scope
from oportuna.imports import actions
from oportuna.imports.models import ImportJob
from oportuna.imports.options import Options
from oportuna.sales.models import Opportunity
from tests.factories import make_actor
from tests.imports.screens import address, signed_in
from tests.imports.sheets import CNPJS, applied, checked, outcomes, received, worked

HEADER = ["Empresa", "CNPJ", "Valor"]
MONTHS = {
    "Janeiro": [["Padaria", CNPJS[0], 10], ["Ótica", CNPJS[1], 20]],
    "Fevereiro": [["Mercado", CNPJS[2], 30], ["Padaria", CNPJS[0], 40]],
}


def book(path, sheets, hidden=()):
    with xlsxwriter.Workbook(str(path)) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for place, row in enumerate([HEADER if name != "Notas" else ["Título", "Observações"], *rows]):
                sheet.write_row(place, 0, row)
            if name in hidden:
                sheet.hide()
    return path


def test_all_sheets_of_one_shape_come_in_as_one(db, tmp_path):
    ana = make_actor("manager")

    job = applied(book(tmp_path / "a.xlsx", MONTHS), ana, sheet=["Janeiro", "Fevereiro"])

    assert (job.rows, job.created, job.duplicates) == (4, 3, 1)
    assert [job.place_of(number) for number, _ in outcomes(job, ana)] == [
        *(("Janeiro", 2), ("Janeiro", 3), ("Fevereiro", 2), ("Fevereiro", 3)),
    ]


def test_a_sheet_of_another_shape_is_named_and_nothing_comes_in(db, tmp_path):
    ana = make_actor("manager")
    path = book(tmp_path / "a.xlsx", {**MONTHS, "Notas": [["A", "B"]]})

    job = received(path, ana, sheet=["Janeiro", "Notas"])

    assert ("Notas" in job.why, job.columns, job.parts) == (True, [], [])


def test_the_screen_offers_all_alike_first_and_hidden_ones_last(client, db, tmp_path):
    ana = make_actor("manager")
    sheets = {"Notas": [["A", "B"]], "Velha": [["X", "", 1]], **MONTHS}
    job = received(book(tmp_path / "a.xlsx", sheets, hidden=("Velha",)), ana)
    page = signed_in(client, ana).get(address("columns", ana, job)).content.decode()
    places = [page.index(word) for word in ("Todas iguais", ">Janeiro (", ">Notas (", ">Velha (")]
    assert places == sorted(places)

    answer = client.post(address("choose_table", ana, job), {"sheet": "\t0", "header_row": ""})

    assert answer.status_code == 302
    with company_scope(ana.company):
        job = ImportJob.objects.get()
        assert [name for name, _added in job.parts] == ["Janeiro", "Fevereiro"]
        actions.check(job, Options(), by=ana)
    assert worked(job, ana).rows == 4


def test_rows_of_several_sheets_are_shown_where_they_stand(client, db, tmp_path):
    ana = make_actor("manager")
    job = checked(book(tmp_path / "a.xlsx", MONTHS), ana, sheet=["Janeiro", "Fevereiro"])

    page = signed_in(client, ana).get(address("check", ana, job, show="created")).content.decode()

    assert "Fevereiro" in page


def files(*contents: bytes):
    return [SimpleUploadedFile(f"{place}.csv", content) for place, content in enumerate(contents, 1)]


def test_several_files_sent_at_once_are_an_import_each(client, db):
    ana = make_actor("manager")

    sent = {"file": files(b"Empresa\nPadaria\n", "Empresa\nÓtica\n".encode())}
    answer = signed_in(client, ana).post(address("jobs", ana), sent)

    assert (answer.status_code, answer["Location"]) == (302, address("jobs", ana))
    with company_scope(ana.company):
        assert ImportJob.objects.count() == 2
        assert not Opportunity.objects.exists()


def test_of_several_files_the_wrong_one_is_named_and_the_others_are_received(client, db):
    ana = make_actor("manager")

    sent = {"file": files(b"Empresa\nPadaria\n", b"\x89PNG\r\n\x1a\n")}
    answer = signed_in(client, ana).post(address("jobs", ana), sent, follow=True)

    assert "2.csv: " in answer.content.decode()
    with company_scope(ana.company):
        assert ImportJob.objects.get().name == "1.csv"


def test_several_files_that_are_all_wrong_are_all_named(client, db):
    ana = make_actor("manager")

    sent = {"file": files(b"\x89PNG\r\n\x1a\n", b"%PDF-1.4")}
    answer = signed_in(client, ana).post(address("jobs", ana), sent)

    page = answer.content.decode()
    assert (answer.status_code, "1.csv: " in page, "2.csv: " in page) == (422, True, True)


def test_an_empty_file_among_several_is_named_and_the_others_come_in(client, db):
    ana = make_actor("manager")
    sent = [
        SimpleUploadedFile(name, content)
        for name, content in (("boa.csv", b"Empresa;E-mail\nPadaria;a@b.com"), ("vazia.csv", b""))
    ]

    signed_in(client, ana).post(address("jobs", ana), {"file": sent})

    page = client.get(address("jobs", ana)).content.decode()
    assert "vazia.csv: O arquivo está vazio" in page
    with company_scope(ana.company):
        assert [job.name for job in ImportJob.objects.all()] == ["boa.csv"]
