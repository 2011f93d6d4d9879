"""Imports whose worker is killed, or replaced by another: no row is lost and none comes twice."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from bench import leads
from oportuna.accounts.actor import Actor
from oportuna.accounts.scope import company_scope
from oportuna.imports import actions
from oportuna.imports.models import ImportJob, ImportRow
from oportuna.imports.options import Options
from oportuna.sales.models import HistoryEntry, Opportunity, OpportunityVersion
from oportuna.sales.queries import figures
from tests.factories import make_actor
from tests.imports.relay import one_transaction_at_a_time
from tests.imports.sheets import checked, lead_file, outcomes, received, titles, write
from tests.work.process import PATIENCE, WORKER, started

LEADS = int(os.environ.get("OPORTUNA_KILLED_ROWS", "3000"))


def wait_until(true: Callable[[], bool]) -> None:
    """Look again and again until it is true."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def test_a_worker_killed_twice_in_the_middle_brings_every_row_once(committed, tmp_path):
    ana = make_actor()
    job = checked(lead_file(tmp_path / "leads.csv", LEADS), ana)
    with company_scope(ana.company):
        actions.apply(job, by=ana)

    def written() -> int:
        with company_scope(ana.company):
            return Opportunity.objects.count()

    def state() -> str:
        with company_scope(ana.company):
            return ImportJob.objects.values_list("state", flat=True).get(pk=job.pk)

    for _kill in range(2):
        before = written()
        with started(WORKER, tmp_path) as worker:
            wait_until(lambda: written() > before)  # noqa: B023  asked at once
            os.kill(worker.pid, signal.SIGKILL)
    interrupted = written()
    with started(WORKER, tmp_path):
        wait_until(lambda: state() == "done")

    assert interrupted < LEADS
    assert titles(ana) == [lead.title for lead in leads.rows(LEADS)]
    with company_scope(ana.company):
        job = ImportJob.objects.get(pk=job.pk)
        assert (job.rows, job.created, job.done) == (LEADS, LEADS, LEADS)
        assert ImportRow.objects.filter(job=job, opportunity__isnull=False).count() == LEADS
        assert OpportunityVersion.objects.count() == LEADS
        assert HistoryEntry.objects.filter(verb="created").count() == 2 * LEADS
        totals = sum(figures.stage_totals(ana).values(), figures.Totals())
        assert (totals.count, totals.cents) == (
            LEADS,
            sum(int(lead.value * 100) for lead in leads.rows(LEADS)),
        )


def test_a_check_goes_on_in_another_process_and_remembers_whom_it_met(db, tmp_path: Path):
    ana = make_actor()
    rows = [(f"Loja {n}", f"loja{n}@example.com", f"Venda {n}") for n in range(2_500)]
    rows += [
        ("Loja 7 de novo", "loja7@example.com", "venda 7"),
        ("Loja 8", "loja8@example.com", "Outra venda"),
    ]
    job = received(write(tmp_path / "a.csv", *rows, header=("Empresa", "E-mail", "Oportunidade")), ana)
    with company_scope(ana.company):
        actions.check(job, Options(), by=ana)

    turns = one_transaction_at_a_time()

    found = dict(outcomes(job, ana))
    assert turns > 2
    assert len(found) == 2_502
    assert (found[2_502], found[2_503]) == ("duplicate", "created")
    with company_scope(ana.company):
        actions.apply(ImportJob.objects.get(pk=job.pk), by=ana)
    assert one_transaction_at_a_time() > 2
    assert len(titles(ana)) == 2_501


def test_an_undo_that_is_cut_at_every_transaction_takes_all_back_once(committed, tmp_path):
    ana = make_actor("manager")
    with company_scope(ana.company):
        job = checked(lead_file(tmp_path / "leads.csv", 500), ana)
        actions.apply(job, by=ana)
    one_transaction_at_a_time()
    with company_scope(ana.company):
        actions.undo(job, by=ana)

    assert one_transaction_at_a_time() > 2

    with company_scope(ana.company):
        job = ImportJob.objects.get()
        assert (job.state, job.taken_back, job.kept_back) == ("undone", 500, 0)
        assert not Opportunity.objects.exists()
        totals = sum(figures.stage_totals(ana).values(), figures.Totals())
        assert (totals.count, totals.cents) == (0, 0)


def test_a_worker_killed_in_the_middle_of_an_undo_leaves_nothing_behind(committed, tmp_path):
    ana = make_actor("manager")
    with company_scope(ana.company):
        job = checked(lead_file(tmp_path / "leads.csv", LEADS), ana)
        actions.apply(job, by=ana)
    with started(WORKER, tmp_path):
        wait_until(lambda: _state(ana) == "done")
    with company_scope(ana.company):
        actions.undo(job, by=ana)

    with started(WORKER, tmp_path) as worker:
        wait_until(lambda: _left(ana) < LEADS)
        os.kill(worker.pid, signal.SIGKILL)
    interrupted = _left(ana)
    with started(WORKER, tmp_path):
        wait_until(lambda: _state(ana) == "undone")

    assert interrupted > 0
    with company_scope(ana.company):
        job = ImportJob.objects.get()
        assert (job.taken_back, job.kept_back, Opportunity.objects.count()) == (LEADS, 0, 0)
        assert not HistoryEntry.objects.exists()


def _state(ana: Actor) -> str:
    with company_scope(ana.company):
        return ImportJob.objects.values_list("state", flat=True).get()


def _left(ana: Actor) -> int:
    with company_scope(ana.company):
        return Opportunity.objects.count()
