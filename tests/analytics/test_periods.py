"""Periods by their names."""

from datetime import date

import pytest

from oportuna.analytics.periods import Period, Preset, named


@pytest.mark.parametrize(
    ("preset", "first", "last"),
    [
        (Preset.THIS_MONTH, date(2026, 11, 1), date(2026, 11, 24)),
        (Preset.LAST_MONTH, date(2026, 10, 1), date(2026, 10, 31)),
        (Preset.THIS_QUARTER, date(2026, 10, 1), date(2026, 11, 24)),
        (Preset.THIS_YEAR, date(2026, 1, 1), date(2026, 11, 24)),
        (Preset.LAST_12_MONTHS, date(2025, 11, 25), date(2026, 11, 24)),
    ],
)
def test_a_period_runs_from_its_first_day_to_today(preset, first, last):
    assert named(preset, date(2026, 11, 24)) == Period(first, last)


def test_last_month_in_january_is_december():
    assert named(Preset.LAST_MONTH, date(2026, 1, 31)) == Period(date(2025, 12, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2028, 2, 29), date(2027, 3, 1)),
        (date(2029, 2, 28), date(2028, 2, 29)),
        (date(2027, 2, 28), date(2026, 3, 1)),
    ],
)
def test_twelve_months_of_a_leap_year_leave_no_day_out_and_count_none_twice(today, first):
    assert named(Preset.LAST_12_MONTHS, today).first == first
