"""Taking an import back, a batch of rows at a time, from the last to the first.

What the import created goes for good, what it changed goes back, except what people have worked on since: an entry in
the history that is not the import's own, be it a person's or a later import's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from oportuna.accounts.actor import Actor, Via
from oportuna.accounts.one_of import OneOf
from oportuna.imports.models import ImportJob, ImportRow, Outcome, Undone
from oportuna.imports.reverting import revert
from oportuna.imports.updating import Changed
from oportuna.records.rows import update_rows
from oportuna.sales.actions import removal
from oportuna.sales.models import Customer, HistoryEntry, Opportunity, Verb

_WROTE = (Outcome.CREATED, Outcome.UPDATED)


@dataclass(slots=True)
class Written:
    """A row that the import wrote, and what becomes of it."""

    pk: int
    number: int
    outcome: str
    opportunity_id: int | None
    customer_id: int | None
    changed: Changed | None
    undone: str = ""


def written(job: ImportJob, most: int) -> list[Written]:
    """The next rows that are to be taken back, the last of the file first."""
    rows = ImportRow.objects.filter(job=job, number__lt=job.cursor, outcome__in=_WROTE).order_by("-number")
    fields = ("pk", "number", "outcome", "opportunity_id", "customer_id", "changed")
    return [Written(*row) for row in rows.values_list(*fields)[:most]]


def take_back(job: ImportJob, rows: Sequence[Written], by: Actor) -> None:
    """Take the rows back and record it, in the transaction that holds the import."""
    created = {
        row.opportunity_id: row for row in rows if row.outcome == Outcome.CREATED and row.opportunity_id
    }
    _hold(rows)
    kept = _worked_on(job, "opportunity_id", created)
    gone = [pk for pk in created if pk not in kept]
    _let_go("opportunity", gone)
    removal.remove_opportunities(gone, by=by)
    left = _customers_to_remove(job, {row.customer_id for row in rows if row.customer_id})
    _let_go("customer", left)
    removal.remove_customers(left, by=by)
    for row in rows:
        is_whole = row.opportunity_id not in kept
        if is_whole and row.changed and row.customer_id not in left:
            is_whole = revert(row.changed, by)
        if row.outcome == Outcome.CREATED:
            row.undone = Undone.GONE if is_whole else Undone.KEPT
        else:
            row.undone = Undone.RESTORED if is_whole else Undone.KEPT
        if row.opportunity_id in created and row.opportunity_id not in kept:
            row.opportunity_id = None
        if row.customer_id in left:
            row.customer_id = None
    update_rows(
        ImportRow,
        ("opportunity_id", "customer_id", "undone"),
        [(row.opportunity_id, row.customer_id, str(row.undone), row.pk) for row in rows],
    )
    kept_now = sum(row.undone == Undone.KEPT for row in rows)
    job.kept_back += kept_now
    job.taken_back += len(rows) - kept_now
    job.done += len(rows)
    job.cursor = rows[-1].number
    job.save(update_fields=["kept_back", "taken_back", "done", "cursor"])


def _hold(rows: Sequence[Written]) -> None:
    """Until the transaction ends nobody works on what is to go: whoever does begins with the row's lock."""
    for model, ids in (
        (Customer, {row.customer_id for row in rows if row.customer_id}),
        (Opportunity, {row.opportunity_id for row in rows if row.opportunity_id}),
    ):
        held = model._default_manager.filter(OneOf("pk", ids)).order_by("pk").select_for_update()
        list(held.values_list("pk", flat=True))


def _worked_on(job: ImportJob, column: str, ids: Iterable[int]) -> set[int]:
    """Those with an entry in their history that the import did not write itself."""
    entries = HistoryEntry.objects.filter(OneOf(column, ids)).exclude(_own(job))
    return set(entries.order_by().values_list(column, flat=True))


def _own(job: ImportJob) -> Q:
    """The import's own entries: of a company one runs at a time."""
    return Q(via=Via.IMPORT.value, at__gte=job.started_at, at__lte=job.finished_at)


def _customers_to_remove(job: ImportJob, ids: set[int]) -> set[int]:
    """Of these customers those whom the import registered, who have no opportunity left, and whom nobody worked on."""
    entries = HistoryEntry.objects.filter(OneOf("customer_id", ids)).filter(_own(job))
    brought = set(
        entries.filter(opportunity__isnull=True, verb=Verb.CREATED)
        .order_by()
        .values_list("customer_id", flat=True)
    )
    used = Opportunity.objects.filter(OneOf("customer_id", brought)).order_by()
    brought -= set(used.values_list("customer_id", flat=True))
    return brought - _worked_on(job, "customer_id", brought)


def _let_go(name: str, ids: Iterable[int]) -> None:
    """No row of any import names what goes."""
    rows: Any = ImportRow.objects.filter(OneOf(f"{name}_id", list(ids)))
    rows.update(**{name: None})
