"""An import taken back whole: what it created goes, what it changed goes back, and what people worked on stays."""

import sqlite3
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oportuna.accounts.scope import company_scope
from oportuna.errors import NotAllowed, Refused
from oportuna.imports import actions
from oportuna.imports.models import ImportJob, ImportRow
from oportuna.imports.writing import undoing
from oportuna.sales.actions import activities, customers, opportunities
from oportuna.sales.models import (
    Activity,
    Channel,
    Contact,
    Customer,
    HistoryEntry,
    LedgerDay,
    LedgerLine,
    Opportunity,
    OpportunityVersion,
)
from oportuna.work.steps import Lease
from tests.factories import make_actor, make_opportunity
from tests.imports.padaria import row, sheet
from tests.imports.records import in_order, records, totals
from tests.imports.sheets import CNPJS, applied, cell_rows, checked, lead_file, undone, worked, write


def test_nothing_is_left_of_an_import_that_nobody_worked_on(db, tmp_path):
    ana = make_actor("manager")
    make_opportunity(ana, title="Antes")
    before, figures_before = records(ana), totals(ana)
    job = applied(lead_file(tmp_path / "leads.csv", 50), ana)

    job = undone(job, ana)

    assert (job.state, job.taken_back, job.kept_back) == ("undone", 50, 0)
    assert (records(ana), totals(ana)) == (before, figures_before)
    with company_scope(ana.company):
        assert OpportunityVersion.objects.count() == 1
        assert not HistoryEntry.objects.filter(via="import").exists()
        assert set(ImportRow.objects.filter(job=job).values_list("undone", flat=True)) == {"gone"}
        assert job.rows == job.created + job.updated + job.duplicates + job.rejected == 50
    in_order(ana)


def test_past_days_lose_what_was_backdated(db, tmp_path):
    ana = make_actor("manager")
    header = ("Empresa", "Oportunidade", "Situação", "Criada em", "Encerrada em")
    path = write(tmp_path / "a.csv", ("Padaria", "Forno", "Ganha", "02/03/2026", "04/05/2026"), header=header)

    undone(applied(path, ana), ana)

    with company_scope(ana.company):
        days: dict[Any, int] = {}
        for model in (LedgerDay, LedgerLine):
            for day, kind, count in model.objects.values_list("day", "kind", "count"):
                days[day, kind] = days.get((day, kind), 0) + count
        assert not any(days.values())
    in_order(ana)


def test_what_people_worked_on_since_is_listed_and_kept(db, tmp_path):
    ana = make_actor("manager")
    job = applied(lead_file(tmp_path / "leads.csv", 5), ana)
    with company_scope(ana.company):
        first, second = Opportunity.objects.order_by("number")[:2]
        activities.log(first, Activity.Kind.CALL, text="Ligou de volta.", by=ana)
        customers.edit(second.customer, {"city": "Recife"}, by=ana)

    job = undone(job, ana)

    assert (job.taken_back, job.kept_back) == (3, 2)
    with company_scope(ana.company):
        assert list(Opportunity.objects.values_list("pk", flat=True)) == [first.pk]
        assert set(Customer.objects.values_list("pk", flat=True)) == {first.customer_id, second.customer_id}
        kept = ImportRow.objects.filter(job=job, undone="kept").order_by("number")
        assert list(kept.values_list("number", "opportunity", "customer")) == [
            (2, first.pk, first.customer_id),
            (3, None, second.customer_id),
        ]
    in_order(ana)


def test_what_a_later_import_changed_is_kept(db, tmp_path):
    ana = make_actor("manager")
    first = applied(write(tmp_path / "a.csv", *cell_rows(("Padaria", CNPJS[0]))), ana)
    rows = (("Padaria", CNPJS[0], "", "", "", "", "", "", "Outra"),)
    second = applied(write(tmp_path / "b.csv", *rows), ana)

    first = undone(first, ana)

    assert (first.taken_back, first.kept_back) == (0, 1)
    with company_scope(ana.company):
        assert Opportunity.objects.get().title == "Outra"
        assert Customer.objects.get().cnpj == CNPJS[0]
    undone(second, ana)
    with company_scope(ana.company):
        assert not Opportunity.objects.exists()
    in_order(ana)


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="statistics of SQLite")
def test_who_was_registered_is_found_by_customer_whatever_a_sample_says_of_the_company(db):
    ana, now = make_actor(), timezone.now()
    with company_scope(ana.company), CaptureQueriesContext(connection) as asked:
        job = ImportJob(
            started_at=now, finished_at=now + timedelta(hours=1), undone_at=now + timedelta(hours=2)
        )
        undoing._left_over((1,), undoing._own(job), job)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sql FROM sqlite_master WHERE tbl_name LIKE 'sales_%' AND tbl_name NOT LIKE '%_search%' AND sql IS NOT NULL"
        )
        schema = [sql for (sql,) in cursor.fetchall()]

    sampled = sqlite3.connect(":memory:")
    for sql in sorted(schema, key=lambda sql: not sql.startswith("CREATE TABLE")):
        sampled.execute(sql)
    sampled.execute("ANALYZE")
    for index, sample in (
        ("history_of_opportunity", "636864 1001 6 1 1"),
        ("history_of_activity", "124440 1001 2"),
        ("history_of_customer", "797525 1001 48 1 1"),
    ):
        sampled.execute("INSERT INTO sqlite_stat1 VALUES ('sales_historyentry', ?, ?)", (index, sample))
    sampled.execute("ANALYZE sqlite_master")

    for question in asked:
        plan = str(sampled.execute(f"EXPLAIN QUERY PLAN {question['sql']}").fetchall())
        assert "history_of_customer (company_id=? AND customer_id=?" in plan


def test_undoing_twice_is_no_error_and_the_file_may_come_again(db, tmp_path):
    ana = make_actor("manager")
    path = lead_file(tmp_path / "leads.csv", 3)
    job = undone(applied(path, ana), ana)

    assert undone(job, ana).state == "undone"
    assert applied(path, ana).created == 3


def test_an_import_that_was_stopped_is_taken_back_too(db, tmp_path):
    ana = make_actor("manager")
    job = checked(lead_file(tmp_path / "leads.csv", 400), ana)
    from oportuna.work import steps

    with company_scope(ana.company):
        actions.apply(job, by=ana)
    lease = steps.take(is_stopping=iter([False, False, True, True, True]).__next__)
    assert lease is not None
    steps.run(lease)
    with company_scope(ana.company):
        actions.cancel(ImportJob.objects.get(), by=ana)
        written = Opportunity.objects.count()
    assert 0 < written < 400

    job = undone(job, ana)

    assert (job.taken_back, job.kept_back) == (written, 0)
    assert records(ana)["Customer"] == []
    in_order(ana)


def test_who_may_not_see_an_import_may_not_undo_it(db, tmp_path):
    ana = make_actor("manager")
    job = applied(lead_file(tmp_path / "leads.csv", 2), ana)
    for role in ("seller", "operator", "viewer"):
        other = make_actor(role, company=ana.company, name=role)
        with company_scope(ana.company), pytest.raises(NotAllowed):
            actions.undo(job, by=other)


def test_what_wrote_nothing_cannot_be_undone(db, tmp_path):
    ana = make_actor("manager")
    job = checked(lead_file(tmp_path / "leads.csv", 2), ana)

    with company_scope(ana.company), pytest.raises(Refused, match="não gravou nada"):
        actions.undo(job, by=ana)


def test_whoever_left_meanwhile_leaves_the_import_as_it_was(db, tmp_path):
    ana = make_actor("manager")
    bia = make_actor("manager", company=ana.company, name="Bia")
    job = applied(lead_file(tmp_path / "leads.csv", 2), ana)
    with company_scope(ana.company):
        actions.undo(job, by=bia)
        type(bia.membership).objects.filter(pk=bia.membership.pk).update(is_active=False)

    job = worked(job, ana)

    assert (job.state, job.taken_back, "Bia" in job.why) == ("done", 0, True)
    assert undone(job, ana).taken_back == 2


def test_a_moved_one_is_kept_with_all_that_is_its_own(db, tmp_path):
    ana = make_actor("manager")
    job = applied(sheet(tmp_path, row("Ótica", CNPJS[1], contact="Bia", email="b@otica.com")), ana)
    with company_scope(ana.company):
        opportunities.win(Opportunity.objects.get(), by=ana)

    job = undone(job, ana)

    assert (job.taken_back, job.kept_back) == (0, 1)
    with company_scope(ana.company):
        assert (Contact.objects.count(), Channel.objects.count()) == (1, 1)
    in_order(ana)


def test_rows_of_one_customer_go_in_transactions_of_their_own(committed, tmp_path, monkeypatch):
    ana = make_actor("manager")
    rows = [
        row("Ótica", CNPJS[1], title="A"),
        row("Loja"),
        row("Ótica", CNPJS[1], title="B"),
        row("Ótica", CNPJS[1], title="A"),
    ]
    job = applied(sheet(tmp_path, *rows), ana)
    monkeypatch.setattr(Lease, "rows", 1)

    job = undone(job, ana)

    assert (job.taken_back, job.kept_back) == (3, 0)
    with company_scope(ana.company):
        assert not Customer.objects.exists()
        rows_left = ImportRow.objects.order_by("number").values_list("outcome", "undone")
        assert list(rows_left) == [("created", "gone")] * 3 + [("duplicate", "")]
        assert not ImportRow.objects.filter(customer__isnull=False).exists()
