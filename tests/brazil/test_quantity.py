"""Quantities as they are typed and shown."""

from decimal import Decimal

import pytest

from oportuna.brazil.errors import Unreadable
from oportuna.brazil.quantity import format_quantity, parse_quantity


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("2", "2"),
        ("0,5", "0.5"),
        ("1,125", "1.125"),
        ("1.250", "1250"),
        ("1.250,5", "1250.5"),
        ("1.5", "1.5"),
        ("0", "0"),
        ("1234567,001", "1234567.001"),
    ],
)
def test_a_quantity_is_read(text, quantity):
    assert parse_quantity(text) == Decimal(quantity)


@pytest.mark.parametrize(
    "text", ["", "-1", "dois", "1,1234", "1.2500", "1,2,3", "12345678", "١", "1e3", "1 2"]
)
def test_what_is_not_clear_is_refused(text):
    with pytest.raises(Unreadable):
        parse_quantity(text)


@pytest.mark.parametrize(
    ("quantity", "text"), [("1", "1"), ("1.500", "1,5"), ("1250.125", "1.250,125"), ("0.001", "0,001")]
)
def test_it_is_written_without_decimals_that_say_nothing(quantity, text):
    assert format_quantity(Decimal(quantity)) == text
