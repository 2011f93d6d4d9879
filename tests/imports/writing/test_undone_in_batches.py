"""Customers whom an import brought, when it is taken back: in one transaction or several, worked on or not."""

import pytest

from oportuna.accounts.scope import company_scope
from oportuna.imports import queries
from oportuna.imports.options import Options
from oportuna.sales.actions import customers, opportunities
from oportuna.sales.models import Customer, Opportunity
from oportuna.work.steps import Lease
from tests.factories import make_actor
from tests.imports.padaria import row, sheet
from tests.imports.records import in_order, records
from tests.imports.sheets import CNPJS, applied, outcomes, undone


@pytest.mark.parametrize("mode", ["fill", "overwrite"])
def test_a_customer_that_a_row_brought_and_later_ones_changed_goes(db, tmp_path, monkeypatch, mode):
    ana = make_actor("manager")
    before = records(ana)
    rows = (
        row("Padaria", CNPJS[0], title="A"),
        row("Padaria", CNPJS[0], "Niterói", "Zé", "Chefe", "ze@padaria.com", "(21) 98765-4321", "A"),
    )
    job = applied(sheet(tmp_path, *rows), ana, Options(on_repeated=mode))
    assert outcomes(job, ana) == [(2, "created"), (3, "updated")]
    monkeypatch.setattr(Lease, "rows", 1)

    job = undone(job, ana)

    assert (job.state, job.taken_back, job.kept_back) == ("undone", 2, 0)
    assert records(ana) == before
    in_order(ana)


@pytest.mark.parametrize("size", [1, 100])
@pytest.mark.parametrize("what", ["customer", "contact", "later import"])
def test_a_customer_that_somebody_worked_on_since_stays_and_is_listed(db, tmp_path, monkeypatch, what, size):
    ana = make_actor("manager")
    rows = [row("Padaria", CNPJS[0], title=title) for title in "AB"]
    job = applied(sheet(tmp_path, *rows, row("Ótica", CNPJS[1], title="A")), ana)
    with company_scope(ana.company):
        padaria = Customer.objects.get(name="Padaria")
        if what == "customer":
            customers.edit(padaria, {"city": "Niterói"}, by=ana)
        if what == "contact":
            customers.add_contact(padaria, {"name": "Lia"}, by=ana)
    if what == "later import":
        applied(sheet(tmp_path, row("Padaria", CNPJS[0], title="C"), name="b.csv"), ana)
    monkeypatch.setattr(Lease, "rows", size)

    job = undone(job, ana)

    assert (job.state, job.taken_back, job.kept_back) == ("undone", 2, 1)
    with company_scope(ana.company):
        (kept,) = queries.rows_shown(ana, job, queries.KEPT).rows
        assert (kept.row, kept.customer_id) == (2, padaria.pk)
        assert list(Customer.objects.values_list("name", flat=True)) == ["Padaria"]
    in_order(ana)


def test_a_customer_that_stays_for_an_opportunity_of_the_import_is_listed_with_that_one(db, tmp_path):
    ana = make_actor("manager")
    rows = [row("Padaria", CNPJS[0], title=title) for title in "AB"]
    job = applied(sheet(tmp_path, *rows), ana)
    with company_scope(ana.company):
        opportunities.edit(Opportunity.objects.get(title="B"), {"notes": "Liga cedo."}, by=ana)

    job = undone(job, ana)

    with company_scope(ana.company):
        assert [one.row for one in queries.rows_shown(ana, job, queries.KEPT).rows] == [3]
        assert Opportunity.objects.get().title == "B"
