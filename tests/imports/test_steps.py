"""A spreadsheet from beginning to end: checked first, then written, each row accounted for once."""

from decimal import Decimal

import pytest

from bench import leads
from oportuna.accounts.models import Membership
from oportuna.accounts.scope import company_scope
from oportuna.brazil.phone import parse_phones
from oportuna.imports import actions
from oportuna.sales.models import Channel, Customer, HistoryEntry, Opportunity, Source
from oportuna.sales.queries import figures
from tests.factories import make_actor, make_customer
from tests.imports.reader.books import write_ods, write_xls, write_xlsb
from tests.imports.sheets import (
    CNPJS,
    applied,
    checked,
    lead_file,
    titles,
    worked,
    write,
)


@pytest.mark.parametrize(
    ("name", "write_it"), [("leads.xls", write_xls), ("leads.xlsb", write_xlsb), ("leads.ods", write_ods)]
)
def test_a_workbook_of_another_kind_than_xlsx_comes_in_alike(db, tmp_path, name, write_it):
    ana = make_actor()
    rows = [["Empresa", "CNPJ", "Valor"], ["Aço Sul", CNPJS[0], 1234.5], ["Padaria São João", CNPJS[1], None]]

    job = applied(write_it(tmp_path / name, rows), ana)

    assert (job.state, job.format, job.created) == ("done", name.partition(".")[2], 2)
    with company_scope(ana.company):
        found = Opportunity.objects.order_by("number").values_list(
            "customer__name", "customer__cnpj", "value"
        )
        assert list(found) == [
            ("Aço Sul", CNPJS[0], Decimal("1234.50")),
            ("Padaria São João", CNPJS[1], None),
        ]


def test_every_lead_comes_in_right_accents_and_all(db, tmp_path):
    ana = make_actor()
    wanted = list(leads.rows(300))

    job = applied(lead_file(tmp_path / "leads.csv", 300), ana)

    assert (job.state, job.rows, job.created, job.rejected) == ("done", 300, 300, 0)
    with company_scope(ana.company):
        found = Opportunity.objects.select_related("customer", "contact", "stage", "source").order_by(
            "number"
        )
        for lead, opportunity in zip(wanted, found, strict=True):
            customer, contact = opportunity.customer, opportunity.contact
            assert (opportunity.title, opportunity.stage.name) == (lead.title, lead.stage)
            assert (opportunity.value, opportunity.expected_close_on) == (lead.value, lead.expected_close_on)
            assert (customer.name, customer.city, customer.uf) == (lead.company, lead.city, lead.uf)
            assert customer.cnpj == lead.cnpj.translate(str.maketrans("", "", "./-"))
            assert (contact.name, contact.job_title) == (lead.contact, lead.job_title)
            reached = Channel.objects.filter(contact=contact).order_by("kind").values_list("value", flat=True)
            assert list(reached) == [lead.email, *parse_phones(lead.phone)]
            assert opportunity.source == Source.objects.filter(name=lead.source).first()
            assert opportunity.owner == ana.membership


def test_the_check_touches_nothing_in_sales(db, tmp_path):
    ana = make_actor()

    job = checked(lead_file(tmp_path / "leads.csv", 20), ana)

    assert (job.state, job.rows, job.created, job.done) == ("checked", 20, 20, 20)
    with company_scope(ana.company):
        assert (Customer.objects.count(), Opportunity.objects.count()) == (0, 0)


def test_each_opportunity_and_customer_has_one_entry_by_import(db, tmp_path):
    ana = make_actor()

    applied(lead_file(tmp_path / "leads.csv", 5), ana)

    with company_scope(ana.company):
        entries = HistoryEntry.objects.order_by("id").values_list("verb", "via", "by")
        assert list(entries) == [("created", "import", ana.membership.pk)] * 10


def test_the_board_counts_what_was_imported(db, tmp_path):
    ana = make_actor()
    applied(lead_file(tmp_path / "leads.csv", 50), ana)

    with company_scope(ana.company):
        totals = sum(figures.stage_totals(ana).values(), figures.Totals())

    assert (totals.count, totals.cents) == (50, sum(int(lead.value * 100) for lead in leads.rows(50)))


def test_an_xlsx_comes_in_like_a_csv(db, tmp_path):
    ana = make_actor()
    leads.write_xlsx(tmp_path / "leads.xlsx", leads.rows(30))

    job = applied(tmp_path / "leads.xlsx", ana)

    assert (job.created, job.rejected) == (30, 0)
    assert titles(ana) == [lead.title for lead in leads.rows(30)]


def test_whoever_asks_not_to_be_contacted_is_marked_and_never_unmarked(db, tmp_path):
    ana = make_actor()
    make_customer(ana, "Não quer", cnpj=CNPJS[0], do_not_contact=True)
    rows = [("Não quer", CNPJS[0], "não"), ("Pediu", CNPJS[1], "sim")]

    applied(write(tmp_path / "a.csv", *rows, header=("Empresa", "CNPJ", "Não contatar")), ana)

    with company_scope(ana.company):
        assert list(Customer.objects.values_list("do_not_contact", flat=True)) == [True, True]


def test_a_header_without_rows_says_so(db, tmp_path):
    ana = make_actor()

    job = checked(write(tmp_path / "a.csv"), ana)

    assert (job.state, job.refusal.cause if job.refusal else "") == ("failed", "no_rows")


def test_whoever_left_imports_no_more(db, tmp_path):
    ana = make_actor()
    job = checked(lead_file(tmp_path / "a.csv", 5), ana)
    with company_scope(ana.company):
        actions.apply(job, by=ana)
    Membership.objects.filter(pk=ana.membership.pk).update(is_active=False)

    job = worked(job, ana)

    assert (job.state, job.created, job.skipped) == ("failed", 0, 5)
    assert titles(ana) == []
