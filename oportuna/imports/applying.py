"""Checked rows become opportunities, a batch at a time; whoever is known is looked for again before they are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from oportuna.imports.checking import fault_problem, joined, note_documents, repeated
from oportuna.imports.duplicates import Known, Matcher
from oportuna.imports.lookups import Lookups, Place
from oportuna.imports.models import ImportJob, ImportRow, Outcome
from oportuna.imports.newcomers import customer_fields, keep_numbers, opportunity_of
from oportuna.imports.options import Options
from oportuna.imports.report import plain
from oportuna.imports.values import Problem
from oportuna.records.rows import update_rows
from oportuna.sales.actions import many
from oportuna.sales.actions.newcomers import NewCustomer, NewOpportunity
from oportuna.sales.models import Customer

PENDING = (Outcome.CREATED, Outcome.DUPLICATE)
COUNTERS = {
    Outcome.CREATED: "created",
    Outcome.UPDATED: "updated",
    Outcome.DUPLICATE: "duplicates",
    Outcome.SKIPPED: "skipped",
    Outcome.SUPPRESSED: "suppressed",
    Outcome.REJECTED: "rejected",
}
"""The counter of the import that each outcome raises."""


@dataclass(slots=True)
class Pending:
    """A checked row, and what becomes of it."""

    pk: int
    number: int
    outcome: str
    values: dict[str, Any]
    problems: list[dict[str, Any]]
    customer_id: int | None = None
    opportunity_id: int | None = None


@dataclass(slots=True)
class Applied:
    """A row after it was written or left out."""

    row: Pending
    outcome: Outcome
    known: Known | None = None
    duplicate_of_row: int | None = None


def pending(job: ImportJob, most: int) -> list[Pending]:
    """The next rows that the check found fit, and those it took for repeated: they are looked at again."""
    rows = ImportRow.objects.filter(job=job, number__gt=job.cursor, outcome__in=PENDING).order_by("number")
    return [Pending(*row) for row in rows.values_list("pk", "number", "outcome", "values", "problems")[:most]]


def kept(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as a row keeps them: JSON, by the names of the report."""
    # Most are texts, which stay as they are.
    return {name: value if type(value) is str else plain(value, name) for name, value in values.items()}


class Stale(Exception):
    """Something that a batch rests on has changed since it was read: it is to be made anew."""


class Batch:
    """The next rows of an import, ready to be written.

    Making it looks for whoever is known, converts values and makes texts, outside the transaction that writes them (ids it
    reserves in a short one of its own); `write` looks whether what was found is still so, and inserts.
    """

    def __init__(self, job: ImportJob, rows: Sequence[Pending], lookups: Lookups) -> None:
        by = lookups.by
        self._matcher = Matcher(by)
        self._matcher.prepare([row.values for row in rows])
        self._done: list[Applied] = []
        options = Options.of_json(job.options)
        wanted: list[tuple[Pending, NewOpportunity]] = []
        for row in rows:
            place = lookups.place(row.values)
            known = self._matcher.find(row.values)
            one = _decided(row, place, known, options)
            self._done.append(one)
            if one.outcome == Outcome.CREATED and place.stage is not None:
                note_documents(row.values, known)
                customer = known.customer if known else NewCustomer(customer_fields(row.values))
                new = customer if isinstance(customer, NewCustomer) else NewCustomer({})
                one.known = self._matcher.remember(row.values, row.number, known, new)
                wanted.append((row, opportunity_of(row.values, place.stage, place, customer)))
        keep_numbers(job, [new for _, new in wanted])
        self._sales = many.Batch([new for _, new in wanted], first_number=job.next_number or 0, by=by)
        self._taken = sum(new.number is None for _, new in wanted)
        for (row, _), made in zip(wanted, self._sales.made, strict=True):
            row.opportunity_id, row.customer_id = made.pk, made.customer_id

    @property
    def is_empty(self) -> bool:
        """Whether no row is left."""
        return not self._done

    def hold(self) -> None:
        """Until the transaction ends nobody changes the customers that it found, nor lets an owner leave."""
        self._sales.hold()

    def write(self, job: ImportJob) -> None:
        """Write the opportunities, what became of each row, and how far that is, in the transaction that holds it.

        Raises Stale where somebody known has changed or come meanwhile, and IntegrityError where the database alone
        noticed it.
        """
        if not self._matcher.is_current() or not self._sales.is_current():
            raise Stale
        self._sales.write()
        _keep(self._done)
        _count(job, self._done, self._taken)


def _decided(row: Pending, place: Place, known: Known | None, options: Options) -> Applied:
    if place.is_rejected:
        return _rejected(row, *(fault_problem(row.number, fault) for fault in place.faults if fault.rejects))
    if options.on_duplicate == "join":
        outcome, of_row = joined(known, row.values)
        return Applied(row, outcome, known, of_row)
    if known is not None:
        if options.on_duplicate == "reject":
            return _rejected(row, repeated(row.number, known))
        return Applied(row, Outcome.DUPLICATE, known, known.row)
    return Applied(row, Outcome.CREATED)


def _rejected(row: Pending, *problems: Problem) -> Applied:
    row.problems = [*row.problems, *map(problem_json, problems)]
    return Applied(row, Outcome.REJECTED)


def problem_json(problem: Problem) -> dict[str, Any]:
    """A problem as its row keeps it: as the report lists it, and whether it rejects."""
    return {
        "column": problem.column,
        "field": problem.field,
        "value": problem.value,
        "code": problem.code,
        "message": str(problem.message),
        "rejects": problem.rejects,
    }


def _keep(done: Sequence[Applied]) -> None:
    """Write what became of the rows: one prepared statement for those that came out as foreseen, one for the others."""
    foreseen: list[tuple[Any, ...]] = []
    otherwise: list[tuple[Any, ...]] = []
    for one in done:
        row = one.row
        if one.outcome == Outcome.DUPLICATE and one.known and isinstance(one.known.customer, Customer):
            row.customer_id = one.known.customer.pk
        refers = (row.opportunity_id, row.customer_id, one.duplicate_of_row)
        # SQLite writes the indexes of every column that is set anew, changed or not.
        if one.outcome == row.outcome:
            foreseen.append((*refers, row.pk))
        else:
            otherwise.append((*refers, one.outcome.value, row.pk))
    update_rows(ImportRow, _REFERS, foreseen)
    update_rows(ImportRow, (*_REFERS, "outcome"), otherwise)
    for one in done:
        if one.outcome == Outcome.REJECTED:
            ImportRow.objects.filter(pk=one.row.pk).update(problems=one.row.problems)


_REFERS = ("opportunity_id", "customer_id", "duplicate_of_row")


def _count(job: ImportJob, done: Sequence[Applied], used: int) -> None:
    """Record the progress in the same transaction, and what came out otherwise than the check said."""
    for one in done:
        if one.outcome != one.row.outcome:
            for outcome, by in ((Outcome(one.row.outcome), -1), (one.outcome, 1)):
                name = COUNTERS[outcome]
                setattr(job, name, getattr(job, name) + by)
        if one.outcome == Outcome.REJECTED:
            job.warnings -= any(not problem["rejects"] for problem in one.row.problems)
    job.done += len(done)
    job.cursor = done[-1].row.number
    job.next_number = (job.next_number or 0) + used
    job.save(update_fields=[*COUNTERS.values(), "warnings", "done", "cursor", "next_number"])
