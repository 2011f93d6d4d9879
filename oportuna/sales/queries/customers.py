"""The list of customers, and the options of the field that picks one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.utils.translation import gettext_lazy as _

from oportuna.accounts import policies
from oportuna.accounts.actor import Actor
from oportuna.accounts.codes import encode
from oportuna.brazil.document import format_document
from oportuna.brazil.text import fold
from oportuna.fields import CENTS, reais
from oportuna.records.search import holding, matching, terms_of
from oportuna.sales.models import Activity, Channel, Contact, Customer, Opportunity
from oportuna.sales.queries.visible import visible_opportunities

PAGE = 50
MOST_COUNTED = 10_000
MOST_OPTIONS = 20
_LONGEST_SEARCH = 200

VIEWS = {
    "all": _("All customers"),
    "open": _("With an open opportunity"),
    "customers": _("Have bought"),
    "prospects": _("Prospects"),
    "trash": _("In the trash"),
}
"""The ready views of the list, in their order."""

# A note is no contact, and neither is a task.
CONTACTS = (
    Activity.Kind.CALL,
    Activity.Kind.MEETING,
    Activity.Kind.VISIT,
    Activity.Kind.EMAIL,
    Activity.Kind.WHATSAPP,
)


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One line of the list. Opportunities and contacts are those that the actor may see."""

    pk: int
    name: str
    document: str
    city: str
    uf: str
    contact: str
    phone: str
    do_not_contact: bool
    open_count: int
    open_value: Decimal
    won_value: Decimal
    last_contact: datetime | None


@dataclass(frozen=True, slots=True)
class CustomerList:
    """A page of the list: `newer` and `older` are the codes by which the pages before and behind it are asked for."""

    rows: list[CustomerRow]
    total: int
    newer: str
    older: str

    @property
    def many(self) -> bool:
        """Whether there are more than were counted."""
        return self.total > MOST_COUNTED


def known() -> QuerySet[Customer]:
    """Every customer of the company, those in the trash too: all its members see them."""
    return Customer.objects.all()


def found(actor: Actor, text: str = "", view: str = "all") -> QuerySet[Customer]:
    """The customers of a view in which every word of a search is found; accents, case and masks do not matter."""
    customers = Customer.objects.filter(deleted_at__isnull=view != "trash")
    if view == "trash":
        return holding(customers, terms_of(text[:_LONGEST_SEARCH]))
    customers = matching(customers, text[:_LONGEST_SEARCH])
    if view == "open":
        mine = visible_opportunities(actor).filter(customer=OuterRef("pk"), status=Opportunity.Status.OPEN)
        customers = customers.filter(Exists(mine))
    elif view == "customers":
        customers = customers.filter(status=Customer.Status.CUSTOMER)
    elif view == "prospects":
        customers = customers.filter(status=Customer.Status.PROSPECT)
    return customers


def listed(
    actor: Actor, customers: QuerySet[Customer], *, after: int | None = None, before: int | None = None
) -> CustomerList:
    """A page of customers by name: the first, or the one behind or before the customer of that id."""
    total = customers.order_by()[: MOST_COUNTED + 1].count()
    asked = after or before
    edge = asked and known().filter(pk=asked).values_list("name_folded", "pk").first()
    backwards = bool(edge) and after is None
    ordered = customers.order_by(*(("-name_folded", "-pk") if backwards else ("name_folded", "pk")))
    if edge:
        side = "lt" if backwards else "gt"
        name, pk = edge
        ordered = ordered.filter(
            Q(**{f"name_folded__{side}": name}) | Q(name_folded=name, **{f"pk__{side}": pk})
        )
    page = list(ordered.defer("notes", "search_text")[: PAGE + 1])
    more = len(page) > PAGE
    page = page[:PAGE]
    if backwards:
        page.reverse()
    has_newer, has_older = (more, True) if backwards else (bool(edge), more)
    return CustomerList(
        rows=listed_rows(actor, page),
        total=total,
        newer=encode(page[0].pk) if page and has_newer else "",
        older=encode(page[-1].pk) if page and has_older else "",
    )


def options(text: str) -> list[dict[str, str]]:
    """Up to 20 customers for the picker: those whose name begins so first, without a text the newest."""
    customers = found_by_name(text)
    shown = customers.only("name", "trade_name", "cnpj", "cpf", "city", "uf")[:MOST_OPTIONS]
    return [{"value": str(one.pk), "text": one.shown_name, "note": _note(one)} for one in shown]


def found_by_name(text: str) -> QuerySet[Customer]:
    """Customers outside the trash that a text finds, those whose name begins with it first."""
    customers = Customer.objects.filter(deleted_at__isnull=True)
    if not terms_of(text[:_LONGEST_SEARCH]):
        return customers.order_by("-pk") if not text.strip() else customers.none()
    customers = matching(customers, text[:_LONGEST_SEARCH])
    begins = When(name_folded__startswith=fold(text[:_LONGEST_SEARCH]), then=Value(0))
    return customers.order_by(Case(begins, default=Value(1)), "name_folded", "pk")


def seen_activities(actor: Actor) -> Q:
    """The condition on activities: those of a customer alone, and those of opportunities that the actor may see."""
    owners = policies.visible_owners(actor)
    mine = Q() if owners is None else Q(opportunity__owner_id__in=owners) | Q(opportunity__owner__isnull=True)
    return mine & Q(opportunity__deleted_at__isnull=True)


def place(city: str, uf: str) -> str:
    """Where a customer is: "Campinas, SP"."""
    return ", ".join(filter(None, (city, uf)))


def _note(customer: Customer) -> str:
    from_where = place(customer.city, customer.uf)
    return " · ".join(filter(None, (format_document(customer.document), from_where)))


def listed_rows(actor: Actor, page: Sequence[Customer]) -> list[CustomerRow]:
    """The lines of these customers, with figures and people."""
    ids = [customer.pk for customer in page]
    figures = _figures(actor, ids)
    people = _people(ids)
    last = dict(
        Activity.objects.filter(
            seen_activities(actor), customer_id__in=ids, done_at__isnull=False, kind__in=CONTACTS
        )
        .order_by()
        .values_list("customer_id")
        .annotate(Max("done_at"))
    )
    rows = []
    for customer in page:
        open_count, open_cents, won_cents = figures.get(customer.pk, (0, 0, 0))
        contact, phone = people.get(customer.pk, ("", ""))
        rows.append(
            CustomerRow(
                pk=customer.pk,
                name=customer.shown_name,
                document=customer.document,
                city=customer.city,
                uf=customer.uf,
                contact=contact,
                phone=phone,
                do_not_contact=customer.do_not_contact,
                open_count=open_count,
                open_value=reais(open_cents),
                won_value=reais(won_cents),
                last_contact=last.get(customer.pk),
            )
        )
    return rows


def _figures(actor: Actor, ids: Iterable[int]) -> dict[int, tuple[int, int, int]]:
    """How many are open, their cents, and the cents won, by customer."""
    is_open, is_won = Q(status=Opportunity.Status.OPEN), Q(status=Opportunity.Status.WON)
    rows: Any = (
        visible_opportunities(actor)
        .filter(customer_id__in=ids)
        .order_by()
        .values_list("customer_id")
        .annotate(
            open_count=Count("pk", filter=is_open),
            open_cents=Sum(CENTS, filter=is_open),
            won_cents=Sum(CENTS, filter=is_won),
        )
    )
    return {pk: (count, int(cents or 0), int(won or 0)) for pk, count, cents, won in rows}


def _people(ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """The first person by name and the phone to call, by customer: the person's own, else the customer's."""
    first: dict[int, tuple[int | None, str]] = {}
    contacts = Contact.objects.filter(customer_id__in=ids).order_by("name_folded", "pk")
    for customer_id, pk, name in contacts.values_list("customer_id", "pk", "name"):
        first.setdefault(customer_id, (pk, name))
    phones: dict[tuple[int, int | None], str] = {}
    channels = Channel.objects.filter(customer_id__in=ids, kind=Channel.Kind.PHONE).order_by("position", "pk")
    for customer_id, contact_id, value in channels.values_list("customer_id", "contact_id", "value"):
        phones.setdefault((customer_id, contact_id), value)
    found_people = {}
    for pk in ids:
        person, name = first.get(pk, (None, ""))
        found_people[pk] = (name, phones.get((pk, person)) or phones.get((pk, None), ""))
    return found_people
