"""The funnel: what is open now in each stage, and what was won and lost in a period."""

from dataclasses import dataclass

from django.db.models import QuerySet

from oportuna.accounts.actor import Actor
from oportuna.accounts.prepared import prepared
from oportuna.analytics.periods import Period
from oportuna.sales.models import Stage
from oportuna.sales.queries.closed import Closed, closed_between
from oportuna.sales.queries.figures import Narrowing, Totals, stage_totals, total


@dataclass(frozen=True, slots=True)
class StageFigures:
    """A stage: what is open in it now, and what was lost in it in the period."""

    pk: int
    name: str
    pipeline: str
    colour: str
    probability: int
    in_use: bool
    open: Totals
    lost: Totals


@dataclass(frozen=True, slots=True)
class Funnel:
    """The stages in their order, pipeline by pipeline, and what was closed in the period."""

    stages: tuple[StageFigures, ...]
    closed: Closed

    @property
    def open(self) -> Totals:
        """What is open now in all stages."""
        return total(stage.open for stage in self.stages)

    @property
    def is_empty(self) -> bool:
        """Nothing is open, and nothing was closed in the period."""
        return not self.open.count and not self.closed.all.count


def funnel(actor: Actor, period: Period, narrowing: Narrowing) -> Funnel:
    """The funnel of what the actor may see.

    Its stages are those in use, and others that still hold open opportunities or in which some were lost in the
    period. Six statements, whatever the data.
    """
    open_now = stage_totals(actor, narrowing)
    closed = closed_between(actor, period.first, period.last, narrowing)
    rows = [
        StageFigures(
            stage.pk,
            stage.name,
            stage.pipeline.name,
            stage.colour,
            stage.probability or 0,
            stage.is_active and stage.pipeline.is_active,
            open_now.get(stage.pk, Totals()),
            closed.lost_by_stage.get(stage.pk, Totals()),
        )
        for stage in _stages(narrowing.pipeline_id)
    ]
    return Funnel(tuple(row for row in rows if row.in_use or row.open.count or row.lost.count), closed)


@prepared
def _stages(pipeline_id: int | None) -> QuerySet[Stage]:
    stages = Stage.objects.select_related("pipeline")
    if pipeline_id is not None:
        stages = stages.filter(pipeline_id=pipeline_id)
    return stages.order_by("pipeline__position", "pipeline_id", "position", "pk")
