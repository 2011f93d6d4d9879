"""Which rows of an import are of somebody who asked not to be contacted: looked up for a batch of rows, never for one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from oportuna.accounts.one_of import OneOf
from oportuna.accounts.prepared import prepared
from oportuna.brazil.document import format_document
from oportuna.brazil.phone import format_phone
from oportuna.imports.rows.values import Problem
from oportuna.imports.suppression.entries import domains_of
from oportuna.imports.suppression.model import Suppression
from oportuna.records.by_index import look_up_by_index
from oportuna.sales.models import Channel, Customer

Values = Mapping[str, Any]
_DOCUMENTS = ("cnpj", "cpf", "contact_cpf")
_COLUMNS = {
    "email": ("email",),
    "phone": ("phone", "mobile"),
    "cnpj": ("cnpj", "tax_id"),
    "cpf": ("cpf", "tax_id"),
    "contact_cpf": ("contact_cpf",),
}
"""The fields of columns that give a row the value of each field."""


@dataclass(frozen=True, slots=True)
class Listed:
    """By what somebody is on the list: the value of a field, the entry that it meets as people see it, and its why."""

    field: str
    value: str
    entry: str
    why: str

    def problem(self, row: int, letters: Mapping[str, str] = MappingProxyType({})) -> Problem:
        """Why nothing is written of the row of this number; `letters` are the columns' by their fields."""
        letter = next((letters[name] for name in _COLUMNS.get(self.field, ()) if name in letters), None)
        names = {"value": self.entry, "why": self.why}
        text = (
            _("%(value)s asked not to be contacted: %(why)s")
            if self.why
            else _("%(value)s asked not to be contacted.")
        )
        return Problem(row, letter, self.field, self.value, "suppressed", text % names, rejects=False)


class Suppressed:
    """Finds by the list whom rows mean; `prepare` asks in a statement or two what `find` and `find_customer` tell.

    Of a company whose list `is_empty` it asks no more than that.
    """

    def __init__(self) -> None:
        self.is_empty = True
        self._listed: dict[str, str] = {}
        self._asked: set[str] = set()
        self._customers: dict[int, list[tuple[str, str]]] = {}
        self._asked_last: set[str] = set()
        self._found_last: set[tuple[str, str]] = set()

    def prepare(self, rows: Sequence[Values]) -> None:
        """Look up what these rows say."""
        self._asked_last, self._found_last = set(), set()
        self.is_empty = not _first_entry()
        if not self.is_empty:
            self._ask(_keys_of_rows(rows))

    def prepare_customers(self, customers: Iterable[Customer]) -> None:
        """Look up these customers too, by all that the company knows of them; after `prepare`, for the same rows."""
        news = {one.pk: one for one in customers if one.pk not in self._customers}
        if not news or self.is_empty:
            return
        known = {
            pk: [(name, getattr(one, name) or "") for name in ("cnpj", "cpf")] for pk, one in news.items()
        }
        for pk, kind, value in _channels(tuple(news)):
            known[pk].append((kind, value))
        self._customers |= known
        self._ask(
            {key for theirs in known.values() for name, value in theirs for key in _keys_of(name, value)}
        )

    def _ask(self, keys: set[str]) -> None:
        keys -= self._asked
        self._asked |= keys
        found = _found(keys)
        self._asked_last |= keys
        self._found_last |= found
        self._listed |= dict(found)

    def is_current(self) -> bool:
        """Whether the list still holds the same of the last rows and their customers."""
        if self.is_empty:
            return not _first_entry()
        return _found(self._asked_last) == self._found_last

    def find(self, values: Values) -> Listed | None:
        """By which of its values a row is of somebody on the list."""
        if not self._listed:
            return None
        return self._first(_identities(values))

    def find_customer(self, pk: int) -> Listed | None:
        """By what a customer that was prepared is on the list."""
        return self._first(self._customers.get(pk, ()))

    def _first(self, identities: Iterable[tuple[str, str]]) -> Listed | None:
        for name, value in identities:
            for key in _keys_of(name, value):
                if key in self._listed:
                    return Listed(name, _shown(name, value), _shown(name, key), self._listed[key])
        return None


def _identities(values: Values) -> Iterator[tuple[str, str]]:
    """(field, value) of all that tells whom a row is about."""
    for value in values.get("emails") or ():
        yield "email", value
    for value in values.get("phones") or ():
        yield "phone", value
    for name in _DOCUMENTS:
        if value := values.get(name):
            yield name, value


def _keys_of_rows(rows: Sequence[Values]) -> set[str]:
    """As `_keys_of` for all that `_identities` gives; written out, for every row of a file passes here."""
    keys: set[str] = set()
    for values in rows:
        if emails := values.get("emails"):
            keys.update(emails)
            for email in emails:
                keys.update(domains_of(email))
        if phones := values.get("phones"):
            keys.update(phones)
        for name in _DOCUMENTS:
            if name in values:
                keys.add(values[name])
    return keys


def _keys_of(name: str, value: str) -> tuple[str, ...]:
    """What may stand on the list for a value: itself, of an e-mail its domains too."""
    if name == "email":
        return (value, *domains_of(value))
    return (value,) if value else ()


def _shown(name: str, key: str) -> str:
    if name == "phone":
        return format_phone(key)
    return key if name == "email" else format_document(key)


def _found(keys: set[str]) -> set[tuple[str, str]]:
    """What of this is on the list, with its why."""
    if not keys:
        return set()
    look_up_by_index()
    return set(_listed(tuple(keys)))


@prepared
def _first_entry() -> QuerySet[Any, int]:
    return Suppression.objects.order_by().values_list("pk", flat=True)[:1]


@prepared
def _listed(values: tuple[str, ...]) -> QuerySet[Any, tuple[str, str]]:
    return Suppression.objects.filter(OneOf("value", values)).order_by().values_list("value", "why")


@prepared
def _channels(customers: tuple[int, ...]) -> QuerySet[Any, tuple[int, str, str]]:
    channels = Channel.objects.filter(OneOf("customer_id", customers))
    return channels.order_by().values_list("customer_id", "kind", "value")
