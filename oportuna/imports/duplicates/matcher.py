"""Whether a row's customer is known already, here or by an earlier row: by CNPJ or CPF, then e-mail, then phone.

A row that brings the number of an opportunity, with its title and its customer's name, is that opportunity: so our own
exports are known again, even of customers whom nothing else identifies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from oportuna.accounts.actor import Actor
from oportuna.brazil.text import fold
from oportuna.imports.duplicates.earlier import Earlier, Kept, sign_of
from oportuna.imports.duplicates.registered import (
    MOST_NAMESAKES,
    MOST_REACHED,
    Registered,
    customers_of,
    open_titles,
    registered,
    with_names,
)
from oportuna.imports.models import MetBy
from oportuna.imports.options import Mode
from oportuna.sales.actions.newcomers import NewCustomer
from oportuna.sales.models import Customer

_NEWCOMER = NewCustomer({})


@dataclass(slots=True, eq=False)
class Known:
    """A customer of the company, or one that the row numbered `row` brings; its name and city folded.

    `titles` are the folded titles of its open opportunities that the actor sees, each with the row that brings it,
    None for one that is there already. It `asks` not to be contacted. Of whom rows of former batches wrote, `earlier` knows
    more.
    """

    customer: Customer | NewCustomer
    row: int | None
    cnpj: str | None
    cpf: str | None
    name: str
    city: str
    titles: dict[str, int | None] = field(default_factory=dict)
    asks: bool = False
    earlier: Earlier | None = None

    @property
    def person(self) -> int:
        """Who it is in one file, as `Kept` has it."""
        return -self.customer.pk if isinstance(self.customer, Customer) else self.row or 0

    def has(self, title: str) -> bool:
        """Whether one of this folded title is open; if a row of a former batch brought it, it is one of `titles` by now."""
        if self.earlier is not None and title not in self.titles:
            row = self.earlier.row_titled(sign_of(self.person, title))
            if row is not None:
                self.titles[title] = row
        return title in self.titles

    def contradicts(self, values: Mapping[str, Any]) -> bool:
        """Whether both have a document of the same kind, and not the same one."""
        mine, theirs = (self.cnpj, self.cpf), (values.get("cnpj"), values.get("cpf"))
        return any(a and b and a != b for a, b in zip(mine, theirs, strict=True))


@dataclass(frozen=True, slots=True)
class Met:
    """Whom a row means, and what told it."""

    known: Known
    by: MetBy


class Matcher:
    """Tells whom rows mean; rows come in their order, their values by the names of the report, a batch at a time.

    Two branches may share a telephone: a shared e-mail or phone joins nobody whose documents differ. Whom it met in former
    batches it has from what is kept of `earlier` rows.
    """

    def __init__(self, by: Actor, earlier: Earlier | None = None) -> None:
        self._by, self._earlier = by, earlier
        self._forget()
        self._asked: tuple[set[str], set[str], set[str], set[int]] = (set(), set(), set(), set())
        self._asked_names: set[str] = set()
        self._named: set[int] = set()
        self._registered = Registered([], [])

    def _forget(self) -> None:
        self._documents: dict[str, Known] = {}
        self._channels: defaultdict[str, list[Known]] = defaultdict(list)
        self._names: defaultdict[str, list[Known]] = defaultdict(list)
        self._customers: dict[int, Known] = {}
        self._numbered: dict[int, tuple[str, str, Known]] = {}
        self._written: dict[Known, None] = {}
        self._signs: list[tuple[int, int]] = []

    def prepare(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Look up everyone of the company, and of the rows before, whom these rows may mean."""
        self._put_aside()
        self._forget()
        self._meet_again(rows)
        cnpjs = {values["cnpj"] for values in rows if values.get("cnpj")}
        cpfs = {values["cpf"] for values in rows if values.get("cpf")}
        reached = {one for values in rows for name in _REACHED for one in values.get(name) or ()}
        numbers = {values["number"] for values in rows if values.get("number")}
        self._asked = (cnpjs, cpfs, reached, numbers)
        self._registered = found = registered(*self._asked, by=self._by)
        self._met_customers(found.customers, found.titles)
        for value, pk in found.channels:
            # In the trash since its e-mail or phone was found: nobody.
            if known := self._customers.get(pk):
                _add(self._channels[value], known, MOST_REACHED)
        for number, pk, title, name in found.numbered:
            if known := self._customers.get(pk):
                self._numbered[number] = (title, name, known)
        self._prepare_names(rows)

    def _put_aside(self) -> None:
        """Keep those whom the rows before wrote of, as they are left."""
        if self._earlier is None or not self._written:
            return
        people = [Kept(one.person, one.cnpj, one.cpf, one.name, one.city, one.asks) for one in self._written]
        titles = (
            (sign_of(one.person, title), row)
            for one in self._written
            for title, row in one.titles.items()
            if row is not None
        )
        self._earlier.keep(people, self._signs, titles)

    def _meet_again(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Have those at hand, as they were left, whom these rows may mean."""
        if self._earlier is None:
            return
        said = {sign: one for values in rows for sign, one in signs_of(values)}
        told = self._earlier.told_by(said)
        people = {person for _sign, person in told}
        met = {
            one.person: self._met(
                Known(_NEWCOMER, one.person, *one.facts, asks=one.asks, earlier=self._earlier)
            )
            for one in self._earlier.people(person for person in people if person > 0)
        }
        customers = customers_of([-person for person in people if person < 0])
        theirs = open_titles([one.pk for one in customers], self._by)
        met |= {-pk: known for pk, known in self._met_customers(customers, theirs).items()}
        for sign, person in told:
            if known := met.get(person):  # else in the trash by now
                self._tells(*said[sign], known)

    def _tells(self, kind: str, said: Any, known: Known) -> None:
        """By what was said of somebody one meets him again; his documents and his name now are his own."""
        if kind == "number":
            number, title, name = said
            self._numbered[number] = (title, name, known)
        elif kind == "reached":
            _add(self._channels[said], known, MOST_REACHED)

    def _prepare_names(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Of rows that nothing surer tells, look up who has their name."""
        self._asked_names = {
            fold(values["name"])
            for values in rows
            if values.get("name") and ((met := self.find(values)) is None or met.by == MetBy.NAME)
        }
        named = with_names(self._asked_names)
        self._named = {one.pk for one in named}
        self._met_customers(named, open_titles(self._named - self._customers.keys(), self._by))

    def _met_customers(
        self, customers: Sequence[Customer], titles: Iterable[tuple[int, str]]
    ) -> dict[int, Known]:
        """Those of the company's that are news, with the titles of their open ones, as the rows before leave them."""
        news = {one.pk: one for one in customers if one.pk not in self._customers}
        kept = {one.person: one for one in self._earlier.people(-pk for pk in news)} if self._earlier else {}
        for pk, one in news.items():
            if left := kept.get(-pk):
                asks = left.asks or one.do_not_contact
                known = Known(one, None, *left.facts, asks=asks, earlier=self._earlier)
            else:
                facts = (one.cnpj, one.cpf, one.name_folded, fold(one.city))
                known = Known(one, None, *facts, asks=one.do_not_contact)
            self._customers[pk] = self._met(known)
        for pk, title in titles:
            if pk in news:
                self._customers[pk].titles[title] = None
        return {pk: self._customers[pk] for pk in news}

    def is_current(self) -> bool:
        """Whether the company's customers that the last rows mean are still those that were found, and as they were."""
        return (
            registered(*self._asked, by=self._by).facts() == self._registered.facts()
            and {one.pk for one in with_names(self._asked_names)} == self._named
        )

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
        """Whose opportunity it is, ended or not, if it is one by its number."""
        number = values.get("number")
        found = self._numbered.get(number) if number else None
        if found is None or found[:2] != (title_key(values["title"]), fold(values["name"])):
            return None
        return found[2]

    def remember(
        self, values: Mapping[str, Any], row: int, known: Known | None, customer: NewCustomer
    ) -> Known:
        """A row that will be written: of somebody known, or of the `customer` that it brings."""
        if known is None:
            documents = (values.get("cnpj"), values.get("cpf"))
            called = (fold(values.get("name") or ""), fold(values.get("city") or ""))
            known = self._met(Known(customer, row, *documents, *called))
        key = title_key(values["title"])
        if values.get("status", "open") == "open" and not known.has(key):
            known.titles[key] = row
        if number := values.get("number"):
            self._numbered[number] = (key, fold(values["name"]), known)
        known.asks = known.asks or bool(values.get("do_not_contact"))
        self._reach(known, values)
        self._wrote(known, values)
        return known

    def learn(self, known: Known, values: Mapping[str, Any], *, mode: Mode) -> None:
        """Rows that follow meet somebody known as a row that updates him leaves him."""
        known.asks = known.asks or bool(values.get("do_not_contact"))
        if mode != "hear":
            self._learn(known, values, overwrites=mode == "overwrite")
        self._wrote(known, values)

    def _learn(self, known: Known, values: Mapping[str, Any], *, overwrites: bool) -> None:
        self._reach(known, values)
        known.cnpj, known.cpf = known.cnpj or values.get("cnpj"), known.cpf or values.get("cpf")
        name, city = fold(values.get("name") or ""), fold(values.get("city") or "")
        if city and (overwrites or not known.city):
            known.city = city
        if name and overwrites and name != known.name:
            self._names[known.name] = [one for one in self._names[known.name] if one is not known]
            known.name = name
        self._met(known)

    def _wrote(self, known: Known, values: Mapping[str, Any]) -> None:
        """To be kept for the rows of later batches."""
        if self._earlier is not None:
            self._written[known] = None
            self._signs += [
                (sign, known.person)
                for sign, (kind, said) in signs_of(values)
                if self._is_met(known, kind, said)
            ]

    def _is_met(self, known: Known, kind: str, said: Any) -> bool:
        """Whether rows that say this may mean somebody: he is among the oldest of that e-mail, phone or name."""
        if kind == "reached":
            return known in self._channels[said]
        return kind != "name" or known in self._names.get(said, ())

    def _reach(self, known: Known, values: Mapping[str, Any]) -> None:
        for name in _REACHED:
            for value in values.get(name) or ():
                _add(self._channels[value], known, MOST_REACHED)

    def _met(self, known: Known) -> Known:
        for document in (known.cnpj, known.cpf):
            if document:
                self._documents.setdefault(document, known)
        _add(self._names[known.name], known, MOST_NAMESAKES)
        return known


_REACHED = ("emails", "phones")


def signs_of(values: Mapping[str, Any]) -> Iterator[tuple[int, tuple[str, Any]]]:
    """What tells whom a row means, by the sign of each; of a row that is wrong as far as it goes."""
    for name in ("cnpj", "cpf"):
        if document := values.get(name):
            yield sign_of(document), ("document", document)
    for name in _REACHED:
        for value in values.get(name) or ():
            yield sign_of(value), ("reached", value)
    if name := fold(values.get("name") or ""):
        yield sign_of("name", name), ("name", name)
        if number := values.get("number"):
            said = (number, title_key(values.get("title", "")), name)
            yield sign_of(*said), ("number", said)


def _add(known_by: list[Known], known: Known, most: int) -> None:
    """Add somebody to those of one sign, of whom the oldest count, in the order in which they are registered.

    The company's own come before those that the file brings.
    """
    if known not in known_by:
        known_by.append(known)
        if len(known_by) > 1:
            known_by.sort(key=_age)
            del known_by[most:]


def _age(known: Known) -> tuple[bool, int]:
    return (known.person > 0, abs(known.person))


@lru_cache(maxsize=10_000)  # each row's is asked for four times
def title_key(title: str) -> str:
    """The form in which titles are compared: as the database keeps them folded."""
    return fold(title)[:200]
