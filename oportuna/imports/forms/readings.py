"""What people say of columns that can be read in two ways: amounts with a lone dot, days and months in either order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oportuna.brazil.dates import format_date, parse_date
from oportuna.brazil.errors import Unreadable
from oportuna.brazil.money import format_money, parse_money
from oportuna.imports.check.reading import decisions_of, matches_of
from oportuna.imports.columns.matching import ColumnMatch
from oportuna.imports.fields.base import Decision
from oportuna.imports.fields.digits import month_first_turned
from oportuna.imports.models import ImportJob
from oportuna.imports.options import Options

_WAYS = {
    "comma": _("The dot parts thousands"),
    "dot": _("The dot parts decimals"),
    "dmy": _("Day first"),
    "mdy": _("Month first"),
}


@dataclass(frozen=True, slots=True)
class Way:
    """A way to read a column, and what its own texts are then: pairs of both."""

    choice: str
    label: Any
    examples: list[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Question:
    """A column of which nobody knows how it is read; `name` of its field."""

    match: ColumnMatch
    name: str
    ways: list[Way]


class ReadingsForm(forms.Form):
    """For each doubtful column, which of the two ways is right; without an answer its doubtful cells stay empty."""

    def __init__(self, data: Any = None, *, job: ImportJob, unsent: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(unsent or {}))
        decisions = decisions_of(job)
        self.questions: list[Question] = []
        for match in matches_of(job):
            decision = decisions.get(match.index, Decision())
            if not decision.doubtful:
                continue
            name = f"reading_{match.index}"
            ways = [Way(way, _WAYS[way], _examples(way, decision)) for way in _ways_of(match)]
            self.fields[name] = forms.ChoiceField(
                choices=[(way.choice, way.label) for way in ways],
                widget=forms.RadioSelect,
                required=False,
                initial=_chosen(match, decision),
                error_messages={"invalid_choice": _("Choose one of these.")},
            )
            self.questions.append(Question(match, name, ways))

    def put_on(self, options: Options) -> Options:
        """These options with the answers."""
        readings = dict(options.readings)
        for question in self.questions:
            if way := self.cleaned_data[question.name]:
                header = question.match.header.strip().casefold()
                # A word for the header, as the command takes it, goes before the letter's.
                readings = {key: one for key, one in readings.items() if key.strip().casefold() != header}
                readings[question.match.column] = way
        return options.with_readings(readings)


def _ways_of(match: ColumnMatch) -> tuple[str, str]:
    return ("comma", "dot") if match.field == "value" else ("dmy", "mdy")


def _chosen(match: ColumnMatch, decision: Decision) -> str:
    first, second = _ways_of(match)
    decided = decision.thousands_dot if match.field == "value" else decision.month_first
    if decided is None:
        return ""
    return first if decided == (match.field == "value") else second


def _examples(way: str, decision: Decision) -> list[tuple[str, Any]]:
    return [(text, _read(way, text)) for text in decision.doubtful]


def _read(way: str, text: str) -> Any:
    try:
        if way in ("comma", "dot"):
            return format_money(parse_money(text, thousands_dot=way == "comma"))
        return format_date(parse_date(month_first_turned(text) if way == "mdy" else text))
    except Unreadable:
        return _("left empty")
