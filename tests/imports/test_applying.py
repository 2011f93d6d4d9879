"""A batch is made before its transaction: what came between is noticed, and nothing of it is written."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction

from oportuna.accounts.actor import Actor
from oportuna.accounts.scope import company_scope
from oportuna.imports import actions
from oportuna.imports.applying import Batch, Stale, pending
from oportuna.imports.lookups import Lookups
from oportuna.imports.models import ImportJob
from oportuna.imports.options import Options
from oportuna.sales.actions import customers, opportunities
from oportuna.sales.models import Customer, Opportunity
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
