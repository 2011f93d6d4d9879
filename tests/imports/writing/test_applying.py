"""A batch is made before its transaction: what came between is noticed, and nothing of it is written."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oportuna.accounts.actor import Actor
from oportuna.accounts.scope import company_scope
from oportuna.errors import Refused
from oportuna.imports import actions
from oportuna.imports.duplicates import matcher as duplicates
from oportuna.imports.duplicates import registered
from oportuna.imports.models import ImportJob
from oportuna.imports.options import Options
from oportuna.imports.writing.applying import Batch, Stale, pending
from oportuna.imports.writing.lookups import Lookups
from oportuna.sales.actions import customers, many, opportunities
from oportuna.sales.models import Customer, Opportunity
from oportuna.work import steps as work
from oportuna.work.models import Work
from oportuna.work.pace import Pace
from tests.factories import admin_of, make_actor, make_customer, stage_of
from tests.imports.sheets import CNPJS, cell_rows, checked, titles, worked, write

KNOWN = ("Padaria", CNPJS[0], "Lia", "lia@padaria.com", "", "", "", "", "Forno")
UNKNOWN = ("Ótica", CNPJS[1], "Rui", "rui@otica.com", "", "", "", "", "Lentes")


def register_the_document(ana: Actor) -> None:
    """Somebody registers whom the row would."""
    make_customer(ana, cnpj=CNPJS[1])


def register_the_e_mail(ana: Actor) -> None:
    """The same, with nothing but the e-mail."""
    make_customer(ana, emails=["rui@otica.com"])


def open_the_same(ana: Actor) -> None:
    """Somebody opens the opportunity that the row would."""
    padaria = Customer.objects.get(cnpj=CNPJS[0])
    opportunities.create(title="forno", customer=padaria, stage=stage_of(ana.company), by=ana)


def add_a_contact(ana: Actor) -> None:
    """Somebody adds the person whom the row would add."""
    customers.add_contact(Customer.objects.get(cnpj=CNPJS[0]), {"name": "Lia"}, by=ana)


def add_a_namesake(ana: Actor) -> None:
    """The same, where the customer's search text says that name already."""
    customers.add_contact(Customer.objects.get(cnpj=CNPJS[0]), {"name": "Padaria"}, by=ana)


def delete(ana: Actor) -> None:
    """Somebody deletes the customer that the row joins."""
    customers.delete(Customer.objects.get(cnpj=CNPJS[0]), by=admin_of(ana.company))


@pytest.mark.parametrize(
    "between",
    [
        register_the_document,
        register_the_e_mail,
        open_the_same,
        add_a_contact,
        add_a_namesake,
        delete,
    ],
)
def test_what_came_between_is_noticed(db, tmp_path: Path, between: Callable[[Actor], object]):
    ana = make_actor()
    make_customer(ana, name="Padaria", cnpj=CNPJS[0])
    job = checked(write(tmp_path / "a.csv", *cell_rows(KNOWN, UNKNOWN)), ana)
    with company_scope(ana.company):
        job = actions.apply(job, by=ana)
        lookups = Lookups(Options(), ana, creates=True)
        batch = Batch(job, pending(job, 10), lookups)
        between(ana)
        before = Opportunity.objects.count()

        with pytest.raises(Stale), transaction.atomic():
            batch.write(job)

        assert Opportunity.objects.count() == before
    assert worked(job, ana).state == "done"


def test_a_batch_that_nothing_came_between_is_written_once(db, tmp_path: Path):
    ana = make_actor()
    job = checked(write(tmp_path / "a.csv", *cell_rows(KNOWN, UNKNOWN)), ana)
    with company_scope(ana.company):
        job = actions.apply(job, by=ana)
        batch = Batch(job, pending(job, 1), Lookups(Options(), ana, creates=True))
        with transaction.atomic():
            batch.write(ImportJob.objects.get(pk=job.pk))

    worked(job, ana)

    assert titles(ana) == ["Forno", "Lentes"]


def test_who_is_put_in_the_trash_while_being_looked_for_is_nobody(db, monkeypatch):
    ana = make_actor()
    make_customer(ana, emails=["lia@padaria.com"])
    read = registered._customers

    def delete_first(ids):
        Customer.objects.filter(pk__in=ids).update(deleted_at=timezone.now(), deleted_by=ana.membership)
        return read(ids)

    monkeypatch.setattr(registered, "_customers", delete_first)
    values = {"emails": ["lia@padaria.com"]}
    with company_scope(ana.company):
        matcher = duplicates.Matcher(ana)
        matcher.prepare([values])

        assert matcher.find(values) is None


def test_what_the_database_refuses_again_is_an_error_of_the_work(db, tmp_path, monkeypatch):
    ana = make_actor()
    job = checked(write(tmp_path / "a.csv", *cell_rows(KNOWN)), ana)
    with company_scope(ana.company):
        actions.apply(job, by=ana)
    tried = []

    def refuse(self, job):
        tried.append(job.cursor)
        monkeypatch.setattr(Pace, "goes_on", lambda self: False)  # the step's time is over
        raise IntegrityError("refused")

    monkeypatch.setattr(Batch, "write", refuse)
    lease = work.take()
    assert lease is not None
    work.run(lease)

    assert tried == [0, 0]
    assert Work.objects.get().attempts == 1


def test_whom_a_batch_means_stays_until_it_is_written(committed, tmp_path, monkeypatch):
    ana = make_actor()
    admin = admin_of(ana.company)
    make_customer(ana, name="Padaria", cnpj=CNPJS[0])
    job = checked(write(tmp_path / "a.csv", *cell_rows(KNOWN)), ana)
    with company_scope(ana.company):
        actions.apply(job, by=ana)
    ends: list[BaseException | None] = []
    others: list[threading.Thread] = []

    def delete_meanwhile() -> None:
        try:
            with company_scope(ana.company):
                customers.delete(Customer.objects.get(cnpj=CNPJS[0]), by=admin)
            ends.append(None)
        except Refused as error:
            ends.append(error)
        finally:
            connections["default"].close()

    insert = many.Batch.write

    def write_beside(batch):
        if not others:
            others.append(threading.Thread(target=delete_meanwhile))
            others[0].start()
            others[0].join(1)  # done by then, were it not held
        return insert(batch)

    monkeypatch.setattr(many.Batch, "write", write_beside)
    worked(job, ana)
    others[0].join()

    assert isinstance(ends[0], Refused)
    with company_scope(ana.company):
        assert Customer.objects.get(cnpj=CNPJS[0]).deleted_at is None
        assert titles(ana) == ["Forno"]


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL plans by how many rows there are")
@pytest.mark.parametrize(
    ("ask", "index"),
    [
        (lambda: registered._with_cnpj(("1",)), "customer_company_cnpj"),
        (lambda: registered._with_cpf(("1",)), "customer_company_cpf"),
        (lambda: registered._reached_by(("ana@acme.com",)), "channel_by_value"),
        (lambda: registered._open_titles((1,), None), "opportunity_by_customer"),
    ],
)
def test_who_is_known_is_found_by_an_index_in_a_database_never_analysed(db, ask, index):
    with company_scope(make_actor().company), CaptureQueriesContext(connection) as asked:
        ask()
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {asked[0]['sql']}")
            plan = str(cursor.fetchall())

    assert f"{index} (company_id=? AND" in plan
