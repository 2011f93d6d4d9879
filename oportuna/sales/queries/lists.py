"""The list of opportunities: what narrows it, its pages and its sums."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import BigIntegerField, F, Q, QuerySet, TextChoices, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from oportuna.accounts import policies
from oportuna.accounts.actor import Actor
from oportuna.accounts.models import Membership
from oportuna.brazil.dates import format_date
from oportuna.records.search import matching
from oportuna.sales.models import Opportunity, Stage
from oportuna.sales.queries.cards import next_state, next_text
from oportuna.sales.queries.figures import (
    EVERYTHING,
    NOBODY,
    Narrowing,
    Totals,
    row_totals,
    stage_totals,
    total,
)
from oportuna.sales.queries.narrowings import FoundBy
from oportuna.sales.queries.stays import days_since
from oportuna.sales.queries.visible import visible_opportunities

PAGE = 50
MOST_COUNTED = 10_000
_LAST_DAY = date(9999, 12, 31)


class Only(TextChoices):
    """The ready views that a date or an activity makes; all are of open opportunities."""

    NO_ACTIVITY = "no-activity", gettext_lazy("Without a next activity")
    LATE = "late", pgettext_lazy("several", "Late")
    STALLED = "stalled", pgettext_lazy("several", "Stalled")
    THIS_MONTH = "this-month", gettext_lazy("Closing this month")


class Sort(TextChoices):
    """What the list is sorted by; in an address "-value" is the largest first."""

    CREATED = "created", gettext_lazy("Created")
    TITLE = "title", gettext_lazy("Opportunity")
    CUSTOMER = "customer", gettext_lazy("Customer")
    VALUE = "value", gettext_lazy("Value")
    NEXT = "next", gettext_lazy("Next activity")
    STAGE = "stage", gettext_lazy("In the stage")
    CLOSE = "close", pgettext_lazy("column", "Close")


# No value is the smallest, no date the last.
KEYS: dict[str, Any] = {
    Sort.CREATED: F("created_at"),
    Sort.TITLE: F("title_folded"),
    Sort.CUSTOMER: F("customer__name_folded"),
    Sort.VALUE: Coalesce(Cast("value", BigIntegerField()), Value(-1)),
    Sort.NEXT: Coalesce("next_due_on", Value(_LAST_DAY)),
    Sort.STAGE: F("stage_since"),
    Sort.CLOSE: Coalesce("closed_on", "expected_close_on", Value(_LAST_DAY)),
}
NEWEST = "-created"

_FIELDS = (
    "pk",
    "number",
    "title",
    "status",
    "value",
    "customer__trade_name",
    "customer__name",
    "stage__name",
    "stage__colour",
    "stage__probability",
    "stage__stale_after_days",
    "owner__name",
    "next_due_on",
    "next_due_at",
    "next_kind",
    "stage_since",
    "moved_at",
    "expected_close_on",
    "closed_on",
    "loss_reason__name",
)


@dataclass(frozen=True, slots=True)
class Days:
    """A period, both days included; an end that is None is open."""

    first: date | None = None
    last: date | None = None

    def __bool__(self) -> bool:
        return self.first is not None or self.last is not None

    def __str__(self) -> str:
        if self.first and self.last:
            return f"{format_date(self.first)}–{format_date(self.last)}"
        if self.first:
            return _("from %(day)s on") % {"day": format_date(self.first)}
        return _("until %(day)s") % {"day": format_date(self.last)}

    def on(self, name: str) -> Q:
        """The condition that a date of this name lies in the period."""
        condition = Q()
        if self.first:
            condition &= Q(**{f"{name}__gte": self.first})
        if self.last:
            condition &= Q(**{f"{name}__lte": self.last})
        return condition

    def at(self, name: str, zone: ZoneInfo) -> Q:
        """The condition that an instant of this name lies on the period's days in a zone."""
        condition = Q()
        if self.first:
            condition &= Q(**{f"{name}__gte": midnight(self.first, zone)})
        if self.last:
            condition &= Q(**{f"{name}__lt": midnight(self.last + timedelta(days=1), zone)})
        return condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the list is narrowed to; `status` is open, won, lost or all, an id of NOBODY asks for those without."""

    text: str = ""
    status: str = "open"
    narrowing: Narrowing = EVERYTHING
    stage_id: int | None = None
    reason_id: int | None = None
    only: str = ""
    closed: Days = Days()
    created: Days = Days()
    found_by: Mapping[str, FoundBy] = field(default_factory=dict)
    nothing: bool = False

    @property
    def is_in_the_ledger(self) -> bool:
        """Whether count and sums are kept: only pipeline, stage, owner and source narrow what is open."""
        others = (self.text, self.reason_id is not None, self.only, self.closed, self.created, self.found_by)
        return self.status == "open" and not self.nothing and not any(others)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list; `next_state` is late, today, future or none, `days` are those in its stage."""

    number: int
    title: str
    status: str
    value: Decimal | None
    customer: str
    stage: str
    colour: str
    probability: int
    owner: str
    next_state: str
    next_text: str | None
    days: int
    stale: bool
    expected_close_on: date | None
    closed_on: date | None
    loss_reason: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the list; `newer` and `older` are the numbers before and behind which the pages around it begin."""

    rows: list[Row]
    newer: int | None = None
    older: int | None = None


def owners(actor: Actor) -> QuerySet[Membership]:
    """The members whose opportunities the actor may see, those who left too: by whom the list may be narrowed."""
    members = Membership.objects.filter(company=actor.company)
    seen = policies.visible_owners(actor)
    return members if seen is None else members.filter(pk__in=seen)


def found(actor: Actor, wanted: Wanted) -> QuerySet[Opportunity]:
    """The opportunities that the actor may see and that match."""
    rows = visible_opportunities(actor).filter(wanted.narrowing.condition("stage__pipeline_id"))
    if wanted.nothing:
        return rows.none()
    if wanted.status != "all":
        rows = rows.filter(status=wanted.status)
    if wanted.stage_id is not None:
        rows = rows.filter(stage_id=wanted.stage_id)
    if wanted.reason_id is not None:
        without = wanted.reason_id == NOBODY
        reason = Q(loss_reason__isnull=True) if without else Q(loss_reason_id=wanted.reason_id)
        rows = rows.filter(reason, status=Opportunity.Status.LOST)
    if wanted.only:
        rows = rows.filter(_only(actor, wanted.only), status=Opportunity.Status.OPEN)
    rows = rows.filter(wanted.closed.on("closed_on"), wanted.created.at("created_at", actor.company.zone))
    for found_by in wanted.found_by.values():
        rows = rows.filter(found_by.condition)
    return matching(rows, wanted.text)


def totals(actor: Actor, wanted: Wanted, *, whole: bool = False) -> Totals | None:
    """How many match and what they are worth; None when more than 10,000 rows would have to be counted, unless `whole`.

    Where the ledger keeps the sums they come from it, exactly as on the board.
    """
    if wanted.is_in_the_ledger:
        by_stage = stage_totals(actor, wanted.narrowing)
        if wanted.stage_id is not None:
            return by_stage.get(wanted.stage_id, Totals())
        return total(by_stage.values())
    rows = found(actor, wanted)
    if not whole and rows.order_by()[: MOST_COUNTED + 1].count() > MOST_COUNTED:
        return None
    return row_totals(rows)


def page(
    actor: Actor, wanted: Wanted, sort: str = NEWEST, *, after: int | None = None, before: int | None = None
) -> Page:
    """A page of the list: the first, or the one behind or before the opportunity of that number."""
    name, descending = sort.lstrip("-"), sort.startswith("-")
    rows = found(actor, wanted).alias(key=KEYS[name])
    asked = after or before
    edge = asked and visible_opportunities(actor).filter(number=asked).values_list(KEYS[name], "pk").first()
    backwards = bool(edge) and after is None
    upwards = descending == backwards
    if edge:
        side = "gt" if upwards else "lt"
        rows = rows.filter(Q(**{f"key__{side}": edge[0]}) | Q(key=edge[0], **{f"pk__{side}": edge[1]}))
    ordered = rows.order_by(*(("key", "pk") if upwards else ("-key", "-pk")))
    read = list(ordered.values_list(*_FIELDS)[: PAGE + 1])
    more = len(read) > PAGE
    read = read[:PAGE]
    if backwards:
        read.reverse()
    has_newer, has_older = (more, True) if backwards else (bool(edge), more)
    return Page(
        [_row(actor, values) for values in read],
        newer=read[0][1] if read and has_newer else None,
        older=read[-1][1] if read and has_older else None,
    )


def ordered(rows: QuerySet[Opportunity], sort: str) -> QuerySet[Opportunity]:
    """All of them in the list's order, for taking them out."""
    sign = "-" if sort.startswith("-") else ""
    return rows.alias(key=KEYS[sort.lstrip("-")]).order_by(f"{sign}key", f"{sign}pk")


def stalled(actor: Actor) -> Q:
    """The condition on open opportunities: without movement or contact for longer than the stage allows.

    Counted in days where the actor is; an activity planned for today or later silences it.
    """
    today = actor.today()
    condition = Q(pk__in=[])
    for days in Stage.objects.order_by().values_list("stale_after_days", flat=True).distinct():
        since = midnight(today - timedelta(days=days), actor.membership.zone)
        condition |= Q(stage__stale_after_days=days, moved_at__lt=since)
    return condition & (Q(next_due_on__isnull=True) | Q(next_due_on__lt=today))


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a day begins in a zone."""
    return datetime.combine(day, time.min, tzinfo=zone)


def month_of(day: date) -> Days:
    """The month in which a day lies."""
    first = day.replace(day=1)
    return Days(first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1))


def _only(actor: Actor, only: str) -> Q:
    if only == Only.NO_ACTIVITY:
        return Q(next_due_on__isnull=True)
    if only == Only.LATE:
        return Q(next_due_on__lt=actor.today())
    if only == Only.STALLED:
        return stalled(actor)
    return month_of(actor.today()).on("expected_close_on")


def _row(actor: Actor, values: tuple[Any, ...]) -> Row:
    (
        _pk, number, title, status, value, trade_name, name, stage, colour, probability, limit, owner,
        due_on, due_at, kind, since, moved_at, expected, closed_on, reason,
    ) = values  # fmt: skip
    today, zone = actor.today(), actor.membership.zone
    is_open = status == Opportunity.Status.OPEN
    idle = days_since(moved_at, today, zone)
    return Row(
        number=number,
        title=title,
        status=status,
        value=value,
        customer=trade_name or name,
        stage=stage,
        colour=colour,
        probability=probability,
        owner=owner or "",
        next_state=next_state(due_on, today),
        next_text=next_text(due_on, due_at, kind, today),
        days=days_since(since, today, zone),
        stale=is_open and idle > limit and not (due_on and due_on >= today),
        expected_close_on=expected,
        closed_on=closed_on,
        loss_reason=reason or "",
    )
