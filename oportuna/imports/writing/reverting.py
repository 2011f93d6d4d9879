"""Putting back what a row changed of records that were there: each field that is still as the row left it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Model

from oportuna.accounts.actor import Actor
from oportuna.accounts.models import Membership
from oportuna.errors import NotAllowed, Refused
from oportuna.imports.models import ImportJob
from oportuna.imports.suppression.asked import asks_still
from oportuna.imports.writing.updating import Changed, as_kept
from oportuna.sales.actions import activities, customers, opportunities, removal, tags
from oportuna.sales.models import (
    Activity,
    Campaign,
    Contact,
    Customer,
    Opportunity,
    OpportunityItem,
    Source,
    Stage,
)
from oportuna.sales.queries.tags import tags_of

_REFERENCES: dict[str, Any] = {"source": Source, "campaign": Campaign, "owner": Membership, "stage": Stage}


_ADDED = ("contact", "channels")


def revert(
    rows: Mapping[int, Changed], job: ImportJob, by: Actor, *, but: Collection[tuple[int, str]]
) -> set[int]:
    """Put back what `updating.carry_out` and joining a known customer changed, by rows, the last change of each first.

    What people changed since stays as they left it; so does a record that is gone, and the wish not to be contacted of whom
    others than the import `job` heard it, and people that are named by `but` (customer, name). Returns the keys of rows of which something stays.
    """
    added: list[tuple[int, dict[str, Any]]] = []
    parts: set[int] = set()
    for key, changed in rows.items():
        for one in reversed(changed):
            if one.get("added") and one["what"] in _ADDED:
                added.append((key, one))
                continue
            without = _without_opt_out(one, job)
            if not _REVERT[one["what"]](without, by) or without is not one:
                parts.add(key)
    return parts | _take_away(added, but, by)


def _take_away(
    added: Sequence[tuple[int, dict[str, Any]]], but: Collection[tuple[int, str]], by: Actor
) -> set[int]:
    """Take the people, e-mails and phones away that rows added, wherever at the customer they are now."""
    contacts = {one["id"] for _, one in added if one["what"] == "contact"}
    channels = {(one["id"], value) for _, one in added if one["what"] == "channels" for value in one["added"]}
    if not added:
        return set()
    gone = removal.take_from_customers(contacts, channels, but=but, by=by)
    return {
        key
        for key, one in added
        if not (
            one["id"] in gone.contacts
            if one["what"] == "contact"
            else all((one["id"], value) in gone.channels for value in one["added"])
        )
    }


def _without_opt_out(one: dict[str, Any], job: ImportJob) -> dict[str, Any]:
    """What was changed, less an opt-out that the import was not the only one to hear."""
    if one["what"] != "customer" or "do_not_contact" not in one["before"]:
        return one
    customer = Customer.objects.filter(pk=one["id"]).first()
    if customer is None or not asks_still(customer, but=job):
        return one
    both = {when: {**one[when]} for when in ("before", "after")}
    for fields in both.values():
        del fields["do_not_contact"]
    return {**one, **both}


def _customer(one: dict[str, Any], by: Actor) -> bool:
    customer = Customer.objects.filter(pk=one["id"], deleted_at__isnull=True).first()
    if customer is None:
        return False
    fields, is_whole = _as_before(customer, one)
    return _done(lambda: customers.edit(customer, fields, by=by)) and is_whole


def _contact(one: dict[str, Any], by: Actor) -> bool:
    contact = Contact.objects.select_related("customer").filter(pk=one["id"]).first()
    if contact is None:
        return False
    fields, is_whole = _as_before(contact, one)
    return _done(lambda: customers.edit_contact(contact, fields, by=by)) and is_whole


def _opportunity(one: dict[str, Any], by: Actor) -> bool:
    opportunity = Opportunity.objects.filter(pk=one["id"], deleted_at__isnull=True).first()
    if opportunity is None:
        return False
    fields, is_whole = _as_before(opportunity, one)
    if "value" in fields and OpportunityItem.objects.filter(opportunity=opportunity).exists():
        del fields["value"]  # by now it is the sum of items
        is_whole = False
    owner, stage = fields.pop("owner", opportunity.owner), fields.pop("stage", opportunity.stage)

    def put_back() -> None:
        edited = opportunities.edit(opportunity, fields, by=by)
        edited = opportunities.assign(edited, owner, by=by)
        if stage != edited.stage:
            opportunities.move_to(edited, stage, by=by)

    return _done(put_back) and is_whole


def _activity(one: dict[str, Any], by: Actor) -> bool:
    activity = Activity.objects.select_related("opportunity").filter(pk=one["id"]).first()
    if activity is None or activity.done_at is not None or activity.revision > 1:
        return False
    return _done(lambda: activities.withdraw(activity, by=by))


def _as_before(row: Model, one: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """The fields that are still as the row left them, with what they held before; whether that is all of them."""
    fields, is_whole = {}, True
    for name, before in one["before"].items():
        now = as_kept(getattr(row, name))
        if now == one["after"][name]:
            fields[name] = _value(name, before)
        elif now != before:
            is_whole = False
    return fields, is_whole


def _value(name: str, kept: Any) -> Any:
    """What `as_kept` made, as the verbs take it."""
    if kept is None:
        return None
    if name in _REFERENCES:
        return _REFERENCES[name].objects.filter(pk=kept).first()
    if name == "value":
        return Decimal(kept)
    return date.fromisoformat(kept) if name.endswith("_on") else kept


def _done(act: Callable[[], object]) -> bool:
    """Whether the domain let it be done; if not, nothing of it stays."""
    try:
        with transaction.atomic():
            act()
    except (Refused, NotAllowed):
        return False
    return True


def _welcome(one: dict[str, Any], by: Actor) -> bool:
    """Who became a customer by the row is a prospect again, unless something else was bought."""
    sales = Opportunity.objects.filter(
        customer=one["id"], status=Opportunity.Status.WON, deleted_at__isnull=True
    )
    if not sales.exists():
        bought = Customer.objects.filter(pk=one["id"], status=Customer.Status.CUSTOMER)
        bought.update(status=Customer.Status.PROSPECT)
    return True


def _tags(one: dict[str, Any], by: Actor) -> bool:
    opportunity = Opportunity.objects.filter(pk=one["id"], deleted_at__isnull=True).first()
    if opportunity is None:
        return False
    names = [tag.name for tag in tags_of(opportunity.pk) if tag.pk not in one["added"]]
    return _done(lambda: tags.put_on(opportunity, names, by=by))


_REVERT = {
    "tags": _tags,
    "welcome": _welcome,
    "customer": _customer,
    "contact": _contact,
    "opportunity": _opportunity,
    "activity": _activity,
}
