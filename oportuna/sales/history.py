"""`record()` and its bulk twin: the only writers of history entries, versions and ledger lines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.utils import timezone

from oportuna.accounts.actor import Actor
from oportuna.records.rows import insert_rows
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


def record_many(verb: Verb, done: Sequence[Change], *, by: Actor, at: datetime | None = None) -> None:
    """The bulk twin of `record()`: the same entries and versions, and the sums of the same ledger lines."""
    at = at or timezone.now()
    lines, closed = Lines(), []
    versions: list[tuple[Any, ...]] = []
    entries: list[tuple[Any, ...]] = []
    mine, via = by.membership.pk, by.via.value
    for change in done:
        opportunity, current = change.opportunity, change.current
        before, state = State.of(current) if current else None, State.of(opportunity)
        instant = at
        if state != before:
            if current:
                instant = max(at, current.valid_from + INSTANT)
                current.valid_to = instant
                closed.append(current)
            versions.append((opportunity.pk, instant, *(getattr(opportunity, name) for name in VERSIONED)))
            lines.enter(day_of(instant, by.company.zone), before, state)
        stages = (change.from_stage and change.from_stage.pk, change.to_stage and change.to_stage.pk)
        who = (opportunity.pk, opportunity.customer_id, verb.value, instant, mine, via)
        entries.append((*who, *stages, change.changes))
    OpportunityVersion.objects.bulk_update(closed, ["valid_to"], batch_size=500)
    insert_rows(OpportunityVersion, ("opportunity_id", "valid_from", *VERSIONED), versions)
    insert_rows(HistoryEntry, _ENTRY_COLUMNS, entries)
    _write_lines(lines)


_ENTRY_COLUMNS = (
    *("opportunity_id", "customer_id", "verb", "at", "by_id", "via"),
    *("from_stage_id", "to_stage_id", "changes"),
)


def record_customers(
    verb: Verb, done: Sequence[tuple[int, dict[str, list[Any]]]], *, by: Actor, at: datetime | None = None
) -> None:
    """The bulk twin of `record_customer()`: `done` holds ids of customers with their changes."""
    if not done:
        return
    at = at or timezone.now()
    who = (verb.value, at, by.membership.pk, by.via.value)
    insert_rows(
        HistoryEntry,
        ("customer_id", "verb", "at", "by_id", "via", "changes"),
        [(pk, *who, changes) for pk, changes in done],
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
    stages = {key[2].stage_id for key, _amounts in lines.rows()}
    pipelines = dict(Stage.objects.filter(pk__in=stages).values_list("pk", "pipeline_id")) if stages else {}
    ledger.write(lines, pipelines)
