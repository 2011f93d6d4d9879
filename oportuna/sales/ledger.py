"""Totals kept as in bookkeeping: what a change of an opportunity moves into and out of places, and folding it.

A state is what a version holds. The lines between two states follow from the states alone, so that totals can be made
again from versions at any time and must agree (`oportuna check`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple, Protocol

from oportuna.fields import CENTS, cents
from oportuna.records.rows import insert_rows
from oportuna.sales.models import LedgerKind, LedgerLine

OPEN, WON, LOST = "open", "won", "lost"


class HasState(Protocol):
    """An opportunity or one of its versions."""

    stage_id: int
    status: str
    value: Decimal | None
    owner_id: int | None
    source_id: int | None
    probability: int | None
    expected_close_on: date | None


STATE = ("stage_id", "status", CENTS, "owner_id", "source_id", "probability", "expected_close_on")
"""What makes a State of a row, for `values_list`."""


class State(NamedTuple):
    """What a version holds; the value in cents."""

    stage_id: int
    status: str
    cents: int | None
    owner_id: int | None
    source_id: int | None
    probability: int | None
    expected_close_on: date | None

    @classmethod
    def of(cls, row: HasState) -> "State":
        """The state of an opportunity, or of a version."""
        return cls(
            row.stage_id,
            row.status,
            None if row.value is None else cents(row.value),
            row.owner_id,
            row.source_id,
            row.probability,
            row.expected_close_on,
        )


class Place(NamedTuple):
    """Where an open opportunity stands; its pipeline follows from the stage."""

    stage_id: int
    owner_id: int | None
    source_id: int | None


class Amounts(NamedTuple):
    """What stands somewhere, or enters (positive) and leaves (negative): see `models.ledger.Sums`."""

    count: int = 0  # type: ignore[assignment]  # hides tuple.count(), which nobody asks here
    cents: int = 0
    stage_cents: int = 0
    own_weighted: int = 0

    def plus(self, other: "Amounts") -> "Amounts":
        """The sum of both."""
        return Amounts(
            self.count + other.count,
            self.cents + other.cents,
            self.stage_cents + other.stage_cents,
            self.own_weighted + other.own_weighted,
        )

    def minus(self, other: "Amounts") -> "Amounts":
        """The difference of both."""
        return Amounts(
            self.count - other.count,
            self.cents - other.cents,
            self.stage_cents - other.stage_cents,
            self.own_weighted - other.own_weighted,
        )


_Key = tuple[date, LedgerKind, Place]


class Lines:
    """Sums of ledger lines by day, kind and place."""

    def __init__(self) -> None:
        self.sums: defaultdict[_Key, Amounts] = defaultdict(Amounts)

    def enter(self, day: date, before: State | None, after: State) -> None:
        """Add what the change from one state to the next moves; None is before it was created."""
        for kind, left, entered in _steps(before, after):
            if left is not None:
                key = (day, kind, place_of(left))
                self.sums[key] = self.sums[key].minus(amounts_of(left))
            if entered is not None:
                key = (day, kind, place_of(entered))
                self.sums[key] = self.sums[key].plus(amounts_of(entered))

    def negated(self) -> "Lines":
        """The lines that take these back: deleting leaves every day's figures, past ones included."""
        other = Lines()
        for key, amounts in self.sums.items():
            other.sums[key] = Amounts().minus(amounts)
        return other

    def add(self, other: "Lines") -> None:
        """Add other lines to these."""
        for key, amounts in other.sums.items():
            self.sums[key] = self.sums[key].plus(amounts)

    def rows(self) -> Iterator[tuple[_Key, Amounts]]:
        """The sums that are not all zero."""
        return ((key, amounts) for key, amounts in self.sums.items() if any(amounts))


def place_of(state: State) -> Place:
    """The place in which an open opportunity in this state stands."""
    return Place(state.stage_id, state.owner_id, state.source_id)


def amounts_of(state: State) -> Amounts:
    """What one open opportunity in this state adds to its place."""
    value = state.cents or 0
    if state.probability is None:
        return Amounts(1, value, value, 0)
    return Amounts(1, value, 0, value * state.probability)


_Step = tuple[LedgerKind, State | None, State | None]


def _steps(before: State | None, after: State) -> Iterator[_Step]:
    """Cut a change into single moves, each of one kind: (kind, the state left, the state entered)."""
    opened = after if after.status == OPEN else after._replace(status=OPEN)
    if before is None:
        yield LedgerKind.CREATED, None, opened
    elif before.status == OPEN:
        yield from _changes(before, opened)
    elif after.status == OPEN:
        reopened = before._replace(status=OPEN)
        yield LedgerKind.REOPENED, None, reopened
        yield from _changes(reopened, opened)
    if after.status != OPEN and (before is None or before.status == OPEN):
        yield LedgerKind.WON if after.status == WON else LedgerKind.LOST, opened, None


_CHANGED_BY = (
    (LedgerKind.MOVED, ("stage_id",)),
    (LedgerKind.ASSIGNED, ("owner_id",)),
    (LedgerKind.SOURCED, ("source_id",)),
    (LedgerKind.VALUED, ("cents", "probability")),
)


def _changes(before: State, after: State) -> Iterator[_Step]:
    """One move for the stage, the owner, the source and the worth, each if it differs; `before` becomes `after` on the way."""
    now = before
    for kind, names in _CHANGED_BY:
        then = now
        for name in names:
            if getattr(now, name) != getattr(after, name):
                then = then._replace(**{name: getattr(after, name)})
        if then is not now:
            yield kind, now, then
            now = then


def lines_of(versions: Iterable[tuple[date, State]]) -> Lines:
    """All lines that an opportunity's versions, oldest first, have made, each on its own day."""
    lines, before = Lines(), None
    for day, state in versions:
        lines.enter(day, before, state)
        before = state
    return lines


def write(lines: Lines, pipelines: dict[int, int]) -> None:
    """Insert the lines; `pipelines` gives the pipeline of each stage."""
    rows = [
        (day, kind.value, pipelines[place.stage_id], *place, *amounts)
        for (day, kind, place), amounts in lines.rows()
    ]
    if rows:
        insert_rows(LedgerLine, ("day", "kind", "pipeline_id", *Place._fields, *Amounts._fields), rows)
