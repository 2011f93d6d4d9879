"""What the page of an opportunity shows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils import timezone

from oportuna.accounts import policies
from oportuna.accounts.actor import Actor
from oportuna.accounts.prepared import prepared
from oportuna.fields import cents
from oportuna.sales.models import (
    Activity,
    Campaign,
    HistoryEntry,
    LossReason,
    Opportunity,
    OpportunityItem,
    OpportunityParticipant,
    OpportunityVersion,
    Source,
    Tag,
    Verb,
)
from oportuna.sales.queries.activities import to_do
from oportuna.sales.queries.cards import next_state, next_text
from oportuna.sales.queries.customer_page import Reached, reached
from oportuna.sales.queries.figures import Totals
from oportuna.sales.queries.items import items_of
from oportuna.sales.queries.participants import participants_of
from oportuna.sales.queries.registers import stages_of
from oportuna.sales.queries.siblings import Siblings, siblings
from oportuna.sales.queries.stays import days_since
from oportuna.sales.queries.tags import tags_of
from oportuna.sales.queries.timeline import Show, Timeline, timeline
from oportuna.sales.queries.visible import seen_by, seen_owners

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Step:
    """A stage of the opportunity's pipeline; `days` is for how many it was open there, None for never."""

    pk: int
    name: str
    in_use: bool
    passed: bool
    current: bool
    days: int | None
    entered_at: datetime | None


@dataclass(frozen=True, slots=True)
class May:
    """What the actor may do with the opportunity; the actions ask the same policies."""

    work: bool
    close: bool
    reopen: bool
    assign: bool
    take: bool
    delete: bool


@dataclass(frozen=True, slots=True)
class OpportunityPage:
    """Everything of an opportunity's page, read in a fixed number of queries.

    `people` are the customer itself, then its contacts; `closed_by` is who won or lost it, empty while open.
    """

    opportunity: Opportunity
    may: May
    steps: list[Step]
    probability: int
    weighted_value: Decimal | None
    next_state: str
    next_text: str | None
    stale: bool
    to_do: Sequence[Activity]
    people: list[Reached]
    timeline: Timeline
    closed_by: str
    tags: Sequence[Tag]
    siblings: Siblings
    items: Sequence[OpportunityItem]
    participants: Sequence[OpportunityParticipant]

    @property
    def place(self) -> int:
        """Which step it is in, counted from 1."""
        return next((number for number, step in enumerate(self.steps, 1) if step.current), 0)


def numbered(actor: Actor, number: int) -> Opportunity | None:
    """The opportunity of that number with the rows that its page names, if the actor may see it.

    Four statements at most: source, campaign and loss reason are read by themselves, where there is one. PostgreSQL needs longer
    to plan a join of all nine tables than for them.
    """
    found = next(iter(_numbered(number, seen_owners(actor))), None)
    if found is not None:
        found.source = _one(_sources, found.source_id)
        found.campaign = _one(_campaigns, found.campaign_id)
        found.loss_reason = _one(_reasons, found.loss_reason_id)
    return found


@prepared
def _numbered(number: int, owners: tuple[int, ...] | None) -> QuerySet[Opportunity]:
    seen = Opportunity.objects.filter(seen_by(owners), number=number)
    return seen.select_related("customer", "contact", "stage__pipeline", "owner")


@prepared
def _sources(pk: int) -> QuerySet[Source]:
    return Source.objects.filter(pk=pk)


@prepared
def _campaigns(pk: int) -> QuerySet[Campaign]:
    return Campaign.objects.filter(pk=pk)


@prepared
def _reasons(pk: int) -> QuerySet[LossReason]:
    return LossReason.objects.filter(pk=pk)


def _one(rows: Callable[[int], list[R]], pk: int | None) -> R | None:
    return None if pk is None else next(iter(rows(pk)), None)


def opportunity_page(actor: Actor, opportunity: Opportunity, show: str = Show.ALL) -> OpportunityPage:
    """The page of an opportunity as the actor may see it."""
    stage, today = opportunity.stage, actor.today()
    probability = stage.probability if opportunity.probability is None else opportunity.probability
    idle = days_since(opportunity.moved_at, today, actor.membership.zone)
    coming = opportunity.next_due_on is not None and opportunity.next_due_on >= today
    return OpportunityPage(
        opportunity=opportunity,
        may=may(actor, opportunity),
        steps=steps(actor, opportunity),
        probability=probability,
        weighted_value=_weighted(opportunity, probability),
        next_state=next_state(opportunity.next_due_on, today),
        next_text=next_text(opportunity.next_due_on, opportunity.next_due_at, opportunity.next_kind, today),
        stale=opportunity.is_open and idle > stage.stale_after_days and not coming,
        to_do=to_do(opportunity),
        people=reached(opportunity.customer),
        timeline=timeline(actor, opportunity, show),
        closed_by=_closed_by(opportunity),
        tags=tags_of(opportunity.pk),
        siblings=siblings(actor, opportunity),
        items=items_of(opportunity.pk),
        participants=participants_of(opportunity.pk),
    )


def may(actor: Actor, opportunity: Opportunity) -> May:
    """What the actor may do with an opportunity."""
    work, close = policies.work(actor, opportunity), policies.close(actor, opportunity)
    asks = not opportunity.is_open and not close  # only then does it matter who acted last
    last = HistoryEntry.objects.filter(opportunity=opportunity).first() if asks else None
    return May(
        work=work,
        close=close,
        reopen=not opportunity.is_open and policies.reopen(actor, opportunity, last),
        assign=policies.assign(actor),
        take=work and opportunity.owner_id is None,
        delete=policies.delete(actor, opportunity),
    )


def steps(actor: Actor, opportunity: Opportunity) -> list[Step]:
    """The stages in use of its pipeline, and any other in which it was, with the whole days it was open in each.

    In the one where it stands open, the days of this stay: what its card and the list say.
    """
    now = timezone.now()
    spent: dict[int, timedelta] = {}
    entered: dict[int, datetime] = {}
    for stage_id, begin, end in _open_versions(opportunity.pk):
        spent[stage_id] = spent.get(stage_id, timedelta()) + ((end or now) - begin)
        entered.setdefault(stage_id, begin)
    current = opportunity.stage
    days = {pk: time.days for pk, time in spent.items()}
    if opportunity.is_open:
        days[current.pk] = days_since(opportunity.stage_since, actor.today(), actor.membership.zone)
    return [
        Step(
            stage.pk,
            stage.name,
            in_use=stage.is_active,
            passed=(stage.position, stage.pk) < (current.position, current.pk),
            current=stage.pk == current.pk,
            days=days.get(stage.pk),
            entered_at=entered.get(stage.pk),
        )
        for stage in stages_of(current.pipeline_id)
        if stage.is_active or stage.pk in days or stage.pk == current.pk
    ]


def _weighted(opportunity: Opportunity, probability: int) -> Decimal | None:
    if opportunity.value is None:
        return None
    return Totals(weighted=cents(opportunity.value) * probability).weighted_value


def _closed_by(opportunity: Opportunity) -> str:
    if opportunity.is_open:
        return ""
    return next(iter(_closers(opportunity.pk)), None) or ""


@prepared
def _open_versions(opportunity_id: int) -> QuerySet[Any, tuple[int, datetime, datetime | None]]:
    versions = OpportunityVersion.objects.filter(
        opportunity_id=opportunity_id, status=Opportunity.Status.OPEN
    )
    return versions.order_by("valid_from").values_list("stage_id", "valid_from", "valid_to")


@prepared
def _closers(opportunity_id: int) -> QuerySet[Any, str | None]:
    """By whom it was closed, the last one first."""
    closing = HistoryEntry.objects.filter(opportunity_id=opportunity_id, verb__in=(Verb.WON, Verb.LOST))
    return closing.order_by("-at", "-pk").values_list("by__name", flat=True)[:1]
