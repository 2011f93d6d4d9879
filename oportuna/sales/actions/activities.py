"""Contacts made and to be made: log what was done, plan the next, mark it done."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oportuna.accounts import policies
from oportuna.accounts.actor import Actor
from oportuna.accounts.models import Membership, OneTimeKey, Role
from oportuna.errors import Refused
from oportuna.sales.history import record, shown
from oportuna.sales.models import Activity, Contact, Opportunity, Verb

EDITABLE = frozenset({"kind", "subject", "text", "owner", "contact", "due_on", "due_at"})


@transaction.atomic
def log(
    opportunity: Opportunity,
    kind: Activity.Kind,
    *,
    text: str,
    subject: str = "",
    contact: Contact | None = None,
    key: UUID | None = None,
    by: Actor,
) -> Activity:
    """Write down a contact that was made now, or a note; a note neither counts as contact nor ends "stalled"."""
    made = OneTimeKey.claim(key, Activity)
    if made is not None:
        return Activity.objects.get(pk=made)
    opportunity = _locked(opportunity, by)
    at = timezone.now()
    activity = Activity.objects.create(
        kind=kind,
        opportunity=opportunity,
        customer_id=opportunity.customer_id,
        contact=contact,
        subject=subject,
        text=text,
        owner=by.membership,
        done_at=at,
        done_by=by.membership,
        created_at=at,
        created_by=by.membership,
    )
    OneTimeKey.keep(key, activity)
    _touch(opportunity, activity, at, by)
    record(Verb.LOGGED, opportunity, by=by, at=at, activity=activity)
    return activity


@transaction.atomic
def plan(
    opportunity: Opportunity,
    kind: Activity.Kind,
    *,
    due_on: date,
    due_at: datetime | None = None,
    subject: str = "",
    owner: Membership | None = None,
    contact: Contact | None = None,
    key: UUID | None = None,
    by: Actor,
) -> Activity:
    """Plan what is to be done, by whom and until when; `due_at` when an hour matters. Raises Refused for a note."""
    made = OneTimeKey.claim(key, Activity)
    if made is not None:
        return Activity.objects.get(pk=made)
    opportunity = _locked(opportunity, by)
    if kind == Activity.Kind.NOTE:
        raise Refused(_("A note is written down, not planned. Choose another kind."), field="kind")
    if owner is not None and not owner.is_active:
        raise Refused(_("%(name)s has left. Choose someone else.") % {"name": owner.name}, field="owner")
    activity = Activity.objects.create(
        kind=kind,
        opportunity=opportunity,
        customer_id=opportunity.customer_id,
        contact=contact,
        subject=subject,
        owner=owner or by.membership,
        due_on=due_on,
        due_at=due_at,
        created_by=by.membership,
    )
    OneTimeKey.keep(key, activity)
    _touch(opportunity, activity, None, by)
    record(Verb.PLANNED, opportunity, by=by, activity=activity, changes={"due_on": [None, shown(due_on)]})
    return activity


@transaction.atomic
def complete(activity: Activity, *, text: str = "", seen: int | None = None, by: Actor) -> Activity:
    """Mark a planned activity done now, with what was said; done already, it stays as it is."""
    opportunity = _locked(_opportunity(activity), by)
    activity = Activity.objects.select_for_update().get(pk=activity.pk)
    if activity.done_at is not None:
        return activity
    activity.require_revision(seen)
    at = timezone.now()
    activity.done_at, activity.done_by = at, by.membership
    activity.text = text or activity.text
    activity.revision += 1
    activity.save(update_fields=["done_at", "done_by", "text", "revision"])
    _touch(opportunity, activity, at, by)
    record(Verb.COMPLETED, opportunity, by=by, at=at, activity=activity)
    return activity


@transaction.atomic
def edit(activity: Activity, fields: Mapping[str, Any], *, seen: int | None = None, by: Actor) -> Activity:
    """Change a planned activity, its day above all, or what a done one says."""
    opportunity = _locked(_opportunity(activity), by)
    activity = Activity.objects.select_for_update().get(pk=activity.pk)
    activity.require_revision(seen)
    if unknown := set(fields) - EDITABLE:
        raise ValueError(f"not editable: {sorted(unknown)}")
    changes: dict[str, list[Any]] = {}
    for name, after in fields.items():
        before = getattr(activity, name)
        if before != after:
            setattr(activity, name, after)
            changes[name] = [shown(before), shown(after)]
    if not changes:
        return activity
    activity.revision += 1
    activity.save()
    _touch(opportunity, activity, None, by)
    record(Verb.EDITED, opportunity, by=by, activity=activity, changes=changes)
    return activity


def _opportunity(activity: Activity) -> Opportunity:
    opportunity: Opportunity | None = activity.opportunity
    if opportunity is None:
        raise Refused(_("This activity belongs to no opportunity."))
    return opportunity


def _locked(opportunity: Opportunity, by: Actor) -> Opportunity:
    fresh = Opportunity.objects.select_for_update().get(pk=opportunity.pk)
    if fresh.deleted_at is not None:
        raise Refused(_("This opportunity was deleted. Restore it before you go on."))
    by.require(policies.work, fresh)
    return fresh


def _touch(opportunity: Opportunity, activity: Activity, done_at: datetime | None, by: Actor) -> None:
    """Keep what the card shows: the first activity to be done, and the last contact, from which "stalled" is counted."""
    following = (
        Activity.objects.filter(opportunity=opportunity, done_at__isnull=True)
        .order_by("due_on", "due_at", "id")
        .values_list("due_on", "due_at", "kind")
        .first()
    )
    opportunity.next_due_on, opportunity.next_due_at, opportunity.next_kind = following or (None, None, "")
    if done_at is not None and activity.counts_as_contact:
        opportunity.moved_at = done_at
    if opportunity.owner_id is None and by.role in (Role.SELLER, Role.OPERATOR):
        opportunity.owner = by.membership
    opportunity.revision += 1
    opportunity.save(
        update_fields=["next_due_on", "next_due_at", "next_kind", "moved_at", "owner", "revision"]
    )
