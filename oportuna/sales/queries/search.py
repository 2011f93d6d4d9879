"""What is found as one types, from anywhere: customers and their people, and opportunities, the likeliest first."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Count, QuerySet

from oportuna.accounts.actor import Actor
from oportuna.accounts.one_of import OneOf
from oportuna.brazil.text import fold, search_text
from oportuna.records import search_index
from oportuna.records.search import terms_of
from oportuna.sales.models import Channel, Contact, Customer, Opportunity
from oportuna.sales.queries.visible import seen_owners, visible_opportunities

SHOWN = 5
"""Of each group."""
_CANDIDATES = 200
"""The newest that match; the best of them are shown."""
_MOST_PEOPLE = 1_000
_LONGEST = 120
_FEWEST_LETTERS = 2
_MOST_DIGITS = 18

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FoundCustomer:
    """A customer; `open` counts its open opportunities that the actor may see."""

    pk: int
    name: str
    place: str
    open: int


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """Somebody at a customer, and how to reach him: not at all where the customer is not to be contacted."""

    customer_id: int
    name: str
    job_title: str
    customer: str
    reach: str
    is_phone: bool
    may_contact: bool


@dataclass(frozen=True, slots=True)
class FoundOpportunity:
    """An opportunity that the actor may see, open or ended."""

    number: int
    title: str
    customer: str
    status: str
    closed_on: date | None
    value: Decimal | None
    colour: str
    probability: int


@dataclass(frozen=True, slots=True)
class Found:
    """All that a text finds; `terms` are its words as they were looked for, none when it says too little to look for."""

    terms: Sequence[str] = ()
    customers: Sequence[FoundCustomer] = ()
    people: Sequence[FoundPerson] = ()
    opportunities: Sequence[FoundOpportunity] = ()

    def __bool__(self) -> bool:
        return bool(self.customers or self.people or self.opportunities)


def find(actor: Actor, text: str) -> Found:
    """The first of each group that hold every word of the text: nothing for a single letter, for a digit what has that number."""
    terms = terms_of(text[:_LONGEST])
    if sum(map(len, terms)) < _FEWEST_LETTERS:
        return Found(opportunities=_numbered(actor, terms))
    customers = _candidates(terms)
    people = _people(customers, terms)
    # Found by what its people are called it is found twice.
    told = {one.customer_id for one in people}
    others = [one for one in customers if one.pk not in told or _is_called(terms, one)]
    return Found(terms, _customers(actor, others, terms), people, _opportunities(actor, terms))


def _candidates(terms: Sequence[str]) -> list[Customer]:
    """The newest customers that hold every term; of a text too short for the index, those whose name begins so."""
    if _is_indexed(terms):
        ids = search_index.newest(Customer, terms, None, _CANDIDATES)
        customers = Customer.objects.filter(OneOf("pk", ids)).order_by("-pk")
    else:
        outside_trash = Customer.objects.filter(deleted_at__isnull=True)
        customers = outside_trash.filter(name_folded__startswith=" ".join(terms)).order_by(
            "name_folded", "pk"
        )
    return list(customers.only("name", "trade_name", "city", "uf", "do_not_contact")[:_CANDIDATES])


def _is_indexed(terms: Sequence[str]) -> bool:
    return any(len(term) >= search_index.FEWEST for term in terms)


def _customers(actor: Actor, candidates: Sequence[Customer], terms: Sequence[str]) -> list[FoundCustomer]:
    best = _best(candidates, lambda one: _nearness(terms, one.shown_name, one.name))
    mine = visible_opportunities(actor).filter(
        OneOf("customer_id", [one.pk for one in best]), status=Opportunity.Status.OPEN
    )
    counts = dict(mine.order_by().values_list("customer_id").annotate(Count("pk"))) if best else {}
    return [
        FoundCustomer(
            one.pk, one.shown_name, ", ".join(filter(None, (one.city, one.uf))), counts.get(one.pk, 0)
        )
        for one in best
    ]


def _is_called(terms: Sequence[str], customer: Customer) -> bool:
    return _holds(fold(f"{customer.trade_name} {customer.name}"), terms)


def _people(customers: Sequence[Customer], terms: Sequence[str]) -> list[FoundPerson]:
    """Those of these customers' people who are meant themselves, by their name, e-mail or phone."""
    if not customers:
        return []
    by_pk = {one.pk: one for one in customers}
    channels: dict[int | None, list[Channel]] = {}
    reached = Channel.objects.filter(OneOf("customer_id", by_pk), contact__isnull=False)
    for channel in reached.order_by("position", "pk")[:_MOST_PEOPLE]:
        channels.setdefault(channel.contact_id, []).append(channel)
    meant = []
    for one in Contact.objects.filter(OneOf("customer_id", by_pk)).order_by("-pk")[:_MOST_PEOPLE]:
        values = [channel.value for channel in channels.get(one.pk, ())]
        if _holds(search_text(one.name, *values), terms):
            meant.append(one)
    return [
        _person(one, by_pk[one.customer_id], channels.get(one.pk, ()), terms)
        for one in _best(meant, lambda one: _nearness(terms, one.name))
    ]


def _person(
    contact: Contact, customer: Customer, channels: Sequence[Channel], terms: Sequence[str]
) -> FoundPerson:
    """Somebody with the e-mail or phone that was typed, else the first."""
    typed = (one for one in channels if any(term in search_text(one.value) for term in terms))
    channel = next(typed, channels[0] if channels else None)
    return FoundPerson(
        contact.customer_id,
        contact.name,
        contact.job_title,
        customer.shown_name,
        channel.value if channel and not customer.do_not_contact else "",
        is_phone=channel is not None and channel.kind == Channel.Kind.PHONE,
        may_contact=not customer.do_not_contact,
    )


def _opportunities(actor: Actor, terms: Sequence[str]) -> list[FoundOpportunity]:
    found = _numbered(actor, terms)
    there = {one.number for one in found}
    if _is_indexed(terms):
        ids = search_index.newest(Opportunity, terms, seen_owners(actor), _CANDIDATES)
        newest = visible_opportunities(actor).filter(OneOf("pk", ids)).order_by("-pk")
        found += [one for one in _read(newest) if one.number not in there]
    return _best(
        found, lambda one: (one.number not in there, one.status != "open", *_nearness(terms, one.title))
    )


def _numbered(actor: Actor, terms: Sequence[str]) -> list[FoundOpportunity]:
    """The opportunity of that number, if one alone was typed."""
    if len(terms) != 1 or not terms[0].isdecimal() or len(terms[0]) > _MOST_DIGITS:
        return []
    return _read(visible_opportunities(actor).filter(number=int(terms[0])))


def _read(opportunities: QuerySet[Opportunity]) -> list[FoundOpportunity]:
    return [
        FoundOpportunity(number, title, trade_name or name, *rest)
        for number, title, trade_name, name, *rest in opportunities.values_list(*_FIELDS)
    ]


_FIELDS = (
    *("number", "title", "customer__trade_name", "customer__name", "status", "closed_on", "value"),
    *("stage__colour", "stage__probability"),
)


def _best(found: Iterable[T], nearness: Callable[[T], tuple[Any, ...]]) -> list[T]:
    """The nearest few; of those alike the first, which is the newest."""
    return sorted(found, key=nearness)[:SHOWN]


def _nearness(terms: Sequence[str], *names: str) -> tuple[int, int]:
    """How far what was typed is from what one calls it, less is nearer; of those alike the shorter name is."""
    folded = [fold(name) for name in names]
    return sum(_distance(term, folded) for term in terms), len(folded[0])


def _distance(term: str, names: Sequence[str]) -> int:
    """0 where a name begins so, 1 where a word of one does, 2 where it stands in one, else 3."""
    if any(name.startswith(term) for name in names):
        return 0
    if any(f" {term}" in name for name in names):
        return 1
    return 2 if any(term in name for name in names) else 3


def _holds(text: str, terms: Sequence[str]) -> bool:
    return all(term in text for term in terms)
