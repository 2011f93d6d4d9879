"""Whether a row's customer is known already, here or by an earlier row: by CNPJ or CPF, then e-mail, then phone.

A row that brings the number of an opportunity, with its title and its customer's name, is that opportunity: so our own
exports are known again, even of customers whom nothing else identifies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from oportuna.accounts.actor import Actor
from oportuna.accounts.one_of import OneOf
from oportuna.accounts.prepared import prepared
from oportuna.brazil.text import fold
from oportuna.imports.models import MetBy
from oportuna.imports.options import Mode
from oportuna.records.by_index import look_up_by_index
from oportuna.sales.actions.newcomers import NewCustomer
from oportuna.sales.models import Channel, Customer, Opportunity
from oportuna.sales.queries.visible import seen_by, seen_owners

_MOST_NAMESAKES = 5


@dataclass(slots=True, eq=False)
class Known:
    """A customer of the company, or one that the row numbered `row` brings; its name and city folded.

    `titles` are the folded titles of its open opportunities that the actor sees, each with the row that brings it,
    None for one that is there already. It `asks` not to be contacted.
    """

    customer: Customer | NewCustomer
    row: int | None
    cnpj: str | None
    cpf: str | None
    name: str
    city: str
    titles: dict[str, int | None] = field(default_factory=dict)
    asks: bool = False

    def contradicts(self, values: Mapping[str, Any]) -> bool:
        """Whether both have a document of the same kind, and not the same one."""
        mine, theirs = (self.cnpj, self.cpf), (values.get("cnpj"), values.get("cpf"))
        return any(a and b and a != b for a, b in zip(mine, theirs, strict=True))


@dataclass(frozen=True, slots=True)
class Met:
    """Whom a row means, and what told it."""

    known: Known
    by: MetBy


@dataclass(slots=True)
class _Found:
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


class Matcher:
    """Remembers whom it met; rows come in their order, their values by the names of the report.

    Two branches may share a telephone: a shared e-mail or phone joins nobody whose documents differ.
    """

    def __init__(self, by: Actor) -> None:
        self._by = by
        self._documents: dict[str, Known] = {}
        self._channels: defaultdict[str, list[Known]] = defaultdict(list)
        self._names: defaultdict[str, list[Known]] = defaultdict(list)
        self._customers: dict[int, Known] = {}
        self._numbered: dict[int, tuple[str, str, Known]] = {}
        self._asked: set[str] = set()
        self._asked_numbers: set[int] = set()
        self._asked_names: set[str] = set()
        self._asked_last: tuple[set[str], set[str], set[str], set[int]] = (set(), set(), set(), set())
        self._asked_names_last: set[str] = set()
        self._named_last: set[int] = set()
        self._found_last = _Found([], [])

    def prepare(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Look up, in a handful of statements, everyone of the company whom these rows may mean."""
        asked = self._asked
        cnpjs = {values["cnpj"] for values in rows if values.get("cnpj")} - asked
        cpfs = {values["cpf"] for values in rows if values.get("cpf")} - asked
        reached = {
            one for values in rows for name in ("emails", "phones") for one in values.get(name) or ()
        } - asked
        asked |= cnpjs | cpfs | reached
        numbers = {values["number"] for values in rows if values.get("number")} - self._asked_numbers
        self._asked_numbers |= numbers
        self._asked_last = (cnpjs, cpfs, reached, numbers)
        self._found_last = found = self._look(*self._asked_last)
        news = self._met_customers(found.customers)
        for value, pk in found.channels:
            # In the trash since its e-mail or phone was found: nobody.
            if known := self._customers.get(pk):
                self._channels[value].append(known)
        for pk, title in found.titles:
            if pk in news:
                self._customers[pk].titles[title] = None
        for number, pk, title, name in found.numbered:
            if known := self._customers.get(pk):
                self._numbered[number] = (title, name, known)
        self._prepare_names(rows)

    def _prepare_names(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Of rows that nothing surer tells, look up who has their name."""
        names = {fold(values["name"]) for values in rows if values.get("name") and self.find(values) is None}
        self._asked_names_last = names - self._asked_names
        self._asked_names |= names
        named = _with_name(self._asked_names_last)
        self._named_last = {one.pk for one in named}
        news = self._met_customers(named)
        if news:
            for pk, title in _open_titles(tuple(news), seen_owners(self._by)):
                news[pk].titles[title] = None

    def _met_customers(self, customers: Sequence[Customer]) -> dict[int, Known]:
        news = {one.pk: one for one in customers if one.pk not in self._customers}
        for pk, one in news.items():
            self._customers[pk] = self._met(
                Known(one, None, one.cnpj, one.cpf, one.name_folded, fold(one.city), asks=one.do_not_contact)
            )
        return {pk: self._customers[pk] for pk in news}

    def is_current(self) -> bool:
        """Whether the company's customers that the last rows mean are still those that were found, and as they were."""
        return (
            self._look(*self._asked_last).facts() == self._found_last.facts()
            and {one.pk for one in _with_name(self._asked_names_last)} == self._named_last
        )

    def _look(self, cnpjs: set[str], cpfs: set[str], reached: set[str], numbers: set[int]) -> _Found:
        look_up_by_index()
        owners = seen_owners(self._by)
        customers = _with_cnpj(tuple(cnpjs)) if cnpjs else []
        customers += _with_cpf(tuple(cpfs)) if cpfs else []
        pairs = sorted(_reached_by(tuple(reached))) if reached else []
        numbered = sorted(_numbered(tuple(numbers), owners)) if numbers else []
        others = {pk for _, pk in pairs} | {pk for _, pk, *_ in numbered}
        customers += _customers(tuple(others)) if others else []
        found = _Found(customers, pairs, numbered)
        if customers:
            found.titles = sorted(_open_titles(tuple({one.pk for one in customers}), owners))
        return found

    def find(self, values: Mapping[str, Any]) -> Met | None:
        """Whom the row means, of those known; the surest sign counts."""
        if numbered := self._same_number(values):
            return Met(numbered, MetBy.NUMBER)
        for document in (values.get("cnpj"), values.get("cpf")):
            if document and (known := self._documents.get(document)):
                return Met(known, MetBy.DOCUMENT)
        for name, by in (("emails", MetBy.EMAIL), ("phones", MetBy.PHONE)):
            for value in values.get(name) or ():
                for known in self._channels.get(value, ()):
                    if not known.contradicts(values):
                        return Met(known, by)
        return self._namesake(values)

    def _namesake(self, values: Mapping[str, Any]) -> Met | None:
        """Somebody of the same name whose city and documents do not say that it is another."""
        namesakes = self._names.get(fold(values.get("name") or ""))
        if not namesakes:
            return None
        city = fold(values.get("city") or "")
        for known in namesakes:
            if not known.contradicts(values) and (not city or not known.city or city == known.city):
                return Met(known, MetBy.NAME)
        return None

    def _same_number(self, values: Mapping[str, Any]) -> Known | None:
        """Whose opportunity it is, if it is one by its number; then it counts among those that it has, ended or not."""
        number = values.get("number")
        found = self._numbered.get(number) if number else None
        if found is None or found[:2] != (title_key(values["title"]), fold(values["name"])):
            return None
        title, _name, known = found
        known.titles.setdefault(title, None)
        return known

    def remember(
        self, values: Mapping[str, Any], row: int, known: Known | None, customer: NewCustomer
    ) -> Known:
        """A row that will be written: of somebody known, or of the `customer` that it brings."""
        if known is None:
            documents = (values.get("cnpj"), values.get("cpf"))
            called = (fold(values.get("name") or ""), fold(values.get("city") or ""))
            known = self._met(Known(customer, row, *documents, *called))
        key = title_key(values["title"])
        if values.get("status", "open") == "open":
            known.titles.setdefault(key, row)
        if number := values.get("number"):
            self._numbered[number] = (key, fold(values["name"]), known)
        known.asks = known.asks or bool(values.get("do_not_contact"))
        self._reach(known, values)
        return known

    def learn(self, known: Known, values: Mapping[str, Any], *, mode: Mode) -> None:
        """Rows that follow meet somebody known as a row that updates him leaves him."""
        known.asks = known.asks or bool(values.get("do_not_contact"))
        if mode == "hear":
            return
        overwrites = mode == "overwrite"
        self._reach(known, values)
        known.cnpj, known.cpf = known.cnpj or values.get("cnpj"), known.cpf or values.get("cpf")
        name, city = fold(values.get("name") or ""), fold(values.get("city") or "")
        if city and (overwrites or not known.city):
            known.city = city
        if name and overwrites and name != known.name:
            self._names[known.name] = [one for one in self._names[known.name] if one is not known]
            known.name = name
        self._met(known)

    def _reach(self, known: Known, values: Mapping[str, Any]) -> None:
        for name in ("emails", "phones"):
            for value in values.get(name) or ():
                if known not in self._channels[value]:
                    self._channels[value].append(known)
                    self._channels[value].sort(key=_age)

    def _met(self, known: Known) -> Known:
        for document in (known.cnpj, known.cpf):
            if document:
                self._documents.setdefault(document, known)
        namesakes = self._names[known.name]
        if known not in namesakes and len(namesakes) < _MOST_NAMESAKES:
            namesakes.append(known)
            namesakes.sort(key=_age)
        return known


def _age(known: Known) -> tuple[bool, int]:
    """The order in which several of one sign are asked: as they will be registered, the company's own before the file's."""
    customer = known.customer
    return (False, customer.pk) if isinstance(customer, Customer) else (True, known.row or 0)


def _with_name(names: set[str]) -> list[Customer]:
    """Customers of these folded names; of a name that many have, some are enough to ask a person."""
    if not names:
        return []
    return list(_kept().filter(OneOf("name_folded", names)).order_by()[: len(names) + _MOST_NAMESAKES])


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


@lru_cache(maxsize=10_000)  # each row's is asked for four times
def title_key(title: str) -> str:
    """The form in which titles are compared: as the database keeps them folded."""
    return fold(title)[:200]
