"""The order by hand of a column's cards: integers with wide gaps, so that a drop writes one row."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Min, OuterRef, QuerySet, Subquery

from oportuna.accounts.one_of import OneOf
from oportuna.accounts.prepared import prepared
from oportuna.sales.models import Opportunity, Stage

GAP = 1 << 20
_WINDOW = 64


def first(stage: Stage) -> int:
    """A position above every card of the column."""
    lowest: int | None = _column(stage).aggregate(lowest=Min("position"))["lowest"]
    return 0 if lowest is None else lowest - GAP


def firsts(stages: Iterable[Stage]) -> dict[int, int]:
    """As `first`, of several stages in one statement, by their ids."""
    found = _lowest(tuple(stage.pk for stage in stages))
    return {pk: 0 if top is None else top - GAP for pk, top in found}


@prepared
def _lowest(stages: tuple[int, ...]) -> QuerySet[Any, tuple[int, int | None]]:
    cards = Opportunity.objects.filter(
        stage=OuterRef("pk"), status=Opportunity.Status.OPEN, deleted_at__isnull=True
    )
    lowest = Subquery(cards.order_by("position").values("position")[:1])
    return Stage.objects.filter(OneOf("pk", stages)).annotate(lowest=lowest).values_list("pk", "lowest")


def between(stage: Stage, *, before: Opportunity | None = None, after: Opportunity | None = None) -> int:
    """A position right above `before`, right below `after`, or on top when neither is still in the column."""
    if before is not None and before.stage_id == stage.pk:
        above = _column(stage).filter(position__lt=before.position).order_by("-position").first()
        return _gap(stage, above, before)
    if after is not None and after.stage_id == stage.pk:
        below = _column(stage).filter(position__gt=after.position).order_by("position").first()
        return after.position + GAP if below is None else _gap(stage, after, below)
    return first(stage)


def _gap(stage: Stage, above: Opportunity | None, below: Opportunity) -> int:
    if above is None:
        return below.position - GAP
    if below.position - above.position < 2:
        _spread(stage, below)
        above.refresh_from_db(fields=["position"])
        below.refresh_from_db(fields=["position"])
    return (above.position + below.position) // 2


def _spread(stage: Stage, below: Opportunity) -> None:
    """Make room above a card: spread the cards above it evenly, in a window wide enough."""
    window = _WINDOW
    while True:
        cards = list(
            _column(stage).filter(position__lt=below.position).order_by("-position", "-id")[: window + 1]
        )
        if len(cards) <= window:
            low = below.position - GAP * (len(cards) + 1)
        else:
            low = cards.pop().position
        step = (below.position - low) // (len(cards) + 1)
        if step >= 2:
            break
        window *= 2
    for place, card in enumerate(cards, 1):
        card.position = below.position - step * place
    Opportunity.objects.bulk_update(cards, ["position"], batch_size=500)


def _column(stage: Stage) -> QuerySet[Opportunity]:
    return Opportunity.objects.filter(stage=stage, status=Opportunity.Status.OPEN, deleted_at__isnull=True)
