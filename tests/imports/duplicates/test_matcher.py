"""Whom a row means: somebody of the company, somebody whom a row before brings, or nobody yet."""

import pytest

from oportuna.accounts.scope import company_scope
from oportuna.imports import actions
from oportuna.imports.models import ImportRow
from oportuna.imports.options import Options
from oportuna.sales.actions import opportunities
from oportuna.sales.models import Contact, Customer
from tests.factories import make_actor, make_customer, make_opportunity
from tests.imports.sheets import (
    CNPJS,
    applied,
    cell_rows,
    checked,
    outcomes,
    titles,
    worked,
    write,
)


def test_the_same_customer_gets_another_opportunity_and_the_same_title_is_a_duplicate(db, tmp_path):
    ana = make_actor()
    customer = make_customer(ana, "Ótica Sol", cnpj=CNPJS[0], emails=["sol@otica.com"])
    make_opportunity(ana, customer=customer, title="Armações")
    rows = [
        ("Ótica Sol Ltda", CNPJS[0], "", "", "", "", "", "", "ARMACOES"),
        ("Ótica Sol Ltda", CNPJS[0], "", "", "", "", "", "", "Lentes"),
        ("Outra grafia", "", "", "sol@otica.com", "", "", "", "", "Vitrine"),
        ("Outra grafia", "", "", "sol@otica.com", "", "", "", "", "vitrine"),
    ]

    job = applied(write(tmp_path / "a.csv", *rows), ana)

    assert outcomes(job, ana) == [(2, "duplicate"), (3, "created"), (4, "created"), (5, "duplicate")]
    assert titles(ana) == ["Armações", "Lentes", "Vitrine"]
    with company_scope(ana.company):
        assert list(Customer.objects.values_list("name", flat=True)) == ["Ótica Sol"]
        for number in (2, 5):
            found = ImportRow.objects.get(job=job, number=number)
            assert (found.customer, found.duplicate_of_row) == (customer, None)


def test_branches_that_share_an_e_mail_stay_two_customers(db, tmp_path):
    ana = make_actor()
    rows = [("Matriz", CNPJS[0], "", "a@rede.com"), ("Filial", CNPJS[1], "", "a@rede.com")]

    job = applied(write(tmp_path / "a.csv", *cell_rows(*rows)), ana)

    assert job.created == 2
    with company_scope(ana.company):
        assert Customer.objects.count() == 2


@pytest.mark.parametrize(("choice", "outcome"), [("skip", "duplicate"), ("reject", "rejected")])
def test_known_customers_are_left_out_where_that_is_the_choice(db, tmp_path, choice, outcome):
    ana = make_actor()
    make_customer(ana, cnpj=CNPJS[0])
    rows = cell_rows(("Conhecida", CNPJS[0]), ("Nova", CNPJS[1]), ("Nova", CNPJS[1]))

    job = applied(write(tmp_path / "a.csv", *rows), ana, Options(on_duplicate=choice))

    assert outcomes(job, ana) == [(2, outcome), (3, "created"), (4, outcome)]


def test_whoever_was_registered_after_the_check_is_not_registered_twice(db, tmp_path):
    ana = make_actor()
    path = write(tmp_path / "a.csv", *cell_rows(("Padaria", CNPJS[0]), ("Ótica", CNPJS[1])))
    job = checked(path, ana)
    customer = make_customer(ana, cnpj=CNPJS[0])
    make_opportunity(ana, customer=customer, title="padaria")

    with company_scope(ana.company):
        actions.apply(job, by=ana)
    job = worked(job, ana)

    assert outcomes(job, ana) == [(2, "duplicate"), (3, "created")]
    assert (job.created, job.duplicates, job.rows) == (1, 1, 2)


def test_two_empty_imports_in_a_row_do_not_join_strangers(db, tmp_path):
    ana = make_actor()

    applied(write(tmp_path / "a.csv", *cell_rows(("Ana",), ("Bia",))), ana)

    with company_scope(ana.company):
        assert Customer.objects.count() == 2


def test_a_won_opportunity_with_the_same_title_is_no_duplicate(db, tmp_path):
    ana = make_actor()
    customer = make_customer(ana, cnpj=CNPJS[0])
    won = make_opportunity(ana, customer=customer, title="Forno")
    with company_scope(ana.company):
        opportunities.win(won, by=ana)

    job = applied(write(tmp_path / "a.csv", ("P", CNPJS[0], "", "", "", "", "", "", "Forno")), ana)

    assert job.created == 1
    with company_scope(ana.company):
        assert Contact.objects.count() == 0
