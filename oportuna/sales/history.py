"""`record()`: with its bulk twin (`bulk_history.py`) the only writer of history entries, versions and ledger lines."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone

from oportuna.accounts.actor import Actor
from oportuna.accounts.one_of import OneOf
from oportuna.accounts.prepared import prepared
from oportuna.sales import changes as boards
from oportuna.sales import ledger
from oportuna.sales.ledger import STATE, Lines, State
from oportuna.sales.models import (
    Activity,
    Customer,
    HistoryEntry,
    Opportunity,
    OpportunityVersion,
    Stage,
    Verb,
)

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
    boards.note()
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
    """Write that somebody did something to a customer, whose name stands on cards."""
    boards.note()
    return HistoryEntry.objects.create(
        customer=customer,
        activity=activity,
        verb=verb,
        at=timezone.now(),
        by=by.membership,
        via=by.via,
        changes=changes or {},
    )


class Footprints:
    """What opportunities, by their ids, have left in the days' totals; read when it is made."""

    def __init__(self, opportunities: Sequence[int], zone: ZoneInfo) -> None:
        self._steps: list[tuple[int, date, State]] = [
            (pk, day_of(valid_from, zone), State(*state))
            for pk, valid_from, *state in _versions(tuple(opportunities))
        ]

    def leave(self, *, but: Collection[int] = ()) -> None:
        """Take them out of every day's totals, all but these: they go to the trash, or for good."""
        _write_lines(self._lines(but).negated())

    def come_back(self) -> None:
        """Put restored ones back into every day's totals."""
        _write_lines(self._lines(()))

    def _lines(self, but: Collection[int]) -> Lines:
        lines, before = Lines(), dict[int, State]()
        for pk, day, state in self._steps:
            if pk not in but:
                lines.enter(day, before.get(pk), state)
                before[pk] = state
        return lines


def day_of(instant: datetime, zone: ZoneInfo) -> date:
    """The company's day of an instant."""
    return instant.astimezone(zone).date()


def noon_of(day: date, zone: ZoneInfo) -> datetime:
    """The instant that stands for a company's past day of which nobody knows the hour."""
    return datetime.combine(day, time(12), zone).astimezone(UTC)


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


@prepared
def _versions(opportunities: tuple[int, ...]) -> QuerySet[Any, tuple[Any, ...]]:
    theirs = OpportunityVersion.objects.filter(OneOf("opportunity_id", opportunities))
    return theirs.order_by("valid_from").values_list("opportunity_id", "valid_from", *STATE)


def _write_lines(lines: Lines) -> None:
    ledger.write(lines, pipelines_of(lines))


def pipelines_of(lines: Lines) -> dict[int, int]:
    """The pipeline of each stage that the lines name."""
    stages = {key[2].stage_id for key, _amounts in lines.rows()}
    return dict(_pipelines(tuple(stages))) if stages else {}


@prepared
def _pipelines(stages: tuple[int, ...]) -> QuerySet[Any, tuple[int, int]]:
    return Stage.objects.filter(OneOf("pk", stages)).values_list("pk", "pipeline_id")
