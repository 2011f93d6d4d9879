"""When a row's opportunity began and ended: the days that its file gives, as far as they can be true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from oportuna.imports.fields.base import Values


@dataclass(frozen=True, slots=True)
class DayFault:
    """What is wrong with one of the days; it was left out."""

    field: str
    value: date | None
    code: str
    message: str


def settle_days(values: Values, today: date) -> Iterator[DayFault]:
    """Leave out of a row's values the days that cannot be true, and say of each why.

    Neither beginning nor end is still to come; what has ended did so on the day it began or later.
    """
    created, closed = values.get("created_on"), values.get("closed_on")
    if created is not None and created > today:
        yield _left_out(
            values, "created_on", created, _("This day is still to come: it counts as created today.")
        )
        created = None
    if values.get("status", "open") == "open":
        return
    if closed is None:
        message = _("It has ended, but the row says no day: it counts as closed today.")
        yield DayFault("closed_on", None, "closed_on_missing", message)
    elif closed > today:
        yield _left_out(
            values, "closed_on", closed, _("This day is still to come: it counts as closed today.")
        )
    elif created is not None and closed < created:
        message = _("It ended before this day: it counts as created on the day it was closed.")
        yield _left_out(values, "created_on", created, message)


def _left_out(values: Values, name: str, day: date, message: str) -> DayFault:
    del values[name]
    return DayFault(name, day, f"{name}_unclear", message)
