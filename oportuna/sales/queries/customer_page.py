"""What the page of a customer shows. Opportunities and what happened on them: only those that the actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Max, Q, QuerySet, Value, When

from oportuna.accounts.actor import Actor
from oportuna.accounts.prepared import prepared
from oportuna.brazil.phone import whatsapp_url
from oportuna.sales.models import Activity, Channel, Contact, Customer, HistoryEntry, Opportunity
from oportuna.sales.queries.customers import CONTACTS, seen_activities
from oportuna.sales.queries.duplicates import same_root
from oportuna.sales.queries.figures import Totals, row_totals
from oportuna.sales.queries.visible import visible_opportunities

MOST_OPPORTUNITIES = 50
MOST_HISTORY = 50
MOST_GROUP = 20


@dataclass(frozen=True, slots=True)
class Reached:
    """A person at the customer, or the customer itself, with the ways to reach it."""

    contact: Contact | None
    phones: list[str]
    emails: list[str]

    @property
    def whatsapp(self) -> str | None:
        """The address that opens a conversation with the first mobile."""
        return next(filter(None, map(whatsapp_url, self.phones)), None)


@dataclass(frozen=True, slots=True)
class Next:
    """The first activity still to be done at this customer."""

    kind: str
    due_on: date
    due_at: datetime | None

    @property
    def label(self) -> str:
        """What is to be done, in a word."""
        return str(Activity.Kind(self.kind).label)

    def state(self, today: date) -> str:
        """late, today or future."""
        if self.due_on < today:
            return "late"
        return "today" if self.due_on == today else "future"


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """Everything of a customer's page, read in a fixed number of queries."""

    customer: Customer
    own: Reached
    contacts: list[Reached]
    opportunities: list[Opportunity]
    more_opportunities: bool
    open: Totals
    won: Totals
    lost: Totals
    last_contact: datetime | None
    next: Next | None
    group: list[Customer]
    history: list[HistoryEntry]
    more_history: bool


def customer_page(actor: Actor, customer: Customer) -> CustomerPage:
    """The page of a customer as the actor may see it."""
    mine = visible_opportunities(actor).filter(customer=customer)
    opportunities = _opportunities(mine)
    history = _history(actor, customer)
    people = reached(customer)
    return CustomerPage(
        customer=customer,
        own=people[0],
        contacts=people[1:],
        opportunities=opportunities[:MOST_OPPORTUNITIES],
        more_opportunities=len(opportunities) > MOST_OPPORTUNITIES,
        open=row_totals(mine.filter(status=Opportunity.Status.OPEN)),
        won=row_totals(mine.filter(status=Opportunity.Status.WON)),
        lost=row_totals(mine.filter(status=Opportunity.Status.LOST)),
        last_contact=_last_contact(actor, customer),
        next=_next(actor, customer),
        group=_group(customer),
        history=history[:MOST_HISTORY],
        more_history=len(history) > MOST_HISTORY,
    )


def contact_of(pk: int) -> QuerySet[Contact]:
    """The contact of that id, with its customer."""
    return Contact.objects.select_related("customer").filter(pk=pk)


def channels_of(customer: Customer, contact: Contact | None = None) -> tuple[list[str], list[str]]:
    """The phones and the e-mails of a customer itself, or of one of its contacts."""
    rows = list(Channel.objects.filter(customer=customer, contact=contact).values_list("kind", "value"))
    return _of_kind(rows, Channel.Kind.PHONE), _of_kind(rows, Channel.Kind.EMAIL)


def reached(customer: Customer) -> list[Reached]:
    """The customer itself, then its people by name."""
    rows: dict[int | None, list[tuple[str, str]]] = {}
    for contact_id, kind, value in _channels(customer.pk):
        rows.setdefault(contact_id, []).append((kind, value))
    people: list[Contact | None] = [None, *contacts_of(customer.pk)]
    reached = []
    for contact in people:
        ways = rows.get(contact.pk if contact else None, [])
        reached.append(
            Reached(contact, _of_kind(ways, Channel.Kind.PHONE), _of_kind(ways, Channel.Kind.EMAIL))
        )
    return reached


@prepared
def _channels(customer_id: int) -> QuerySet[Any, tuple[int | None, str, str]]:
    return Channel.objects.filter(customer_id=customer_id).values_list("contact_id", "kind", "value")


@prepared
def contacts_of(customer_id: int) -> QuerySet[Contact]:
    """The people of a customer, by name."""
    return Contact.objects.filter(customer_id=customer_id)


def _of_kind(rows: Sequence[tuple[str, str]], kind: str) -> list[str]:
    return [value for its_kind, value in rows if its_kind == kind]


def _opportunities(mine: QuerySet[Opportunity]) -> list[Opportunity]:
    is_open = Case(When(status=Opportunity.Status.OPEN, then=Value(0)), default=Value(1))
    rows = mine.select_related("stage", "owner", "loss_reason").order_by(is_open, "-closed_at", "-pk")
    return list(rows.defer("notes", "search_text")[: MOST_OPPORTUNITIES + 1])


def _history(actor: Actor, customer: Customer) -> list[HistoryEntry]:
    seen = Q(opportunity__in=visible_opportunities(actor).filter(customer=customer))
    rows = HistoryEntry.objects.filter(Q(opportunity__isnull=True) | seen, customer=customer)
    return list(
        rows.select_related("by", "opportunity", "activity", "from_stage", "to_stage").order_by("-at", "-pk")[
            : MOST_HISTORY + 1
        ]
    )


def _last_contact(actor: Actor, customer: Customer) -> datetime | None:
    done = Activity.objects.filter(
        seen_activities(actor), customer=customer, done_at__isnull=False, kind__in=CONTACTS
    )
    last: datetime | None = done.order_by().aggregate(last=Max("done_at"))["last"]
    return last


def _next(actor: Actor, customer: Customer) -> Next | None:
    waiting = Activity.objects.filter(
        seen_activities(actor), customer=customer, done_at__isnull=True, due_on__isnull=False
    )
    row = waiting.order_by("due_on", "due_at", "pk").values_list("kind", "due_on", "due_at").first()
    if row is None or row[1] is None:
        return None
    return Next(row[0], row[1], row[2])


def _group(customer: Customer) -> list[Customer]:
    if not customer.cnpj:
        return []
    return list(same_root(customer.cnpj).exclude(pk=customer.pk).order_by("name_folded", "pk")[:MOST_GROUP])
