"""What people send at the check: what becomes of rows whose customer was met."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oportuna.imports.fate import KINDS
from oportuna.imports.forms import name_of
from oportuna.imports.models import ImportJob
from oportuna.imports.options import Options
from oportuna.imports.reading import matches_of
from oportuna.sales.forms.fields import RevisionField

_LONGEST_CELL = 32_767  # what a cell of a spreadsheet holds
_CHOICES = {
    "join": _("Another opportunity of the same customer"),
    "fill": _("Fill in what is missing"),
    "overwrite": _("Replace by what the file says"),
    "skip": _("Leave out"),
    "reject": _("Reject"),
    "create": _("Create anyway"),
}


def _choice() -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=list(_CHOICES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of these."), "invalid_choice": _("Choose one of these.")},
    )


@dataclass(frozen=True, slots=True)
class CellField:
    """A cell of a row that is to be corrected where it stands: the field's name, its column, and what was read."""

    name: str
    letter: str
    header: str
    value: str


def correctable(job: ImportJob) -> Callable[[Any], list[CellField]]:
    """Which cells of a row its problems call for, each once; of a row without a name, that of its name."""
    matches = {match.column: match for match in matches_of(job)}
    names = [match for match in matches.values() if match.field in ("name", "trade_name", "contact")]

    def fields_of(row: Any) -> list[CellField]:
        found: dict[str, CellField] = {}
        for problem in row.problems:
            match = matches.get(problem.get("column") or "")
            if match is None and problem["code"] == "no_name" and names:
                match = names[0]
            if match is not None:
                field = CellField(
                    name_of(match), match.column, match.header or match.column, problem.get("value") or ""
                )
                found.setdefault(match.column, field)
        return list(found.values())

    return fields_of


class RowForm(forms.Form):
    """The cells of a row, a field for each column that is sent, named by its index; `leaves_out` for the whole row."""

    def __init__(self, data: Any = None, *, job: ImportJob, texts: Sequence[str]) -> None:
        super().__init__(data)
        self._texts = list(texts)
        for match in matches_of(job):
            self.fields[name_of(match)] = forms.CharField(
                label=match.header or _("Column %(letter)s") % {"letter": match.column},
                required=False,
                strip=False,
                max_length=_LONGEST_CELL,
                initial=self._texts[match.index] if match.index < len(texts) else "",
            )
        self._names = {name_of(match): match.index for match in matches_of(job)}

    @property
    def texts(self) -> list[str]:
        """The cells with those that were sent in their places."""
        texts = self._texts + [""] * (max(self._names.values(), default=-1) + 1 - len(self._texts))
        for name, index in self._names.items():
            if name in self.data:
                texts[index] = self.cleaned_data[name]
        return texts


class ChoicesForm(forms.Form):
    """A choice for each kind of rows whose customer was met, named by the kind; `said` is shown as chosen."""

    revision = RevisionField()

    def __init__(self, data: Any = None, *, job: ImportJob, said: Mapping[str, Any] | None = None) -> None:
        options = Options.of_json(job.options)
        initial = {
            "known": options.on_duplicate,
            "repeated": options.on_repeated or options.on_duplicate,
            "perhaps": options.on_perhaps,
            **(said or {}),
            "revision": job.revision,
        }
        super().__init__(data, initial=initial)
        for kind in KINDS:
            if job.met.get(kind):
                self.fields[kind] = _choice()

    @property
    def kinds(self) -> list[str]:
        """The kinds that this file has."""
        return [kind for kind in KINDS if kind in self.fields]

    def put_on(self, options: Options) -> Options:
        """These options with the choices."""
        names = {"known": "on_duplicate", "repeated": "on_repeated", "perhaps": "on_perhaps"}
        chosen: dict[str, Any] = {names[kind]: self.cleaned_data[kind] for kind in self.kinds}
        return options.with_choices(**chosen)
