"""No import clears what somebody asked: not by a column, not by an update, not by being undone."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from oportuna.accounts.actor import Actor
from oportuna.accounts.scope import company_scope
from oportuna.imports import actions
from oportuna.imports.models import ImportJob, ImportRow, Suppression
from oportuna.imports.options import Options
from oportuna.sales.actions import customers
from oportuna.sales.models import Customer, HistoryEntry, Opportunity
from oportuna.work.steps import Lease
from tests.factories import admin_of, make_actor, make_customer, make_opportunity
from tests.imports.sheets import CNPJS, applied, checked, outcomes, problem_codes, undone, worked, write
from tests.imports.suppression.listing import listed, put
from tests.work.draining import drain

HEADER = ("Empresa", "CNPJ", "Não contatar", "Oportunidade")


def sent(
    by: Actor, path: Path, said: str, title: str, header: Sequence[str] = HEADER, **options: Any
) -> ImportJob:
    return applied(
        write(path / f"{title}.csv", ("Padaria", CNPJS[0], said, title), header=header),
        by,
        Options(**options),
    )


def asks(by: Actor) -> bool:
    with company_scope(by.company):
        return Customer.objects.get(deleted_at__isnull=True).do_not_contact


@pytest.mark.parametrize("mode", ["join", "fill", "overwrite", "create", "skip"])
@pytest.mark.parametrize(
    ("header", "said"),
    [(HEADER, "não"), (HEADER, ""), (("Empresa", "CNPJ", "Opt-in", "Oportunidade"), "sim")],
)
def test_no_column_and_no_update_clears_an_opt_out(db, tmp_path, mode, header, said):
    ana = make_actor()
    make_customer(ana, "Padaria", cnpj=CNPJS[0], do_not_contact=True)

    sent(ana, tmp_path, said, "Forno", header, on_duplicate=mode)

    assert asks(ana)


@pytest.mark.parametrize("mode", ["join", "fill", "overwrite"])
def test_an_import_that_heard_it_alone_takes_it_back_with_itself(db, tmp_path, mode):
    ana = make_actor()
    make_customer(ana, "Padaria", cnpj=CNPJS[0])
    job = sent(ana, tmp_path, "sim", "Forno", on_duplicate=mode)
    assert asks(ana)

    undone(job, ana)

    assert not asks(ana)


def test_undoing_leaves_what_was_asked_before_it(db, tmp_path):
    ana = make_actor()
    make_customer(ana, "Padaria", cnpj=CNPJS[0], do_not_contact=True)

    undone(sent(ana, tmp_path, "sim", "Forno"), ana)

    assert asks(ana)


@pytest.mark.parametrize("mode", ["join", "fill"])
def test_undoing_leaves_what_a_later_import_heard_too_and_lists_it_as_kept(db, tmp_path, mode):
    ana = make_actor()
    make_customer(ana, "Padaria", cnpj=CNPJS[0])
    first = sent(ana, tmp_path, "sim", "Forno", on_duplicate=mode)
    second = sent(ana, tmp_path, "sim", "Balcão")

    first = undone(first, ana)

    assert asks(ana)
    assert first.kept_back == 1
    with company_scope(ana.company):
        assert ImportRow.objects.get(job=first).undone == "kept"

    undone(second, ana)
    assert asks(ana)  # nobody can tell any more who heard it first: it stays until a person clears it


def test_undoing_leaves_what_the_list_says_by_now(db, tmp_path):
    ana = make_actor()
    make_customer(ana, "Padaria", cnpj=CNPJS[0], emails=["lia@padaria.com"])
    job = sent(ana, tmp_path, "sim", "Forno")
    put(ana, "padaria.com", marks_customers=True)
    drain()

    undone(job, ana)

    assert asks(ana)


def test_the_list_outlives_the_customer_and_every_import(db, tmp_path):
    ana = make_actor()
    customer = make_customer(ana, "Padaria", emails=["lia@padaria.com"])
    put(ana, "lia@padaria.com", marks_customers=True)
    drain()
    with company_scope(ana.company):
        customers.delete(customer, by=admin_of(ana.company))
        Customer.objects.all().delete()
    path = write(tmp_path / "a.csv", ("Padaria", "lia@padaria.com"), header=("Empresa", "E-mail"))

    job = applied(path, ana)

    assert (job.suppressed, job.created) == (1, 0)
    assert not job.can_be_undone
    assert [value for _kind, value, _why in listed(ana)] == ["lia@padaria.com"]
    with company_scope(ana.company):
        assert not Customer.objects.exists()
        assert Suppression.objects.count() == 1


def with_forno(by: Actor, **fields: Any) -> None:
    padaria = make_customer(by, "Padaria", cnpj=CNPJS[0], **fields)
    make_opportunity(by, customer=padaria, title="Forno")


@pytest.mark.parametrize("mode", ["skip", "join", "reject"])
def test_an_opt_out_is_heard_of_a_row_that_is_left_out_as_repeated(db, tmp_path, mode):
    ana = make_actor()
    with_forno(ana)

    job = sent(ana, tmp_path, "sim", "Forno", on_duplicate=mode)

    assert asks(ana)
    assert (job.updated, job.warnings, problem_codes(job, ana)) == (1, 1, [(2, "do_not_contact_heard")])
    with company_scope(ana.company):
        entry = HistoryEntry.objects.filter(opportunity__isnull=True).latest("pk")
        assert (entry.verb, entry.via, list(entry.changes)) == ("edited", "import", ["do_not_contact"])
        assert Opportunity.objects.count() == 1
    undone(job, ana)
    assert not asks(ana)


def test_the_check_says_of_which_rows_only_the_opt_out_is_heard(db, tmp_path):
    ana = make_actor()
    with_forno(ana)
    rows = [("Padaria", CNPJS[0], said, "Forno") for said in ("não", "sim", "sim")]

    job = checked(write(tmp_path / "a.csv", *rows, header=HEADER), ana)
    foreseen = outcomes(job, ana)
    assert not asks(ana)
    with company_scope(ana.company):
        actions.apply(job, by=ana)

    job = worked(job, ana)
    assert foreseen == outcomes(job, ana) == [(2, "duplicate"), (3, "updated"), (4, "duplicate")]
    assert asks(ana)


def test_whoever_asked_already_makes_of_a_repeated_row_no_more_than_that(db, tmp_path):
    ana = make_actor()
    with_forno(ana, do_not_contact=True)

    assert sent(ana, tmp_path, "sim", "Forno").duplicates == 1


@pytest.mark.parametrize("size", [1, 100])
def test_an_opt_out_in_a_row_that_repeats_a_row_above_is_heard(db, tmp_path, monkeypatch, size):
    ana = make_actor()
    monkeypatch.setattr(Lease, "rows", size)
    rows = [("Padaria", CNPJS[0], said, "Forno") for said in ("", "sim", "sim")]

    job = applied(write(tmp_path / "a.csv", *rows, header=HEADER), ana, Options(on_repeated="skip"))

    assert outcomes(job, ana) == [(2, "created"), (3, "updated"), (4, "duplicate")]
    assert asks(ana)
    undone(job, ana)
    with company_scope(ana.company):
        assert not Customer.objects.exists()


def test_an_opt_out_of_somebody_on_the_list_is_heard_too(db, tmp_path):
    ana = make_actor()
    with_forno(ana, emails=["lia@padaria.com"])
    put(ana, "lia@padaria.com")

    sent(ana, tmp_path, "sim", "Forno")

    assert asks(ana)
