"""Files that people send, and those that they get back."""

import re
from io import BytesIO
from typing import Any

import pytest
import python_calamine
from django.test import Client

from oportuna.accounts.scope import company_scope
from oportuna.imports.models import ImportJob, import_folder
from tests.factories import make_actor
from tests.imports.screens import address, job_of, send, signed_in
from tests.imports.sheets import (
    HEADER,
    applied,
    lead_file,
)


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "vazio.csv", "está vazio"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 200, "foto.xlsx", "Isto não é uma planilha"),
        (b"%PDF-1.7 nada", "leads.csv", "um PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "velha.xls", "planilha"),
        (b"PK\x03\x04" + b"\0" * 100, "quebrada.xlsx", "danificado"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_leaves_nothing(db, client, content, name, said):
    ana = make_actor()

    answer = send(signed_in(client, ana), ana, content, name)

    assert answer.status_code == 422
    assert said in answer.text
    with company_scope(ana.company):
        assert ImportJob.objects.count() == 0
    assert [*import_folder().glob("*")] == []


def test_a_file_of_700_mb_is_refused_by_its_size_and_nothing_of_it_is_kept(db, client):
    ana = make_actor()
    boundary = "fim"
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="enorme.csv"\r\n\r\n'
    body = head.encode() + b"Empresa;CNPJ\r\n" * 1000 + f"\r\n--{boundary}--\r\n".encode()

    enormous: dict[str, Any] = {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(700 * 1024**2)}
    answer = signed_in(client, ana).post(
        address("jobs", ana),
        body,
        content_type=f"multipart/form-data; boundary={boundary}",
        **enormous,
    )

    assert (answer.status_code, "mais de 500 MB" in answer.text) == (422, True)
    assert [*import_folder().glob("*")] == []


def test_nobody_picks_no_file(db, client):
    ana = make_actor()

    answer = signed_in(client, ana).post(address("jobs", ana), {})

    assert (answer.status_code, "Escolha um arquivo" in answer.text) == (422, True)


def test_a_csv_of_a_strange_delimiter_asks_for_its_header(db, client):
    ana = make_actor()
    signed_in(client, ana)

    sent = send(client, ana, b"Empresa^CNPJ^Valor\r\nPadaria^1^2\r\n")
    page = client.get(sent["Location"])

    assert (page.status_code, "Nenhum cabeçalho foi encontrado" in page.text) == (200, True)
    again = client.post(address("choose_table", ana, job_of(ana)), {"header_row": "9"}, follow=True)
    assert "A linha 9 está vazia" in again.text
    chosen = client.post(address("choose_table", ana, job_of(ana)), {"header_row": "1"})
    assert chosen["Location"] == address("columns", ana, job_of(ana))


def test_the_file_needs_the_forms_token(db, tmp_path):
    ana = make_actor()
    client = signed_in(Client(enforce_csrf_checks=True), ana)

    assert send(client, ana, b"Empresa;CNPJ\r\na;b\r\n").status_code == 403


def test_the_same_file_comes_in_again_only_when_one_says_so(db, client, tmp_path):
    ana = make_actor()
    path = lead_file(tmp_path / "leads.csv", 2)
    applied(path, ana)
    signed_in(client, ana)

    refused = send(client, ana, path.read_bytes())
    accepted = send(client, ana, path.read_bytes(), again="on")

    assert (refused.status_code, "já foi importado" in refused.text) == (422, True)
    assert accepted.status_code == 302


def test_rejected_rows_come_back_as_a_spreadsheet_to_correct(mixed, client):
    ana, job = mixed

    answer = signed_in(client, ana).get(address("rejected", ana, job))
    content = b"".join(answer)

    rows = python_calamine.load_workbook(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[0] == [*HEADER, "Erro"]
    assert [row[:2] for row in rows[1:]] == [["Errada", "11.222.333/0001-80"], ["=1+1", "11.222.333/0001-80"]]
    assert "recusadas.xlsx" in answer["Content-Disposition"]


def test_the_file_is_handed_back_as_it_was_sent(mixed, client):
    ana, job = mixed

    answer = signed_in(client, ana).get(address("file", ana, job))

    assert b"".join(answer) == job.path.read_bytes()
    assert answer["Content-Disposition"].startswith("attachment")


def test_whoever_says_which_row_is_the_header_sees_how_the_file_begins(client, db):
    ana = make_actor("manager")
    send(signed_in(client, ana), ana, b"Padaria Sol;a@sol.com\nPadaria Lua;a@lua.com")

    page = client.get(address("columns", ana, job_of(ana))).content.decode()

    assert "nenhuma linha do começo tem nomes" in page
    assert re.search(r">2</td><td[^>]*>Padaria Lua</td><td[^>]*>a@lua.com</td>", page)


def test_a_file_without_rows_says_so_at_its_columns(client, db):
    ana = make_actor("manager")
    send(signed_in(client, ana), ana, b"Empresa;E-mail\n")

    assert "Não há nada abaixo do cabeçalho." in client.get(address("columns", ana, job_of(ana))).text
