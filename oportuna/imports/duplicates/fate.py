"""What becomes of a row whose customer is known already: by the choice made for each kind of repetition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from django.utils.translation import gettext as _

from oportuna.imports.duplicates.matcher import Known, Met, title_key
from oportuna.imports.models import MetBy, Outcome
from oportuna.imports.options import Mode, OnDuplicate, Options
from oportuna.imports.rows.values import Problem

Kind = Literal["known", "repeated", "perhaps"]
KINDS: tuple[Kind, ...] = ("known", "repeated", "perhaps")
_SURE = (MetBy.NUMBER, MetBy.DOCUMENT)


@dataclass(frozen=True, slots=True)
class Fate:
    """An outcome; `known` gets the row's opportunity, or what it says that is news; None brings a new customer.

    `of_row` is the earlier row that brings the customer; `problem` says why a row is rejected, or what to look at.
    """

    outcome: Outcome
    known: Known | None = None
    of_row: int | None = None
    problem: Problem | None = None
    mode: Mode = "create"

    @property
    def writes(self) -> bool:
        """Whether anything is written of the row but that it asks not to be contacted."""
        return self.outcome in (Outcome.CREATED, Outcome.UPDATED) and self.mode != "hear"


def fate_of(
    number: int, values: Mapping[str, Any], met: Met | None, options: Options, *, repeats: int | None = None
) -> Fate:
    """What becomes of the row of this number, with these values.

    `repeats` is the earlier row that brings its customer, where that one is registered by now. Whatever was chosen, an
    opt-out is heard, even if it is all that is written of the row.
    """
    fate = _chosen(number, values, met, options, repeats)
    known = fate.known
    is_new = values.get("do_not_contact") and known and not known.asks
    if is_new and fate.outcome in (Outcome.DUPLICATE, Outcome.REJECTED):
        return replace(fate, outcome=Outcome.UPDATED, mode="hear", problem=_heard(number))
    return fate


def _chosen(
    number: int, values: Mapping[str, Any], met: Met | None, options: Options, repeats: int | None
) -> Fate:
    if met is None:
        return Fate(Outcome.CREATED)
    known = met.known
    of_row = known.row if known.row is not None else repeats
    mode = _choice(met, of_row, options)
    if mode == "reject":
        return Fate(Outcome.REJECTED, known, of_row, _repeated(number, of_row))
    if mode == "skip":
        return Fate(Outcome.DUPLICATE, known, of_row)
    if mode in ("fill", "overwrite"):
        return Fate(Outcome.UPDATED, known, of_row, mode=mode)
    if mode == "create":
        if met.by in _SURE:
            return Fate(Outcome.CREATED, known, of_row)
        return Fate(Outcome.CREATED, None, of_row, _perhaps(number, known) if met.by == MetBy.NAME else None)
    title = title_key(values["title"])
    if known.has(title) or met.by == MetBy.NUMBER:
        # Of a customer of the company no row is the one that brings it: the row would be of another kind when it is written.
        same = None if of_row is None else known.titles.get(title)
        return Fate(Outcome.DUPLICATE, known, same or of_row)
    return Fate(Outcome.CREATED, known, of_row)


def kind_of(met_by: str, of_row: int | None) -> Kind:
    """Of which kind a row is whose customer was met by this sign: each has a choice of its own."""
    if met_by == MetBy.NAME:
        return "perhaps"
    return "known" if of_row is None else "repeated"


def _choice(met: Met, of_row: int | None, options: Options) -> OnDuplicate:
    choices = {
        "known": options.on_duplicate,
        "repeated": options.on_repeated or options.on_duplicate,
        "perhaps": options.on_perhaps,
    }
    return choices[kind_of(met.by, of_row)]


def _repeated(number: int, of_row: int | None) -> Problem:
    if of_row is not None:
        message = _("The customer of this row stands in row %(row)s already.") % {"row": of_row}
        return Problem(number, None, None, None, "duplicate_in_file", message, rejects=True)
    message = _("The customer of this row is registered already.")
    return Problem(number, None, None, None, "duplicate_of_customer", message, rejects=True)


def _heard(number: int) -> Problem:
    text = _("The row was left out, but for one thing: its customer is not to be contacted any more.")
    return Problem(number, None, "do_not_contact", None, "do_not_contact_heard", text, rejects=False)


def _perhaps(number: int, known: Known) -> Problem:
    if known.row is not None:
        message = _("Row %(row)s has a customer of the same name: look whether it is the same.")
        text = message % {"row": known.row}
    else:
        text = _("A customer of the same name is registered: look whether it is the same.")
    return Problem(number, None, "name", None, "name_unclear", text, rejects=False)
