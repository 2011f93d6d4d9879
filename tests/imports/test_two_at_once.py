"""Two people on one import, or a person and the worker: neither waits for the other in a circle, nothing is done twice."""

import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.urls import reverse

from oportuna.accounts.actor import Actor
from oportuna.accounts.models import Company
from oportuna.accounts.scope import company_scope
from oportuna.errors import Refused
from oportuna.imports import actions, steps
from oportuna.imports.check import corrections
from oportuna.imports.models import ImportFix, ImportJob
from tests.factories import make_actor
from tests.imports.screens import address, form_of, signed_in
from tests.imports.sheets import CNPJS, checked, lead_file, titles, worked, write
from tests.work.draining import drain

_MOMENT = 0.5
"""For whoever is held up by the other's lock, as he is to be, and cannot say that he has come so far."""


def crosswise(
    company: Company,
    first: Callable[[], Any],
    second: Callable[[], Any],
    stops: threading.Event,
) -> list[OperationalError]:
    """Do both at once, the second when the first `stops` half-way; what the database ended of them."""
    errors: list[OperationalError] = []

    def run(act: Callable[[], Any]) -> None:
        try:
            act()
        except Refused:
            pass
        except OperationalError as error:
            errors.append(error)
        finally:
            connection.close()

    def act_first() -> None:
        with company_scope(company), transaction.atomic():
            first()

    threads = [threading.Thread(target=run, args=(act,)) for act in (act_first, second)]
    threads[0].start()
    assert stops.wait(60)
    threads[1].start()
    for thread in threads:
        thread.join(60)
    return errors


@pytest.mark.parametrize("other", ["cancel", "end of the import"])
def test_whoever_begins_and_whoever_ends_an_import_do_not_wait_for_each_other_in_a_circle(
    committed, tmp_path, monkeypatch, other
):
    ana = make_actor("manager")
    job = checked(lead_file(tmp_path / "leads.csv", 20), ana)
    stops, comes, lock, begin = threading.Event(), threading.Event(), actions._mine, actions.start_next
    if other != "cancel":
        with company_scope(ana.company):
            actions.apply(job, by=ana)

    def slow(mine: ImportJob, by: Actor) -> ImportJob:
        """The first holds the company's row by now."""
        if threading.current_thread().name == "first":
            stops.set()
            comes.wait(_MOMENT)
            return lock(mine, by)
        fresh = lock(mine, by)
        comes.set()
        return fresh

    def ended() -> None:
        comes.set()
        begin()

    monkeypatch.setattr(actions, "_mine", slow)
    monkeypatch.setattr(steps, "start_next", ended)

    def first() -> None:
        threading.current_thread().name = "first"
        actions.apply(job, by=ana)

    def cancel() -> None:
        with company_scope(ana.company), transaction.atomic():
            actions.cancel(job, by=ana)

    errors = crosswise(ana.company, first, cancel if other == "cancel" else drain, stops)

    assert errors == []
    job = worked(job, ana)
    assert job.state == ("cancelled" if other == "cancel" else "done")
    assert job.rows == job.created + job.skipped == 20
    assert len(titles(ana)) == job.created


def test_whoever_begins_an_import_that_somebody_changed_meanwhile_looks_again(db, client, tmp_path):
    ana = make_actor("manager")
    job = checked(lead_file(tmp_path / "leads.csv", 3), ana)
    signed_in(client, ana)
    shown = {"revision": job.revision}
    with company_scope(ana.company):
        corrections.leave_out(job, 2, True, by=ana)

    answer = client.post(address("run", ana, job), shown)

    assert (answer.status_code, "Alguém" in answer.text) == (422, True)
    assert worked(job, ana).state == "checked"
    page = client.get(address("check", ana, job)).text
    assert client.post(address("run", ana, job), form_of(page)).status_code == 302
    assert worked(job, ana).created == 2


def test_of_two_who_correct_one_row_the_second_is_told(db, client, tmp_path):
    ana = make_actor("manager")
    path = write(tmp_path / "a.csv", ("A", "123"), ("B", CNPJS[0]), header=("Empresa", "CNPJ"))
    job = checked(path, ana)
    signed_in(client, ana)
    with company_scope(ana.company):
        url = reverse("imports:row", args=[ana.company.slug, job.pk, 2])
    shown = re.findall(r'name="seen" value="(\w*)"', client.get(url).text)
    assert shown == re.findall(r'name="seen" value="(\w*)"', client.get(address("check", ana, job)).text)[:1]

    first = client.post(url, {"column_1": CNPJS[1], "seen": shown[0]})
    same = client.post(url, {"column_1": CNPJS[1], "seen": shown[0]})
    second = client.post(url, {"column_0": "Outra", "seen": shown[0]})

    assert (first.status_code, same.status_code, second.status_code) == (302, 302, 409)
    with company_scope(ana.company):
        assert ImportFix.objects.get().cells == ["A", CNPJS[1]]
