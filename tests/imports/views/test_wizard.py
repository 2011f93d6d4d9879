"""The import's five steps, from the file to the result."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from oportuna.accounts.codes import encode
from oportuna.accounts.scope import company_scope
from oportuna.imports.models import ImportJob
from oportuna.sales.models import Opportunity
from tests.factories import make_actor, stage_of
from tests.imports.screens import address, code_of, form_of, job_of, send, signed_in
from tests.imports.sheets import (
    CNPJS,
    applied,
    cell_rows,
    lead_file,
    received,
    worked,
    write,
)
from tests.work.draining import drain


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
    assert titles[0].split(" - ")[1] not in client.get(url.replace(code_of(ana, job), other)).text


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
