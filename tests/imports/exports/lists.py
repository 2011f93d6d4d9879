"""Lists long and short for the tests of exports, and what a file of one holds."""

import csv
import io
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import reverse

from oportuna.accounts.actor import Actor
from oportuna.accounts.scope import company_scope
from oportuna.imports.exports import actions
from oportuna.imports.exports.job import ExportJob
from oportuna.sales.actions import numbers
from oportuna.sales.actions.many import Batch
from oportuna.sales.actions.newcomers import NewCustomer, NewOpportunity
from tests.factories import stage_of

LONG = actions.AT_ONCE + 1
"""Rows that are not answered at once."""


def long_list(by: Actor, count: int = LONG) -> None:
    """As many opportunities of one customer, named after their place."""
    stage = stage_of(by.company)
    customer = NewCustomer({"kind": "organisation", "name": "Padaria Sol"})
    with company_scope(by.company):
        first = numbers.take(count)
        for begin in range(0, count, 5_000):
            many = range(begin, min(begin + 5_000, count))
            rows = [NewOpportunity(title=f"Venda {place}", stage=stage, customer=customer) for place in many]
            with transaction.atomic():
                Batch(rows, first_number=first + begin, by=by).write()


def begun(by: Actor, what: str = "opportunities", kind: str = "csv", **filters: str) -> ExportJob:
    """An export as the click leaves it."""
    with company_scope(by.company):
        return actions.start(what, kind, filters, by=by)


def again(job: ExportJob, by: Actor) -> ExportJob:
    """The export as it stands now."""
    with company_scope(by.company):
        return ExportJob.objects.get(pk=job.pk)


def address(by: Actor, route: str = "exports", job: ExportJob | None = None) -> str:
    """The address of a screen of exports."""
    with company_scope(by.company):
        return reverse(f"exports:{route}", args=[by.company.slug, *([job.pk] if job else [])])


def posted(by: Actor, **fields: Any) -> Any:
    """The answer to somebody's click on an export menu."""
    client = Client()
    client.force_login(by.membership.user)
    return client.post(address(by), {"what": "opportunities", "kind": "csv", **fields})


def got(by: Actor, route: str = "exports", job: ExportJob | None = None) -> Any:
    """The answer to somebody's look at a screen of exports."""
    client = Client()
    client.force_login(by.membership.user)
    return client.get(address(by, route, job))


def records(answer: Any) -> list[dict[str, str]]:
    """The rows of a csv that was sent."""
    return rows_in(b"".join(answer.streaming_content))


def rows_in(content: bytes) -> list[dict[str, str]]:
    """The rows of a csv by the names of its columns."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
