"""A row corrected, left out or taken in again at the check: checked at once, and once more with every other choice."""

from collections.abc import Mapping
from typing import Any

import pytest
import xlsxwriter

from oportuna.accounts.actor import Actor
from oportuna.accounts.scope import company_scope
from oportuna.errors import NotAllowed, Refused
from oportuna.imports import actions, queries
from oportuna.imports.check import corrections
from oportuna.imports.models import ImportFix, ImportJob, ImportRow
from oportuna.imports.options import Options
from oportuna.sales.models import Customer, Opportunity
from tests.factories import make_actor, make_customer
from tests.imports.sheets import CNPJS, applied, cell_rows, checked, outcomes, problem_codes, worked, write

WRONG = "11.222.333/0001-80"
ROWS = cell_rows(("Boa", CNPJS[1]), ("Errada", WRONG), ("Outra", CNPJS[2]))


def corrected(job: ImportJob, number: int, by: Actor, changes: Mapping[int, str]) -> ImportJob:
    with company_scope(by.company):
        texts = corrections.texts_of(job, number)
        for index, text in changes.items():
            texts[index] = text
        return corrections.correct(job, number, texts, by=by)


def counted(job: ImportJob) -> tuple[int, ...]:
    counts = (job.created, job.updated, job.duplicates, job.skipped, job.suppressed, job.rejected)
    assert job.rows == sum(counts)
    return counts


def imported(job: ImportJob, by: Actor) -> ImportJob:
    with company_scope(by.company):
        actions.apply(job, by=by)
    return worked(job, by)


def test_a_corrected_row_comes_in(db, tmp_path):
    ana = make_actor("manager")
    job = checked(write(tmp_path / "a.csv", *ROWS), ana)
    assert counted(job) == (2, 0, 0, 0, 0, 1)

    job = corrected(job, 3, ana, {1: CNPJS[0]})

    assert (counted(job), problem_codes(job, ana)) == ((3, 0, 0, 0, 0, 0), [])
    job = imported(job, ana)
    assert counted(job) == (3, 0, 0, 0, 0, 0)
    with company_scope(ana.company):
        assert Customer.objects.get(name="Errada").cnpj == CNPJS[0]


def test_a_correction_that_is_wrong_too_says_so(db, tmp_path):
    ana = make_actor("manager")
    job = checked(write(tmp_path / "a.csv", *ROWS), ana)

    job = corrected(job, 3, ana, {1: "11.222.333/0001"})

    assert (counted(job), problem_codes(job, ana)) == ((2, 0, 0, 0, 0, 1), [(3, "cnpj_length")])


def test_a_good_row_is_corrected_too_and_may_become_wrong(db, tmp_path):
    ana = make_actor("manager")
    job = checked(write(tmp_path / "a.csv", *ROWS), ana)

    job = corrected(job, 2, ana, {0: "Bem boa", 7: "1.234,56"})
    assert counted(job) == (2, 0, 0, 0, 0, 1)
    job = corrected(job, 4, ana, {0: ""})
    assert counted(job) == (1, 0, 0, 0, 0, 2)

    imported(job, ana)
    with company_scope(ana.company):
        found = Opportunity.objects.get()
        assert (found.customer.name, str(found.value)) == ("Bem boa", "1234.56")


def test_corrections_stay_when_everything_is_checked_with_other_choices(db, tmp_path):
    ana = make_actor("manager")
    job = checked(write(tmp_path / "a.csv", *ROWS), ana)
    job = corrected(job, 3, ana, {1: CNPJS[0]})
    with company_scope(ana.company):
        corrections.leave_out(job, 4, True, by=ana)
        actions.check(job, Options(on_duplicate="skip"), by=ana)

    job = worked(job, ana)

    assert (counted(job), outcomes(job, ana)) == (
        *((2, 0, 0, 1, 0, 0), [(2, "created"), (3, "created"), (4, "skipped")]),
    )


def test_a_row_that_is_left_out_is_skipped_and_can_be_taken_in_again(db, tmp_path):
    ana = make_actor("manager")
    job = checked(write(tmp_path / "a.csv", *ROWS), ana)
    with company_scope(ana.company):
        job = corrections.leave_out(job, 2, True, by=ana)
        assert counted(job) == (1, 0, 0, 1, 0, 1)
        job = corrections.leave_out(job, 2, False, by=ana)
        assert counted(job) == (2, 0, 0, 0, 0, 1)
        job = corrections.leave_out(job, 2, True, by=ana)

    job = imported(job, ana)

    assert counted(job) == (1, 0, 0, 1, 0, 1)
    with company_scope(ana.company):
        assert list(Customer.objects.values_list("name", flat=True)) == ["Outra"]


def test_a_line_that_was_taken_for_a_total_comes_in_when_a_person_says_so(db, tmp_path):
    ana = make_actor("manager")
    job = checked(
        write(tmp_path / "a.csv", *cell_rows(("Boa",), ("TOTAL", "", "", "", "", "", "", "12,00"))), ana
    )
    assert problem_codes(job, ana) == [(3, "totals_row")]

    job = corrected(job, 3, ana, {0: "Total Móveis"})

    assert counted(job) == (2, 0, 0, 0, 0, 0)


def test_dates_and_numbers_of_a_workbook_are_corrected_as_they_are_seen(db, tmp_path):
    ana = make_actor("manager")
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Empresa", "CNPJ", "Valor", "Previsão de fechamento"])
        sheet.write_row(1, 0, ["Errada", WRONG, 1234.5])
        sheet.write_number(1, 3, 46387, book.add_format({"num_format": "dd/mm/yyyy"}))
    job = checked(tmp_path / "a.xlsx", ana)
    with company_scope(ana.company):
        assert corrections.texts_of(job, 2) == ["Errada", WRONG, "1234,5", "31/12/2026"]

    imported(corrected(job, 2, ana, {1: CNPJS[0]}), ana)

    with company_scope(ana.company):
        found = Opportunity.objects.get()
        assert (str(found.value), str(found.expected_close_on)) == ("1234.50", "2026-12-31")


def test_a_corrected_row_meets_the_customers_that_are_there(db, tmp_path):
    ana = make_actor("manager")
    make_customer(ana, "Padaria", cnpj=CNPJS[0])
    job = checked(write(tmp_path / "a.csv", *ROWS), ana, Options(on_duplicate="skip"))

    job = corrected(job, 3, ana, {1: CNPJS[0]})

    assert (counted(job), job.met) == ((2, 0, 1, 0, 0, 0), {"known": 1})


def test_nobody_corrects_an_import_that_has_begun_or_is_not_his(db, tmp_path):
    ana = make_actor("manager")
    job = checked(write(tmp_path / "a.csv", *ROWS), ana)
    bia = make_actor("seller", company=ana.company, name="Bia")
    with pytest.raises(NotAllowed):
        corrected(job, 3, bia, {1: CNPJS[0]})
    imported(job, ana)

    with pytest.raises(Refused):
        corrected(job, 3, ana, {1: CNPJS[0]})
    with company_scope(ana.company):
        assert not ImportFix.objects.exists()


def test_another_table_of_the_file_begins_without_corrections(db, tmp_path):
    ana = make_actor("manager")
    job = checked(write(tmp_path / "a.csv", *ROWS), ana)
    corrected(job, 3, ana, {1: CNPJS[0]})

    with company_scope(ana.company):
        actions.choose_table(job, sheet=None, header_row=1, by=ana)

        assert not ImportFix.objects.exists()


def test_the_rejected_file_of_a_corrected_row_has_what_was_typed(db, tmp_path):
    ana = make_actor("manager")
    job = checked(write(tmp_path / "a.csv", *ROWS), ana)

    job = corrected(job, 3, ana, {0: "Corrigida", 1: "123"})

    with company_scope(ana.company):
        cells: Any = ImportRow.objects.get(job=job, number=3).cells
    assert cells[:2] == ["Corrigida", "123"]
    assert applied(write(tmp_path / "b.csv", *ROWS[:1]), ana).created == 1


def test_a_row_with_a_warning_that_is_left_out_is_not_among_those_with_a_warning(db, tmp_path):
    ana = make_actor("manager")
    unclear = ("", "", "", "", "", "", "10 mil")
    job = checked(write(tmp_path / "a.csv", *cell_rows(("A", *unclear), ("B", *unclear))), ana)
    assert job.warnings == 2

    with company_scope(ana.company):
        job = corrections.leave_out(job, 2, True, by=ana)
        page = queries.rows_shown(ana, job, queries.WARNINGS)

    assert (job.warnings, page.total, [row.row for row in page.rows]) == (1, 1, [3])
