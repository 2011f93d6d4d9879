"""The filters of an analysis as menus of links: choosing leads to an address, without a script."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from oportuna.analytics.forms import FunnelForm
from oportuna.analytics.periods import Preset

_ICONS = {"period": "calendar", "owner": "user", "source": "route", "pipeline": "layout-kanban"}


@dataclass(frozen=True, slots=True)
class Choice:
    """A link of a menu; `query` is what stands behind the `?` of its address."""

    label: str
    query: str
    current: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """A filter: its name, what is chosen, and what else may be."""

    name: str
    label: str
    icon: str
    choices: list[Choice]
    narrows: bool

    @property
    def chosen(self) -> str:
        """The label of the current choice; empty when what was asked for is not understood."""
        return next((choice.label for choice in self.choices if choice.current), "")


def menus(form: FunnelForm) -> list[Menu]:
    """A menu for each filter that has something to choose from, with the other filters kept in every link."""
    names = ["period", "owner", "source", *(["pipeline"] if form.has_pipelines else [])]
    return [_menu(form, name) for name in names]


def _menu(form: FunnelForm, name: str) -> Menu:
    field: Any = form.fields[name]
    now = "" if name in form.errors else form.data.get(name, "")
    kept = {key: value for key, value in form.asked.items() if key not in _replaced_by(name)}
    choices = [
        Choice(str(label), _query(kept, name, code), code == now and name not in form.errors)
        for code, label in field.choices
    ]
    return Menu(name, str(field.label), _ICONS[name], choices, bool(now))


def _replaced_by(name: str) -> tuple[str, ...]:
    return ("period", "first", "last") if name == "period" else (name,)


def _query(kept: Mapping[str, str], name: str, code: str) -> str:
    asked = {**kept, name: code} if code else {**kept}
    return urlencode({key: value for key, value in asked.items() if value != Preset.LAST_12_MONTHS})
