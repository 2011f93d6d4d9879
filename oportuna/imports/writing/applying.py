"""Checked rows become opportunities, a batch at a time; whoever is known is looked for again before they are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from oportuna.errors import Conflict, NotAllowed, Refused
from oportuna.imports.duplicates.fate import fate_of
from oportuna.imports.duplicates.matcher import Known, Matcher, Met
from oportuna.imports.models import COUNTERS, UNCOUNTED, ImportJob, ImportRow, Outcome
from oportuna.imports.options import Mode, Options
from oportuna.imports.rows.plain import problem_json
from oportuna.imports.rows.values import Problem
from oportuna.imports.suppression.lookup import Listed, Suppressed
from oportuna.imports.writing.lookups import Lookups
from oportuna.imports.writing.newcomers import customer_fields, keep_numbers, opportunity_of
from oportuna.imports.writing.notes import note_documents
from oportuna.imports.writing.origins import Origins
from oportuna.imports.writing.places import Place, fault_problem
from oportuna.imports.writing.updating import Changed, carry_out, changed_by, standings, update_of
from oportuna.records.rows import update_rows
from oportuna.sales.actions import many
from oportuna.sales.actions.newcomers import NewCustomer, NewOpportunity
from oportuna.sales.models import Customer

PENDING = (Outcome.CREATED, Outcome.UPDATED, Outcome.DUPLICATE)


@dataclass(slots=True)
class Pending:
    """A checked row, and what becomes of it."""

    pk: int
    number: int
    outcome: str
    values: dict[str, Any]
    problems: list[dict[str, Any]]
    repeats: int | None = None
    customer_id: int | None = None
    opportunity_id: int | None = None


@dataclass(slots=True)
class Applied:
    """A row after it was written or left out; `warned` when it had counted among the warnings until then.

    It is `told` something that the check had not said.
    """

    row: Pending
    outcome: Outcome
    known: Known | None = None
    duplicate_of_row: int | None = None
    mode: Mode = "create"
    changed: Changed | None = None
    warned: bool = False
    told: bool = False


def pending(job: ImportJob, most: int) -> list[Pending]:
    """The next rows that the check found fit, and those it took for repeated: they are looked at again."""
    rows = ImportRow.objects.filter(job=job, number__gt=job.cursor, outcome__in=PENDING).order_by("number")
    return [Pending(*row) for row in rows.values_list(*_PENDING)[:most]]


_PENDING = ("pk", "number", "outcome", "values", "problems", "duplicate_of_row")


class Stale(Exception):
    """Something that a batch rests on has changed since it was read: it is to be made anew."""


class Batch:
    """The next rows of an import, ready to be written.

    Making it looks for whoever is known, converts values and makes texts, outside the transaction that writes them (ids it
    reserves in a short one of its own); `write` looks whether what was found is still so, and inserts.
    """

    def __init__(self, job: ImportJob, rows: Sequence[Pending], lookups: Lookups) -> None:
        by = lookups.by
        self._lookups = lookups
        self._matcher = Matcher(by)
        self._matcher.prepare([row.values for row in rows])
        self._suppressed = self._listed(rows)
        self._origins = Origins(job)
        self._done: list[Applied] = []
        options = Options.of_json(job.options)
        wanted: list[tuple[Pending, NewOpportunity]] = []
        for row in rows:
            place = lookups.place(row.values)
            one = self._decided(row, place, options)
            if one.outcome == Outcome.CREATED:
                _tell(one, *_left_since(row, place))
            known = one.known
            self._done.append(one)
            if one.outcome == Outcome.UPDATED and known is not None:
                self._matcher.learn(known, row.values, mode=one.mode)
            if one.outcome == Outcome.CREATED and place.stage is not None:
                _tell(one, *note_documents(row.number, row.values, known))
                origin = self._origins.of(place)
                customer = known.customer if known else NewCustomer(customer_fields(row.values), origin)
                new = customer if isinstance(customer, NewCustomer) else NewCustomer({})
                one.known = self._matcher.remember(row.values, row.number, known, new)
                wanted.append((row, opportunity_of(row.values, place.stage, place, customer, origin)))
        keep_numbers(job, [new for _, new in wanted])
        self._sales = many.Batch([new for _, new in wanted], first_number=job.next_number or 0, by=by)
        self._taken = sum(new.number is None for _, new in wanted)
        brought = {id(one.row): one for one in self._done}
        for (row, _new), made, added in zip(wanted, self._sales.made, self._sales.added, strict=True):
            row.opportunity_id, row.customer_id = made.pk, made.customer_id
            if added is not None:
                brought[id(row)].changed = changed_by(added) or None

    @property
    def is_empty(self) -> bool:
        """Whether no row is left."""
        return not self._done

    def hold(self) -> None:
        """Until the transaction ends nobody changes the customers that it found, nor lets an owner leave."""
        updated = [one.known.customer for one in self._done if one.outcome == Outcome.UPDATED and one.known]
        self._sales.hold(one.pk for one in updated if isinstance(one, Customer))

    def write(self, job: ImportJob) -> None:
        """Write the opportunities, what became of each row, and how far that is, in the transaction that holds it.

        Raises Stale where somebody known has changed or come meanwhile, and IntegrityError where the database alone
        noticed it.
        """
        found = (self._matcher, self._suppressed, self._sales)
        if not all(one.is_current() for one in found):
            raise Stale
        self._sales.write()
        self._update()
        _keep(self._done)
        _count(job, self._done, self._taken)

    def _listed(self, rows: Sequence[Pending]) -> Suppressed:
        """The suppression list as far as the rows and the customers that they mean go: it may have grown since the check."""
        found = Suppressed()
        found.prepare([row.values for row in rows])
        if found.is_empty:
            return found
        met = [met.known.customer for row in rows if (met := self._matcher.find(row.values))]
        found.prepare_customers(one for one in met if isinstance(one, Customer))
        return found

    def _decided(self, row: Pending, place: Place, options: Options) -> Applied:
        if listed := self._suppressed.find(row.values):
            return _left_out(row, listed)
        one = _decided(row, place, self._matcher.find(row.values), options)
        customer = one.known.customer if one.known else None
        writes = one.outcome in (Outcome.CREATED, Outcome.UPDATED) and one.mode != "hear"
        listed = self._suppressed.find_customer(customer.pk) if isinstance(customer, Customer) else None
        return _left_out(row, listed) if writes and listed else one

    def _update(self) -> None:
        """Change what rows say of customers that are there by now; one that says nothing new is repeated.

        What a verb refuses rejects its row, and nothing of it stays.
        """
        updates = [one for one in self._done if one.outcome == Outcome.UPDATED]
        if not updates:
            return
        brought = {id(one.known): one.row.customer_id for one in self._done if one.row.customer_id}
        for one in updates:
            customer = one.known.customer if one.known else None
            pk = customer.pk if isinstance(customer, Customer) else brought.get(id(one.known))
            # Asked anew for each: a row before may have changed the same customer.
            standing = standings([pk], self._lookups.by)[pk] if pk else None
            if standing is None:
                raise Stale
            update = update_of(one.row.values, standing, one.mode, self._lookups)
            one.row.customer_id = pk
            _tell(one, *(fault_problem(one.row.number, fault) for fault in update.faults))
            if update.is_empty:
                one.outcome = Outcome.DUPLICATE
                continue
            try:
                with transaction.atomic():
                    origin = self._origins.of(self._lookups.place(one.row.values))
                    one.changed = carry_out(update, origin, self._lookups.by)
            except Conflict as error:
                raise Stale from error
            except (Refused, NotAllowed) as error:
                _reject(
                    one, Problem(one.row.number, None, None, None, "not_updated", str(error), rejects=True)
                )
                continue
            one.row.opportunity_id = update.opportunity.pk if update.opportunity else None


def _decided(row: Pending, place: Place, met: Met | None, options: Options) -> Applied:
    if place.is_rejected:
        one = Applied(row, Outcome.REJECTED)
        _reject(one, *(fault_problem(row.number, fault) for fault in place.faults if fault.rejects))
        return one
    fate = fate_of(row.number, row.values, met, options, repeats=row.repeats)
    one = Applied(row, fate.outcome, fate.known, fate.of_row, fate.mode)
    if fate.problem is not None and fate.outcome == Outcome.REJECTED:
        _reject(one, fate.problem)
    elif fate.problem is not None and fate.mode == "hear":
        _tell(one, fate.problem)
    return one


def _left_since(row: Pending, place: Place) -> list[Problem]:
    """That the row's owner was somebody at the check, and nobody by now."""
    gone = [fault for fault in place.faults if fault.field == "owner" and not fault.rejects]
    if not gone:
        return []
    text = _("%(person)s cannot get this row any more: it went to %(name)s.")
    return [
        Problem(
            *(row.number, None, fault.field, fault.value, "owner_left"),
            text % {"person": fault.value, "name": place.owner.name},
            rejects=False,
        )
        for fault in gone
    ]


def _left_out(row: Pending, listed: Listed) -> Applied:
    one = Applied(row, Outcome.SUPPRESSED)
    _add(one, listed.problem(row.number))
    return one


def _reject(one: Applied, *problems: Problem) -> None:
    one.outcome = Outcome.REJECTED
    _add(one, *problems)


def _tell(one: Applied, *problems: Problem) -> None:
    """Add to a row what the check did not say of it yet."""
    if problems:
        said = {(problem["field"], problem["code"]) for problem in one.row.problems}
        _add(one, *(problem for problem in problems if (problem.field, problem.code) not in said))


def _add(one: Applied, *problems: Problem) -> None:
    if not one.told:
        one.warned = bool(one.row.problems)
    if problems:
        one.told = True
        one.row.problems = [*one.row.problems, *map(problem_json, problems)]


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
        if one.changed is not None:
            ImportRow.objects.filter(pk=one.row.pk).update(changed=one.changed)
        if one.told:
            ImportRow.objects.filter(pk=one.row.pk).update(problems=one.row.problems)


_REFERS = ("opportunity_id", "customer_id", "duplicate_of_row")


def _count(job: ImportJob, done: Sequence[Applied], used: int) -> None:
    """Record the progress in the same transaction, and what came out otherwise than the check said."""
    for one in done:
        if one.outcome != one.row.outcome:
            for outcome, by in ((Outcome(one.row.outcome), -1), (one.outcome, 1)):
                name = COUNTERS[outcome]
                setattr(job, name, getattr(job, name) + by)
        if one.told:
            job.warnings += (one.outcome not in UNCOUNTED) - one.warned
    job.done += len(done)
    job.cursor = done[-1].row.number
    job.next_number = (job.next_number or 0) + used
    job.save(update_fields=[*COUNTERS.values(), "warnings", "done", "cursor", "next_number"])
