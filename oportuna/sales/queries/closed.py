"""What was won and lost in a period."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, Count, QuerySet, Sum

from oportuna.accounts.actor import Actor
from oportuna.accounts.one_of import OneOf
from oportuna.accounts.prepared import prepared
from oportuna.sales.models import LossReason, Opportunity
from oportuna.sales.queries.figures import EVERYTHING, NOTHING, Narrowing, Totals, rounded, stages
from oportuna.sales.queries.visible import seen_by, seen_owners


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

    Those reopened since are not among them. All figures come from one statement and so agree; a stage or reason that is
    added while this runs, and what is lost for it, is not among them yet.
    """
    names = dict(_reason_names())
    within = tuple(pk for pk, pipeline_id, _ in stages() if narrowing.pipeline_id in (None, pipeline_id))
    won, lost, seconds = NOTHING, NOTHING, 0
    by_reason: defaultdict[int | None, Totals] = defaultdict(Totals)
    by_stage: defaultdict[int, Totals] = defaultdict(Totals)
    for status, stage_id, reason_id, count, cents, took in _groups(
        first, last, within, tuple(names), *narrowing.values, seen_owners(actor)
    ):
        part = Totals(count, int(cents or 0))
        if status == Opportunity.Status.WON:
            won, seconds = won + part, seconds + int(took)
        else:
            lost += part
            by_reason[reason_id] += part
            by_stage[stage_id] += part
    losses = (Loss(reason_id, names.get(reason_id or 0, ""), part) for reason_id, part in by_reason.items())
    ordered = sorted(losses, key=lambda loss: (-loss.totals.count, -loss.totals.cents, loss.name))
    return Closed(won, lost, tuple(ordered), dict(by_stage), seconds)


@prepared
def _reason_names() -> QuerySet[LossReason, tuple[int, str]]:
    return LossReason.objects.order_by().values_list("pk", "name")


@prepared
def _groups(
    first: date,
    last: date,
    stages: tuple[int, ...],
    reasons: tuple[int, ...],
    owner_id: int | None,
    source_id: int | None,
    owners: tuple[int, ...] | None,
) -> QuerySet[Any, tuple[Any, ...]]:
    """What was closed by (status, stage, reason): count, cents, seconds open.

    With stages and reasons named, the index leads to the period's days of each group, and in its order nothing is sorted.
    """
    closed = Opportunity.objects.filter(
        seen_by(owners),
        Narrowing(None, owner_id, source_id).condition(),
        OneOf("stage_id", stages),
        status__in=(Opportunity.Status.WON, Opportunity.Status.LOST),
        closed_on__range=(first, last),
    )
    without = _summed(closed.filter(loss_reason__isnull=True))
    return _summed(closed.filter(OneOf("loss_reason_id", reasons))).union(without, all=True)


def _summed(closed: QuerySet[Opportunity]) -> QuerySet[Any, tuple[Any, ...]]:
    rows: QuerySet[Any, tuple[Any, ...]] = (
        closed.order_by()
        .values_list("status", "stage_id", "loss_reason_id")
        .annotate(
            # The rows, not their ids: those stand in no index of PostgreSQL, which would read every row for them.
            rows=Count("*"),
            cents=Sum("value", output_field=BigIntegerField()),
            took=Sum("seconds_open"),
        )
    )
    return rows
