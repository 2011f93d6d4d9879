"""Long lists are written in the background, as their maker may see them then."""

import pytest

from oportuna.accounts.codes import encode
from oportuna.accounts.models import AuditEntry, Company, Membership
from oportuna.accounts.scope import company_scope
from oportuna.errors import Refused
from oportuna.imports.exports import actions
from oportuna.imports.exports import customers as customer_list
from oportuna.imports.exports import opportunities as opportunity_list
from oportuna.imports.exports.job import ExportJob
from oportuna.imports.exports.storage import export_folder
from oportuna.imports.exports.writing import require_room
from oportuna.sales.actions import customers, opportunities
from oportuna.sales.models import Customer, Opportunity
from oportuna.work import steps
from tests.factories import (
    admin_of,
    fresh,
    make_actor,
    make_company,
    make_customer,
    make_opportunity,
    source_of,
)
from tests.imports.exports.lists import LONG, address, again, begun, got, long_list, posted, records
from tests.work.draining import drain


def test_a_long_list_is_written_in_the_background_and_then_downloaded(db):
    ana = make_actor()
    long_list(ana)

    answer = posted(ana)
    with company_scope(ana.company):
        job = ExportJob.objects.get()

    assert answer.headers["Location"] == address(ana, "export", job)
    assert got(ana, "file", job).status_code == 409
    assert "Parar a exportação" in got(ana, "export", job).content.decode()
    drain()
    rows = records(got(ana, "file", job))
    assert [row["Título"] for row in rows] == [f"Venda {place}" for place in reversed(range(LONG))]
    assert len({row["Número da oportunidade"] for row in rows}) == LONG
    done = again(job, ana)
    assert (done.state, done.rows, done.done) == ("done", LONG, LONG)
    assert got(ana, "progress", job).headers["HX-Redirect"] == address(ana, "export", job)
    assert [path.name for path in export_folder().iterdir()] == [done.stored]


def test_a_filter_that_became_invalid_before_the_work_began_says_so(db):
    company = make_company()
    ana = make_actor("seller", company)
    long_list(ana)
    source = source_of(company)
    with company_scope(company):
        Opportunity.objects.update(source=source)
        code = encode(source.pk)
    job = begun(ana, source=code)
    with company_scope(company):
        Opportunity.objects.update(source=None)
        source.campaigns.all().delete()
        source.delete()

    drain()

    failed = again(job, ana)
    assert failed.state == "failed"
    assert failed.problem.startswith("Este filtro não vale mais: Origem.")
    assert "Este filtro não vale mais" in got(ana, "export", job).content.decode()
    assert got(ana, "file", job).status_code == 409


def test_whoever_left_the_company_meanwhile_gets_no_file(db):
    company = make_company()
    ana = make_actor("seller", company)
    long_list(ana)
    job = begun(ana)
    with company_scope(company):
        Membership.objects.filter(pk=ana.membership.pk).update(is_active=False)

    drain()

    assert (again(job, ana).state, again(job, ana).problem) == (
        "failed",
        "Ana saiu da empresa: a exportação parou.",
    )
    with company_scope(company):
        assert not AuditEntry.objects.filter(verb="exported").exists()


def test_rows_are_those_that_one_may_see_when_the_work_begins(db):
    company = make_company()
    ana = make_actor("seller", company)
    long_list(make_actor("seller", company, name="Rui"))
    make_opportunity(ana, title="Minha")
    job = begun(ana)
    Company.objects.filter(pk=company.pk).update(visibility=Company.Visibility.OWN)

    drain()

    assert [row["Título"] for row in records(got(fresh(ana), "file", job))] == ["Minha"]


def test_a_stopped_export_leaves_no_file_and_no_work(db):
    ana = make_actor()
    long_list(ana)
    job = begun(ana)

    with company_scope(ana.company):
        actions.cancel(job, by=ana)
        actions.cancel(job, by=ana)

    assert drain() == 0
    assert again(job, ana).state == "cancelled"
    assert got(ana, "file", job).status_code == 409
    assert "A exportação foi parada." in got(ana, "export", job).content.decode()


def test_stopping_a_finished_export_changes_nothing(db):
    ana = make_actor()
    job = begun(ana)

    with company_scope(ana.company):
        actions.cancel(job, by=ana)

    assert got(ana, "file", job).status_code == 200


def test_an_export_stopped_while_it_is_written_ends_there(db):
    ana = make_actor()
    long_list(ana)
    job = begun(ana)
    lease = steps.take()
    assert lease is not None
    with company_scope(ana.company):
        actions.cancel(job, by=ana)

    steps.run(lease)

    assert again(job, ana).state == "cancelled"
    assert list(export_folder().glob("*")) == []


def test_a_worker_that_is_told_to_end_leaves_the_export_to_the_next(db):
    ana = make_actor()
    long_list(ana)
    job = begun(ana)
    lease = steps.take(is_stopping=lambda: True)
    assert lease is not None

    steps.run(lease)

    assert not again(job, ana).has_file
    assert list(export_folder().glob("*")) == []
    drain()
    assert again(job, ana).has_file


def test_more_rows_than_a_sheet_holds_are_refused_as_a_workbook_alone():
    require_room("csv", 1_048_576)
    require_room("xlsx", 1_048_575)
    with pytest.raises(Refused, match="CSV"):
        require_room("xlsx", 1_048_576)


def test_rows_deleted_while_the_file_is_written_are_left_out(db):
    admin = admin_of(make_company())
    kept, gone = make_opportunity(admin, title="Fica"), make_opportunity(admin, title="Vai")
    customer = make_customer(admin, "Vai")
    with company_scope(admin.company):
        opportunities.delete(gone, by=admin)
        customers.delete(customer, by=admin)
        Customer.objects.filter(pk=customer.pk).update(name="Lixo")
        read = opportunity_list.rows(admin, [gone.pk, kept.pk])
        shown = customer_list.rows(admin, [customer.pk])

    assert [row["title"] for row in read] == ["Fica"]
    assert [row["name"] for row in shown] == ["Lixo"]
