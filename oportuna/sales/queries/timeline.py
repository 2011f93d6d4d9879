"""An opportunity's history by day, the newest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Q, QuerySet, TextChoices
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oportuna.accounts.actor import Actor
from oportuna.accounts.codes import encode
from oportuna.accounts.prepared import prepared
from oportuna.brazil.dates import format_date
from oportuna.sales.models import HistoryEntry, Opportunity, Verb
from oportuna.sales.queries.mentions import marked_names
from oportuna.sales.queries.telling import Told, tell

PAGE = 20
_TOLD_OF = ("by", "from_stage", "to_stage", "activity__contact", "activity__owner")
# What `tell` reads: each row brings five others with all their columns otherwise.
_TOLD = (
    *("verb", "at", "via", "changes", "by__name"),
    *(
        f"{stage}__{name}"
        for stage in ("from_stage", "to_stage")
        for name in ("name", "colour", "probability")
    ),
    *(f"activity__{name}" for name in ("kind", "subject", "text")),
    *("activity__contact__name", "activity__owner__name"),
)


class Show(TextChoices):
    """Which part of the history is shown."""

    ALL = "all", gettext_lazy("Everything")
    TALKS = "talks", gettext_lazy("Conversations")
    CHANGES = "changes", gettext_lazy("Changes")


@dataclass(frozen=True, slots=True)
class Day:
    """The acts of one day where the reader is."""

    title: str
    told: list[Told]


@dataclass(frozen=True, slots=True)
class Timeline:
    """A part of the history; `older` is the id of the entry behind which there is more, None at its end."""

    days: list[Day]
    show: str
    older: int | None

    @property
    def older_code(self) -> str:
        """That entry, as an address names it."""
        return encode(self.older) if self.older else ""


def timeline(
    actor: Actor, opportunity: Opportunity, show: str = Show.ALL, *, before: int | None = None
) -> Timeline:
    """The newest entries of an opportunity, or those older than the entry `before`."""
    read = _newest(opportunity.pk, Show(show)) if before is None else _older(opportunity, Show(show), before)
    shown, more = read[:PAGE], len(read) > PAGE
    return Timeline(list(days_of(actor, shown)), show, shown[-1].pk if more else None)


def days_of(actor: Actor, entries: Iterable[HistoryEntry]) -> Iterable[Day]:
    """Entries, the newest first, as sentences by day."""
    today, entries = actor.today(), list(entries)
    names = marked_names(entry.activity for entry in entries)
    for day, group in groupby(entries, key=lambda entry: actor.day_of(entry.at)):
        told = [tell(entry, names.get(entry.activity_id or 0, ())) for entry in group]
        yield Day(_day_title(day, today), told)


@prepared
def _newest(opportunity_id: int, show: Show) -> QuerySet[HistoryEntry]:
    return _page(_entries(opportunity_id, show))


def _older(opportunity: Opportunity, show: Show, than: int) -> list[HistoryEntry]:
    entries = _entries(opportunity.pk, show)
    edge = entries.filter(pk=than).values_list("at", "pk").first()
    if edge:
        at, pk = edge
        entries = entries.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk))
    return list(_page(entries))


def _entries(opportunity_id: int, show: Show) -> QuerySet[HistoryEntry]:
    talks = Q(verb__in=(Verb.LOGGED, Verb.COMPLETED))
    shown = {Show.TALKS: talks, Show.CHANGES: ~talks}.get(show, Q())
    return HistoryEntry.objects.filter(shown, opportunity_id=opportunity_id)


def _page(entries: QuerySet[HistoryEntry]) -> QuerySet[HistoryEntry]:
    return entries.select_related(*_TOLD_OF).only(*_TOLD).order_by("-at", "-pk")[: PAGE + 1]


def _day_title(day: date, today: date) -> str:
    short = f"{day:%d/%m}" if day.year == today.year else format_date(day)
    near = {0: _("Today"), 1: _("Yesterday")}.get((today - day).days)
    return f"{near or str(WEEKDAYS[day.weekday()]).capitalize()}, {short}"
