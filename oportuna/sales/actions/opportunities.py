"""What people do with an opportunity. Create, move, win, lose and reopen are the only ways to change status and stage."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oportuna.accounts import policies
from oportuna.accounts.actor import Actor
from oportuna.accounts.changes import fill, shown
from oportuna.accounts.models import Membership, OneTimeKey, Role
from oportuna.errors import Refused
from oportuna.records.held import held
from oportuna.sales import positions, search_text
from oportuna.sales.actions import numbers
from oportuna.sales.actions.customers import held_customer
from oportuna.sales.actions.trash import require_kept
from oportuna.sales.changes import note
from oportuna.sales.history import Footprints, day_of, record, seconds_between
from oportuna.sales.models import (
    Campaign,
    Contact,
    Customer,
    HistoryEntry,
    LossReason,
    Opportunity,
    OpportunityItem,
    Source,
    Stage,
    Verb,
)
from oportuna.sales.notices import ASSIGNED
from oportuna.sales.queries.registers import stages_in_use
from oportuna.sales.queries.stays import stood_since
from oportuna.work import notices

EDITABLE = frozenset(
    {"title", "contact", "value", "probability", "source", "campaign", "expected_close_on", "notes"}
)


@transaction.atomic
def create(
    *,
    title: str,
    customer: Customer,
    stage: Stage,
    value: Decimal | None = None,
    probability: int | None = None,
    owner: Membership | None = None,
    contact: Contact | None = None,
    source: Source | None = None,
    campaign: Campaign | None = None,
    expected_close_on: date | None = None,
    notes: str = "",
    key: UUID | None = None,
    by: Actor,
) -> Opportunity:
    """Register an opportunity on top of a stage, the actor's own unless a manager names another owner.

    `key` is the form's one-time key: sent twice, it creates once. Raises Refused for a stage not in use, an owner who
    left, or a customer in the trash.
    """
    by.require(policies.create)
    made = OneTimeKey.claim(key, Opportunity)
    if made is not None:
        return Opportunity.objects.get(pk=made)
    if owner is not None and owner != by.membership:
        by.require(policies.assign)
    _require_in_use(stage)
    require_active(owner)
    # Locked, so that nobody puts the customer in the trash meanwhile.
    customer = held_customer(customer.pk)
    if customer.deleted_at is not None:
        raise Refused(_("This customer is in the trash. Restore it first."), field="customer")
    if source is None and campaign is not None:
        source = campaign.source
    at = timezone.now()
    opportunity = Opportunity(
        number=numbers.take(),
        title=title,
        customer=customer,
        contact=contact,
        stage=stage,
        value=value,
        probability=probability,
        owner=owner or by.membership,
        source=source,
        campaign=campaign,
        expected_close_on=expected_close_on,
        notes=notes,
        position=positions.first(stage),
        created_at=at,
        created_by=by.membership,
        stage_since=at,
        moved_at=at,
    )
    opportunity.search_text = search_text.of_opportunity(opportunity, customer)
    opportunity.save(force_insert=True)
    search_text.index(opportunity)
    OneTimeKey.keep(key, opportunity)
    record(Verb.CREATED, opportunity, by=by, at=at, to_stage=stage)
    _tell_owner(opportunity, by)
    return opportunity


@transaction.atomic
def edit(
    opportunity: Opportunity, fields: Mapping[str, Any], *, seen: int | None = None, by: Actor
) -> Opportunity:
    """Change fields of an opportunity (`EDITABLE`); what stays the same records nothing.

    Raises Refused for the value of one that has items: it is their sum.
    """
    opportunity = locked(opportunity, by)
    opportunity.require_revision(seen)
    changes = fill(opportunity, fields, EDITABLE)
    if not changes:
        return opportunity
    if "value" in changes and OpportunityItem.objects.filter(opportunity=opportunity).exists():
        raise Refused(_("The value is the sum of the items: change those."), field="value")
    changed = [*changes, *take(opportunity, changes, by)]
    if "title" in changes:
        opportunity.search_text = search_text.of_opportunity(opportunity, opportunity.customer)
        changed += ["title_folded", "search_text"]
        search_text.index(opportunity)
    save(opportunity, changed)
    record(Verb.EDITED, opportunity, by=by, changes=changes)
    return opportunity


@transaction.atomic
def assign(
    opportunity: Opportunity, owner: Membership | None, *, seen: int | None = None, by: Actor
) -> Opportunity:
    """Give an opportunity to somebody: managers to anyone, a seller an unassigned one to himself."""
    opportunity = locked(opportunity, by)
    opportunity.require_revision(seen)
    if owner == opportunity.owner:
        return opportunity
    if owner != by.membership:
        by.require(policies.assign)
    require_active(owner)
    changes = {"owner": [shown(opportunity.owner), shown(owner)]}
    opportunity.owner = owner
    save(opportunity, ["owner"])
    record(Verb.ASSIGNED, opportunity, by=by, changes=changes)
    _tell_owner(opportunity, by)
    return opportunity


@transaction.atomic
def move_to(
    opportunity: Opportunity,
    stage: Stage,
    *,
    before: Opportunity | None = None,
    after: Opportunity | None = None,
    seen: int | None = None,
    by: Actor,
) -> Opportunity:
    """Put an open opportunity in an active stage of its pipeline: above `before`, below `after`, else on top.

    A new place in the same stage records nothing.
    """
    opportunity = locked(opportunity, by)
    opportunity.require_revision(seen)
    if not opportunity.is_open:
        raise Refused(_("Reopen the opportunity before moving it."))
    left = opportunity.stage
    if stage.pipeline_id != left.pipeline_id:
        raise Refused(_("The stage %(stage)s belongs to another pipeline.") % {"stage": stage.name})
    _require_in_use(stage)
    at = timezone.now()
    opportunity.stage = stage
    opportunity.position = positions.between(stage, before=before, after=after)
    if stage == left:
        opportunity.save(update_fields=["position"])
        note()
        return opportunity
    changes: dict[str, list[Any]] = {}
    opportunity.moved_at = at
    opportunity.stage_since = stood_since(opportunity, at) or at
    save(opportunity, ["stage", "position", "stage_since", "moved_at", *take(opportunity, changes, by)])
    record(Verb.MOVED, opportunity, by=by, at=at, changes=changes, from_stage=left, to_stage=stage)
    return opportunity


@transaction.atomic
def win(opportunity: Opportunity, *, seen: int | None = None, by: Actor) -> Opportunity:
    """Close an open opportunity as won; its customer is a prospect no more."""
    held_customer(opportunity.customer_id)
    opportunity = locked(opportunity, by)
    by.require(policies.close, opportunity)
    if opportunity.status == Opportunity.Status.WON:
        return opportunity
    opportunity.require_revision(seen)
    if not opportunity.is_open:
        raise Refused(_("Reopen the opportunity before winning it."))
    changes: dict[str, list[Any]] = {}
    at = timezone.now()
    _close(opportunity, Opportunity.Status.WON, at, by)
    save(opportunity, [*_CLOSING, *take(opportunity, changes, by)])
    Customer.objects.filter(pk=opportunity.customer_id, status=Customer.Status.PROSPECT).update(
        status=Customer.Status.CUSTOMER
    )
    record(Verb.WON, opportunity, by=by, at=at, changes=changes, from_stage=opportunity.stage)
    return opportunity


@transaction.atomic
def lose(
    opportunity: Opportunity,
    *,
    reason: LossReason | None,
    competitor: str = "",
    comment: str = "",
    seen: int | None = None,
    by: Actor,
) -> Opportunity:
    """Close an open opportunity as lost, in the stage where it was lost; the company may demand the reason."""
    opportunity = locked(opportunity, by)
    if opportunity.status == Opportunity.Status.LOST and opportunity.loss_reason == reason:
        return opportunity
    opportunity.require_revision(seen)
    if not opportunity.is_open:
        raise Refused(_("Reopen the opportunity before losing it."))
    if reason is None and by.company.loss_reason_required:
        raise Refused(_("Say why it was lost: choose a reason."), field="reason")
    if reason is not None and not LossReason.objects.filter(pk=reason.pk, is_active=True).exists():
        raise Refused(
            _("The reason %(reason)s is not in use any more.") % {"reason": reason.name}, field="reason"
        )
    changes: dict[str, list[Any]] = {}
    at = timezone.now()
    _close(opportunity, Opportunity.Status.LOST, at, by)
    opportunity.loss_reason, opportunity.competitor, opportunity.loss_comment = reason, competitor, comment
    for name, said in (("loss_reason", reason), ("competitor", competitor), ("loss_comment", comment)):
        if said:
            changes[name] = [None, shown(said)]
    save(opportunity, [*_CLOSING, *_LOSS, *take(opportunity, changes, by)])
    record(Verb.LOST, opportunity, by=by, at=at, changes=changes, from_stage=opportunity.stage)
    return opportunity


@transaction.atomic
def reopen(opportunity: Opportunity, *, seen: int | None = None, by: Actor) -> Opportunity:
    """Return a won or lost opportunity to the stage in which it was closed; the reason stays in its history."""
    opportunity = locked(opportunity, by)
    if opportunity.is_open:
        return opportunity
    opportunity.require_revision(seen)
    by.require(policies.reopen, opportunity, HistoryEntry.objects.filter(opportunity=opportunity).first())
    _require_in_use(opportunity.stage)
    at = timezone.now()
    changes: dict[str, list[Any]] = {"status": [opportunity.status, Opportunity.Status.OPEN.value]}
    if opportunity.loss_reason:
        changes["loss_reason"] = [shown(opportunity.loss_reason), None]
    opportunity.status = Opportunity.Status.OPEN
    if opportunity.closed_at is not None:
        opportunity.stage_since += at - opportunity.closed_at  # the time in between it stood in no stage
    opportunity.closed_at = opportunity.closed_on = opportunity.seconds_open = None
    opportunity.loss_reason = None
    opportunity.competitor = opportunity.loss_comment = ""
    opportunity.moved_at = at
    opportunity.position = positions.first(opportunity.stage)
    save(opportunity, [*_CLOSING, *_LOSS, "position", "stage_since", *take(opportunity, changes, by)])
    record(Verb.REOPENED, opportunity, by=by, at=at, changes=changes, to_stage=opportunity.stage)
    return opportunity


@transaction.atomic
def delete(opportunity: Opportunity, *, by: Actor) -> Opportunity:
    """Put an opportunity in the trash: it leaves every figure, past dates included, and can be restored for 30 days."""
    opportunity = Opportunity.objects.select_for_update().get(pk=opportunity.pk)
    by.require(policies.delete, opportunity)
    if opportunity.deleted_at is not None:
        return opportunity
    opportunity.deleted_at, opportunity.deleted_by = timezone.now(), by.membership
    save(opportunity, ["deleted_at", "deleted_by"])
    Footprints([opportunity.pk], by.company.zone).leave()
    record(Verb.DELETED, opportunity, by=by)
    return opportunity


@transaction.atomic
def restore(opportunity: Opportunity, *, seen: int | None = None, by: Actor) -> Opportunity:
    """Take an opportunity out of the trash, whole, within 30 days."""
    customer = held_customer(opportunity.customer_id)
    opportunity = Opportunity.objects.select_for_update().get(pk=opportunity.pk)
    by.require(policies.restore, opportunity)
    if opportunity.deleted_at is None:
        return opportunity
    opportunity.require_revision(seen)
    require_kept(opportunity.deleted_at)
    if customer.deleted_at is not None:
        raise Refused(_("Its customer is in the trash. Restore the customer first."))
    if opportunity.is_open:
        _require_in_use(opportunity.stage)
    opportunity.deleted_at = opportunity.deleted_by = None
    save(opportunity, ["deleted_at", "deleted_by"])
    Footprints([opportunity.pk], by.company.zone).come_back()
    record(Verb.RESTORED, opportunity, by=by)
    return opportunity


def locked(opportunity: Opportunity, by: Actor) -> Opportunity:
    """The fresh row, locked, on which the actor may work. Raises Refused for one in the trash."""
    fresh = (
        Opportunity.objects.select_for_update(of=("self",))
        .select_related("stage", "owner", "loss_reason", "customer")
        .get(pk=opportunity.pk)
    )
    if fresh.deleted_at is not None:
        raise Refused(_("This opportunity was deleted. Restore it before you go on."))
    by.require(policies.work, fresh)
    return fresh


def save(opportunity: Opportunity, fields: list[str]) -> None:
    """Save these fields, and the revision, raised."""
    opportunity.revision += 1
    opportunity.save(update_fields=["revision", *fields])


def take(opportunity: Opportunity, changes: dict[str, list[Any]], by: Actor) -> tuple[str, ...]:
    """Whoever works on an unassigned opportunity takes it (managers leave it as it is)."""
    if opportunity.owner_id is not None or by.role not in (Role.SELLER, Role.OPERATOR):
        return ()
    opportunity.owner = by.membership
    changes["owner"] = [None, shown(by.membership)]
    return ("owner",)


_CLOSING = ("status", "closed_at", "closed_on", "seconds_open", "moved_at")
_LOSS = ("loss_reason", "competitor", "loss_comment")


def _close(opportunity: Opportunity, status: Opportunity.Status, at: datetime, by: Actor) -> None:
    opportunity.status = status
    opportunity.closed_at = opportunity.moved_at = at
    opportunity.closed_on = day_of(at, by.company.zone)
    opportunity.seconds_open = seconds_between(opportunity.created_at, at)


def _tell_owner(opportunity: Opportunity, by: Actor) -> None:
    """Whoever is given an opportunity by somebody else hears of it."""
    if opportunity.owner_id is not None:
        notices.tell([opportunity.owner_id], ASSIGNED, opportunity.pk, by=by.membership)


def _require_in_use(stage: Stage) -> None:
    # Asked anew, as below: since the form was shown an administrator may have taken it out of use. Held, so that none
    # does before this is committed.
    if not held(stages_in_use().filter(pk=stage.pk)):
        raise Refused(
            _("The stage %(stage)s is not in use any more. Choose another.") % {"stage": stage.name},
            field="stage",
        )


def require_active(owner: Membership | None) -> None:
    """Raise Refused for an owner who left."""
    if owner is not None and not Membership.objects.filter(pk=owner.pk, is_active=True).exists():
        raise Refused(_("%(name)s has left. Choose someone else.") % {"name": owner.name}, field="owner")
