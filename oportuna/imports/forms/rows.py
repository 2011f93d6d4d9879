"""A row's cells at the check, to be corrected: those that its problems call for where they stand, or all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oportuna.imports.check.reading import matches_of
from oportuna.imports.forms.columns import field_of
from oportuna.imports.models import ImportJob

_LONGEST_CELL = 32_767  # what a cell of a spreadsheet holds


@dataclass(frozen=True, slots=True)
class CellField:
    """A cell of a row that is to be corrected where it stands: the field's name, its column, and what was read."""

    name: str
    letter: str
    header: str
    value: str


def correctable(job: ImportJob) -> Callable[[Any], list[CellField]]:
    """A function from a row to the cells that its problems call for, each once; a row without a name wants that of its name."""
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
                    field_of(match), match.column, match.header or match.column, problem.get("value") or ""
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
            self.fields[field_of(match)] = forms.CharField(
                label=match.header or _("Column %(letter)s") % {"letter": match.column},
                required=False,
                strip=False,
                max_length=_LONGEST_CELL,
                initial=self._texts[match.index] if match.index < len(texts) else "",
            )
        self._names = {field_of(match): match.index for match in matches_of(job)}

    @property
    def texts(self) -> list[str]:
        """The cells with those that were sent in their places."""
        texts = self._texts + [""] * (max(self._names.values(), default=-1) + 1 - len(self._texts))
        for name, index in self._names.items():
            if name in self.data:
                texts[index] = self.cleaned_data[name]
        return texts
