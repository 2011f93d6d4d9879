"""Removing for good what an import that is taken back had brought: with its history, versions and days of the ledger.

Whatever people delete goes to the trash; this is not for them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from oportuna.accounts import policies
from oportuna.accounts.actor import Actor
from oportuna.accounts.one_of import OneOf
from oportuna.accounts.prepared import prepared
from oportuna.records.rows import delete_rows
from oportuna.sales import changes, search_text
from oportuna.sales.history import Footprints
from oportuna.sales.models import (
    Activity,
    Channel,
    Contact,
    Customer,
    HistoryEntry,
    Opportunity,
    OpportunityItem,
    OpportunityParticipant,
    OpportunityTag,
    OpportunityVersion,
)

# What is an opportunity's alone.
_PARTS = (
    *(HistoryEntry, Activity, OpportunityVersion, OpportunityTag),
    *(OpportunityItem, OpportunityParticipant),
)


class Removal:
    """Opportunities that are to go with all that is theirs: what they left in the figures is read when it is made.

    One in the trash has left the figures.
    """

    def __init__(self, ids: Sequence[int], *, by: Actor) -> None:
        by.require(policies.import_rows)
        self._ids = ids
        self._footprints = Footprints(_outside_trash(tuple(ids)) if ids else [], by.company.zone)

    def write(self, *, but: Collection[int]) -> None:
        """Remove them, all but these, in the caller's transaction.

        What other apps keep of them, the caller lets go of first; those that were touched since this was made are among
        those that stay.
        """
        ids = [pk for pk in self._ids if pk not in but]
        self._footprints.leave(but=but)
        changes.note()
        for model in _PARTS:
            delete_rows(model, "opportunity_id", ids)
        delete_rows(Opportunity, "id", ids)


@prepared
def _outside_trash(ids: tuple[int, ...]) -> QuerySet[Opportunity, int]:
    kept = Opportunity.objects.filter(OneOf("pk", ids), deleted_at__isnull=True)
    return kept.order_by().values_list("pk", flat=True)


def remove_customers(ids: Collection[int], *, by: Actor) -> None:
    """Remove customers without opportunities, with their people and the ways to reach them, in the caller's transaction."""
    by.require(policies.import_rows)
    for model in (HistoryEntry, Activity, Channel, Contact):
        delete_rows(model, "customer_id", list(ids))
    delete_rows(Customer, "id", list(ids))


@dataclass(frozen=True, slots=True)
class Gone:
    """What was taken from customers: people by their ids, e-mails and phones by their customer and value."""

    contacts: frozenset[int]
    channels: frozenset[tuple[int, str]]


def take_from_customers(
    contacts: Collection[int],
    channels: Collection[tuple[int, str]],
    *,
    but: Collection[tuple[int, str]],
    by: Actor,
) -> Gone:
    """Remove people with whom nobody works, and e-mails and phones, in the caller's transaction.

    They are named as `Gone` does, those who stay by (customer, name); what belongs to a customer in the trash stays.
    """
    by.require(policies.import_rows)
    reached = Channel.objects.filter(
        OneOf("customer_id", {customer for customer, _ in channels}), customer__deleted_at__isnull=True
    )
    found = {
        pk: (customer, value)
        for pk, customer, value in reached.order_by().values_list("pk", "customer_id", "value")
        if (customer, value) in channels
    }
    delete_rows(Channel, "id", list(found))
    kept = Contact.objects.filter(OneOf("pk", contacts), customer__deleted_at__isnull=True).order_by()
    people = {
        pk: customer
        for pk, customer, name in kept.values_list("pk", "customer_id", "name")
        if (customer, name) not in but
    }
    for model in (Activity, Opportunity):
        for pk in model._default_manager.filter(OneOf("contact_id", people)).values_list(
            "contact_id", flat=True
        ):
            people.pop(pk, None)
    delete_rows(Channel, "contact_id", list(people))
    delete_rows(Contact, "id", list(people))
    search_text.refresh(list({*people.values(), *(customer for customer, _ in found.values())}))
    return Gone(frozenset(people), frozenset(found.values()))
