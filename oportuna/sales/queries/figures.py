"""Each figure of the funnel, computed once: board, list, funnel and API take it from here.

Where only pipeline, stage, owner and source narrow a figure it comes from the ledger; with a period, from the rows.
Sums are exact integers; rounding happens once, in `Totals.weighted_value`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField, Count, F, Func, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast
from django.db.models.sql.compiler import SQLCompiler

from oportuna.accounts.actor import Actor
from oportuna.accounts.prepared import prepared
from oportuna.fields import reais
from oportuna.sales.models import LedgerLine, LedgerTotal, LossReason, Opportunity, Stage
from oportuna.sales.queries.visible import owned_by, seen_owners

NOBODY = 0


@dataclass(frozen=True, slots=True)
class Totals:
    """How many, worth how much: `cents`, and `weighted` in cents x per mille."""

    count: int = 0
    cents: int = 0
    weighted: int = 0

    @property
    def value(self) -> Decimal:
        """The sum of values, in reais."""
        return reais(self.cents)

    @property
    def weighted_value(self) -> Decimal:
        """The sum of value x probability, in reais, half a cent up: the only place where it is rounded."""
        return reais((self.weighted + 500) // 1000)

    def share_of(self, whole: "Totals") -> int | None:
        """How many of every thousand of the whole these are; None when the whole is nothing."""
        return _rounded(self.count * 1000, whole.count)

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(self.count + other.count, self.cents + other.cents, self.weighted + other.weighted)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What the figures are narrowed to; an id of NOBODY asks for those without an owner, or without a source."""

    pipeline_id: int | None = None
    owner_id: int | None = None
    source_id: int | None = None

    def condition(self, pipeline: str = "pipeline_id") -> Q:
        """The condition on rows with owner_id and source_id; `pipeline` names where they hold their pipeline."""
        condition = Q()
        if self.pipeline_id is not None:
            condition &= Q(**{pipeline: self.pipeline_id})
        for name, chosen in (("owner", self.owner_id), ("source", self.source_id)):
            if chosen == NOBODY:
                condition &= Q(**{f"{name}__isnull": True})
            elif chosen is not None:
                condition &= Q(**{f"{name}_id": chosen})
        return condition


EVERYTHING = Narrowing()


def total(parts: Iterable[Totals]) -> Totals:
    """The sum of totals."""
    return sum(parts, Totals())


def stage_totals(actor: Actor, narrowing: Narrowing = EVERYTHING) -> dict[int, Totals]:
    """What is open now, by stage id, of all that the actor may see; a stage with nothing is not there.

    Totals and lines not folded yet are read in one statement: folding in between counts nothing twice.
    """
    sums = _sums(narrowing.pipeline_id, replace(narrowing, pipeline_id=None), seen_owners(actor))
    # Read after the sums: whatever stage they name is there by then.
    probabilities = dict(_probabilities())
    found: dict[int, Totals] = {}
    for stage_id, count, cents, stage_cents, own_weighted in sums:
        weighted = int(stage_cents) * (probabilities[stage_id] or 0) + int(own_weighted)
        found[stage_id] = found.get(stage_id, Totals()) + Totals(int(count), int(cents), weighted)
    return {stage_id: totals for stage_id, totals in found.items() if totals != Totals()}


@prepared
def _sums(
    pipeline_id: int | None, narrowing: Narrowing, owners: tuple[int, ...] | None
) -> QuerySet[Any, tuple[int, ...]]:
    condition = owned_by(owners) & replace(narrowing, pipeline_id=pipeline_id).condition()
    folded = _by_stage(LedgerTotal.objects.filter(condition))
    return folded.union(_by_stage(LedgerLine.objects.filter(condition)), all=True)


@prepared
def _probabilities() -> QuerySet[Stage, tuple[int, int | None]]:
    return Stage.objects.order_by().values_list("pk", "probability")


def _by_stage(places: QuerySet[Any]) -> QuerySet[Any, Any]:
    """Without the stages themselves: a join to them took longer than the sums."""
    found: QuerySet[Any, Any] = (
        places.order_by()
        .values_list("stage_id")
        .annotate(Sum("count"), Sum("cents"), Sum("stage_cents"), Sum("own_weighted"))
    )
    return found


def row_totals(opportunities: QuerySet[Opportunity]) -> Totals:
    """Count, value and weighted value of any selection of opportunities, from the rows."""
    sums = opportunities.order_by().aggregate(
        rows=Count("pk"),
        cents=Sum(_CENTS),
        by_stage=Sum(_CENTS * F("stage__probability"), filter=Q(probability__isnull=True)),
        own=Sum(_CENTS * F("probability")),
    )
    return Totals(sums["rows"], int(sums["cents"] or 0), int(sums["by_stage"] or 0) + int(sums["own"] or 0))


_CENTS = Cast("value", BigIntegerField())  # MoneyField would turn the sum into reais


@dataclass(frozen=True, slots=True)
class Loss:
    """How much was lost for a reason; None for those without one."""

    reason_id: int | None
    name: str
    totals: Totals


@dataclass(frozen=True, slots=True)
class Closed:
    """What was won and lost in a period; losses by reason (the most frequent first) and by the stage they were lost in."""

    won: Totals = Totals()
    lost: Totals = Totals()
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
        return _rounded(self.seconds_to_win, self.won.count * 86_400)

    @property
    def win_rate(self) -> int | None:
        """How many of the closed were won, in tenths of a percent; None when nothing was closed."""
        return self.won.share_of(self.all)

    @property
    def win_rate_by_value(self) -> int | None:
        """How much of the closed value was won, in tenths of a percent; None when it is nothing."""
        return _rounded(self.won.cents * 1000, self.all.cents)


def closed_between(actor: Actor, first: date, last: date, narrowing: Narrowing = EVERYTHING) -> Closed:
    """Won and lost opportunities that were closed in the period, both days included, in the company's zone.

    Those reopened since are not among them. All figures come from one statement and so agree.
    """
    won, lost, seconds = Totals(), Totals(), 0
    by_reason: defaultdict[int | None, Totals] = defaultdict(Totals)
    by_stage: defaultdict[int, Totals] = defaultdict(Totals)
    for stage_id, reason_id, count, cents, took in _closed_groups(first, last, narrowing, seen_owners(actor)):
        part = Totals(count, int(cents or 0))
        if stage_id is None:
            won, seconds = part, round(took or 0)
        else:
            lost += part
            by_reason[reason_id] += part
            by_stage[stage_id] += part
    names = dict(_reason_names())
    losses = (Loss(reason_id, names.get(reason_id or 0, ""), part) for reason_id, part in by_reason.items())
    ordered = sorted(losses, key=lambda loss: (-loss.totals.count, -loss.totals.cents, loss.name))
    return Closed(won, lost, tuple(ordered), dict(by_stage), seconds)


@prepared
def _reason_names() -> QuerySet[LossReason, tuple[int, str]]:
    return LossReason.objects.order_by().values_list("pk", "name")


@prepared
def _closed_groups(
    first: date, last: date, narrowing: Narrowing, owners: tuple[int, ...] | None
) -> QuerySet[Any, tuple[Any, ...]]:
    """The lost by stage and reason, and all the won as one row without a stage: (stage, reason, count, cents, seconds).

    Apart, because a database sorts what it groups: the won, often as many as the lost, need no group.
    """
    closed = Opportunity.objects.filter(
        owned_by(owners),
        narrowing.condition("stage__pipeline_id"),
        deleted_at__isnull=True,
        closed_on__range=(first, last),
    ).order_by()
    # The rows, not their ids: those stand in no index of PostgreSQL, which would read every row for them.
    sums = {"rows": Count("*"), "cents": Sum("value", output_field=BigIntegerField())}
    nothing = Value(None, BigIntegerField())
    won = closed.filter(status=Opportunity.Status.WON).annotate(stage_key=nothing, reason_key=nothing)
    lost = closed.filter(status=Opportunity.Status.LOST)
    found: QuerySet[Any, Any] = lost.values_list("stage_id", "loss_reason_id").annotate(**sums, took=nothing)
    return found.union(
        won.values_list("stage_key", "reason_key").annotate(
            **sums, took=Sum(_Seconds("closed_at") - _Seconds("created_at"))
        ),
        all=True,
    )


class _Seconds(Func):
    """An instant in whole seconds. The database computes it: Django's own difference calls Python for each row of SQLite."""

    arity = 1
    output_field = BigIntegerField()
    template = "FLOOR(EXTRACT(EPOCH FROM %(expressions)s))::bigint"

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra_context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        """The same on SQLite, which keeps an instant as text."""
        extra_context["template"] = "(julianday(%(expressions)s) * 86400.0)"
        return self.as_sql(compiler, connection, **extra_context)


def _rounded(part: int, whole: int) -> int | None:
    return (2 * part + whole) // (2 * whole) if whole else None
