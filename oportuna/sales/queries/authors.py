"""Who changed a field last, for whoever was changing it meanwhile."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from oportuna.sales.models import Contact, Customer, HistoryEntry, Opportunity

_LOOKED_BACK = 50


class Author(NamedTuple):
    """Who wrote what stands in a field, and when."""

    who: str
    at: datetime | None


def of_opportunity(opportunity: Opportunity) -> dict[str, Author]:
    """Who changed each field of an opportunity last, as far as its newest entries tell."""
    return _authors(Q(opportunity=opportunity, activity__isnull=True))


def of_customer(customer: Customer) -> dict[str, Author]:
    """Who changed each field of a customer last."""
    return _authors(Q(customer=customer, opportunity__isnull=True))


def of_contact(contact: Contact) -> dict[str, Author]:
    """Who changed each field of a person at a customer last."""
    found = of_customer(contact.customer)
    return {name.removeprefix("contact."): author for name, author in found.items()}


def _authors(entries: Q) -> dict[str, Author]:
    newest = HistoryEntry.objects.filter(entries).select_related("by").order_by("-at", "-pk")
    return dict(_fields(newest[:_LOOKED_BACK]))


def _fields(entries: Iterable[HistoryEntry]) -> Iterable[tuple[str, Author]]:
    """The fields that entries name, those of the newest last."""
    for entry in reversed(list(entries)):
        author = Author(entry.by.name if entry.by else _("The system"), entry.at)
        for name in entry.changes:
            yield name, author
