"""The administrator's registers with how much each row is used."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, QuerySet

from oportuna.accounts.actor import Actor
from oportuna.accounts.prepared import prepared
from oportuna.sales.models import (
    Campaign,
    LossReason,
    Opportunity,
    OpportunityItem,
    Pipeline,
    Product,
    Source,
    Stage,
    Tag,
)
from oportuna.sales.queries import figures
from oportuna.sales.queries.closed import closed_between
from oportuna.sales.queries.visible import visible_opportunities

YEAR = timedelta(days=365)

Register = Pipeline | LossReason | Source | Campaign | Tag | Product


@dataclass(frozen=True, slots=True)
class Used:
    """A row and how many opportunities use it."""

    row: Any
    uses: int


@dataclass(frozen=True, slots=True)
class PipelineStages:
    """A pipeline with its stages, how many are open in each, and what was closed this year."""

    pipeline: Pipeline
    stages: list[Used]
    won: int
    lost: int

    @property
    def open(self) -> int:
        """How many are open in the whole pipeline."""
        return sum(stage.uses for stage in self.stages)


def rows_of(register: type[Register]) -> QuerySet[Any]:
    """Every row of a register, in use or not, in its order; a campaign with its source."""
    return Campaign.objects.select_related("source") if register is Campaign else register.objects.all()


def used_rows(actor: Actor, register: type[Register]) -> list[Used]:
    """The rows of a register with their uses: what is open in a pipeline, what was lost in 12 months for a reason,
    all opportunities of a source, campaign, tag or product."""
    mine = visible_opportunities(actor)
    if register is LossReason:
        counted = mine.filter(status=Opportunity.Status.LOST, closed_on__gt=actor.today() - YEAR)
        uses = _count(counted, "loss_reason_id")
    elif register is Pipeline:
        uses = _count(mine.filter(status=Opportunity.Status.OPEN), "stage__pipeline_id")
    elif register is Product:
        items = OpportunityItem.objects.filter(opportunity__in=mine, product__isnull=False).order_by()
        uses = dict(items.values_list("product_id").annotate(uses=Count("opportunity_id", distinct=True)))
    else:
        uses = _count(mine, {Source: "source_id", Campaign: "campaign_id", Tag: "taggings__tag_id"}[register])
    return [Used(row, uses.get(row.pk, 0)) for row in rows_of(register)]


def pipeline_stages(actor: Actor, pipeline: Pipeline) -> PipelineStages:
    """The stages of a pipeline in their order, in use or not."""
    narrowing = figures.Narrowing(pipeline_id=pipeline.pk)
    totals = figures.stage_totals(actor, narrowing)
    today = actor.today()
    closed = closed_between(actor, date(today.year, 1, 1), today, narrowing)
    stages = [
        Used(stage, totals[stage.pk].count if stage.pk in totals else 0) for stage in stages_of(pipeline.pk)
    ]
    return PipelineStages(pipeline, stages, closed.won.count, closed.lost.count)


def pipelines() -> QuerySet[Pipeline]:
    """Every pipeline, those in use first."""
    return Pipeline.objects.order_by("-is_active", "position", "pk")


def stages() -> QuerySet[Stage]:
    """Every stage, with its pipeline."""
    return Stage.objects.select_related("pipeline")


@prepared
def stages_of(pipeline_id: int) -> QuerySet[Stage]:
    """The stages of a pipeline in their order, in use or not."""
    return Stage.objects.filter(pipeline_id=pipeline_id)


def stages_in_use() -> QuerySet[Stage]:
    """The stages that may be chosen, with their pipelines, in the order of both."""
    chosen = stages().filter(is_active=True, pipeline__is_active=True)
    return chosen.order_by("pipeline__position", "pipeline_id", "position", "pk")


@prepared
def stages_on_offer() -> QuerySet[Stage]:
    """All of `stages_in_use`."""
    return stages_in_use()


@prepared
def sources_in_use() -> QuerySet[Source]:
    """The sources that may be chosen, in their order."""
    return Source.active()


@prepared
def reasons_in_use() -> QuerySet[LossReason]:
    """The loss reasons that may be chosen, in their order."""
    return LossReason.active()


def moved(ids: Sequence[int], pk: int, by: int) -> list[int]:
    """An order in which one row stands `by` places further down, or up when it is negative; at an end it stays."""
    order = list(ids)
    if pk not in order:
        return order
    at = order.index(pk)
    to = min(max(at + by, 0), len(order) - 1)
    order.insert(to, order.pop(at))
    return order


def _count(opportunities: QuerySet[Opportunity], by: str) -> dict[int | None, int]:
    rows: Any = opportunities.order_by().values_list(by).annotate(uses=Count("pk"))
    return dict(rows)
