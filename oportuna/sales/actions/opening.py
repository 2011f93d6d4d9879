"""Registering an opportunity together with a customer that is not there yet."""

from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from oportuna.accounts.actor import Actor
from oportuna.sales.actions import customers, opportunities
from oportuna.sales.models import Customer, Opportunity


@transaction.atomic
def open_opportunity(
    *, customer: Customer | str, key: UUID | None = None, by: Actor, **fields: Any
) -> Opportunity:
    """Register an opportunity for a customer, or for a new one of this name; both or neither.

    Sent twice with the same key it creates each once. Raises as `opportunities.create`, whose other fields it takes.
    """
    if isinstance(customer, str):
        own = None if key is None else uuid5(key, "customer")
        customer = customers.create({"name": customer}, key=own, by=by)
    return opportunities.create(customer=customer, key=key, by=by, **fields)
