"""Customers of the company whom rows of a file may mean: looked up for a batch of rows, in a handful of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from oportuna.accounts.actor import Actor
from oportuna.accounts.one_of import OneOf
from oportuna.accounts.prepared import prepared
from oportuna.records.by_index import look_up_by_index
from oportuna.sales.models import Channel, Customer, Opportunity
from oportuna.sales.queries.visible import seen_by, seen_owners

MOST_NAMESAKES = 5
MOST_REACHED = 20
"""Of those whom one e-mail or phone reaches the oldest are enough: who has a document is told by it."""


@dataclass(slots=True)
class Registered:
    """What the company has of what was asked.

    Customers, (value, customer), (number, customer, title, customer's name) and (customer, title of an open one).
    """

    customers: list[Customer]
    channels: list[tuple[str, int]]
    numbered: list[tuple[int, int, str, str]] = field(default_factory=list)
    titles: list[tuple[int, str]] = field(default_factory=list)

    def facts(self) -> tuple[Any, ...]:
        """What must be the same for two findings to mean the same."""
        who = {(one.pk, one.revision, one.search_text, one.do_not_contact) for one in self.customers}
        return who, self.channels, self.numbered, self.titles


def registered(
    cnpjs: set[str], cpfs: set[str], reached: set[str], numbers: set[int], *, by: Actor
) -> Registered:
    """Who has one of these documents, e-mails and phones, or opportunities of these numbers that `by` sees."""
    look_up_by_index()
    owners = seen_owners(by)
    customers = _with_cnpj(tuple(cnpjs)) if cnpjs else []
    customers += _with_cpf(tuple(cpfs)) if cpfs else []
    pairs = _oldest(_reached_by(tuple(reached))) if reached else []
    numbered = sorted(_numbered(tuple(numbers), owners)) if numbers else []
    others = {pk for _, pk in pairs} | {pk for _, pk, *_ in numbered}
    customers += customers_of(others)
    titles = open_titles({one.pk for one in customers}, by) if customers else []
    return Registered(customers, pairs, numbered, titles)


def _oldest(pairs: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for value, pk in sorted(pairs):
        if len(found[value]) < MOST_REACHED:
            found[value].append(pk)
    return [(value, pk) for value, ids in found.items() for pk in ids]


def customers_of(ids: Collection[int]) -> list[Customer]:
    """Those of these ids that are not in the trash."""
    return list(_customers(tuple(ids))) if ids else []


def open_titles(customers: Collection[int], by: Actor) -> list[tuple[int, str]]:
    """(customer, folded title) of the open opportunities of these customers that `by` sees."""
    return sorted(_open_titles(tuple(customers), seen_owners(by))) if customers else []


def with_names(names: Collection[str]) -> list[Customer]:
    """Customers of these folded names; of a name that many have, some are enough to ask a person."""
    if not names:
        return []
    return list(_kept().filter(OneOf("name_folded", names)).order_by()[: len(names) + MOST_NAMESAKES])


def _kept() -> QuerySet[Customer]:
    return Customer.objects.filter(deleted_at__isnull=True).defer("notes")


@prepared
def _with_cnpj(cnpjs: tuple[str, ...]) -> QuerySet[Customer]:
    return _kept().filter(OneOf("cnpj", cnpjs), cnpj__isnull=False)


@prepared
def _with_cpf(cpfs: tuple[str, ...]) -> QuerySet[Customer]:
    return _kept().filter(OneOf("cpf", cpfs), cpf__isnull=False)


@prepared
def _customers(ids: tuple[int, ...]) -> QuerySet[Customer]:
    return _kept().filter(OneOf("pk", ids))


@prepared
def _reached_by(values: tuple[str, ...]) -> QuerySet[Any, tuple[str, int]]:
    channels = Channel.objects.filter(OneOf("value", values), customer__deleted_at__isnull=True)
    # In no order: for one by customer SQLite would walk through all of the company's.
    return channels.order_by().values_list("value", "customer_id")


@prepared
def _numbered(
    numbers: tuple[int, ...], owners: tuple[int, ...] | None
) -> QuerySet[Any, tuple[int, int, str, str]]:
    theirs = Opportunity.objects.filter(OneOf("number", numbers), seen_by(owners))
    return theirs.order_by().values_list("number", "customer_id", "title_folded", "customer__name_folded")


@prepared
def _open_titles(
    customers: tuple[int, ...], owners: tuple[int, ...] | None
) -> QuerySet[Any, tuple[int, str]]:
    theirs = Opportunity.objects.filter(
        OneOf("customer_id", customers), seen_by(owners), status=Opportunity.Status.OPEN
    )
    # In no order, likewise.
    return theirs.order_by().values_list("customer_id", "title_folded")
