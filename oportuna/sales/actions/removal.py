"""Removing for good what an import that is taken back had brought: with its history, versions and days of the ledger.

Whatever people delete goes to the trash; this is not for them.
"""

from collections.abc import Collection, Sequence

from oportuna.accounts import policies
from oportuna.accounts.actor import Actor
from oportuna.accounts.one_of import OneOf
from oportuna.records.rows import delete_rows
from oportuna.sales.history import leave_figures
from oportuna.sales.models import (
    Activity,
    Channel,
    Contact,
    Customer,
    HistoryEntry,
    Opportunity,
    OpportunityVersion,
)


def remove_opportunities(ids: Sequence[int], *, by: Actor) -> None:
    """Remove opportunities with all that is theirs, in the caller's transaction; one in the trash has left the figures.

    What other apps keep of them, the caller lets go of first.
    """
    by.require(policies.import_rows)
    kept = Opportunity.objects.filter(OneOf("pk", ids), deleted_at__isnull=True)
    leave_figures(list(kept.order_by().values_list("pk", flat=True)), by.company.zone)
    for model in (HistoryEntry, Activity, OpportunityVersion):
        delete_rows(model, "opportunity_id", ids)
    delete_rows(Opportunity, "id", ids)


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
