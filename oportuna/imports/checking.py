"""What would become of each row: its values, its outcome, and what is wrong with it. Nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from oportuna.accounts.actor import Actor
from oportuna.brazil.document import format_document
from oportuna.brazil.text import fold
from oportuna.imports.columns import ColumnMatch
from oportuna.imports.duplicates import Known, Matcher, title_key
from oportuna.imports.fields.base import Decision, Values
from oportuna.imports.fields.labels import label_of
from oportuna.imports.lookups import Fault, Lookups
from oportuna.imports.models import Outcome
from oportuna.imports.options import Options
from oportuna.imports.reader.cells import Cell, Row
from oportuna.imports.report import plain
from oportuna.imports.values import Problem, RowReader
from oportuna.sales.actions.newcomers import NewCustomer

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_NOTES = 10_000
# What a row may say and an opportunity of this version does not hold yet: kept in the notes under its name.
_NOTED = (
    *("number", "status", "created_on", "closed_on", "loss_reason", "competitor", "loss_comment"),
    *("next_contact_on", "tags"),
)
_NOBODY = NewCustomer({})


@dataclass(slots=True)
class Checked:
    """A row and what becomes of it; `cells` are kept of a rejected one."""

    number: int
    outcome: Outcome
    values: Values = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    cells: Sequence[Cell] | None = None
    known: Known | None = None
    duplicate_of_row: int | None = None


class Checker:
    """Checks the rows of one file in their order, in the company's scope."""

    def __init__(
        self,
        matches: Sequence[ColumnMatch],
        decisions: Mapping[int, Decision],
        options: Options,
        by: Actor,
    ) -> None:
        self._reader = RowReader(matches, decisions, drop_bad_document=options.drop_bad_document)
        self._letters = {match.field: match.column for match in matches}
        self._lookups = Lookups(options, by)
        self._on_duplicate = options.on_duplicate
        self.matcher = Matcher(by)

    def check(self, rows: Sequence[Row]) -> list[Checked]:
        """The next rows, checked."""
        checked = [self._read(row) for row in rows]
        fit = [one for one in checked if one.outcome != Outcome.REJECTED]
        self.matcher.prepare([one.values for one in fit])
        cells = {row.number: row.cells for row in rows}
        for one in fit:
            self._decide(one)
            if one.outcome == Outcome.REJECTED:
                one.cells = cells[one.number]
        return checked

    def _read(self, row: Row) -> Checked:
        found = self._reader.read(row)
        one = Checked(row.number, Outcome.CREATED, found.values, found.problems)
        if not found.is_rejected:
            self._place(one)
            settle(one)
        if any(problem.rejects for problem in one.problems):
            one.outcome, one.cells = Outcome.REJECTED, row.cells
        # Nothing said is left out; 0 and no are values.
        one.values = {name: value for name, value in one.values.items() if value or value == 0}
        return one

    def _place(self, one: Checked) -> None:
        place = self._lookups.place(one.values)
        for fault in place.faults:
            one.problems.append(fault_problem(one.number, fault, self._letters.get(fault.field)))
        one.values.update(place.names)

    def _decide(self, one: Checked) -> None:
        known = one.known = self.matcher.find(one.values)
        if self._on_duplicate == "join":
            one.outcome, one.duplicate_of_row = joined(known, one.values)
        elif known is not None:
            one.duplicate_of_row = known.row
            if self._on_duplicate == "reject":
                one.problems.append(repeated(one.number, known))
                one.outcome = Outcome.REJECTED
            else:
                one.outcome = Outcome.DUPLICATE
        if one.outcome == Outcome.CREATED:
            note_documents(one.values, known)
            self.matcher.remember(one.values, one.number, known, _NOBODY)


def joined(known: Known | None, values: Mapping[str, Any]) -> tuple[Outcome, int | None]:
    """Another opportunity of the same customer, unless one with the same title is open: then a duplicate, of which row."""
    title = title_key(values["title"])
    if known is not None and title in known.titles:
        return Outcome.DUPLICATE, known.titles[title]
    return Outcome.CREATED, None


def settle(one: Checked) -> None:
    """Put what the row says and an opportunity does not hold into the notes, and cut the notes at their limit."""
    values = one.values
    lines = [values["notes"]] if values["notes"] else []
    if values["status"] == "open":
        values["status"] = None
    if values["status"]:
        text = _("Won and lost opportunities come in open: what the file said is in the notes.")
        one.problems.append(_warning(one.number, "status", values["status"], "status_unclear", text))
        values["status"] = _("Won") if values["status"] == "won" else _("Lost")
    for name in _NOTED:
        if values[name]:
            lines.append(f"{label_of(name)}: {_shown(values[name])}")
            values[name] = [] if name == "tags" else None
    lines += [f"{key}: {_shown(value)}" for key, value in values["custom"].items()]
    values["custom"] = {}
    if values["contact"] and fold(values["contact"]) == fold(values["name"]):
        values["contact"] = None
    if not values["contact"]:
        for name in ("job_title", "contact_cpf"):
            if values[name]:
                lines.append(f"{label_of(name)}: {_shown(values[name])}")
                values[name] = None
    notes = "\n".join(lines)
    if len(notes) > MOST_NOTES:
        text = _("Too long: only the first %(limit)s characters were kept.") % {"limit": MOST_NOTES}
        one.problems.append(_warning(one.number, "notes", notes[:200], "notes_too_long", text))
    values["notes"] = notes[:MOST_NOTES] or None


def note_documents(values: dict[str, Any], known: Known | None) -> None:
    """Keep in the notes a document of the row that the customer it joins does not have."""
    for name in ("cnpj", "cpf"):
        if known is not None and values.get(name) and not getattr(known, name):
            line = f"{label_of(name)}: {format_document(values[name])}"
            notes = values.get("notes") or ""
            if line not in notes:
                values["notes"] = f"{notes}\n{line}".strip()


def _shown(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(plain(value))


def _warning(row: int, name: str, value: str, code: str, message: StrOrPromise) -> Problem:
    return Problem(row, None, name, value, code, message, rejects=False)


def fault_problem(row: int, fault: Fault, column: str | None = None) -> Problem:
    """A word that names nothing of the company, as a problem of its row."""
    return Problem(row, column, fault.field, fault.value[:200], fault.code, fault.message, fault.rejects)


def repeated(row: int, known: Known) -> Problem:
    """The rejection of a row whose customer is known, where that is the choice."""
    if known.row is not None:
        message = _("The customer of this row stands in row %(row)s already.") % {"row": known.row}
        return Problem(row, None, None, None, "duplicate_in_file", message, rejects=True)
    message = _("The customer of this row is registered already.")
    return Problem(row, None, None, None, "duplicate_of_customer", message, rejects=True)
