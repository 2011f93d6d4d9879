"""The import's screens: five steps, each with what went wrong in words, for those who may."""

import re
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from oportuna.accounts.actor import Actor
from oportuna.accounts.codes import encode
from oportuna.accounts.scope import company_scope
from oportuna.imports import actions
from oportuna.imports.models import ImportJob, import_folder
from oportuna.sales.actions import opportunities
from oportuna.sales.models import Opportunity
from tests.factories import make_actor, make_customer, stage_of
from tests.imports.sheets import (
    CNPJS,
    HEADER,
    applied,
    cell_rows,
    checked,
    lead_file,
    received,
    worked,
    write,
)
from tests.work.draining import drain


def address(route: str, by: Actor, job: ImportJob | None = None, **query: str) -> str:
    with company_scope(by.company):
        args = [by.company.slug, *([job.pk] if job else [])]
        return reverse(f"imports:{route}", args=args, query=query or None)


def signed_in(client: Client, by: Actor) -> Client:
    client.force_login(by.membership.user)
    return client


def send(client: Client, by: Actor, content: bytes, name: str = "leads.csv", **fields: Any) -> HttpResponse:
    file = SimpleUploadedFile(name, content)
    return client.post(address("jobs", by), {"file": file, **fields})  # type: ignore[return-value]


def job_of(by: Actor) -> ImportJob:
    with company_scope(by.company):
        return ImportJob.objects.get()


def form_of(page: str) -> dict[str, str]:
    """What the columns' form would send as it stands."""
    fields = dict(re.findall(r'<input type="hidden" name="(revision)" value="(\d+)"', page))
    for name, body in re.findall(r'<select name="(\w+)".*?>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        fields[name] = chosen[1] if chosen else ""
    return {**fields, "on_duplicate": "join", "legal_basis": fields.get("legal_basis") or "consent"}


def test_the_whole_way_from_the_file_to_the_result(db, client, tmp_path):
    ana = make_actor("manager")
    signed_in(client, ana)

    sent = send(client, ana, lead_file(tmp_path / "leads.csv", 12).read_bytes())
    job = job_of(ana)
    assert sent["Location"] == address("columns", ana, job)
    page = client.get(sent["Location"]).text
    assert "Razão Social" in page
    assert client.post(sent["Location"], form_of(page))["Location"] == address("check", ana, job)
    assert "hx-trigger" in client.get(address("check", ana, job)).text
    drain()
    assert client.get(address("progress", ana, job))["HX-Redirect"] == address("job", ana, job)
    assert client.get(address("job", ana, job))["Location"] == address("check", ana, job)
    assert "Importar 12 linhas" in client.get(address("check", ana, job)).text
    assert client.post(address("run", ana, job))["Location"] == address("run", ana, job)
    assert "hx-trigger" in client.get(address("run", ana, job)).text
    drain()

    result = client.get(address("run", ana, job)).text

    assert "12 oportunidades entraram no funil" in result
    assert ana.membership.name in result
    with company_scope(ana.company):
        assert Opportunity.objects.count() == 12
        assert f"import={encode(job.pk)}" in result


def test_the_result_leads_to_the_list_of_its_opportunities(db, client, tmp_path):
    ana = make_actor("manager")
    job = applied(lead_file(tmp_path / "leads.csv", 3), ana)
    with company_scope(ana.company):
        url = reverse("sales:opportunities", args=[ana.company.slug], query={"import": encode(job.pk)})
        titles = list(Opportunity.objects.values_list("title", flat=True))
        other = encode(job.pk + 1)

    page = signed_in(client, ana).get(url).text

    assert [title for title in titles if title.split(" - ")[1] not in page] == []
    assert titles[0].split(" - ")[1] not in client.get(url.replace(encode_in(ana, job), other)).text


@pytest.mark.parametrize(
    ("created", "said"), [(3, "Envie o arquivo de novo para o resto"), (0, "Nada foi gravado.")]
)
def test_an_import_that_stopped_says_what_stays_and_how_to_go_on(db, client, tmp_path, created, said):
    ana = make_actor("manager")
    job = applied(lead_file(tmp_path / "leads.csv", 3), ana)
    with company_scope(ana.company):
        job.state, job.problem, job.created = ImportJob.State.FAILED, {"message": "Acabou a luz."}, created
        job.save()
        url = reverse("imports:job", args=[ana.company.slug, job.pk])

    page = signed_in(client, ana).get(url, follow=True).text

    assert "Acabou a luz." in page
    assert said in page


def encode_in(by: Actor, job: ImportJob) -> str:
    with company_scope(by.company):
        return encode(job.pk)


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


def test_two_columns_for_one_field_and_none_for_the_name_are_refused(db, client, tmp_path):
    ana = make_actor()
    job = received(write(tmp_path / "a.csv", *cell_rows(("Padaria",))), ana)
    page = signed_in(client, ana).get(address("columns", ana, job)).text
    fields = form_of(page)

    twice = client.post(address("columns", ana, job), {**fields, "column_1": "name"})
    none = client.post(address("columns", ana, job), {**fields, "column_0": "ignore", "column_2": "ignore"})

    assert (twice.status_code, "Duas colunas" in twice.text) == (422, True)
    assert (none.status_code, "nome do cliente" in none.text) == (422, True)


def test_a_corrected_column_is_read_as_corrected(db, client, tmp_path):
    ana = make_actor()
    stage = stage_of(ana.company, "Proposta")
    header = ("Empresa", "Cidade", "Coisa")
    job = received(write(tmp_path / "a.csv", ("Padaria", "Bauru", "Zé"), header=header), ana)
    fields = form_of(signed_in(client, ana).get(address("columns", ana, job)).text)

    client.post(address("columns", ana, job), {**fields, "column_2": "contact", "stage": str(stage.pk)})
    worked(job, ana)
    client.post(address("run", ana, job))
    worked(job, ana)

    with company_scope(ana.company):
        opportunity = Opportunity.objects.get()
        assert (opportunity.contact.name if opportunity.contact else "", opportunity.stage) == ("Zé", stage)


def test_columns_that_somebody_changed_meanwhile_are_not_overwritten(db, client, tmp_path):
    ana = make_actor()
    job = received(lead_file(tmp_path / "a.csv", 2), ana)
    fields = form_of(signed_in(client, ana).get(address("columns", ana, job)).text)
    client.post(address("columns", ana, job), fields)

    late = client.post(address("columns", ana, job), fields)

    assert (late.status_code, "Alguém" in late.text) == (422, True)


@pytest.fixture
def mixed(db, tmp_path: Path) -> tuple[Actor, ImportJob]:
    """A checked import with a row of every kind."""
    ana = make_actor()
    rows = cell_rows(
        ("Nova", CNPJS[0]),
        ("Errada", "11.222.333/0001-80"),
        ("=1+1", "11.222.333/0001-80"),
        ("Nova", CNPJS[0]),
        ("Sem origem", CNPJS[1], "", "", "", "", "Pombo"),
    )
    return ana, checked(write(tmp_path / "a.csv", *rows), ana)


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


def test_a_check_that_is_cancelled_leaves_nothing(mixed, client):
    ana, job = mixed

    assert signed_in(client, ana).post(address("cancel", ana, job))["Location"] == address("jobs", ana)
    page = client.get(address("run", ana, job)).text

    assert "Nada foi gravado" in page
    # It stopped at the check: the steps behind it were never done.
    assert re.findall(r'<li aria-current="step"><i>(\d)', page) == ["3"]
    with company_scope(ana.company):
        assert Opportunity.objects.count() == 0


def test_posting_twice_imports_once(mixed, client):
    ana, job = mixed
    signed_in(client, ana)

    for _ in range(2):
        assert client.post(address("run", ana, job)).status_code == 302
    drain()
    client.post(address("run", ana, job))
    drain()

    with company_scope(ana.company):
        assert Opportunity.objects.count() == 2


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


def test_pages_ask_the_same_number_of_questions_whatever_the_rows(db, client, tmp_path):
    ana = make_actor("manager")
    signed_in(client, ana)
    asked = []

    for count in (1, 3):
        for number in range(count):
            job = applied(lead_file(tmp_path / f"{count}{number}.csv", count + number), ana)
        for url in (address("jobs", ana), address("run", ana, job, show="created")):
            client.get(url)
            with CaptureQueriesContext(connection) as questions:
                client.get(url)
            asked.append(len(questions))

    assert asked[:2] == asked[2:]


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


def test_an_import_is_undone_from_its_result_after_saying_what_goes(client, db, tmp_path):
    ana = make_actor("manager")
    job = applied(lead_file(tmp_path / "leads.csv", 3), ana)
    page = signed_in(client, ana).get(address("run", ana, job)).content.decode()
    assert address("undo", ana, job) in page

    asked = client.get(address("undo", ana, job)).content.decode()
    assert "3 linhas" in asked
    answer = client.post(address("undo", ana, job))
    assert (answer.status_code, answer["Location"]) == (302, address("run", ana, job))
    assert "Desfazendo" in client.get(address("run", ana, job)).content.decode()
    worked(job, ana)

    page = client.get(address("run", ana, job)).content.decode()
    assert "A importação foi desfeita." in page
    assert address("undo", ana, job) not in page
    with company_scope(ana.company):
        assert not Opportunity.objects.exists()


def test_what_stays_of_an_undone_import_is_listed(client, db, tmp_path):
    ana = make_actor("manager")
    job = applied(lead_file(tmp_path / "leads.csv", 3), ana)
    with company_scope(ana.company):
        kept = Opportunity.objects.order_by("number")[1]
        opportunities.win(kept, by=ana)
        actions.undo(job, by=ana)
    worked(job, ana)

    page = signed_in(client, ana).get(address("run", ana, job)).content.decode()

    assert "Linhas em que alguém mexeu depois" in page
    assert kept.title in page


def test_an_import_that_wrote_nothing_says_so_when_it_is_to_be_undone(client, db, tmp_path):
    ana = make_actor("manager")
    job = checked(lead_file(tmp_path / "leads.csv", 3), ana)

    answer = signed_in(client, ana).post(address("undo", ana, job))

    assert answer.status_code == 409
    assert "não há o que desfazer" in answer.content.decode()


def row_address(by: Actor, job: ImportJob, number: int, route: str = "row") -> str:
    with company_scope(by.company):
        return reverse(f"imports:{route}", args=[by.company.slug, job.pk, number])


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


def test_whoever_received_opportunities_leads_to_them(client, db, tmp_path):
    ana = make_actor("manager")
    job = applied(write(tmp_path / "a.csv", *cell_rows(("Padaria", CNPJS[0]))), ana)
    page = signed_in(client, ana).get(address("run", ana, job)).text
    link = re.search(r'href="([^"]+owner=[^"]+)" aria-label="1 oportunidade de', page)
    assert link is not None

    assert "Padaria" in client.get(unescape(link[1])).text


def test_the_list_of_who_asked_not_to_be_contacted_stands_under_customers(client, db):
    ana = make_actor()
    customers = signed_in(client, ana).get(reverse("sales:customers", args=[ana.company.slug])).text
    assert address("suppressions", ana) in customers
    assert address("jobs", ana) in customers.split("<main")[1]

    page = client.get(address("suppressions", ana)).text

    assert re.search(r'href="/[^"]+/customers/" aria-current="page"', page)
