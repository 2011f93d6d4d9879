"""Contacts made and to be made: log what was done, plan the next, mark it done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oportuna.accounts import policies
from oportuna.accounts.actor import Actor
from oportuna.accounts.changes import fill, shown
from oportuna.accounts.models import Membership, OneTimeKey
from oportuna.errors import Refused
from oportuna.records.rows import delete_rows
from oportuna.sales.actions.mentions import keep_mentions
from oportuna.sales.actions.opportunities import take
from oportuna.sales.changes import note
from oportuna.sales.history import record
from oportuna.sales.models import Activity, Contact, HistoryEntry, Opportunity, Verb
from oportuna.sales.queries.activities import IN_ORDER
from oportuna.sales.queries.stays import moved_last

EDITABLE = frozenset({"kind", "subject", "text", "owner", "contact", "due_on", "due_at"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """What is to be done next, by whom (the actor, when nobody is named) and until when."""

    kind: Activity.Kind
    due_on: date
    due_at: datetime | None = None
    subject: str = ""
    owner: Membership | None = None
    contact: Contact | None = None


@transaction.atomic
def log(
    opportunity: Opportunity,
    kind: Activity.Kind,
    *,
    text: str,
    subject: str = "",
    contact: Contact | None = None,
    then: NextStep | None = None,
    key: UUID | None = None,
    by: Actor,
) -> Activity:
    """Write down a contact that was made now, or a note, and perhaps plan what comes `then`.

    A note neither counts as contact nor ends "stalled". Raises Refused as `plan` does.
    """
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
    changes = _touch(opportunity, activity, at, by)
    keep_mentions(activity, opportunity, by=by)
    record(Verb.LOGGED, opportunity, by=by, at=at, activity=activity, changes=changes)
    if then is not None:
        _plan(opportunity, then, by)
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
    """Plan what is to be done, by whom and until when; `due_at` when an hour matters.

    Raises Refused for a note, which is never planned, and for an owner who left.
    """
    made = OneTimeKey.claim(key, Activity)
    if made is not None:
        return Activity.objects.get(pk=made)
    step = NextStep(kind=kind, due_on=due_on, due_at=due_at, subject=subject, owner=owner, contact=contact)
    activity = _plan(_locked(opportunity, by), step, by)
    OneTimeKey.keep(key, activity)
    return activity


@transaction.atomic
def complete(
    activity: Activity,
    *,
    text: str = "",
    then: NextStep | None = None,
    seen: int | None = None,
    by: Actor,
) -> Activity:
    """Mark a planned activity done now, with what was said, and perhaps plan what comes `then`.

    Done already, it stays as it is and nothing is planned. Whose activity it is may do it, whoever owns the opportunity.
    """
    opportunity = _locked(_opportunity(activity), by, activity)
    activity = Activity.objects.select_for_update().get(pk=activity.pk)
    if activity.done_at is not None:
        return activity
    activity.require_revision(seen)
    at = timezone.now()
    activity.done_at, activity.done_by = at, by.membership
    activity.text = text or activity.text
    activity.revision += 1
    activity.save(update_fields=["done_at", "done_by", "text", "revision"])
    changes = _touch(opportunity, activity, at, by)
    keep_mentions(activity, opportunity, by=by)
    record(Verb.COMPLETED, opportunity, by=by, at=at, activity=activity, changes=changes)
    if then is not None:
        _plan(opportunity, then, by)
    return activity


@transaction.atomic
def put_back(activity: Activity, *, by: Actor) -> Activity:
    """Undo `complete`: what was planned is to be done again, and what was said on it stays.

    Asked twice it is no error. Raises Refused for what was never planned.
    """
    opportunity = _locked(_opportunity(activity), by, activity)
    activity = Activity.objects.select_for_update().get(pk=activity.pk)
    if activity.done_at is None:
        return activity
    if activity.due_on is None:
        raise Refused(_("This was written down, not planned: it cannot be put back."))
    activity.done_at = activity.done_by = None
    activity.revision += 1
    activity.save(update_fields=["done_at", "done_by", "revision"])
    opportunity.moved_at = moved_last(opportunity)
    changes = _touch(opportunity, activity, None, by)
    record(Verb.UNDONE, opportunity, by=by, activity=activity, changes=changes)
    return activity


@transaction.atomic
def edit(activity: Activity, fields: Mapping[str, Any], *, seen: int | None = None, by: Actor) -> Activity:
    """Change a planned activity, its day above all, or what a done one says.

    Raises Refused for an owner who left, and for making a note of what is still to be done.
    """
    opportunity = _locked(_opportunity(activity), by, activity)
    activity = (
        Activity.objects.select_for_update(of=("self",))
        .select_related("owner", "contact")
        .get(pk=activity.pk)
    )
    activity.require_revision(seen)
    if activity.done_at is None:
        _require_plannable(fields.get("kind", activity.kind), fields.get("owner"))
    changes = fill(activity, fields, EDITABLE)
    if not changes:
        return activity
    activity.revision += 1
    activity.save()
    if "text" in changes:
        keep_mentions(activity, opportunity, by=by)
    changes |= _touch(opportunity, activity, None, by)
    record(Verb.EDITED, opportunity, by=by, activity=activity, changes=changes)
    return activity


@transaction.atomic
def withdraw(activity: Activity, *, by: Actor) -> None:
    """Take a planned activity away with its entry, as if it had never been: for an import that is taken back.

    Raises Refused for one that was done or changed.
    """
    opportunity = _locked(_opportunity(activity), by, activity)
    activity = Activity.objects.select_for_update().get(pk=activity.pk)
    if activity.done_at is not None or activity.revision > 1:
        raise Refused(_("Somebody has worked on this activity: it stays."))
    delete_rows(HistoryEntry, "activity_id", [activity.pk])
    delete_rows(Activity, "id", [activity.pk])
    _touch(opportunity, activity, None, by)
    note()


def _plan(opportunity: Opportunity, step: NextStep, by: Actor) -> Activity:
    """Plan a step of a locked opportunity."""
    _require_plannable(step.kind, step.owner)
    activity = Activity.objects.create(
        kind=step.kind,
        opportunity=opportunity,
        customer_id=opportunity.customer_id,
        contact=step.contact,
        subject=step.subject,
        owner=step.owner or by.membership,
        due_on=step.due_on,
        due_at=step.due_at,
        created_by=by.membership,
    )
    changes = _touch(opportunity, activity, None, by)
    planned = {"due_on": [None, shown(step.due_at or step.due_on)], **changes}
    record(Verb.PLANNED, opportunity, by=by, activity=activity, changes=planned)
    return activity


def _require_plannable(kind: str, owner: Membership | None) -> None:
    if kind == Activity.Kind.NOTE:
        raise Refused(_("A note is written down, not planned. Choose another kind."), field="kind")
    if owner is not None and not owner.is_active:
        raise Refused(_("%(name)s has left. Choose someone else.") % {"name": owner.name}, field="owner")


def _opportunity(activity: Activity) -> Opportunity:
    opportunity: Opportunity | None = activity.opportunity
    if opportunity is None:
        raise Refused(_("This activity belongs to no opportunity."))
    return opportunity


def _locked(opportunity: Opportunity, by: Actor, activity: Activity | None = None) -> Opportunity:
    """The fresh opportunity, locked, on which the actor may work, or whose `activity` is his own."""
    fresh = Opportunity.objects.select_for_update().get(pk=opportunity.pk)
    if fresh.deleted_at is not None:
        raise Refused(_("This opportunity was deleted. Restore it before you go on."))
    by.require(may_do, activity, fresh)
    return fresh


def may_do(actor: Actor, activity: Activity | None, opportunity: Opportunity) -> bool:
    """Complete or change an activity: whose it is, and whoever may work on its opportunity."""
    own = activity is not None and activity.owner_id is not None and policies.work(actor, activity)
    return own or policies.work(actor, opportunity)


def _touch(
    opportunity: Opportunity, activity: Activity, done_at: datetime | None, by: Actor
) -> dict[str, list[Any]]:
    """Keep what the card shows: the first activity to be done, and the last contact, from which "stalled" is counted.

    Returns the change of owner, if the actor takes it.
    """
    following = (
        Activity.objects.filter(opportunity=opportunity, done_at__isnull=True)
        .order_by(*IN_ORDER)
        .values_list("due_on", "due_at", "kind")
        .first()
    )
    opportunity.next_due_on, opportunity.next_due_at, opportunity.next_kind = following or (None, None, "")
    if done_at is not None and activity.counts_as_contact:
        opportunity.moved_at = done_at
    changes: dict[str, list[Any]] = {}
    take(opportunity, changes, by)
    opportunity.revision += 1
    opportunity.save(
        update_fields=["next_due_on", "next_due_at", "next_kind", "moved_at", "owner", "revision"]
    )
    return changes
