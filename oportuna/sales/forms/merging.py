"""Two people at one form: what each changed is kept, and where it is the same the second one chooses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from oportuna.sales.forms.fields import RevisionField

_LARGEST = (1 << 63) - 1
_CHOICE, _THEIRS = "keep", "theirs"


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that two people changed: what each wrote, as people read it, and who was first, where that is known."""

    name: str
    label: str
    mine: str
    theirs: str
    who: str = ""
    at: datetime | None = None

    @property
    def choice(self) -> str:
        """The name under which the form sends what is kept."""
        return f"{_CHOICE}-{self.name}"


class ClashingForm(forms.Form):
    """A form of a row that others may change meanwhile; `clashes` are what they wrote in its fields."""

    clashes: Sequence[Clash] = ()
    revision = RevisionField(min_value=0, max_value=_LARGEST, required=False)


class MergingForm(ClashingForm):
    """Each field is sent beside what it showed, so that `changes` holds what this person changed: whoever changed
    another field meanwhile is not in the way. `now` is what the row holds by field, `row_revision` its number.
    """

    def __init__(self, data: Any = None, *, now: Mapping[str, Any], row_revision: int, **kwargs: Any) -> None:
        super().__init__(data, initial={**now, "revision": row_revision}, **kwargs)
        self.row_revision = row_revision
        for name in self._compared:
            self.fields[name].show_hidden_initial = True
        self._take_theirs()

    @property
    def _compared(self) -> list[str]:
        return [name for name in self.fields if name != "revision"]

    @property
    def changes(self) -> dict[str, Any]:
        """The fields that differ from what the form showed, or did not say what it showed, with what they are to be."""
        return {
            name: self.cleaned_data[name]
            for name in self._compared
            if self._is_sent(name) and self.cleaned_data[name] != self._shown(name)
        }

    @property
    def overtaken(self) -> dict[str, Any]:
        """Those of `changes` that somebody else changed after the form was shown, with what they are now."""
        return {name: self.initial[name] for name in self.changes if self._shown(name) != self.initial[name]}

    @property
    def seen(self) -> int | None:
        """The revision to insist on: the form's where somebody else changed the same, else the one read just now."""
        asked: int | None = self.cleaned_data["revision"]
        return asked if self.overtaken else self.row_revision

    def _is_sent(self, name: str) -> bool:
        # A box that is not ticked is sent by what it showed alone.
        return self.add_prefix(name) in self.data or self.add_initial_prefix(name) in self.data

    def _shown(self, name: str) -> Any:
        if self.add_initial_prefix(name) not in self.data:
            return object()
        try:
            return self.fields[name].to_python(self.data.get(self.add_initial_prefix(name)))
        except ValidationError:
            return object()

    def _take_theirs(self) -> None:
        """Put what the row holds now where this person chose what somebody else wrote."""
        taken = [name for name in self._compared if self.data.get(f"{_CHOICE}-{name}") == _THEIRS]
        if not taken:
            return
        data: Any = self.data
        data = data.copy()
        for name in taken:
            now = as_sent(self.fields[name], self.initial[name])
            data[self.add_prefix(name)] = data[self.add_initial_prefix(name)] = now
        self.data = data


def as_sent(field: forms.Field, value: Any) -> Any:
    """A value as the browser would send it back."""
    shown = field.prepare_value(value)
    return "" if shown is None else shown
