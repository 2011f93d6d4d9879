"""What the page of an opportunity shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from oportuna.accounts import policies
from oportuna.accounts.actor import Actor
from oportuna.fields import cents
from oportuna.sales.models import Activity, HistoryEntry, Opportunity, OpportunityVersion, Stage, Verb
from oportuna.sales.queries.activities import to_do
from oportuna.sales.queries.cards import next_state, next_text
from oportuna.sales.queries.customer_page import Reached, reached
from oportuna.sales.queries.figures import Totals
from oportuna.sales.queries.timeline import Show, Timeline, timeline
from oportuna.sales.queries.visible import visible_opportunities

_REFERENCES = (
    "customer",
    "contact",
    "stage__pipeline",
    "owner",
    "source",
    "campaign",
    "loss_reason",
)


@dataclass(frozen=True, slots=True)
class Step:
    """A stage of the opportunity's pipeline; `spent` is the time for which it was open there, None for never."""

    pk: int
    name: str
    in_use: bool
    passed: bool
    current: bool
    spent: timedelta | None
    entered_at: datetime | None

    @property
    def days(self) -> int:
        """Whole days spent."""
        return self.spent.days if self.spent else 0


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

    @property
    def place(self) -> int:
        """Which step it is in, counted from 1."""
        return next((number for number, step in enumerate(self.steps, 1) if step.current), 0)


def with_references(actor: Actor) -> QuerySet[Opportunity]:
    """The opportunities that the actor may see, each with the rows that its page names."""
    return visible_opportunities(actor).select_related(*_REFERENCES)


def opportunity_page(actor: Actor, opportunity: Opportunity, show: str = Show.ALL) -> OpportunityPage:
    """The page of an opportunity as the actor may see it."""
    stage, today = opportunity.stage, actor.today()
    probability = stage.probability if opportunity.probability is None else opportunity.probability
    idle = (today - actor.day_of(opportunity.moved_at)).days
    coming = opportunity.next_due_on is not None and opportunity.next_due_on >= today
    return OpportunityPage(
        opportunity=opportunity,
        may=may(actor, opportunity),
        steps=steps(opportunity),
        probability=probability,
        weighted_value=_weighted(opportunity, probability),
        next_state=next_state(opportunity.next_due_on, today),
        next_text=next_text(opportunity.next_due_on, opportunity.next_due_at, opportunity.next_kind, today),
        stale=opportunity.is_open and idle > stage.stale_after_days and not coming,
        to_do=to_do(opportunity),
        people=reached(opportunity.customer),
        timeline=timeline(actor, opportunity, show),
        closed_by=_closed_by(opportunity),
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


def steps(opportunity: Opportunity) -> list[Step]:
    """The stages in use of its pipeline, and any other in which it was, with the time it was open in each."""
    now = timezone.now()
    spent: dict[int, timedelta] = {}
    entered: dict[int, datetime] = {}
    versions = OpportunityVersion.objects.filter(opportunity=opportunity, status=Opportunity.Status.OPEN)
    for stage_id, begin, end in versions.order_by("valid_from").values_list(
        "stage_id", "valid_from", "valid_to"
    ):
        spent[stage_id] = spent.get(stage_id, timedelta()) + ((end or now) - begin)
        entered.setdefault(stage_id, begin)
    current = opportunity.stage
    return [
        Step(
            stage.pk,
            stage.name,
            in_use=stage.is_active,
            passed=(stage.position, stage.pk) < (current.position, current.pk),
            current=stage.pk == current.pk,
            spent=spent.get(stage.pk),
            entered_at=entered.get(stage.pk),
        )
        for stage in Stage.objects.filter(pipeline_id=current.pipeline_id)
        if stage.is_active or stage.pk in spent or stage.pk == current.pk
    ]


def _weighted(opportunity: Opportunity, probability: int) -> Decimal | None:
    if opportunity.value is None:
        return None
    return Totals(weighted=cents(opportunity.value) * probability).weighted_value


def _closed_by(opportunity: Opportunity) -> str:
    if opportunity.is_open:
        return ""
    closing = HistoryEntry.objects.filter(opportunity=opportunity, verb__in=(Verb.WON, Verb.LOST))
    last = closing.select_related("by").order_by("-at", "-pk").first()
    return last.by.name if last and last.by else ""
