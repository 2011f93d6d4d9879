"""Periods that people name: this month, the last twelve; both ends are days of the company, and counted."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class Preset(models.TextChoices):
    """A period by its name; the value stands in addresses."""

    THIS_MONTH = "month", _("This month")
    LAST_MONTH = "last-month", _("Last month")
    THIS_QUARTER = "quarter", _("This quarter")
    THIS_YEAR = "year", _("This year")
    LAST_12_MONTHS = "12-months", _("Last 12 months")
    CUSTOM = "custom", _("From … to …")


@dataclass(frozen=True, slots=True)
class Period:
    """From a first to a last day, both included."""

    first: date
    last: date


def named(preset: Preset, today: date) -> Period:
    """The days of a named period up to today; CUSTOM, which has no days of its own, begins as the last 12 months."""
    month = today.replace(day=1)
    if preset is Preset.THIS_MONTH:
        return Period(month, today)
    if preset is Preset.LAST_MONTH:
        last = month - timedelta(days=1)
        return Period(last.replace(day=1), last)
    if preset is Preset.THIS_QUARTER:
        return Period(month.replace(month=month.month - (month.month - 1) % 3), today)
    if preset is Preset.THIS_YEAR:
        return Period(month.replace(month=1), today)
    return Period(_year_before(today) + timedelta(days=1), today)


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)
