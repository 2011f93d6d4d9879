"""What would become of each row: its values, its outcome, and what is wrong with it. Nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from oportuna.accounts.actor import Actor
from oportuna.brazil.dates import format_date
from oportuna.imports.check.foreseen import Foreseen
from oportuna.imports.check.turns import Turn
from oportuna.imports.columns.matching import ColumnMatch
from oportuna.imports.duplicates.earlier import Earlier
from oportuna.imports.duplicates.fate import Fate, fate_of
from oportuna.imports.duplicates.matcher import Known, Matcher
from oportuna.imports.fields.base import Values
from oportuna.imports.fields.labels import label_of
from oportuna.imports.models import MetBy, Outcome, OwnedBy
from oportuna.imports.options import Mode, Options
from oportuna.imports.reader.cells import Cell
from oportuna.imports.rows.lifetimes import settle_days
from oportuna.imports.rows.understanding import Understood
from oportuna.imports.rows.values import NO_LEAD, Problem
from oportuna.imports.suppression.lookup import Listed, Suppressed
from oportuna.imports.writing.lookups import Lookups
from oportuna.imports.writing.notes import note_documents, noted
from oportuna.imports.writing.places import NOTED, fault_problem
from oportuna.imports.writing.updating import update_of
from oportuna.sales.actions import numbers
from oportuna.sales.actions.newcomers import NewCustomer
from oportuna.sales.history import day_of
from oportuna.sales.models import Customer

_NOBODY = NewCustomer({})
_MOST_COMMENT = 2_000


@dataclass(slots=True)
class Checked:
    """A row and what becomes of it; `cells` are kept of one that was left out, or has problems."""

    number: int
    outcome: Outcome
    values: Values = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    cells: Sequence[Cell] | None = None
    known: Known | None = None
    duplicate_of_row: int | None = None
    met_by: str = ""
    owned_by: str = ""


class Checker:
    """Checks the rows of one file in their order, in the company's scope; `given` rows before went to people in turn."""

    def __init__(
        self, matches: Sequence[ColumnMatch], options: Options, by: Actor, *, given: int = 0
    ) -> None:
        self._letters = {match.field: match.column for match in matches}
        self._lookups = Lookups(options, by)
        self._turn = Turn(self._lookups.turn, given)
        self._options, self._by = options, by
        self._today = day_of(timezone.now(), by.company.zone)
        self._requires_reason = by.company.loss_reason_required
        self._first_free, self._numbers = numbers.following(), set[int]()
        earlier = Earlier()
        self.matcher = Matcher(by, earlier)
        self._suppressed = Suppressed()
        self._foreseen = Foreseen(self._lookups, earlier)

    def check(self, rows: Sequence[Understood]) -> list[Checked]:
        """The next rows, checked."""
        checked = [self.place(row) for row in rows]
        self.decide(checked)
        for one, row in zip(checked, rows, strict=True):
            # Whoever corrects them begins with what was read.
            if one.problems or one.outcome == Outcome.SKIPPED:
                one.cells = row.cells
        return checked

    def decide(self, checked: Sequence[Checked]) -> None:
        """Find out what becomes of the next rows, which are in their places."""
        fit = self._welcome([one for one in checked if one.outcome == Outcome.CREATED])
        self.matcher.prepare([one.values for one in fit])
        if self._options.updates or not self._suppressed.is_empty:
            met = [met.known.customer for one in fit if (met := self.matcher.find(one.values))]
            known = {one.pk: one for one in met if isinstance(one, Customer)}
            self._suppressed.prepare_customers(known.values())
            if self._options.updates:
                self._foreseen.prepare(known)
        for one in fit:
            self._decide(one)

    def _welcome(self, fit: Sequence[Checked]) -> list[Checked]:
        """Those of the rows that are of nobody on the suppression list."""
        self._suppressed = Suppressed()
        self._suppressed.prepare([one.values for one in fit])
        return [one for one in fit if not self._suppress(one, self._suppressed.find(one.values))]

    def _suppress(self, one: Checked, listed: Listed | None) -> bool:
        if listed is None:
            return False
        one.outcome = Outcome.SUPPRESSED
        one.problems.append(listed.problem(one.number, self._letters))
        return True

    def place(self, row: Understood) -> Checked:
        """The row with its words found, and what is wrong with it by itself."""
        one = Checked(row.number, Outcome.CREATED, row.values, row.problems)
        if row.is_left_out:
            one.outcome = Outcome.SKIPPED
            return one
        # Whoever corrects a row wants to see all that is wrong with it at once.
        if not any(problem.code in NO_LEAD for problem in one.problems):
            place = self._lookups.place(one.values)
            found = one.values.get("owner") and not any(fault.field == "owner" for fault in place.faults)
            one.owned_by = OwnedBy.COLUMN if found else OwnedBy.DEFAULT
            for fault in place.faults:
                one.problems.append(fault_problem(one.number, fault, self._letters.get(fault.field)))
                if fault.code in NOTED:
                    _note_tag(one, fault.value)
                if fault.code == "loss_reason_unknown":
                    one.values["loss_comment"] = _with_reason(one.values.get("loss_comment"), fault.value)
            for name, said in place.names.items():
                if said:
                    one.values[name] = said
                else:
                    one.values.pop(name, None)
            self._settle_ending(one)
        if any(problem.rejects for problem in one.problems):
            one.outcome = Outcome.REJECTED
        return one

    def _settle_ending(self, one: Checked) -> None:
        """Make the row's days fit, and see to it that what was lost says why where the company demands it."""
        for fault in settle_days(one.values, self._today):
            shown = format_date(fault.value) if fault.value else None
            one.problems.append(self._warning(one.number, fault.field, shown, fault.code, fault.message))
        if one.values.get("status") == "lost" and not one.values.get("loss_reason") and self._requires_reason:
            message = _("Say why it was lost: the company wants a loss reason.")
            letter = self._letters.get("loss_reason")
            one.problems.append(
                Problem(one.number, letter, "loss_reason", None, "loss_reason_missing", message, rejects=True)
            )

    def _warning(self, row: int, name: str, value: str | None, code: str, message: str) -> Problem:
        return Problem(row, self._letters.get(name), name, value, code, message, rejects=False)

    def _settle_number(self, one: Checked) -> None:
        """Its own number stays where the company has not come so far yet, and no row before has it."""
        number = one.values.get("number")
        if number is None:
            return
        if number >= self._first_free and number not in self._numbers:
            self._numbers.add(number)
            return
        message = _("This number is given already: the opportunity gets another.")
        one.problems.append(self._warning(one.number, "number", str(number), "number_taken", message))
        # By it the import meets again whom the row means, if nothing surer tells.
        if one.met_by != MetBy.NUMBER:
            del one.values["number"]

    def meet(self, rows: Sequence[tuple[int, str, Mapping[str, Any]]]) -> None:
        """Meet rows again, by their numbers in the file, that were found to be written before, with what became of them."""
        self.matcher.prepare([values for *_, values in rows])
        for row, outcome, values in rows:
            fate = fate_of(row, values, self.matcher.find(values), self._options)
            if outcome == Outcome.CREATED:
                self._remember(row, values, fate)
                self._numbers.add(values.get("number") or 0)
            elif fate.outcome == Outcome.UPDATED and fate.known is not None:
                self._learn(values, fate.known, fate.mode)

    def _remember(self, row: int, values: Mapping[str, Any], fate: Fate) -> None:
        """A row that will be written as another opportunity."""
        known = self.matcher.remember(values, row, fate.known, _NOBODY)
        if self._options.updates:
            self._foreseen.wrote(known, values, "create")

    def _learn(self, values: Mapping[str, Any], known: Known, mode: Mode) -> None:
        """A row that will change somebody known."""
        self.matcher.learn(known, values, mode=mode)
        if self._options.updates:
            self._foreseen.wrote(known, values, mode)

    def _decide(self, one: Checked) -> None:
        met = self.matcher.find(one.values)
        fate = fate_of(one.number, one.values, met, self._options)
        one.outcome, one.known, one.duplicate_of_row = fate.outcome, fate.known, fate.of_row
        one.met_by = met.by.value if met else ""
        known = fate.known.customer if fate.known else None
        if (
            fate.writes
            and isinstance(known, Customer)
            and self._suppress(one, self._suppressed.find_customer(known.pk))
        ):
            return
        if fate.problem is not None:
            one.problems.append(fate.problem)
        if one.outcome == Outcome.UPDATED:
            if not self._changes_something(one, fate):
                one.outcome = Outcome.DUPLICATE
            elif fate.known is not None:
                self._learn(one.values, fate.known, fate.mode)
        elif one.outcome == Outcome.CREATED:
            one.problems += note_documents(one.number, one.values, fate.known)
            self._settle_number(one)
            if self._turn and one.owned_by == OwnedBy.DEFAULT:
                one.values["owner"], one.owned_by = self._lookups.word_of(self._turn.next()), OwnedBy.TURN
            self._remember(one.number, one.values, fate)

    def _changes_something(self, one: Checked, fate: Fate) -> bool:
        """Whether an update says anything new."""
        standing = self._foreseen.of(fate.known) if fate.known and self._options.updates else None
        if standing is None:
            return True
        update = update_of(one.values, standing, fate.mode, self._lookups)
        for fault in update.faults:
            one.problems.append(fault_problem(one.number, fault, self._letters.get(fault.field)))
        return not update.is_empty


def _note_tag(one: Checked, tag: str) -> None:
    """Keep in the notes a tag that the opportunity does not get."""
    one.problems += noted(one.number, one.values, f"{label_of('tags')}: {tag}")


def _with_reason(comment: str | None, reason: str) -> str:
    """The comment on a loss, with a reason that is in no register."""
    return f"{reason}: {comment}"[:_MOST_COMMENT] if comment else reason
