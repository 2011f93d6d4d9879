"""Which cards a page of a column holds, in any of the orders: their ids alone, found by an index each."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from oportuna.accounts.codes import decode, encode
from oportuna.accounts.prepared import prepared
from oportuna.sales.models import Opportunity
from oportuna.sales.queries.card_order import ORDERINGS, CardOrder
from oportuna.sales.queries.figures import Narrowing
from oportuna.sales.queries.visible import seen_by

PAGE = 40


@dataclass(frozen=True, slots=True)
class Place:
    """Where a card stands in its column."""

    position: int
    pk: int

    def __str__(self) -> str:
        return f"{self.position}.{encode(self.pk)}"

    @classmethod
    def read(cls, text: str) -> "Place":
        """The place that an address names. Raises ValueError for anything else."""
        position, _dot, code = text.partition(".")
        place = cls(int(position), decode(code))
        if abs(place.position) >= 1 << 62:
            raise ValueError("not a position")
        return place


def found_cards(
    stages: list[int], asked: tuple[Any, ...], order: CardOrder, after: Place | None
) -> list[tuple[int, int]]:
    """(stage, id) of a page of each stage, and of one more: it tells whether there is more, and who comes next."""
    if order == CardOrder.HAND:
        return _first.for_each(stages, *asked, *((after.position, after.pk) if after else (None, None)))
    if after is not None:
        return _behind(stages[0], asked, order, after)
    found = _by_field.for_each(stages, *asked, order, False)
    counts = Counter(stage_id for stage_id, _pk in found)
    short = [stage_id for stage_id in stages if counts[stage_id] <= PAGE]
    if ORDERINGS[order].nullable and short:
        for stage_id, pk in _by_field.for_each(short, *asked, order, True):
            if counts[stage_id] <= PAGE:
                counts[stage_id] += 1
                found.append((stage_id, pk))
    return found


def _behind(stage_id: int, asked: tuple[Any, ...], order: CardOrder, after: Place) -> list[tuple[int, int]]:
    """Of one stage, behind a card as it is now; none when it is gone."""
    ordering = ORDERINGS[order]
    last = Opportunity.objects.filter(pk=after.pk).values_list(ordering.field).first()
    if last is None:
        return []
    column = open_cards(*asked).filter(ordering.behind(last[0], after.pk), stage_id=stage_id)
    ordered = column.order_by(*ordering.forwards)
    return list(ordered.values_list("stage_id", "pk")[: PAGE + 1])


@prepared
def _by_field(
    stage_id: int,
    owner_id: int | None,
    source_id: int | None,
    owners: tuple[int, ...] | None,
    order: CardOrder,
    empty: bool,
) -> QuerySet[Any, tuple[int, int]]:
    """Those with something in the order's field, each database by its index; or those with nothing, the older ones first."""
    ordering = ORDERINGS[order]
    column = open_cards(owner_id, source_id, owners).filter(stage_id=stage_id)
    if ordering.nullable:
        column = column.filter(**{f"{ordering.field}__isnull": empty})
    by = ("pk",) if empty else ordering.by
    return column.order_by(*by).values_list("stage_id", "pk")[: PAGE + 1]


@prepared
def _first(
    stage_id: int,
    owner_id: int | None,
    source_id: int | None,
    owners: tuple[int, ...] | None,
    position: int | None,
    pk: int | None,
) -> QuerySet[Any, tuple[int, int]]:
    """A page in hand order, from a place on."""
    column = open_cards(owner_id, source_id, owners).filter(stage_id=stage_id)
    if position is not None:
        column = column.filter(Q(position__gt=position) | Q(position=position, pk__gt=pk))
    return column.order_by("position", "pk").values_list("stage_id", "pk")[: PAGE + 1]


def open_cards(
    owner_id: int | None, source_id: int | None, owners: tuple[int, ...] | None
) -> QuerySet[Opportunity]:
    """The open opportunities that are cards for whoever sees these owners', narrowed to one owner and one source."""
    narrowing = Narrowing(None, owner_id, source_id)
    return Opportunity.objects.filter(seen_by(owners), narrowing.condition(), status=Opportunity.Status.OPEN)
