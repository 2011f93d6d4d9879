"""A few thousand opportunities with all that belongs to them, as rows: drawn without a database, so in any process."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Any

from django.db.models import Model

from oportuna.brazil.text import search_text
from oportuna.fields import reais
from oportuna.ops.demo import clients, plot, words
from oportuna.ops.demo.cast import LARGE_TAG, SEGMENT_TAGS, Cast
from oportuna.ops.demo.clients import Client
from oportuna.ops.demo.story import MOST_DEEDS, Story, Teller
from oportuna.ops.demo.worktime import WorkTime
from oportuna.records.rows import converted
from oportuna.sales.ledger import Lines
from oportuna.sales.models import (
    Activity,
    Channel,
    Contact,
    Customer,
    HistoryEntry,
    Opportunity,
    OpportunityTag,
    OpportunityVersion,
    Verb,
)

_Row = tuple[Any, ...]
# Of five opportunities in a row these are a new customer's first one, the first and second customer of the five; the
# others are an earlier customer's further ones.
_NEW_CUSTOMERS = {0: 0, 2: 1}


@dataclass(frozen=True, slots=True)
class Order:
    """What to draw: the opportunities from `start` on of `how_many`, and the ids that may be given.

    `ids` are as many as `ids_for()` asks of each model; those that are not given stay gaps.
    """

    cast: Cast
    work: WorkTime
    how_many: int
    first_number: int
    start: int
    length: int
    ids: dict[str, Sequence[int]]


@dataclass(slots=True)
class Draft:
    """Rows to insert, converted, by the names and in the order of `COLUMNS`; the ledger lines of those outside the trash."""

    rows: dict[str, list[_Row]]
    lines: Lines


@dataclass(slots=True)
class _Known:
    """A customer, its contacts' ids, and what its opportunities decide."""

    pk: int
    contacts: list[int]
    client: Client
    first: Story
    has_won: bool = False


@dataclass(slots=True)
class _Told:
    """An opportunity: its story, its title and whose it is."""

    pk: int
    number: int
    title: str
    customer: _Known
    story: Story


def ids_for(length: int) -> dict[str, int]:
    """How many ids of each model an order of so many opportunities needs at most."""
    return {
        "Opportunity": length,
        "Customer": length,
        "Contact": length * clients.MOST_PEOPLE,
        "Activity": length * MOST_DEEDS,
    }


def draw(order: Order) -> Draft:
    """Draw an order: always the same for the same day, number and place."""
    told = list(_Drawing(order).told())
    customers = list({one.customer.pk: one.customer for one in told}.values())
    deeds = order.ids["Activity"]
    drawn: dict[str, Iterable[_Row]] = {
        "Customer": map(_customer, customers),
        "Contact": _contacts(customers),
        "Channel": _channels(customers),
        "CustomerEntry": _customer_entries(customers),
        "Opportunity": (_opportunity(one, order.cast) for one in told),
        "Activity": _activities(told, iter(deeds)),
        "OpportunityVersion": _versions(told),
        "HistoryEntry": _entries(told, iter(deeds)),
        "OpportunityTag": _tags(told, order.cast),
    }
    rows = {name: list(converted(*COLUMNS[name], drawn[name])) for name in COLUMNS}
    lines = Lines()
    for one in told:
        if one.story.deleted_at is None:
            before = None
            for _at, day, state in one.story.versions:
                lines.enter(day, before, state)
                before = state
    return Draft(rows, lines)


class _Drawing:
    def __init__(self, order: Order) -> None:
        self.order = order
        seed = f"{order.work.today} {order.how_many} {order.start}"
        self.chance = Random(seed)  # noqa: S311  # it chooses names and keeps no secret
        self.teller = Teller(self.chance, order.cast, order.work)
        # A small board shows some 60 cards, the largest 400,000.
        open_share = min(0.4, 0.3 + order.how_many / 1_000_000)
        self.power = 1 / open_share - 1

    def told(self) -> Iterator[_Told]:
        """The opportunities in the order of their registration; the newer, the more of them, and the more are open."""
        order, chance = self.order, self.chance
        customers: list[_Known] = []
        contacts = iter(order.ids["Contact"])
        for offset in range(order.length):
            place = order.start + offset
            share = (place + 0.5) / order.how_many
            born = int(order.work.end * (1 - (1 - share) ** 2.2))
            drawn = plot.draw(chance, order.work, born, is_open=chance.random() < share**self.power)
            title, cents = self._offer()
            story = self.teller.tell(drawn, born, cents)
            nth = _NEW_CUSTOMERS.get(place % 5)
            if nth is not None:
                client = clients.draw(chance, place // 5 * 2 + nth)
                ids = [next(contacts) for _ in client.people]
                customer = _Known(order.ids["Customer"][len(customers)], ids, client, story)
                customers.append(customer)
            else:
                customer = customers[int(len(customers) * chance.random())]
            customer.has_won = customer.has_won or any(entry.verb == Verb.WON for entry in story.entries)
            pk = order.ids["Opportunity"][offset]
            yield _Told(pk, order.first_number + place, title, customer, story)

    def _offer(self) -> tuple[str, int]:
        chance = self.chance
        text, sizes, each = chance.choice(words.OFFERS)
        size = chance.choice(sizes)
        title = text.format(size)
        if chance.random() < 0.35 and "–" not in title:
            title = f"{title} – {chance.choice(words.SPOTS)}"
        return title, round(size * each * (0.85 + 0.3 * chance.random()) / 100) * 10_000


# The name of a set of rows, its model and its columns, in the order in which they are written.
COLUMNS: dict[str, tuple[type[Model], list[str]]] = {
    "Customer": (
        Customer,
        "id kind status name trade_name cnpj cpf segment site address district city uf cep search_text"
        " created_at created_by_id".split(),
    ),
    "Contact": (Contact, "id customer_id name job_title created_at created_by_id".split()),
    "Channel": (Channel, "customer_id contact_id kind value position".split()),
    "CustomerEntry": (HistoryEntry, "customer_id verb at by_id via changes".split()),
    "Opportunity": (
        Opportunity,
        "id number title customer_id contact_id stage_id status value probability owner_id source_id campaign_id"
        " expected_close_on loss_reason_id competitor loss_comment closed_at closed_on seconds_open position"
        " stage_since moved_at next_due_on next_due_at next_kind search_text created_at created_by_id deleted_at"
        " deleted_by_id revision".split(),
    ),
    "Activity": (
        Activity,
        "id kind opportunity_id customer_id contact_id subject text owner_id due_on due_at done_at done_by_id"
        " created_at created_by_id revision".split(),
    ),
    "OpportunityVersion": (
        OpportunityVersion,
        "opportunity_id valid_from valid_to stage_id status value owner_id source_id probability"
        " expected_close_on".split(),
    ),
    "HistoryEntry": (
        HistoryEntry,
        "opportunity_id customer_id activity_id verb at by_id via from_stage_id to_stage_id changes".split(),
    ),
    "OpportunityTag": (OpportunityTag, "opportunity_id tag_id".split()),
}


def _customer(known: _Known) -> _Row:
    client = known.client
    status = Customer.Status.CUSTOMER if known.has_won else Customer.Status.PROSPECT
    return (
        known.pk, client.kind, status.value, client.name, client.trade_name, client.cnpj, client.cpf,
        client.segment, client.site, client.address, client.district, client.city, client.uf, client.cep,
        client.search_text, known.first.created_at, known.first.created_by,
    )  # fmt: skip


def _contacts(customers: list[_Known]) -> Iterator[_Row]:
    for known in customers:
        for pk, person in zip(known.contacts, known.client.people, strict=True):
            yield pk, known.pk, person.name, person.job_title, known.first.created_at, known.first.created_by


def _channels(customers: list[_Known]) -> Iterator[_Row]:
    for known in customers:
        yield known.pk, None, "email", known.client.email, 0
        yield known.pk, None, "phone", known.client.phone, 0
        for pk, person in zip(known.contacts, known.client.people, strict=True):
            yield known.pk, pk, "email", person.email, 0
            yield known.pk, pk, "phone", person.phone, 0


def _customer_entries(customers: list[_Known]) -> Iterator[_Row]:
    for known in customers:
        first = known.first.entries[0]
        yield known.pk, Verb.CREATED.value, first.at, first.by, first.via.value, {}
        for person in known.client.people:
            changes = {"contact": [None, person.name]}
            yield known.pk, Verb.EDITED.value, first.at, first.by, first.via.value, changes


def _opportunity(told: _Told, cast: Cast) -> _Row:
    story, customer = told.story, told.customer
    state, deed = story.state, story.next_deed()
    return (
        told.pk, told.number, told.title, customer.pk, customer.contacts[0] if customer.contacts else None,
        state.stage_id, state.status, reais(state.cents or 0), state.probability, state.owner_id,
        state.source_id, story.campaign, state.expected_close_on, *story.loss, story.closed_at,
        story.closed_on, story.seconds_open, _position(story, told.number), story.stage_since, story.moved_at,
        deed.due_on if deed else None, deed.due_at if deed else None, deed.kind if deed else "",
        f"{told.number} {_title_text(told.title)} {customer.client.search_text}", story.created_at,
        story.created_by, story.deleted_at, cast.manager if story.deleted_at else None, story.revision,
    )  # fmt: skip


_title_text = lru_cache(maxsize=10_000)(search_text)


def _position(story: Story, number: int) -> int:
    """On top of its column when it entered there; two of the same second keep the order of their numbers."""
    return -(story.entered << 20) - (number % 1024 << 10)


def _activities(told: list[_Told], ids: Iterator[int]) -> Iterator[_Row]:
    for one in told:
        contacts = one.customer.contacts
        for deed in one.story.deeds:
            yield (
                next(ids), deed.kind, one.pk, one.customer.pk, contacts[0] if contacts else None,
                deed.subject, deed.text, deed.owner, deed.due_on, deed.due_at, deed.done_at, deed.done_by,
                deed.created_at, deed.created_by, deed.revision,
            )  # fmt: skip


def _versions(told: list[_Told]) -> Iterator[_Row]:
    for one in told:
        versions = one.story.versions
        ends = [at for at, _day, _state in versions[1:]]
        for (at, _day, state), valid_to in zip(versions, [*ends, None], strict=True):
            yield (
                one.pk, at, valid_to, state.stage_id, state.status, reais(state.cents or 0), state.owner_id,
                state.source_id, state.probability, state.expected_close_on,
            )  # fmt: skip


def _entries(told: list[_Told], ids: Iterator[int]) -> Iterator[_Row]:
    for one in told:
        deeds = [next(ids) for _ in one.story.deeds]
        for entry in one.story.entries:
            yield (
                one.pk, one.customer.pk, None if entry.deed is None else deeds[entry.deed], entry.verb.value,
                entry.at, entry.by, entry.via.value, entry.from_stage, entry.to_stage, entry.changes,
            )  # fmt: skip


def _tags(told: list[_Told], cast: Cast) -> Iterator[_Row]:
    for one in told:
        if (tag := SEGMENT_TAGS.get(one.customer.client.segment)) is not None:
            yield one.pk, cast.tags[tag[0]]
        if (one.story.state.cents or 0) >= _LARGE:
            yield one.pk, cast.tags[LARGE_TAG[0]]


_LARGE = 45_000_000
"""Cents from which on an opportunity is tagged so."""
