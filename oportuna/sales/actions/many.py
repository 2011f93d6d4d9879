"""The bulk twin of registering: many opportunities with their customers, under the same rules and with the same traces.

What `opportunities.create`, `customers.create` and `customers.add_contact` do for one, this does for a batch: numbers,
positions, search texts, one history entry each, versions, and the sums of the ledger's lines.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oportuna.accounts import policies
from oportuna.accounts.actor import Actor
from oportuna.accounts.models import Membership
from oportuna.brazil.text import fold
from oportuna.errors import Refused
from oportuna.records.held import held
from oportuna.records.rows import insert_rows, reserve_ids
from oportuna.sales import positions, search_text
from oportuna.sales.actions.customers import CUSTOMER_FIELDS
from oportuna.sales.history import Change, record_customers, record_many
from oportuna.sales.models import (
    Campaign,
    Channel,
    Contact,
    Customer,
    Opportunity,
    Source,
    Stage,
    Verb,
)
from oportuna.sales.queries.registers import stages_in_use

_CONTACT_FIELDS = ("name", "job_title", "cpf")


@dataclass(slots=True, eq=False)
class NewCustomer:
    """A customer to be registered, by the fields of `customers.create`; rows that name the same object share it."""

    fields: Mapping[str, Any]


@dataclass(slots=True)
class NewOpportunity:
    """An opportunity to be registered, and what is known of its customer.

    `contact` (name, job_title, cpf) is found at the customer by its name, or added. `emails` and `phones` that the
    customer lacks become the contact's, or the customer's own where there is none. `do_not_contact` is never cleared.
    """

    title: str
    stage: Stage
    customer: Customer | NewCustomer
    contact: Mapping[str, Any] | None = None
    emails: Sequence[str] = ()
    phones: Sequence[str] = ()
    do_not_contact: bool = False
    value: Decimal | None = None
    probability: int | None = None
    owner: Membership | None = None
    source: Source | None = None
    campaign: Campaign | None = None
    expected_close_on: date | None = None
    notes: str = ""


@dataclass(slots=True)
class Made:
    """An opportunity as it was written: what history, versions and ledger ask of it."""

    pk: int
    number: int
    customer_id: int
    stage_id: int
    value: Decimal | None
    owner_id: int | None
    source_id: int | None
    probability: int | None
    expected_close_on: date | None
    status: str = Opportunity.Status.OPEN.value


@dataclass(slots=True)
class _Party:
    """A customer of the batch as it grows: its people by folded name, and the values that reach it."""

    pk: int
    fields: Mapping[str, Any]
    known: Customer | None = None
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


@transaction.atomic
def create_many(rows: Sequence[NewOpportunity], *, first_number: int, by: Actor) -> list[Made]:
    """Register opportunities on top of their stages, each above the one before, and the customers they bring.

    `first_number` begins a block taken beforehand (`numbers.take`). Raises what `opportunities.create` raises, for
    any of the rows, and IntegrityError when another transaction registered the same document meanwhile.
    """
    by.require(policies.create)
    _require_allowed(rows, by)
    if not rows:
        return []
    at = timezone.now()
    batch = _Batch(rows, at, by)
    parties = batch.parties()
    contacts = batch.reach(parties)
    batch.write_customers(parties)
    batch.write_people()
    batch.write_search_texts(parties)
    made = batch.write_opportunities(parties, contacts, first_number)
    record_customers(Verb.CREATED, [(one.pk, one.changes) for one in parties if one.is_new], by=by, at=at)
    edited = [(one.pk, one.changes) for one in parties if not one.is_new and one.changes]
    record_customers(Verb.EDITED, edited, by=by, at=at)
    done = [Change(one, to_stage=row.stage) for one, row in zip(made, rows, strict=True)]
    record_many(Verb.CREATED, done, by=by, at=at)
    return made


class _Batch:
    """The writing of one batch, in the order in which rows refer to each other."""

    def __init__(self, rows: Sequence[NewOpportunity], at: datetime, by: Actor) -> None:
        self.rows, self.at, self.by = rows, at, by
        self.of_row: list[_Party] = []
        self.contact_rows: list[tuple[Any, ...]] = []
        self.channel_rows: list[tuple[Any, ...]] = []

    def parties(self) -> list[_Party]:
        """The customers of the rows, each once: known ones with what reaches them already."""
        new = {id(row.customer): row.customer for row in self.rows if isinstance(row.customer, NewCustomer)}
        known = {row.customer.pk: row.customer for row in self.rows if isinstance(row.customer, Customer)}
        found: dict[int, _Party] = {}
        for pk, (key, customer) in zip(
            reserve_ids(Customer, len(new)) if new else (), new.items(), strict=True
        ):
            found[key] = _Party(pk, customer.fields)
        by_pk = {pk: _Party(pk, {}, one, text=one.search_text) for pk, one in known.items()}
        for pk, contact_id, name in _of(Contact, by_pk, "customer_id", "pk", "name"):
            by_pk[pk].contacts.setdefault(fold(name), contact_id)
        for pk, contact_id, kind, value in _of(Channel, by_pk, "customer_id", "contact_id", "kind", "value"):
            by_pk[pk].values[value] = None
            by_pk[pk].places[contact_id, kind] += 1
        self.of_row = [
            found[id(row.customer)] if isinstance(row.customer, NewCustomer) else by_pk[row.customer.pk]
            for row in self.rows
        ]
        return [*found.values(), *by_pk.values()]

    def reach(self, parties: Sequence[_Party]) -> list[int | None]:
        """Each row's contact, found or added, with the e-mails and phones that are news."""
        named = sum(row.contact is not None for row in self.rows)
        ids = iter(reserve_ids(Contact, named) if named else ())
        contacts: list[int | None] = []
        for row, party in zip(self.rows, self.of_row, strict=True):
            contacts.append(self._contact(row.contact, party, ids) if row.contact else None)
            self._channels(row, party, contacts[-1])
            if row.do_not_contact:
                _never_contact(party)
        return contacts

    def write_people(self) -> None:
        """Insert the new contacts, e-mails and phones, after the customers that they refer to."""
        if self.contact_rows:
            insert_rows(
                Contact,
                ("id", "customer_id", *_CONTACT_FIELDS, "created_at", "created_by_id"),
                self.contact_rows,
            )
        if self.channel_rows:
            insert_rows(
                Channel, ("customer_id", "contact_id", "kind", "value", "position"), self.channel_rows
            )

    def _contact(self, fields: Mapping[str, Any], party: _Party, ids: Any) -> int:
        name = fields["name"]
        key = fold(name)
        if key not in party.contacts:
            party.contacts[key] = pk = next(ids)
            party.names.append(name)
            values = (name, fields.get("job_title") or "", fields.get("cpf") or None)
            self.contact_rows.append((pk, party.pk, *values, self.at, self.by.membership.pk))
            party.changes.setdefault("contact", [None, name])
        return party.contacts[key]

    def _channels(self, row: NewOpportunity, party: _Party, contact_id: int | None) -> None:
        for kind, values in (("email", row.emails), ("phone", row.phones)):
            news = [value for value in values if value not in party.values]
            for value in news:
                party.values[value] = None
                place = party.places[contact_id, kind]
                party.places[contact_id, kind] += 1
                self.channel_rows.append((party.pk, contact_id, kind, value, place))
            if news and not party.is_new:
                party.changes[f"{kind}s"] = [None, ", ".join(news)]

    def write_customers(self, parties: Iterable[_Party]) -> None:
        """Insert the new customers with their search texts."""
        columns = ("id", *sorted(CUSTOMER_FIELDS), "search_text", "created_at", "created_by_id")
        rows = []
        for party in parties:
            if party.is_new:
                party.text = search_text.customer_text(party.fields, party.names, party.values)
                values = [party.fields.get(name, _BLANK[name]) for name in columns[1:-3]]
                rows.append((party.pk, *values, party.text, self.at, self.by.membership.pk))
        if rows:
            insert_rows(Customer, columns, rows)

    def write_search_texts(self, parties: Iterable[_Party]) -> None:
        """Write known customers' texts anew where something was added, and those of their opportunities."""
        changed = {party.pk: party for party in parties if not party.is_new and party.changes}
        if changed:
            for pk, text in search_text.refresh(list(changed)).items():
                changed[pk].text = text

    def write_opportunities(
        self, parties: Sequence[_Party], contacts: Sequence[int | None], first_number: int
    ) -> list[Made]:
        """Insert the opportunities, on top of their stages."""
        tops = {pk: positions.first(stage) for pk, stage in _stages(self.rows).items()}
        ids = reserve_ids(Opportunity, len(self.rows))
        mine = self.by.membership.pk
        made, rows = [], []
        for pk, number, row, party, contact_id in zip(
            ids,
            range(first_number, first_number + len(self.rows)),
            self.rows,
            self.of_row,
            contacts,
            strict=True,
        ):
            source_id = row.source.pk if row.source else row.campaign.source_id if row.campaign else None
            one = Made(
                pk=pk,
                number=number,
                customer_id=party.pk,
                stage_id=row.stage.pk,
                value=row.value,
                owner_id=row.owner.pk if row.owner else mine,
                source_id=source_id,
                probability=row.probability,
                expected_close_on=row.expected_close_on,
            )
            made.append(one)
            text = search_text.opportunity_text(number, row.title, party.text)
            rows.append(
                (
                    *(pk, number, row.title, party.pk, contact_id, one.stage_id, one.value, one.probability),
                    *(one.owner_id, source_id, row.campaign.pk if row.campaign else None),
                    *(
                        one.expected_close_on,
                        row.notes,
                        tops[one.stage_id],
                        self.at,
                        self.at,
                        self.at,
                        mine,
                        text,
                    ),
                )
            )
            tops[one.stage_id] -= positions.GAP
        insert_rows(Opportunity, _OPPORTUNITY_COLUMNS, rows)
        return made


_OPPORTUNITY_COLUMNS = (
    *("id", "number", "title", "customer_id", "contact_id", "stage_id", "value", "probability"),
    *("owner_id", "source_id", "campaign_id"),
    *(
        "expected_close_on",
        "notes",
        "position",
        "stage_since",
        "moved_at",
        "created_at",
        "created_by_id",
        "search_text",
    ),
)
_BLANK: dict[str, Any] = {
    **dict.fromkeys(CUSTOMER_FIELDS, ""),
    "kind": Customer.Kind.ORGANISATION.value,
    "cnpj": None,
    "cpf": None,
    "do_not_contact": False,
}


def _of(model: Any, parties: Mapping[int, _Party], *columns: str) -> Iterable[tuple[Any, ...]]:
    if not parties:
        return ()
    found: Iterable[tuple[Any, ...]] = model.objects.filter(customer__in=list(parties)).values_list(*columns)
    return found


def _stages(rows: Sequence[NewOpportunity]) -> dict[int, Stage]:
    return {row.stage.pk: row.stage for row in rows}


def _never_contact(party: _Party) -> None:
    if party.known is None:
        party.fields = {**party.fields, "do_not_contact": True}
    elif not party.known.do_not_contact:
        Customer.objects.filter(pk=party.pk).update(do_not_contact=True)
        party.known.do_not_contact = True
        party.changes["do_not_contact"] = [False, True]


def _require_allowed(rows: Sequence[NewOpportunity], by: Actor) -> None:
    owners = {row.owner.pk: row.owner for row in rows if row.owner is not None}
    for owner in owners.values():
        if owner != by.membership:
            by.require(policies.assign)
        if not owner.is_active:
            raise Refused(_("%(name)s has left. Choose someone else.") % {"name": owner.name}, field="owner")
    stages = _stages(rows)
    in_use = held(stages_in_use().filter(pk__in=stages))
    for stage in stages.values():
        if stage.pk not in in_use:
            text = _("The stage %(stage)s is not in use any more. Choose another.")
            raise Refused(text % {"stage": stage.name}, field="stage")
    if any(isinstance(row.customer, Customer) and row.customer.deleted_at is not None for row in rows):
        raise Refused(_("This customer is in the trash. Restore it first."), field="customer")
