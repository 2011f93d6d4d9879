"""What else is open with the customer of an opportunity."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Window
from django.utils.translation import gettext as _

from oportuna.accounts.actor import Actor
from oportuna.accounts.codes import decode, encode
from oportuna.accounts.prepared import prepared
from oportuna.sales.models import Customer, Opportunity
from oportuna.sales.queries.narrowings import FoundBy
from oportuna.sales.queries.visible import seen_by, seen_owners

MOST = 5


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another open opportunity of the same customer; `probability` is its own, else its stage's."""

    number: int
    title: str
    value: Decimal | None
    stage: str
    colour: str
    probability: int
    owner: str


@dataclass(frozen=True, slots=True)
class Siblings:
    """The newest of them; `count` is of all that the actor may see, `code` names their customer in an address."""

    rows: Sequence[Sibling]
    count: int
    code: str

    @property
    def left(self) -> int:
        """How many are not among the rows."""
        return self.count - len(self.rows)


def siblings(actor: Actor, opportunity: Opportunity) -> Siblings:
    """The other open opportunities of its customer that the actor may see, in one statement."""
    found = _open_ones(opportunity.customer_id, opportunity.pk, seen_owners(actor))
    rows = [
        Sibling(number, title, value, stage, colour, likely if own is None else own, owner or "")
        for _count, number, title, value, own, stage, colour, likely, owner in found
    ]
    return Siblings(rows, found[0][0] if found else 0, encode(opportunity.customer_id))


@prepared
def _open_ones(customer_id: int, but: int, owners: tuple[int, ...] | None) -> QuerySet[Any, tuple[Any, ...]]:
    seen = Opportunity.objects.filter(
        seen_by(owners), customer_id=customer_id, status=Opportunity.Status.OPEN
    )
    others = seen.exclude(pk=but).annotate(all=Window(Count("pk"))).order_by("-created_at", "-pk")
    return others.values_list(
        *("all", "number", "title", "value", "probability"),
        *("stage__name", "stage__colour", "stage__probability", "owner__name"),
    )[:MOST]


def found_by_customer(_actor: Actor, code: str) -> FoundBy | None:
    """The list of opportunities narrowed to those of a customer, by its code."""
    try:
        customer = Customer.objects.filter(pk=decode(code), deleted_at__isnull=True).first()
    except ValueError:
        return None
    if customer is None:
        return None
    return FoundBy(_("Customer: %(name)s") % {"name": customer.shown_name}, Q(customer_id=customer.pk))
