"""Which opportunities stand before and behind one in the list from which one came to it.

They are found by the place where it stood, never by counting: one that has left the list meanwhile (it was lost, moved)
still has neighbours. What the place is depends on the list: the value that it is sorted by, a position in a column. It stands
in the address, so that a change of that value does not lose it; one that means nothing gives way to where it stands now.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from oportuna.accounts.actor import Actor
from oportuna.accounts.codes import encode
from oportuna.sales.models import Activity, Opportunity, Stage
from oportuna.sales.queries.activities import DAYS_AHEAD, IN_ORDER, new_leads, own_activities
from oportuna.sales.queries.board import Selection
from oportuna.sales.queries.card_order import ORDERINGS, CardOrder, Ordering
from oportuna.sales.queries.lists import KEYS, NEWEST, Sort, Wanted, found
from oportuna.sales.queries.visible import visible_opportunities

_LARGEST = 1 << 62


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another opportunity of the list, and its place there as an address says it."""

    number: int
    place: str


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The place of an opportunity in a list, and who stands before and behind it; None at an end."""

    place: str = ""
    previous: Neighbour | None = None
    following: Neighbour | None = None


def in_list(actor: Actor, wanted: Wanted, sort: str, opportunity: Opportunity, place: str) -> Neighbours:
    """Around an opportunity in the list that is narrowed and sorted so."""
    name = sort.lstrip("-")
    key = KEYS[name]
    at = _read(_READERS[name], place)
    if at is None:
        at = Opportunity.objects.filter(pk=opportunity.pk).values_list(key, flat=True).get()
    return _around(found(actor, wanted), key, at, opportunity.pk, falling=sort.startswith("-"))


def in_column(
    actor: Actor, stage: Stage, selection: Selection, opportunity: Opportunity, place: str
) -> Neighbours:
    """Around a card in the column of a stage; in an order by a field, by what it has in that field now."""
    cards = visible_opportunities(actor).filter(
        replace(selection.narrowing, pipeline_id=None).condition(),
        stage_id=stage.pk,
        status=Opportunity.Status.OPEN,
    )
    if selection.order != CardOrder.HAND:
        return _by_field(cards.exclude(pk=opportunity.pk), ORDERINGS[selection.order], opportunity)
    at = _read(_number, place)
    if at is None:
        if opportunity.stage_id != stage.pk:
            return Neighbours()
        at = opportunity.position
    return _around(cards, F("position"), at, opportunity.pk)


def _by_field(others: QuerySet[Opportunity], ordering: Ordering, opportunity: Opportunity) -> Neighbours:
    value, pk = getattr(opportunity, ordering.field), opportunity.pk

    def first(rows: QuerySet[Opportunity]) -> Neighbour | None:
        number = rows.values_list("number", flat=True).first()
        return Neighbour(number, "") if number is not None else None

    before = others.filter(ordering.before(value, pk)).order_by(*ordering.backwards)
    behind = others.filter(ordering.behind(value, pk)).order_by(*ordering.forwards)
    return Neighbours("", first(before), first(behind))


def in_leads(actor: Actor, opportunity: Opportunity) -> Neighbours:
    """Around one of the new leads of a person's day."""
    key = KEYS[NEWEST.lstrip("-")]
    return _around(new_leads(actor), key, opportunity.created_at, opportunity.pk, falling=True)


def in_day(actor: Actor, activity_id: int, opportunity: Opportunity) -> Neighbours:
    """Around one's own activity on an opportunity, among those that wait, to the end of the days that Meu dia shows.

    The place is the activity. Other activities on the same opportunity are passed by.
    """
    mine = own_activities(actor).select_related(None)
    here = mine.filter(pk=activity_id, opportunity=opportunity, due_on__isnull=False).first()
    if here is None:
        return Neighbours()
    last = actor.today() + timedelta(days=DAYS_AHEAD)
    waiting = mine.filter(
        done_at__isnull=True, due_on__lte=last, opportunity__in=visible_opportunities(actor)
    ).exclude(opportunity=opportunity)
    before = waiting.filter(_sooner(here)).order_by("-due_on", F("due_at").desc(nulls_first=True), "-pk")
    behind = waiting.filter(_later(here)).order_by(*IN_ORDER)
    return Neighbours(encode(here.pk), _task(before), _task(behind))


def _around(rows: QuerySet[Opportunity], key: Any, at: Any, pk: int, *, falling: bool = False) -> Neighbours:
    others = rows.alias(key=key).exclude(pk=pk)

    def next_to(upwards: bool) -> Neighbour | None:
        side = "gt" if upwards else "lt"
        beyond = others.filter(Q(**{f"key__{side}": at}) | Q(key=at, **{f"pk__{side}": pk}))
        ordered = beyond.order_by(*(("key", "pk") if upwards else ("-key", "-pk")))
        first = ordered.values_list("number", key).first()
        return Neighbour(first[0], _written(first[1])) if first else None

    return Neighbours(_written(at), next_to(falling), next_to(not falling))


def _sooner(than: Activity) -> Q:
    if than.due_at is None:
        same_day = Q(due_at__isnull=False) | Q(pk__lt=than.pk)
    else:
        same_day = Q(due_at__lt=than.due_at) | Q(due_at=than.due_at, pk__lt=than.pk)
    return Q(due_on__lt=than.due_on) | (Q(due_on=than.due_on) & same_day)


def _later(than: Activity) -> Q:
    without_hour = Q(due_at__isnull=True)
    if than.due_at is None:
        same_day = without_hour & Q(pk__gt=than.pk)
    else:
        same_day = Q(due_at__gt=than.due_at) | without_hour | Q(due_at=than.due_at, pk__gt=than.pk)
    return Q(due_on__gt=than.due_on) | (Q(due_on=than.due_on) & same_day)


def _task(activities: QuerySet[Activity]) -> Neighbour | None:
    first = activities.values_list("opportunity__number", "pk").first()
    return Neighbour(first[0], encode(first[1])) if first else None


def _written(place: Any) -> str:
    return place.isoformat() if isinstance(place, date) else str(place)


def _read(reader: Callable[[str], Any], place: str) -> Any:
    """The place that an address names; None for one that means nothing."""
    if not place:
        return None
    try:
        return reader(place)
    except (ValueError, OverflowError):
        return None


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("not an instant")
    return at.astimezone(UTC)


def _number(text: str) -> int:
    number = int(text)
    if abs(number) >= _LARGEST:
        raise ValueError("not a number that a column holds")
    return number


_READERS: dict[str, Callable[[str], Any]] = {
    Sort.CREATED: _instant,
    Sort.TITLE: str,
    Sort.CUSTOMER: str,
    Sort.VALUE: _number,
    Sort.NEXT: date.fromisoformat,
    Sort.STAGE: _instant,
    Sort.CLOSE: date.fromisoformat,
}
