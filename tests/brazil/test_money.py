from __future__ import annotations

from decimal import Decimal

import pytest
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from oportuna.brazil.errors import Unreadable
from oportuna.brazil.money import (
    format_money,
    money_for_input,
    parse_money,
    parse_percent,
    short_money,
)

amounts = st.decimals(min_value=0, max_value=Decimal("9999999999.99"), places=2)


def code_of(text: str, *, thousands_dot: bool | None = True) -> str:
    with pytest.raises(Unreadable) as caught:
        parse_money(text, thousands_dot=thousands_dot)
    return caught.value.code


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,56", "1234.56"),
        ("1234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1234.56", "1234.56"),
        ("1234.5", "1234.50"),
        ("1234,5", "1234.50"),
        ("R$ 1.234", "1234.00"),
        ("R$1.234,56", "1234.56"),
        ("r$\u00a01.234,56 ", "1234.56"),
        ("BRL 1.234,56", "1234.56"),
        ("1.234,56 R$", "1234.56"),
        ("500 reais", "500.00"),
        ("1.234.567", "1234567.00"),
        ("1.234.567,89", "1234567.89"),
        ("1,234,567", "1234567.00"),
        ("1,234,567.89", "1234567.89"),
        ("1 234 567,89", "1234567.89"),
        ("1500", "1500.00"),
        ("0", "0.00"),
        ("0,50", "0.50"),
        ("R$ -", "0.00"),
        ("R$ -   ", "0.00"),
        ("9999999999,99", "9999999999.99"),
    ],
)
def test_an_amount_is_read_in_every_usual_form(text: str, value: str) -> None:
    assert str(parse_money(text)) == value


@pytest.mark.parametrize(
    ("text", "thousands_dot", "value"),
    [
        ("1.234", True, "1234.00"),
        ("1.235", False, "1.24"),
        ("1234.567", False, "1234.57"),
        ("1,234", False, "1234.00"),
    ],
)
def test_the_column_decides_what_one_mark_before_three_digits_is(
    text: str, thousands_dot: bool, value: str
) -> None:
    assert str(parse_money(text, thousands_dot=thousands_dot)) == value


@pytest.mark.parametrize("text", ["1.234", "R$ 12.500", "1,234"])
def test_nobody_guesses_when_the_column_does_not_decide(text: str) -> None:
    assert code_of(text, thousands_dot=None) == "value_unclear"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "10 mil",
        "1,5 mi",
        "R$ 1.500,00/mês",
        "1.000 a 2.000",
        "1.000 - 2.000",
        "1000-2000",
        "US$ 1.000,00",
        "$ 1.000",
        "EUR 50",
        "50 €",
        "1,234",
        "1234,567",
        "1.234,567",
        "1234.567",
        "0.500",
        "12.34.56",
        "1.23,45",
        "1.2345",
        "10 20",
        "1.234,",
        ",50",
        "12345678901",
        "12.345.678.901,00",
        "10²",
        "1/2",
        "+500",
        "1e5",
        "\u0661\u0662",
    ],
)
def test_a_doubtful_amount_is_never_guessed(text: str) -> None:
    assert code_of(text) == "value_unclear"


@pytest.mark.parametrize(
    "text", ["-500", "-500,00", "R$ -500", "-R$ 500,00", "(500,00)", "R$ (1.500,00)", "500-", "\u2212500"]
)
def test_a_negative_amount_is_refused_as_such(text: str) -> None:
    assert code_of(text) == "value_negative"


@given(st.text())
def test_any_text_is_an_amount_of_cents_or_refused(text: str) -> None:
    try:
        value = parse_money(text)
    except Unreadable:
        return
    assert (value >= 0, value.as_tuple().exponent) == (True, -2)


@given(amounts)
def test_what_is_shown_can_be_typed_back(value: Decimal) -> None:
    assert [parse_money(format_money(value)), parse_money(money_for_input(value))] == [value, value]


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_an_amount_is_shown_as_the_locale_data_says(value: Decimal) -> None:
    assert format_money(value + 0) == format_currency(value + 0, "BRL", locale="pt_BR")


def test_a_field_shows_the_amount_without_the_symbol() -> None:
    assert [money_for_input(Decimal("1234.56")), money_for_input(None), format_money(None)] == [
        "1.234,56",
        "",
        "",
    ]


def test_half_a_cent_is_rounded_up() -> None:
    assert format_money(Decimal("0.125")) == "R$\u00a00,13"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("0", "R$ 0"),
        ("-0.2", "R$ 0"),
        ("48700", "R$ 48.700"),
        ("99999.49", "R$ 99.999"),
        ("99999.50", "R$ 100 mil"),
        ("947000", "R$ 947 mil"),
        ("999499.99", "R$ 999 mil"),
        ("999500", "R$ 1 mi"),
        ("1280000", "R$ 1,28 mi"),
        ("1500000", "R$ 1,5 mi"),
        ("999994999", "R$ 999,99 mi"),
        ("999995000", "R$ 1 bi"),
        ("2500000000000", "R$ 2.500 bi"),
        ("-947000", "-R$ 947 mil"),
    ],
)
def test_a_total_is_short_enough_for_a_column_head(value: str, shown: str) -> None:
    assert short_money(Decimal(value)) == shown.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("25%", "25"),
        ("25,5%", "25.5"),
        ("25.5 %", "25.5"),
        ("25", "25"),
        ("0", "0"),
        ("1", "1"),
        ("0,5%", "0.5"),
        ("100%", "100"),
    ],
)
def test_a_percentage_is_read(text: str, value: str) -> None:
    assert parse_percent(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["", "0,25", "0.9", "101%", "-5%", "alta", "1.000", "25,555%", "50%-60%", "\u0661%"]
)
def test_an_unclear_percentage_is_refused(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_percent(text)
    assert caught.value.code == "probability_unclear"
