"""The customers of a batch as they grow: those that it registers, and known ones that gain people and ways to reach them."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from oportuna.accounts.actor import Actor
from oportuna.accounts.one_of import OneOf
from oportuna.accounts.prepared import prepared
from oportuna.brazil.text import fold
from oportuna.records.rows import converted, insert_converted, reserve_ids
from oportuna.sales import search_text
from oportuna.sales.actions.customers import CUSTOMER_FIELDS
from oportuna.sales.actions.newcomers import NewCustomer, NewOpportunity
from oportuna.sales.models import Activity, Channel, Contact, Customer, DataOrigin, Opportunity
from oportuna.sales.models.data_origin import DATA_ORIGIN_COLUMNS

_FIELDS = tuple(sorted(CUSTOMER_FIELDS))
_fields = itemgetter(*_FIELDS)
_CUSTOMER_COLUMNS = ("id", *_FIELDS, "search_text", "created_at", "created_by_id", *DATA_ORIGIN_COLUMNS)
_CONTACT_COLUMNS = (
    *("id", "customer_id", "name", "job_title", "cpf", "created_at", "created_by_id"),
    *DATA_ORIGIN_COLUMNS,
)
_CHANNEL_COLUMNS = ("customer_id", "contact_id", "kind", "value", "position")
_BLANK: dict[str, Any] = {
    **dict.fromkeys(CUSTOMER_FIELDS, ""),
    "kind": Customer.Kind.ORGANISATION.value,
    "cnpj": None,
    "cpf": None,
    "do_not_contact": False,
}


@dataclass(slots=True)
class Added:
    """What a row added to a customer that was known: a person, e-mails and phones, the wish not to be contacted.

    `welcomed` says that it was a prospect, and by this row has bought.
    """

    customer_id: int
    contact_id: int | None = None
    values: list[str] = field(default_factory=list)
    opted_out: bool = False
    welcomed: bool = False


@dataclass(slots=True)
class Party:
    """A customer of the batch: its people by folded name, and the values that reach it."""

    pk: int
    fields: Mapping[str, Any]
    known: Customer | None = None
    origin: DataOrigin | None = None
    contacts: dict[str, int] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    values: dict[str, None] = field(default_factory=dict)
    places: defaultdict[tuple[int | None, str], int] = field(default_factory=lambda: defaultdict(int))
    changes: dict[str, list[Any]] = field(default_factory=dict)
    text: str = ""

    @property
    def is_new(self) -> bool:
        """Whether this batch registers it."""
        return self.known is None


class Parties:
    """The customers of a batch's rows, each once; `of_row`, `contacts`, `opportunity_ids` and `added` hold each row's own,
    `activity_ids` one for each call that rows plan.

    Making it reads, converts and reserves ids; `is_current`, asked once `known_ids` are held, tells whether what was read is
    still so; `write` inserts.
    """

    def __init__(self, rows: Sequence[NewOpportunity], *, by: Actor, at: datetime) -> None:
        self._at, self._mine = at, by.membership.pk
        self.added: list[Added | None] = []
        self._contact_rows: list[tuple[Any, ...]] = []
        self._channel_rows: list[tuple[Any, ...]] = []
        new = {id(row.customer): row.customer for row in rows if isinstance(row.customer, NewCustomer)}
        named = sum(row.contact is not None for row in rows)
        with transaction.atomic(savepoint=False):
            customer_ids, contact_ids = reserve_ids(Customer, len(new)), reserve_ids(Contact, named)
            self.opportunity_ids = reserve_ids(Opportunity, len(rows))
            self.activity_ids = reserve_ids(Activity, sum(row.next_contact_on is not None for row in rows))
        self.new = [
            Party(pk, one.fields, origin=one.origin)
            for pk, one in zip(customer_ids, new.values(), strict=True)
        ]
        self._meet(rows, dict(zip(new, self.new, strict=True)))
        ids = iter(contact_ids)
        self.contacts = [self._reach(row, party, ids) for row, party in zip(rows, self.of_row, strict=True)]
        self._ready = [
            (Customer, _CUSTOMER_COLUMNS, self._customer_rows()),
            (Contact, _CONTACT_COLUMNS, self._contact_rows),
            (Channel, _CHANNEL_COLUMNS, self._channel_rows),
        ]
        self._ready = [
            (model, columns, list(converted(model, columns, ready)))
            for model, columns, ready in self._ready
            if ready
        ]

    def _meet(self, rows: Sequence[NewOpportunity], new: Mapping[int, Party]) -> None:
        """Find the customers of the rows: known ones with what reaches them already."""
        known = {row.customer.pk: row.customer for row in rows if isinstance(row.customer, Customer)}
        by_pk = {pk: Party(pk, {}, one, text=one.search_text) for pk, one in known.items()}
        self.known = list(by_pk.values())
        self._read = self._known_people()
        for pk, contact_id, name in self._read[0]:
            by_pk[pk].contacts.setdefault(fold(name), contact_id)
        for pk, contact_id, kind, value in self._read[1]:
            by_pk[pk].values[value] = None
            by_pk[pk].places[contact_id, kind] += 1
        self.of_row = [
            new[id(row.customer)] if isinstance(row.customer, NewCustomer) else by_pk[row.customer.pk]
            for row in rows
        ]

    def _known_people(self) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
        """The contacts, e-mails and phones that known customers have."""
        if not self.known:
            return [], []
        theirs = tuple(party.pk for party in self.known)
        return _contacts(theirs), _channels(theirs)

    @property
    def known_ids(self) -> list[int]:
        """The customers that were there before."""
        return [party.pk for party in self.known]

    def is_current(self) -> bool:
        """Whether known customers have the people, e-mails and phones that were found."""
        return self._read == self._known_people()

    def _reach(self, row: NewOpportunity, party: Party, ids: Iterator[int]) -> int | None:
        """The row's contact, found or added, with the e-mails and phones that are news."""
        added = None if party.is_new else Added(party.pk)
        self.added.append(added)
        contact = self._contact(row, row.contact, party, ids, added) if row.contact else None
        for kind, values in (("email", row.emails), ("phone", row.phones)):
            news = [value for value in values if value not in party.values]
            for value in news:
                party.values[value] = None
                place = party.places[contact, kind]
                party.places[contact, kind] += 1
                self._channel_rows.append((party.pk, contact, kind, value, place))
            if news and added is not None:
                added.values += news
                party.changes[f"{kind}s"] = [None, ", ".join(news)]
        if row.do_not_contact:
            _never_contact(party, added)
        if added is not None and row.closing is not None and row.closing.status == Opportunity.Status.WON:
            added.welcomed = party.known is not None and party.known.status == Customer.Status.PROSPECT
        return contact

    def _contact(
        self,
        row: NewOpportunity,
        fields: Mapping[str, Any],
        party: Party,
        ids: Iterator[int],
        added: Added | None,
    ) -> int:
        name = fields["name"]
        key = fold(name)
        if key not in party.contacts:
            party.contacts[key] = pk = next(ids)
            party.names.append(name)
            values = (name, fields.get("job_title") or "", fields.get("cpf") or None)
            written = (self._at, self._mine, *self._origin(row.origin))
            self._contact_rows.append((pk, party.pk, *values, *written))
            if added is not None:
                added.contact_id = pk
                party.changes.setdefault("contact", [None, name])
        return party.contacts[key]

    def _customer_rows(self) -> list[tuple[Any, ...]]:
        """The new customers with their search texts."""
        rows = []
        for party in self.new:
            party.text = search_text.customer_text(party.fields, party.names, party.values)
            written = (party.text, self._at, self._mine, *self._origin(party.origin))
            rows.append((party.pk, *_fields({**_BLANK, **party.fields}), *written))
        return rows

    def _origin(self, origin: DataOrigin | None) -> tuple[Any, ...]:
        """Where data came from, in the order of `DATA_ORIGIN_COLUMNS`."""
        if origin is None:
            return "", "", "", "", None
        return origin.source, origin.list_name, origin.supplier, origin.legal_basis, self._at

    def write(self) -> None:
        """Insert the new customers, then people, e-mails and phones, which refer to them."""
        for model, columns, rows in self._ready:
            insert_converted(model, columns, rows)
        never = [party.pk for party in self.known if "do_not_contact" in party.changes]
        if never:
            Customer.objects.filter(OneOf("pk", never)).update(do_not_contact=True)

    def write_search_texts(self) -> None:
        """Write known customers' texts anew where something was added, and those of all their opportunities."""
        changed = [party.pk for party in self.known if party.changes]
        if changed:
            search_text.refresh(changed)


def hold_customers(ids: Collection[int]) -> None:
    """Until the transaction ends nobody edits these customers, adds people to them or puts them in the trash."""
    if ids:
        theirs = Customer.objects.filter(OneOf("pk", ids)).order_by("pk")
        list(theirs.select_for_update(no_key=True).values_list("pk", flat=True))


@prepared
def _contacts(customers: tuple[int, ...]) -> QuerySet[Any, tuple[Any, ...]]:
    return Contact.objects.filter(OneOf("customer_id", customers)).values_list("customer_id", "pk", "name")


@prepared
def _channels(customers: tuple[int, ...]) -> QuerySet[Any, tuple[Any, ...]]:
    channels = Channel.objects.filter(OneOf("customer_id", customers)).order_by("kind", "position", "id")
    return channels.values_list("customer_id", "contact_id", "kind", "value")


def _never_contact(party: Party, added: Added | None) -> None:
    if party.known is None or added is None:
        party.fields = {**party.fields, "do_not_contact": True}
    elif not party.known.do_not_contact and "do_not_contact" not in party.changes:
        added.opted_out = True
        party.changes["do_not_contact"] = [False, True]
