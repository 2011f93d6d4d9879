"""How values read on the page."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from django.utils.translation import ngettext

from oportuna.ui import formats

TUESDAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 11, 23), "Ontem"),
        (TUESDAY, "Hoje"),
        (date(2026, 11, 25), "Amanhã"),
        (date(2026, 11, 26), "Qui 26/11"),
        (date(2026, 12, 1), "01/12"),
        (date(2026, 11, 20), "20/11"),
        (date(2027, 1, 15), "15/01/2027"),
        (None, ""),
    ],
)
def test_a_date_near_today_is_said_by_name(day: date | None, written: str) -> None:
    assert formats.near_date(day, TUESDAY) == written


def test_a_moment_of_today_shows_its_time_in_the_time_zone_of_the_person() -> None:
    moment = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)

    assert formats.near_date(moment, TUESDAY) == "Hoje 22:30"
    assert formats.near_date(moment + timedelta(days=3), TUESDAY) == "Sex 27/11 22:30"
    assert formats.near_date(moment + timedelta(days=9), TUESDAY) == "03/12"


def test_nothing_is_many_in_brazil() -> None:
    said = [ngettext("%(count)s open", "%(count)s open", count) % {"count": count} for count in (0, 1, 2)]

    assert said == ["0 abertas", "1 aberta", "2 abertas"]


def test_a_moment_is_dated_by_the_day_it_has_here() -> None:
    moment = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)

    assert formats.date_br(moment) == "24/11/2026"
    assert formats.datetime_br(moment) == "24/11/2026 22:30"
    assert formats.time_br(moment) == "22:30"
    with timezone.override("UTC"):
        assert formats.datetime_br(moment) == "25/11/2026 01:30"


@pytest.mark.parametrize(
    ("minutes", "written"),
    [(0, "agora"), (5, "há 5 min"), (61, "há 1 h"), (60 * 50, "há 2 d"), (60 * 24 * 31, "24/10/2026")],
)
def test_how_long_ago_is_one_unit(minutes: int, written: str) -> None:
    now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

    assert formats.ago(now - timedelta(minutes=minutes), now) == written


def test_days_ago_are_those_of_the_calendar() -> None:
    evening, morning = datetime(2026, 11, 25, 23, tzinfo=UTC), datetime(2026, 11, 28, 12, tzinfo=UTC)

    assert formats.ago(evening, morning) == "há 3 d"


@pytest.mark.parametrize(
    ("permille", "written"), [(125, "12,5%"), (600, "60%"), (0, "0%"), (-35, "-3,5%"), (12345, "1.234,5%")]
)
def test_tenths_of_a_percent_lose_a_decimal_that_is_zero(permille: int, written: str) -> None:
    assert formats.percent(permille) == written


def test_thousands_are_told_apart_by_dots() -> None:
    assert formats.thousands(10_000) == "10.000"
    assert formats.days(1_234) == "1.234\u00a0d"


@pytest.mark.parametrize(
    ("value", "written"),
    [("389000", "R$\u00a0389.000"), ("1.5", "R$\u00a02"), ("0.49", "R$\u00a00"), ("-1200", "-R$\u00a01.200")],
)
def test_a_card_shows_whole_reais(value: str, written: str) -> None:
    assert formats.reais(Decimal(value)) == written


def test_what_is_missing_is_written_as_nothing() -> None:
    for write in (formats.date_br, formats.datetime_br, formats.time_br, formats.ago, formats.percent):
        assert write(None) == ""
    assert formats.reais(None) == ""
    assert formats.thousands(None) == ""


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "0\u00a0B"),
        (812, "812\u00a0B"),
        (3_400, "3,4\u00a0kB"),
        (25_140_000, "25,1\u00a0MB"),
        (5_000_000_000_000, "5000,0\u00a0GB"),
    ],
)
def test_the_size_of_a_file_is_said_as_one_says_it(size, shown):
    assert formats.file_size(size) == shown
