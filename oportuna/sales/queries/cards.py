"""Cards: what the board shows of an open opportunity, read as tuples, all columns together."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from oportuna.accounts import policies
from oportuna.accounts.actor import Actor
from oportuna.accounts.one_of import OneOf
from oportuna.accounts.prepared import prepared
from oportuna.sales.models import Activity, Opportunity, OpportunityTag
from oportuna.sales.queries.card_order import ORDERINGS, CardOrder
from oportuna.sales.queries.card_pages import PAGE, Place, found_cards, open_cards
from oportuna.sales.queries.figures import Narrowing
from oportuna.sales.queries.stays import days_since
from oportuna.sales.queries.visible import seen_owners, visible_opportunities
from oportuna.ui.formats import near_date

_FIELDS = (
    "stage_id",
    "position",
    "pk",
    "number",
    "revision",
    "title",
    "value",
    "owner_id",
    "next_due_on",
    "next_due_at",
    "next_kind",
    "stage_since",
    "moved_at",
    "customer__trade_name",
    "customer__name",
    "owner__name",
    "expected_close_on",
)


@dataclass(frozen=True, slots=True)
class Card:
    """One open opportunity on the board.

    `next_state` is late, today, future or none, by the day where the actor is; `days` are those in its stage; `tags` are
    (name, colour) in the order of their register. `may_work` and `may_close` say whether the actor may move or lose it, and
    win it.
    """

    number: int
    revision: int
    title: str
    customer: str
    value: Decimal | None
    owner: str
    next_state: str
    next_text: str | None
    days: int
    stale: bool
    tags: tuple[tuple[str, str], ...]
    may_work: bool
    may_close: bool


@dataclass(frozen=True, slots=True)
class Cards:
    """The first cards of a column from somewhere on; `after` names where the next begin, `following` their first."""

    cards: Sequence[Card] = ()
    after: str = ""
    following: int | None = None


@dataclass(frozen=True, slots=True)
class _Owned:
    """What policies ask of a card."""

    owner_id: int | None


def first_cards(
    actor: Actor,
    limits: dict[int, int],
    narrowing: Narrowing,
    order: CardOrder = CardOrder.HAND,
    *,
    after: Place | None = None,
) -> dict[int, Cards]:
    """The first cards of each stage of `limits` (stage id → days until stalled), in three statements, or four by a field.

    One finds them, one reads them: PostgreSQL plans the joins once and not for every column. One reads their tags. A card that
    is moved in between is in the column that it went to, and one that the actor may see no more is nowhere.
    """
    if not limits:
        return {}
    # The stages are the pipeline's: asking for it again would join them for nothing.
    asked = (*narrowing.values, seen_owners(actor))
    first = found_cards(list(limits), asked, order, after)
    counts = Counter(stage_id for stage_id, _pk in first)
    found: dict[int, list[tuple[Any, ...]]] = {stage_id: [] for stage_id in limits}
    ids = tuple(pk for _stage_id, pk in first)
    ordering = ORDERINGS[order]
    place = _FIELDS.index(ordering.field)
    for row in sorted(_open(ids, *asked), key=lambda row: ordering.key(row[place], row[2])):
        if row[0] in found:
            found[row[0]].append(row)
    reader = _Reader(actor, _tags_of(ids))
    return {
        stage_id: reader.page(column, limits[stage_id], more=counts[stage_id] > PAGE)
        for stage_id, column in found.items()
    }


@prepared
def _open(
    ids: tuple[int, ...], owner_id: int | None, source_id: int | None, owners: tuple[int, ...] | None
) -> QuerySet[Any, tuple[Any, ...]]:
    """Of these, what is a card for the actor still."""
    return open_cards(owner_id, source_id, owners).filter(OneOf("pk", ids)).order_by().values_list(*_FIELDS)


def _tags_of(ids: tuple[int, ...]) -> dict[int, tuple[tuple[str, str], ...]]:
    tags: dict[int, tuple[tuple[str, str], ...]] = {}
    for pk, *tag in _tags(ids):
        tags[pk] = (*tags.get(pk, ()), (tag[0], tag[1]))
    return tags


@prepared
def _tags(ids: tuple[int, ...]) -> QuerySet[Any, tuple[int, str, str]]:
    put_on = OpportunityTag.objects.filter(OneOf("opportunity_id", ids))
    return put_on.order_by("tag__position", "tag_id").values_list(
        "opportunity_id", "tag__name", "tag__colour"
    )


class _Reader:
    """Makes cards of rows, for one actor at one moment; `tags` by the opportunities' ids."""

    def __init__(self, actor: Actor, tags: dict[int, tuple[tuple[str, str], ...]]) -> None:
        self.tags = tags
        self.actor, self.zone, self.today = actor, actor.membership.zone, actor.today()
        self.may: dict[int | None, tuple[bool, bool]] = {}

    def page(self, rows: Sequence[tuple[Any, ...]], limit: int, *, more: bool) -> Cards:
        """`more` says what the first statement found: meanwhile some may have gone, and the column goes on all the same."""
        cards = [self.card(row, limit) for row in rows[:PAGE]]
        if not more or not cards:
            return Cards(cards)
        following = rows[PAGE][3] if len(rows) > PAGE else None
        return Cards(cards, str(Place(*rows[len(cards) - 1][1:3])), following)

    def card(self, row: tuple[Any, ...], limit: int) -> Card:
        (
            number,
            revision,
            title,
            value,
            owner_id,
            due_on,
            due_at,
            kind,
            since,
            moved_at,
            trade,
            name,
            owner,
        ) = row[3:-1]
        if owner_id not in self.may:
            about = _Owned(owner_id)
            self.may[owner_id] = policies.work(self.actor, about), policies.close(self.actor, about)
        overdue = self._days_since(moved_at) > limit
        return Card(
            number,
            revision,
            title,
            trade or name,
            value,
            owner or "",
            next_state(due_on, self.today),
            next_text(due_on, due_at, kind, self.today, silenced=overdue),
            self._days_since(since),
            overdue and not (due_on and due_on >= self.today),
            self.tags.get(row[2], ()),
            *self.may[owner_id],
        )

    def _days_since(self, instant: datetime) -> int:
        return days_since(instant, self.today, self.zone)


def next_state(due_on: date | None, today: date) -> str:
    """How near what comes next is: late, today, future or none."""
    if due_on is None:
        return "none"
    return "late" if due_on < today else "today" if due_on == today else "future"


def next_text(
    due_on: date | None, due_at: datetime | None, kind: str, today: date, *, silenced: bool = False
) -> str | None:
    """When and what comes next; None for nothing. `silenced`: the card would be stalled but for this coming day."""
    if due_on is None:
        return None
    return _said(due_on, due_at, kind, today, silenced, get_language(), timezone.get_current_timezone())


@lru_cache(maxsize=8192)  # a board says two hundred of them, most as a minute ago
def _said(
    due_on: date,
    due_at: datetime | None,
    kind: str,
    today: date,
    silenced: bool,
    _language: str | None,
    _zone: tzinfo,
) -> str:
    what = Activity.Kind(kind).label if kind else ""
    if due_on < today:
        late = (today - due_on).days
        when = ngettext("Late %(count)s d", "Late %(count)s d", late) % {"count": late}
    elif silenced and due_on > today + timedelta(days=1):
        day = f"{due_on:%d/%m}" if due_on.year == today.year else f"{due_on:%d/%m/%Y}"
        when = _("Return on %(date)s") % {"date": day}
    else:
        when = near_date(due_at or due_on, today)
    return f"{when} · {what}" if what else when


def below(actor: Actor, opportunity: Opportunity) -> int | None:
    """The number of the card right below an open opportunity, of those that the actor may see."""
    column: Iterable[int] = (
        visible_opportunities(actor)
        .filter(
            Q(position__gt=opportunity.position) | Q(position=opportunity.position, pk__gt=opportunity.pk),
            stage_id=opportunity.stage_id,
            status="open",
        )
        .order_by("position", "pk")
        .values_list("number", flat=True)[:1]
    )
    return next(iter(column), None)
