"""The bulk twin of `record()`: what bulk work records, gathered first and inserted in the transaction of the work."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from typing import Any, Protocol

from django.db.models import QuerySet
from django.utils import timezone

from oportuna.accounts.actor import Actor
from oportuna.accounts.one_of import OneOf
from oportuna.records.rows import converted, insert_converted, insert_selected
from oportuna.sales import changes as boards
from oportuna.sales import ledger
from oportuna.sales.history import INSTANT, day_of, pipelines_of
from oportuna.sales.ledger import OPEN, HasState, Lines, State
from oportuna.sales.models import Customer, HistoryEntry, Opportunity, OpportunityVersion, Stage, Verb
from oportuna.sales.models.version import VERSIONED


class Recorded(HasState, Protocol):
    """An opportunity as bulk work holds it: the model's own, or what a bulk writer has just inserted."""

    pk: int
    customer_id: int
    created_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Change:
    """One opportunity's change in bulk work: what `record()` is told, with the version it closes."""

    opportunity: Recorded
    current: OpportunityVersion | None = None
    changes: dict[str, list[Any]] = field(default_factory=dict)
    from_stage: Stage | None = None
    to_stage: Stage | None = None


class Records:
    """What bulk work records: gathered and converted before the transaction of the work itself, then only inserted.

    The bulk twin of `record()` and `record_customer()`: the same entries and versions, and the sums of the same
    ledger lines.
    """

    def __init__(self, *, by: Actor, at: datetime | None = None) -> None:
        self._at = at or timezone.now()
        self._zone = by.company.zone
        self._day = day_of(self._at, self._zone)
        self._by = (by.membership.pk, by.via.value)
        self._lines = Lines()
        self._closed: list[OpportunityVersion] = []
        self._versions: list[tuple[Any, ...]] = []
        self._entries: list[tuple[Any, ...]] = []
        self._created: list[int] = []
        self._born_closed = False
        self._created_customers: list[int] = []

    def add_created(self, opportunities: Iterable[Recorded]) -> None:
        """Opportunities that were registered: by then their rows are there, from which the database copies.

        One that had ended before stood open from its `created_at` to its `closed_at`: `add_closed` says how it ended.
        """
        for opportunity in opportunities:
            self._created.append(opportunity.pk)
            state, created_on = State.of(opportunity), self._day_of(opportunity.created_at)
            if opportunity.closed_at is None:
                self._lines.enter(created_on, None, state)
            else:
                self._born_closed = True
                opened = state._replace(status=OPEN)
                self._lines.enter(created_on, None, opened)
                self._lines.enter(self._day_of(opportunity.closed_at), opened, state)

    def add_closed(self, closed: Iterable[tuple[Recorded, dict[str, list[Any]]]]) -> None:
        """The endings of opportunities that were registered won or lost, with what is said of them."""
        for one, changes in closed:
            self._enter(one, Verb(one.status), one.stage_id, None, changes)

    def add_planned(self, planned: Iterable[tuple[Recorded, int, date]]) -> None:
        """What is to be done next on opportunities: an activity's id and its day."""
        for one, activity_id, due_on in planned:
            self._enter(one, Verb.PLANNED, None, activity_id, {"due_on": [None, due_on.isoformat()]})

    def _enter(
        self,
        one: Recorded,
        verb: Verb,
        from_stage_id: int | None,
        activity_id: int | None,
        changes: dict[str, list[Any]],
    ) -> None:
        who = (one.pk, one.customer_id, verb.value, self._at, *self._by)
        self._entries.append((*who, from_stage_id, None, activity_id, changes))

    def _day_of(self, instant: datetime) -> date:
        return self._day if instant is self._at else day_of(instant, self._zone)

    def add_created_customers(self, customers: Iterable[int]) -> None:
        """Customers that were registered, by their ids, with whoever came with them: from their rows too."""
        self._created_customers.extend(customers)

    def add_edited_customers(self, edited: Iterable[tuple[int, dict[str, list[Any]]]]) -> None:
        """Customers that were edited, by their ids with what changed."""
        for pk, changes in edited:
            self._entries.append(
                (None, pk, Verb.EDITED.value, self._at, *self._by, None, None, None, changes)
            )

    def add(self, verb: Verb, done: Iterable[Change]) -> None:
        """Opportunities that something was done to."""
        for change in done:
            opportunity, current = change.opportunity, change.current
            before, state = State.of(current) if current else None, State.of(opportunity)
            at, day = self._at, self._day
            if state != before:
                if current:
                    at = max(at, current.valid_from + INSTANT)
                    day = day_of(at, self._zone)
                    current.valid_to = at
                    self._closed.append(current)
                self._versions.append((opportunity.pk, at, *_versioned(opportunity)))
                self._lines.enter(day, before, state)
            stages = (change.from_stage and change.from_stage.pk, change.to_stage and change.to_stage.pk)
            who = (opportunity.pk, opportunity.customer_id, verb.value, at, *self._by)
            self._entries.append((*who, *stages, None, change.changes))

    def convert(self) -> None:
        """Make everything ready to be inserted."""
        self._ready_versions = list(converted(OpportunityVersion, _VERSION_COLUMNS, self._versions))
        self._ready_entries = list(converted(HistoryEntry, _ENTRY_COLUMNS, self._entries))
        self._pipelines = pipelines_of(self._lines)

    def write(self) -> None:
        """Insert what was converted, in the transaction of the work itself."""
        OpportunityVersion.objects.bulk_update(self._closed, ["valid_to"], batch_size=500)
        insert_converted(OpportunityVersion, _VERSION_COLUMNS, self._ready_versions)
        if self._created_customers:
            customers = Customer.objects.filter(OneOf("pk", self._created_customers))
            _require(self._copy_entries(customers, {"customer_id": "pk"}), self._created_customers)
        if self._created:
            self._copy_created()
        # Behind those that were copied: what was registered was so before anything was done to it.
        insert_converted(HistoryEntry, _ENTRY_COLUMNS, self._ready_entries)
        ledger.write(self._lines, self._pipelines)
        boards.note()

    def _copy_created(self) -> None:
        created = Opportunity.objects.filter(OneOf("pk", self._created))
        versions = self._copy_versions(created)
        entries = self._copy_entries(
            created, {"opportunity_id": "pk", "customer_id": "customer_id", "to_stage_id": "stage_id"}
        )
        _require(min(versions, entries), self._created)

    def _copy_versions(self, created: QuerySet[Opportunity]) -> int:
        """One version each; of those that have ended one more, from when they did. Returns of how many."""
        copied = {"opportunity_id": "pk", "valid_from": "created_at", **{name: name for name in VERSIONED}}
        if not self._born_closed:
            return insert_selected(OpportunityVersion, created, copied=copied, constants={})
        opened, closed = created.filter(closed_at__isnull=True), created.filter(closed_at__isnull=False)
        before = {name: column for name, column in copied.items() if name != "status"}
        ended = insert_selected(
            OpportunityVersion, closed, copied={**before, "valid_to": "closed_at"}, constants={"status": OPEN}
        )
        insert_selected(
            OpportunityVersion, closed, copied={**copied, "valid_from": "closed_at"}, constants={}
        )
        return ended + insert_selected(OpportunityVersion, opened, copied=copied, constants={})

    def _copy_entries(self, created: QuerySet[Any], copied: dict[str, str]) -> int:
        by_id, via = self._by
        constants = {"verb": Verb.CREATED.value, "at": self._at, "by_id": by_id, "via": via}
        return insert_selected(HistoryEntry, created, copied=copied, constants=constants)


def _require(copied: int, registered: Sequence[int]) -> None:
    """Nothing is registered without its entry and its version. Raises RuntimeError."""
    if copied != len(registered):
        raise RuntimeError(f"{copied} of {len(registered)} registered rows were found.")


_VERSION_COLUMNS = ("opportunity_id", "valid_from", *VERSIONED)
_versioned = attrgetter(*VERSIONED)
_ENTRY_COLUMNS = (
    *("opportunity_id", "customer_id", "verb", "at", "by_id", "via"),
    *("from_stage_id", "to_stage_id", "activity_id", "changes"),
)
