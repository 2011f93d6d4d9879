"""Taking an import back, a batch of rows at a time, from the last to the first.

What the import created goes for good, what it changed goes back, except what people have worked on since: an entry in
the history that is not the import's own, be it a person's or a later import's.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from oportuna.accounts.actor import Actor, Via
from oportuna.accounts.one_of import OneOf
from oportuna.accounts.prepared import prepared
from oportuna.imports.models import ImportJob, ImportRow, Outcome, Undone
from oportuna.imports.writing.reverting import revert
from oportuna.imports.writing.updating import Changed
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
    of_row: int | None
    undone: str = ""


class TakingBack:
    """The next rows that are to be taken back, the last of the file first.

    Making it reads; `write` holds them, looks what people have worked on since, and takes the others back.
    """

    def __init__(self, job: ImportJob, most: int, by: Actor) -> None:
        self._by = by
        found = ImportRow.objects.filter(job=job, number__lt=job.cursor, outcome__in=_WROTE).order_by(
            "-number"
        )
        self.rows = [Written(*row) for row in found.values_list(*_FIELDS)[:most]]
        self._created = [
            row.opportunity_id
            for row in self.rows
            if row.outcome == Outcome.CREATED and row.opportunity_id is not None
        ]
        self._customers = tuple({row.customer_id for row in self.rows if row.customer_id is not None})
        self._removal = removal.Removal(self._created, by=by)

    @property
    def is_empty(self) -> bool:
        """Whether all rows were taken back."""
        return not self.rows

    def write(self, job: ImportJob) -> None:
        """Take the rows back and record it, in the transaction that holds the import."""
        self._hold()
        own = _own(job)
        kept = _worked_on(self._created, own)
        self._let_go(job, "opportunity", [pk for pk in self._created if pk not in kept])
        self._removal.write(but=kept)
        left, stays = _left_over(self._customers, own, job)
        self._let_go(job, "customer", left)
        removal.remove_customers(left, by=self._by)
        gone = set(self._created) - kept
        changed = {
            row.pk: [one for one in row.changed if not (row.opportunity_id in gone and _goes_along(one))]
            for row in self.rows
            if row.changed and row.opportunity_id not in kept and row.customer_id not in left
        }
        parts: set[int] = set()
        if changed:
            people = _people_worked_on(self._customers, own, job)
            parts = revert(changed, job, self._by, but=people)
        for row in self.rows:
            brings = row.outcome == Outcome.CREATED and row.of_row is None
            is_whole = row.opportunity_id not in kept and not (brings and row.customer_id in stays)
            is_whole = is_whole and row.pk not in parts
            undone = Undone.GONE if row.outcome == Outcome.CREATED else Undone.RESTORED
            row.undone = (undone if is_whole else Undone.KEPT).value
            if row.opportunity_id in gone:
                row.opportunity_id = None
            if row.customer_id in left:
                row.customer_id = None
        self._keep(job)

    def _hold(self) -> None:
        """Until the transaction ends nobody works on what is to go: whoever does begins with the row's lock."""
        if connection.vendor == "sqlite":
            return  # nobody else writes meanwhile
        touched = tuple({row.opportunity_id for row in self.rows if row.opportunity_id is not None})
        customers = Customer.objects.filter(OneOf("pk", self._customers)).select_for_update(no_key=True)
        opportunities = Opportunity.objects.filter(OneOf("pk", touched)).select_for_update()
        for held in (customers, opportunities):
            list(held.order_by("pk").values_list("pk", flat=True))

    def _let_go(self, job: ImportJob, name: str, ids: Collection[int]) -> None:
        """No other row of any import names what goes; these are written at the end."""
        these = Q(job=job, number__gte=self.rows[-1].number, number__lte=self.rows[0].number)
        others: Any = ImportRow.objects.filter(~these, OneOf(f"{name}_id", ids))
        if ids:
            others.update(**{name: None})

    def _keep(self, job: ImportJob) -> None:
        update_rows(
            ImportRow,
            ("opportunity_id", "customer_id", "undone"),
            [(row.opportunity_id, row.customer_id, row.undone, row.pk) for row in self.rows],
        )
        kept = sum(row.undone == Undone.KEPT for row in self.rows)
        job.kept_back += kept
        job.taken_back += len(self.rows) - kept
        job.done += len(self.rows)
        job.cursor = self.rows[-1].number
        job.save(update_fields=["kept_back", "taken_back", "done", "cursor"])


_FIELDS = ("pk", "number", "outcome", "opportunity_id", "customer_id", "changed", "duplicate_of_row")


def _own(job: ImportJob) -> Q:
    """The entries that the import wrote itself, being written or taken back: of a company one does so at a time."""
    # Said by what it is not: of two spans of time joined by OR, SQLite reads the entries of the whole company twice.
    others = Q(at__lt=job.started_at) | Q(at__gt=job.finished_at, at__lt=job.undone_at)
    return Q(via=Via.IMPORT.value) & ~others


def _goes_along(one: dict[str, Any]) -> bool:
    """Whether what was changed is gone with the opportunity: a later row of the import may have changed what another created."""
    return one["what"] in ("opportunity", "tags", "activity")


def _worked_on(ids: Sequence[int], own: Q) -> set[int]:
    """Those opportunities with an entry in their history that the import did not write itself."""
    return set(_others_of_opportunities(tuple(ids), own)) if ids else set()


def _people_worked_on(customers: Sequence[int], own: Q, job: ImportJob) -> set[tuple[int, str]]:
    """(customer, name) of the people whom others than the import have added or edited since it began."""
    entries = HistoryEntry.objects.filter(
        ~own, OneOf("customer_id", customers), at__gte=job.started_at, changes__has_key="contact"
    )
    found = entries.order_by().values_list("customer_id", "changes")
    return {(customer, changes["contact"][1]) for customer, changes in found}


def _left_over(customers: tuple[int, ...], own: Q, job: ImportJob) -> tuple[set[int], set[int]]:
    """Of these customers those whom the import registered, who have no opportunity left, and whom nobody worked on.

    And those of whom somebody worked on more than what the import brought of them.
    """
    brought = set(_registered(customers, own)) if customers else set()
    others = set(_others_of_customers(customers, own)) if brought else set()
    mine = _written_by(job, {pk for _customer, pk in others if pk is not None})
    stays = {customer for customer, pk in others if customer in brought and pk not in mine}
    brought -= {customer for customer, _pk in others}
    return (brought - set(_with_opportunities(tuple(brought))) if brought else brought), stays


# Of an import `own` is always the same: a shape of the statement, compiled once.
@prepared
def _others_of_opportunities(ids: tuple[int, ...], own: Q) -> QuerySet[Any, int]:
    entries = HistoryEntry.objects.filter(~own, OneOf("opportunity_id", ids))
    return entries.order_by().values_list("opportunity_id", flat=True)


@prepared
def _others_of_customers(ids: tuple[int, ...], own: Q) -> QuerySet[Any, tuple[int, int | None]]:
    entries = HistoryEntry.objects.filter(~own, OneOf("customer_id", ids))
    return entries.order_by().values_list("customer_id", "opportunity_id")


@prepared
def _registered(customers: tuple[int, ...], own: Q) -> QuerySet[Any, int]:
    entries = HistoryEntry.objects.filter(own, OneOf("customer_id", customers), opportunity__isnull=True)
    return entries.filter(verb=Verb.CREATED).order_by().values_list("customer_id", flat=True)


def _written_by(job: ImportJob, opportunities: Collection[int]) -> set[int]:
    if not opportunities:
        return set()
    rows = ImportRow.objects.filter(OneOf("opportunity_id", opportunities), job=job)
    return {pk for pk in rows.values_list("opportunity_id", flat=True) if pk is not None}


@prepared
def _with_opportunities(customers: tuple[int, ...]) -> QuerySet[Any, int]:
    theirs = Opportunity.objects.filter(OneOf("customer_id", customers))
    return theirs.order_by().values_list("customer_id", flat=True)
