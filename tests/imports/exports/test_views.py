"""Taking a list out: a short one at once, a long one in the background; who may, what it holds, what is recorded."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.test import Client
from django.utils import timezone

from oportuna.accounts.codes import encode
from oportuna.accounts.models import AuditEntry, Company, Membership
from oportuna.accounts.scope import company_scope
from oportuna.imports.exports.job import ExportJob
from oportuna.imports.exports.storage import export_folder
from tests.factories import (
    make_actor,
    make_company,
    make_customer,
    make_opportunity,
    source_of,
)
from tests.imports.exports.lists import address, again, begun, got, long_list, posted, records, rows_in
from tests.sales.pages import asked
from tests.work.draining import drain


def test_a_short_list_is_answered_with_its_file(db):
    ana = make_actor()
    customer = make_customer(ana, "Padaria São João", cnpj="11222333000181")
    make_opportunity(ana, "Proposta", customer=customer, title="Quadro; “bom”", value=Decimal("1234.5"))
    make_opportunity(ana, title="Outra")

    answer = posted(ana, q="quadro")

    assert answer.headers["Content-Disposition"].startswith('attachment; filename="oportunidades-')
    (row,) = records(answer)
    assert (row["Título"], row["Razão social / nome"], row["CNPJ"]) == (
        "Quadro; “bom”",
        "Padaria São João",
        "11.222.333/0001-81",
    )
    assert (row["Valor"], row["Probabilidade"], row["Valor ponderado (só leitura)"]) == (
        "1.234,50",
        "",
        "740,70",
    )
    assert row["Situação da oportunidade"] == "Aberta"


def test_the_customers_of_a_view_are_exported_with_their_figures(db):
    ana = make_actor()
    buyer = make_customer(ana, "Comprou Ltda")
    make_opportunity(ana, customer=buyer, value=Decimal("10.50"))
    make_customer(ana, "Sem venda")

    (row,) = records(posted(ana, what="customers", view="open"))

    assert (row["Razão social / nome"], row["Oportunidades abertas (só leitura)"]) == ("Comprou Ltda", "1")
    assert row["Valor em aberto (só leitura)"] == "10,50"


def test_a_list_without_rows_gives_a_file_with_the_names_of_the_columns(db):
    ana = make_actor()

    for kind in ("csv", "xlsx"):
        content = b"".join(posted(ana, kind=kind).streaming_content)
        if kind == "csv":
            assert content.decode("utf-8-sig").startswith("Número da oportunidade;Título;")
            assert rows_in(content) == []
        else:
            with ZipFile(BytesIO(content)) as parts:
                assert parts.read("xl/worksheets/sheet1.xml").decode().count("<row ") == 1
    with company_scope(ana.company):
        newest = ExportJob.objects.order_by("-pk")[0]
    assert "Nenhuma linha encontrada." in got(ana, "export", newest).content.decode()


def test_a_workbook_holds_no_formula_and_no_link(db):
    ana = make_actor()
    make_opportunity(ana, title='=HYPERLINK("http://x")', value=Decimal("1234.56"))

    with ZipFile(BytesIO(b"".join(posted(ana, kind="xlsx").streaming_content))) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()

    assert "<f>" not in sheet
    assert "hyperlink" not in sheet.lower().replace("=hyperlink(", "")
    assert "<v>1234.56</v>" in sheet


def test_while_it_waits_the_page_says_so_and_asks_again(db):
    ana = make_actor()
    long_list(ana)
    job = begun(ana)

    page = got(ana, "progress", job).content.decode()

    assert "Na fila" in page
    assert 'hx-trigger="every 2s"' in page


def test_who_exported_what_when_is_in_the_audit(db):
    ana = make_actor()
    make_opportunity(ana, source=source_of(ana.company))

    posted(ana, q="note", status="all")
    posted(ana, q="note", status="all", kind="xlsx")

    with company_scope(ana.company):
        entries = AuditEntry.objects.filter(verb="exported").order_by("pk")
        assert [(entry.by, entry.about, entry.changes) for entry in entries] == [
            (
                ana.membership,
                f"Oportunidades: {kind}",
                {"rows": [None, 1], "filters": [None, "Todas; “note”"]},
            )
            for kind in ("csv", "xlsx")
        ]


def test_what_the_filters_were_is_kept_in_words(db):
    company = make_company()
    ana, rui = make_actor("manager", company), make_actor("seller", company, name="Rui")
    with company_scope(company):
        owner = encode(rui.membership.pk)

    job = begun(ana, status="lost", owner=owner, source="none", reason="none", closed_from="2026-01-02")

    assert (
        job.words
        == "Perdidas; Responsável: Rui; Origem: nenhum; Motivo da perda: nenhum; Encerrada: desde 02/01/2026"
    )


@pytest.mark.parametrize(
    ("role", "status"),
    [("operator", 403), ("viewer", 403), ("seller", 200), ("manager", 200), ("admin", 200)],
)
def test_who_may_export(db, role, status):
    someone = make_actor(role)

    assert posted(someone).status_code == status
    assert got(someone).status_code == status


@pytest.mark.parametrize("role", ["operator", "viewer"])
def test_whoever_may_not_export_any_more_downloads_nothing_and_stops_nothing(db, role):
    ana = make_actor()
    long_list(ana)
    job = begun(ana)
    with company_scope(ana.company):
        Membership.objects.filter(pk=ana.membership.pk).update(role=role)

    for route in ("export", "progress", "file"):
        assert got(ana, route, job).status_code == 403
    assert again(job, ana).state == "queued"


def test_a_seller_sees_his_own_exports_and_a_manager_everybodys(db):
    company = make_company()
    ana, rui = make_actor("seller", company), make_actor("seller", company, name="Rui")
    job = begun(ana, what="customers")

    assert got(rui, "file", job).status_code == 404
    assert got(rui, "export", job).status_code == 404
    assert "Clientes .csv" not in got(rui).content.decode()
    boss = make_actor("manager", company, name="Bia")
    assert got(boss, "file", job).status_code == 200
    assert "Clientes .csv" in got(boss).content.decode()


def test_an_export_holds_only_what_one_may_see(db):
    company = make_company(visibility=Company.Visibility.OWN)
    ana, rui = make_actor("seller", company), make_actor("seller", company, name="Rui")
    make_opportunity(rui, title="Segredo")
    make_opportunity(ana, title="Minha")
    make_opportunity(make_actor(), title="De fora")

    assert [row["Título"] for row in records(posted(ana, status="all"))] == ["Minha"]


def test_a_double_click_is_one_export_and_a_click_an_hour_later_another(db):
    ana = make_actor()
    make_opportunity(ana)
    key = str(uuid4())

    first, second = records(posted(ana, key=key)), records(posted(ana, key=key))
    with company_scope(ana.company):
        assert ExportJob.objects.count() == AuditEntry.objects.filter(verb="exported").count() == 1
        ExportJob.objects.update(created_at=timezone.now() - timedelta(hours=1))
    make_opportunity(ana, title="Depois")
    third = records(posted(ana, key=key))

    assert first == second
    assert [row["Título"] for row in third] == ["Depois", "Notebook"]
    with company_scope(ana.company):
        assert ExportJob.objects.count() == 2


def test_a_double_click_on_a_long_list_begins_one_piece_of_work(db):
    ana = make_actor()
    long_list(ana)
    key = str(uuid4())

    answers = [posted(ana, key=key).headers["Location"] for _click in range(2)]

    assert answers[0] == answers[1]
    assert drain() == 1


def test_a_filter_that_names_nothing_is_refused_in_words_and_leaves_no_export(db):
    ana = make_actor()

    answer = posted(ana, source="aaaaaaaaaaaaa")

    assert answer.status_code == 409
    assert "Este filtro não vale mais: Origem." in answer.content.decode()
    with company_scope(ana.company):
        assert not ExportJob.objects.exists()
        assert not AuditEntry.objects.filter(verb="exported").exists()
    assert list(export_folder().glob("*")) == []


@pytest.mark.parametrize("wrong", [{"what": "people"}, {"kind": "pdf"}, {"what": "customers", "view": "x"}])
def test_a_list_or_file_that_does_not_exist_is_refused(db, wrong):
    assert posted(make_actor(), **wrong).status_code == 409


def test_the_customers_menu_exports_what_is_searched_also_while_one_types(db):
    ana = make_actor()
    make_customer(ana, "Padaria Sol")
    client = Client()
    client.force_login(ana.membership.user)
    url = f"/{ana.company.slug}/customers/"

    whole = client.get(url, {"q": "sol", "view": "prospects"}).content.decode()
    swapped = client.get(url, {"q": "sol"}, headers={"HX-Request": "true"}).content.decode()

    assert whole.count('name="q" value="sol"><input type="hidden" name="view" value="prospects">') == 2
    assert '<span id="list-export" hx-swap-oob="true">' in swapped
    assert swapped.count('<input type="hidden" name="q" value="sol">') == 2


def test_customers_are_offered_to_export_to_those_who_may_alone(db):
    client = Client()
    for role in ("viewer", "operator"):
        someone = make_actor(role)
        client.force_login(someone.membership.user)
        page = client.get(f"/{someone.company.slug}/customers/").content.decode()
        assert "Exportar" not in page


def test_the_list_of_exports_asks_the_database_as_often_for_one_as_for_three(db):
    ana = make_actor()
    client = Client()
    client.force_login(ana.membership.user)
    counts = []
    for many in (1, 2):
        for _export in range(many):
            begun(ana, what="customers")
        counts.append(asked(client, address(ana)))

    assert counts[0] == counts[1]


def test_nothing_was_exported_yet_says_how_to(db):
    assert "Nada foi exportado ainda" in got(make_actor()).content.decode()
