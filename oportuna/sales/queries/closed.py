"""What was won and lost in a period."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, CharField, Count, QuerySet, Sum, Value

from oportuna.accounts.actor import Actor
from oportuna.accounts.prepared import prepared
from oportuna.sales.models import LossReason, Opportunity, Stage
from oportuna.sales.queries.figures import EVERYTHING, NOBODY, NOTHING, Narrowing, Totals, rounded
from oportuna.sales.queries.visible import owned_by, seen_owners

WON, LOST = Opportunity.Status.WON, Opportunity.Status.LOST


@dataclass(frozen=True, slots=True)
class Loss:
    """How much was lost for a reason; None for those without one."""

    reason_id: int | None
    name: str
    totals: Totals


@dataclass(frozen=True, slots=True)
class Closed:
    """What was won and lost in a period; losses by reason (the most frequent first) and by the stage they were lost in."""

    won: Totals = NOTHING
    lost: Totals = NOTHING
    losses: tuple[Loss, ...] = ()
    lost_by_stage: Mapping[int, Totals] = field(default_factory=dict)
    seconds_to_win: int = 0
    """From registering to winning, of all the won together."""

    @property
    def all(self) -> Totals:
        """Won and lost together."""
        return self.won + self.lost

    @property
    def days_to_win(self) -> int | None:
        """The cycle: whole days from registering to winning on average, rounded half up; None when nothing was won."""
        return rounded(self.seconds_to_win, self.won.count * 86_400)

    @property
    def win_rate(self) -> int | None:
        """How many of the closed were won, in tenths of a percent; None when nothing was closed."""
        return self.won.share_of(self.all)

    @property
    def win_rate_by_value(self) -> int | None:
        """How much of the closed value was won, in tenths of a percent; None when it is nothing."""
        return rounded(self.won.cents * 1000, self.all.cents)


def closed_between(actor: Actor, first: date, last: date, narrowing: Narrowing = EVERYTHING) -> Closed:
    """Won and lost opportunities that were closed in the period, both days included, in the company's zone.

    Those reopened since are not among them. All figures come from one statement and so agree.
    """
    names = dict(_reason_names())
    anywhere, owners = replace(narrowing, pipeline_id=None), seen_owners(actor)
    groups = [
        (status, stage_id, reason_id)
        for stage_id, pipeline_id in _stages()
        if narrowing.pipeline_id in (None, pipeline_id)
        for status, reason_id in ((WON, None), (LOST, None), *((LOST, reason_id) for reason_id in names))
    ]
    won, lost, seconds = NOTHING, NOTHING, 0
    by_reason: defaultdict[int | None, Totals] = defaultdict(Totals)
    by_stage: defaultdict[int, Totals] = defaultdict(Totals)
    for status, stage_id, reason_id, count, cents, took in _closed.for_each(
        [(*group, first, last, anywhere, owners) for group in groups]
    ):
        part = Totals(count, int(cents or 0))
        if status == WON:
            won, seconds = won + part, seconds + int(took or 0)
        elif count:
            lost += part
            by_reason[reason_id or None] += part
            by_stage[stage_id] += part
    losses = (Loss(reason_id, names.get(reason_id or 0, ""), part) for reason_id, part in by_reason.items())
    ordered = sorted(losses, key=lambda loss: (-loss.totals.count, -loss.totals.cents, loss.name))
    return Closed(won, lost, tuple(ordered), dict(by_stage), seconds)


@prepared
def _stages() -> QuerySet[Stage, tuple[int, int]]:
    return Stage.objects.order_by().values_list("pk", "pipeline_id")


@prepared
def _reason_names() -> QuerySet[LossReason, tuple[int, str]]:
    return LossReason.objects.order_by().values_list("pk", "name")


@prepared
def _closed(
    status: Opportunity.Status,
    stage_id: int,
    reason_id: int | None,
    first: date,
    last: date,
    narrowing: Narrowing,
    owners: tuple[int, ...] | None,
) -> QuerySet[Any, tuple[Any, ...]]:
    """One group as a row of its own: (status, stage, reason or NOBODY, count, cents, seconds open).

    So an index leads to each group's days, and nothing is sorted: a database that groups the rows itself sorts them.
    """
    closed = Opportunity.objects.filter(
        owned_by(owners),
        narrowing.condition(),
        status=status,
        stage_id=stage_id,
        loss_reason_id=reason_id,
        deleted_at__isnull=True,
        closed_on__range=(first, last),
    )
    group = closed.order_by().annotate(
        group_status=Value(status.value, CharField()),
        group_stage=Value(stage_id, BigIntegerField()),
        group_reason=Value(reason_id or NOBODY, BigIntegerField()),  # NULL has no type by itself,
    )
    found: QuerySet[Any, tuple[Any, ...]] = group.values_list(
        "group_status", "group_stage", "group_reason"
    ).annotate(
        # The rows, not their ids: those stand in no index of PostgreSQL, which would read every row for them.
        rows=Count("*"),
        cents=Sum("value", output_field=BigIntegerField()),
        took=Sum("seconds_open", output_field=BigIntegerField()),
    )
    return found
