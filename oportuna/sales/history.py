"""`record()` and its bulk twin: the only writers of history entries, versions and ledger lines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone

from oportuna.accounts.actor import Actor
from oportuna.accounts.one_of import OneOf
from oportuna.accounts.prepared import prepared
from oportuna.records.rows import converted, insert_converted, insert_selected
from oportuna.sales import ledger
from oportuna.sales.ledger import HasState, Lines, State
from oportuna.sales.models import (
    Activity,
    Customer,
    HistoryEntry,
    Opportunity,
    OpportunityVersion,
    Stage,
    Verb,
)
from oportuna.sales.models.version import VERSIONED

INSTANT = timedelta(microseconds=1)


def record(
    verb: Verb,
    opportunity: Opportunity,
    *,
    by: Actor,
    at: datetime | None = None,
    changes: dict[str, list[Any]] | None = None,
    from_stage: Stage | None = None,
    to_stage: Stage | None = None,
    activity: Activity | None = None,
) -> HistoryEntry:
    """Write that somebody did something to a saved, locked opportunity: one entry, and the version when it now differs.

    `at` is the instant taken after the row was locked. `changes` maps a field to [before, after], values as people
    read them (`changes.shown()`).
    """
    at = at or timezone.now()
    state = State.of(opportunity)
    current = OpportunityVersion.objects.filter(opportunity=opportunity, valid_to__isnull=True).first()
    before = State.of(current) if current else None
    if state != before:
        if current:
            at = max(at, current.valid_from + INSTANT)
            OpportunityVersion.objects.filter(pk=current.pk).update(valid_to=at)
        _version(opportunity, at).save(force_insert=True)
        lines = Lines()
        lines.enter(day_of(at, by.company.zone), before, state)
        _write_lines(lines)
    return HistoryEntry.objects.create(
        opportunity=opportunity,
        customer_id=opportunity.customer_id,
        activity=activity,
        verb=verb,
        at=at,
        by=by.membership,
        via=by.via,
        from_stage=from_stage,
        to_stage=to_stage,
        changes=changes or {},
    )


def record_customer(
    verb: Verb, customer: Customer, *, by: Actor, changes: dict[str, list[Any]] | None = None,
    activity: Activity | None = None,
) -> HistoryEntry:  # fmt: skip
    """Write that somebody did something to a customer."""
    return HistoryEntry.objects.create(
        customer=customer,
        activity=activity,
        verb=verb,
        at=timezone.now(),
        by=by.membership,
        via=by.via,
        changes=changes or {},
    )


class Recorded(HasState, Protocol):
    """An opportunity as bulk work holds it: the model's own, or what a bulk writer has just inserted."""

    pk: int
    customer_id: int


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
        self._created_customers: list[int] = []

    def add_created(self, opportunities: Iterable[Recorded]) -> None:
        """Open opportunities that were registered: by then their rows are there, from which the database copies."""
        for opportunity in opportunities:
            self._created.append(opportunity.pk)
            self._lines.enter(self._day, None, State.of(opportunity))

    def add_created_customers(self, customers: Iterable[int]) -> None:
        """Customers that were registered, by their ids, with whoever came with them: from their rows too."""
        self._created_customers.extend(customers)

    def add_edited_customers(self, edited: Iterable[tuple[int, dict[str, list[Any]]]]) -> None:
        """Customers that were edited, by their ids with what changed."""
        for pk, changes in edited:
            self._entries.append((None, pk, Verb.EDITED.value, self._at, *self._by, None, None, changes))

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
            self._entries.append((*who, *stages, change.changes))

    def convert(self) -> None:
        """Make everything ready to be inserted."""
        self._ready = [
            (model, columns, list(converted(model, columns, rows)))
            for model, columns, rows in (
                (OpportunityVersion, _VERSION_COLUMNS, self._versions),
                (HistoryEntry, _ENTRY_COLUMNS, self._entries),
            )
        ]
        self._pipelines = _pipelines(self._lines)

    def write(self) -> None:
        """Insert what was converted, in the transaction of the work itself."""
        OpportunityVersion.objects.bulk_update(self._closed, ["valid_to"], batch_size=500)
        for model, columns, rows in self._ready:
            insert_converted(model, columns, rows)
        if self._created_customers:
            customers = Customer.objects.filter(OneOf("pk", self._created_customers))
            _require(self._copy_entries(customers, {"customer_id": "pk"}), self._created_customers)
        if self._created:
            self._copy_created()
        ledger.write(self._lines, self._pipelines)

    def _copy_created(self) -> None:
        created = Opportunity.objects.filter(OneOf("pk", self._created))
        versions = insert_selected(
            OpportunityVersion,
            created,
            copied={"opportunity_id": "pk", **dict(zip(VERSIONED, VERSIONED, strict=True))},
            constants={"valid_from": self._at},
        )
        entries = self._copy_entries(
            created, {"opportunity_id": "pk", "customer_id": "customer_id", "to_stage_id": "stage_id"}
        )
        _require(min(versions, entries), self._created)

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
    *("from_stage_id", "to_stage_id", "changes"),
)


def leave_figures(opportunities: Iterable[Opportunity], zone: ZoneInfo) -> None:
    """Take opportunities out of every day's totals: they go to the trash, or for good."""
    _write_lines(_all_lines(opportunities, zone).negated())


def return_to_figures(opportunities: Iterable[Opportunity], zone: ZoneInfo) -> None:
    """Put restored opportunities back into every day's totals."""
    _write_lines(_all_lines(opportunities, zone))


def day_of(instant: datetime, zone: ZoneInfo) -> date:
    """The company's day of an instant."""
    return instant.astimezone(zone).date()


def seconds_between(begin: datetime, end: datetime) -> int:
    """Whole seconds from one instant to a later one."""
    return (end - begin) // timedelta(seconds=1)


def _version(opportunity: Opportunity, at: datetime) -> OpportunityVersion:
    return OpportunityVersion(
        opportunity=opportunity,
        valid_from=at,
        stage_id=opportunity.stage_id,
        status=opportunity.status,
        value=opportunity.value,
        owner_id=opportunity.owner_id,
        source_id=opportunity.source_id,
        probability=opportunity.probability,
        expected_close_on=opportunity.expected_close_on,
    )


def _all_lines(opportunities: Iterable[Opportunity], zone: ZoneInfo) -> Lines:
    lines = Lines()
    chains: dict[int, list[tuple[date, State]]] = {opportunity.pk: [] for opportunity in opportunities}
    for version in OpportunityVersion.objects.filter(opportunity__in=list(chains)).order_by("valid_from"):
        chains[version.opportunity_id].append((day_of(version.valid_from, zone), State.of(version)))
    for chain in chains.values():
        lines.add(ledger.lines_of(chain))
    return lines


def _write_lines(lines: Lines) -> None:
    ledger.write(lines, _pipelines(lines))


def _pipelines(lines: Lines) -> dict[int, int]:
    """The pipeline of each stage that the lines name."""
    stages = {key[2].stage_id for key, _amounts in lines.rows()}
    return dict(_pipelines_of(tuple(stages))) if stages else {}


@prepared
def _pipelines_of(stages: tuple[int, ...]) -> QuerySet[Any, tuple[int, int]]:
    return Stage.objects.filter(OneOf("pk", stages)).values_list("pk", "pipeline_id")
