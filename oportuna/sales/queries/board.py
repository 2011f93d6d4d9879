"""The board: the open opportunities of a pipeline, a column for each stage."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from zlib import crc32

from django.db.models import QuerySet

from oportuna.accounts.actor import Actor
from oportuna.accounts.codes import encode
from oportuna.accounts.models import Membership
from oportuna.accounts.one_of import OneOf
from oportuna.accounts.prepared import prepared
from oportuna.sales.models import Pipeline, Source, Stage
from oportuna.sales.queries.card_order import CardOrder
from oportuna.sales.queries.card_pages import PAGE, Place
from oportuna.sales.queries.cards import Cards, first_cards
from oportuna.sales.queries.figures import NOBODY, Narrowing, Totals, stage_totals, total
from oportuna.sales.queries.registers import stages_of
from oportuna.sales.queries.visible import seen_owners

MOST_SHOWN = 400
"""Of a column that is drawn anew."""


@dataclass(frozen=True, slots=True)
class Column:
    """A stage with its first cards; `totals` are those of all that match, loaded or not."""

    pk: int
    name: str
    colour: str
    probability: int
    in_use: bool
    stale_after_days: int
    totals: Totals
    page: Cards = field(default_factory=Cards)

    @property
    def code(self) -> str:
        """What names the stage in an address."""
        return encode(self.pk)

    @property
    def remaining(self) -> int:
        """How many cards are not loaded."""
        return max(0, self.totals.count - len(self.page.cards))

    @property
    def mark(self) -> str:
        """Another one whenever the column looks otherwise: its figures, or one of its first cards."""
        cards = (
            f"{c.number}.{c.revision}.{c.customer}.{c.owner}.{c.next_text}.{c.days}.{c.stale}.{c.tags}.{c.may_work}"
            for c in self.page.cards[:PAGE]
        )
        head = f"{self.name}.{self.colour}.{self.probability}.{self.in_use}.{self.totals}"
        return f"{crc32(chr(10).join((head, *cards)).encode()):x}"


@dataclass(frozen=True, slots=True)
class Board:
    """The columns of a pipeline; `loaded` are those whose cards were asked for."""

    columns: Sequence[Column]
    loaded: Sequence[Column]

    @property
    def totals(self) -> Totals:
        """The sum of all columns."""
        return total(column.totals for column in self.columns)


@dataclass(frozen=True, slots=True)
class Selection:
    """What a board is asked for: which cards of which pipeline, and in which order."""

    narrowing: Narrowing
    order: CardOrder = CardOrder.HAND


def board(actor: Actor, selection: Selection, *, only: Iterable[int] | None = None) -> Board:
    """The board of a pipeline, with the cards of every column, or `only` of these stages.

    Columns are the active stages in their order, and an inactive one that still holds open opportunities, or that is
    asked for by name. Six statements at most, whatever the data.
    """
    narrowing = selection.narrowing
    totals = stage_totals(actor, narrowing)
    asked = None if only is None else set(only)
    stages = [
        stage
        for stage in stages_of(narrowing.pipeline_id or NOBODY)
        if stage.is_active or stage.pk in totals or (asked is not None and stage.pk in asked)
    ]
    limits = {stage.pk: stage.stale_after_days for stage in stages if asked is None or stage.pk in asked}
    pages = first_cards(actor, limits, narrowing, selection.order)
    columns = [
        Column(
            stage.pk,
            stage.name,
            stage.colour,
            stage.probability or 0,
            stage.is_active,
            stage.stale_after_days,
            totals.get(stage.pk, Totals()),
            pages.get(stage.pk, Cards()),
        )
        for stage in stages
    ]
    return Board(columns, [column for column in columns if column.pk in limits])


def more_cards(actor: Actor, stage: Stage, selection: Selection, after: Place) -> Cards:
    """The next cards of a column, below a place in it."""
    limits = {stage.pk: stage.stale_after_days}
    return first_cards(actor, limits, selection.narrowing, selection.order, after=after)[stage.pk]


def shown_as_far(actor: Actor, column: Column, selection: Selection, cards: int) -> Column:
    """The column with as many cards as a page shows of it, by whole pages: so it keeps its length, and where one is in it."""
    page = column.page
    while page.after and len(page.cards) < min(cards, MOST_SHOWN):
        limits = {column.pk: column.stale_after_days}
        after = Place.read(page.after)
        more = first_cards(actor, limits, selection.narrowing, selection.order, after=after)[column.pk]
        page = Cards([*page.cards, *more.cards], more.after, more.following)
    return replace(column, page=page)


@prepared
def pipelines() -> QuerySet[Pipeline]:
    """The pipelines in use, in their order."""
    return Pipeline.active()


def choosable_owners(actor: Actor) -> QuerySet[Membership]:
    """Active members whose opportunities the actor may see, by name."""
    return _active_members(actor.company.pk, seen_owners(actor))


def owners_on_offer(actor: Actor) -> list[Membership]:
    """All of `choosable_owners`."""
    return _owners(actor.company.pk, seen_owners(actor))


@prepared
def sources_on_offer() -> QuerySet[Source]:
    """All sources in their order: opportunities may still have one that is out of use."""
    return Source.objects.all()


def _active_members(company_id: int, owners: tuple[int, ...] | None) -> QuerySet[Membership]:
    members = Membership.objects.filter(company_id=company_id, is_active=True).order_by("name_folded", "pk")
    return members if owners is None else members.filter(OneOf("pk", owners))


_owners = prepared(_active_members)
