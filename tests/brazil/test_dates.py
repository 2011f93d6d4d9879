from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oportuna.brazil.dates import format_date, from_serial, parse_date
from oportuna.brazil.errors import Unreadable


@pytest.mark.parametrize(
    "text",
    [
        "31/12/2026",
        " 31/12/2026 ",
        "31 / 12 / 2026",
        "31/12/26",
        "31.12.2026",
        "31-12-26",
        "2026-12-31",
        "2026/12/31",
        "31-dez-26",
        "31/DEZ/2026",
        "31 dez. 2026",
        "31 de dezembro de 2026",
        "31 de Dezembro de 2026",
        "quinta-feira, 31 de dezembro de 2026",
        "qui, 31/12/2026",
        "31/12/2026 14:30",
        "31/12/2026 14:30:59",
        "31/12/2026 às 14h30",
        "31/12/2026, 14h",
        "2026-12-31T14:30:00-03:00",
        "2026-12-31 14:30:00.123456+0000",
        "2026-12-31T14:30Z",
    ],
)
def test_a_date_is_read_in_every_usual_form(text: str) -> None:
    assert parse_date(text) == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("05/04/2026", date(2026, 4, 5)),
        ("1º de março de 2027", date(2027, 3, 1)),
        ("29/02/2028", date(2028, 2, 29)),
        ("1/2/69", date(2069, 2, 1)),
        ("1/2/70", date(1970, 2, 1)),
    ],
)
def test_the_day_comes_first(text: str, read: date) -> None:
    assert parse_date(text) == read


@pytest.mark.parametrize(
    "text", ["31/02/2026", "00/00/0000", "12/31/2026", "29/02/2027", "2026-13-01", "31 de abril de 2026"]
)
def test_a_day_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_date(text)
    assert caught.value.code == "date_invalid"


@pytest.mark.parametrize(
    "text",
    [
        *("", "31/12", "dez/2026", "12/2026", "2026", "46387", "20261231", "31/12-2026", "31/12/026"),
        *("amanhã", "31 de brumário de 2026", "31/12/2026 a 05/01/2027", "\u0663\u0661/12/2026"),
    ],
)
def test_a_text_that_is_no_full_date_is_unclear(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_date(text)
    assert caught.value.code == "date_unclear"


@pytest.mark.parametrize("text", ["31/12/1999", "01/01/2101"])
def test_a_date_out_of_its_window_is_refused(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_date(text, earliest=date(2000, 1, 1), latest=date(2100, 12, 31))
    assert caught.value.code == "date_invalid"


def test_the_ends_of_the_window_are_inside() -> None:
    day = date(2026, 12, 31)
    assert parse_date("31/12/2026", earliest=day, latest=day) == day


@given(st.dates())
def test_what_is_shown_can_be_typed_back(day: date) -> None:
    assert [parse_date(format_date(day)), parse_date(day.isoformat())] == [day, day]


@given(st.text())
def test_any_text_is_a_date_or_refused(text: str) -> None:
    try:
        read = parse_date(text)
    except Unreadable:
        return
    assert parse_date(format_date(read)) == read


def test_a_serial_number_is_a_date() -> None:
    assert [from_serial(46387), from_serial(46387.99), from_serial(44925, epoch_1904=True)] == [
        date(2026, 12, 31)
    ] * 3


def test_serial_numbers_are_taken_from_2000_to_2050() -> None:
    assert [from_serial(36526), from_serial(55153)] == [date(2000, 1, 1), date(2050, 12, 31)]


@pytest.mark.parametrize("number", [0, -1, 36525.9, 55154, 1e300, float("inf"), float("nan")])
def test_a_number_that_is_hardly_a_date_is_refused(number: float) -> None:
    with pytest.raises(Unreadable) as caught:
        from_serial(number)
    assert caught.value.code == "date_invalid"


def test_no_date_is_shown_as_nothing() -> None:
    assert format_date(None) == ""
