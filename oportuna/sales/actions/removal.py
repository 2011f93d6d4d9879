"""Removing for good what an import that is taken back had brought: with its history, versions and days of the ledger.

Whatever people delete goes to the trash; this is not for them.
"""

from collections.abc import Collection, Sequence

from django.db.models import QuerySet

from oportuna.accounts import policies
from oportuna.accounts.actor import Actor
from oportuna.accounts.one_of import OneOf
from oportuna.accounts.prepared import prepared
from oportuna.records.rows import delete_rows
from oportuna.sales.history import Footprints
from oportuna.sales.models import (
    Activity,
    Channel,
    Contact,
    Customer,
    HistoryEntry,
    Opportunity,
    OpportunityTag,
    OpportunityVersion,
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
        for model in (HistoryEntry, Activity, OpportunityVersion, OpportunityTag):
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


def remove_contact(contact: Contact, *, by: Actor) -> None:
    """Remove a person of a customer, in the caller's transaction, whom nobody has written to or of."""
    by.require(policies.import_rows)
    Opportunity.objects.filter(contact=contact).update(contact=None)
    delete_rows(Channel, "contact_id", [contact.pk])
    delete_rows(Contact, "id", [contact.pk])
