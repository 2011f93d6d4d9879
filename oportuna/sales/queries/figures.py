"""Each figure of the funnel, computed once: board, list, funnel and API take it from here.

Where only pipeline, stage, owner and source narrow a figure it comes from the ledger; with a period, from the rows.
Sums are exact integers; rounding happens once, in `Totals.weighted_value`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from oportuna.accounts.actor import Actor
from oportuna.accounts.prepared import prepared
from oportuna.fields import CENTS, reais
from oportuna.sales.models import LedgerLine, LedgerTotal, Opportunity, Stage
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
        return rounded(self.count * 1000, whole.count)

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(self.count + other.count, self.cents + other.cents, self.weighted + other.weighted)


NOTHING = Totals()


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What the figures are narrowed to; an id of NOBODY asks for those without an owner, or without a source."""

    pipeline_id: int | None = None
    owner_id: int | None = None
    source_id: int | None = None

    @property
    def values(self) -> tuple[int | None, int | None]:
        """Owner and source as arguments of a prepared statement: NOBODY is False there and so decides the statement's shape."""
        owner_id, source_id = (False if one == NOBODY else one for one in (self.owner_id, self.source_id))
        return owner_id, source_id

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
    sums = _sums(narrowing.pipeline_id, *narrowing.values, seen_owners(actor))
    # Read after the sums: whatever stage they name is there by then.
    probabilities = {pk: probability for pk, _pipeline_id, probability in stages()}
    found: dict[int, Totals] = {}
    for stage_id, count, cents, stage_cents, own_weighted in sums:
        weighted = int(stage_cents) * (probabilities[stage_id] or 0) + int(own_weighted)
        found[stage_id] = found.get(stage_id, Totals()) + Totals(int(count), int(cents), weighted)
    return {stage_id: totals for stage_id, totals in found.items() if totals != Totals()}


@prepared
def _sums(
    pipeline_id: int | None, owner_id: int | None, source_id: int | None, owners: tuple[int, ...] | None
) -> QuerySet[Any, tuple[int, ...]]:
    condition = owned_by(owners) & Narrowing(pipeline_id, owner_id, source_id).condition()
    folded = _by_stage(LedgerTotal.objects.filter(condition))
    return folded.union(_by_stage(LedgerLine.objects.filter(condition)), all=True)


@prepared
def stages() -> QuerySet[Stage, tuple[int, int, int | None]]:
    """Every stage as (id, pipeline, probability)."""
    return Stage.objects.order_by().values_list("pk", "pipeline_id", "probability")


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
        cents=Sum(CENTS),
        by_stage=Sum(CENTS * F("stage__probability"), filter=Q(probability__isnull=True)),
        own=Sum(CENTS * F("probability")),
    )
    return Totals(sums["rows"], int(sums["cents"] or 0), int(sums["by_stage"] or 0) + int(sums["own"] or 0))


def rounded(part: int, whole: int) -> int | None:
    """A share, rounded half up; None of nothing."""
    return (2 * part + whole) // (2 * whole) if whole else None
