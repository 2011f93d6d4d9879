"""Customers whom the suppression list reaches are marked as not to be contacted, by the verb that people use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from oportuna.accounts.actor import Actor, actor_for
from oportuna.accounts.one_of import OneOf
from oportuna.errors import NotAllowed
from oportuna.imports.suppression.model import Suppression
from oportuna.sales.actions import customers
from oportuna.sales.models import Channel, Contact, Customer

Kind = Suppression.Kind
_ENTRIES = 200


def mark_next(most: int) -> bool:
    """Mark up to `most` customers for the oldest entries that wait, in the caller's transaction; False when none waits."""
    waiting = list(
        Suppression.objects.filter(marks_customers=True)
        .select_related("added_by__company")
        .order_by("pk")[:_ENTRIES]
    )
    if not waiting:
        return False
    by = {entry.added_by_id: actor_for(entry.added_by) for entry in waiting}
    # Those of one person at a time: whoever put them on the list is who marks.
    first = waiting[0].added_by_id
    mine = [entry for entry in waiting if entry.added_by_id == first]
    found = list(reached(mine).filter(do_not_contact=False).order_by("pk")[:most])
    if not all(_marked(customer, by[first]) for customer in found) or len(found) < most:
        Suppression.objects.filter(OneOf("pk", [entry.pk for entry in mine])).update(marks_customers=False)
    return True


def _marked(customer: Customer, by: Actor) -> bool:
    """Mark a customer; False for somebody who may not any more: what he put on the list keeps imports out all the same."""
    try:
        customers.edit(customer, {"do_not_contact": True}, by=by)
    except NotAllowed:
        return False
    return True


def reached(entries: Sequence[Suppression]) -> QuerySet[Customer]:
    """The customers outside the trash that entries mean, by themselves or by one of their people."""
    values = [entry.value for entry in entries if entry.kind in (Kind.EMAIL, Kind.PHONE)]
    documents = [entry.value for entry in entries if entry.kind == Kind.DOCUMENT]
    by_channel = [Q(OneOf("value", values))]
    for entry in entries:
        if entry.kind == Kind.DOMAIN:
            of_email = Q(kind=Channel.Kind.EMAIL)
            by_channel += [of_email & Q(value__endswith=f"{mark}{entry.value}") for mark in "@."]
    # Each by its own index: one condition for all of them would read every customer.
    found: list[QuerySet[Any, int]] = []
    for one in by_channel:
        found.append(Channel.objects.filter(one).order_by().values_list("customer_id", flat=True))
    if documents:
        for name in ("cnpj", "cpf"):
            holders = Customer.objects.filter(OneOf(name, documents), **{f"{name}__isnull": False})
            found.append(holders.order_by().values_list("pk", flat=True))
        people = Contact.objects.filter(OneOf("cpf", documents))
        found.append(people.order_by().values_list("customer_id", flat=True))
    ids = {pk for some in found for pk in some}
    return Customer.objects.filter(OneOf("pk", ids), deleted_at__isnull=True)
