"""What an edit changed, as audit and history keep it."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from oportuna.accounts.changes import fill


def test_only_what_differs_is_set_and_told_in_json():
    row = SimpleNamespace(name="Ana", value=Decimal("1.50"), day=None, active=True)
    fields = {"name": "Ana", "value": Decimal("2.00"), "day": date(2026, 3, 1), "active": False}

    changes = fill(row, fields, frozenset(fields))

    assert changes == {"value": ["1.50", "2.00"], "day": [None, "2026-03-01"], "active": [True, False]}
    assert (row.value, row.day, row.active) == (Decimal("2.00"), date(2026, 3, 1), False)


def test_a_field_that_is_not_editable_is_a_mistake_of_the_caller_and_sets_nothing():
    row = SimpleNamespace(name="Ana", stage="Lead")

    with pytest.raises(ValueError, match="stage"):
        fill(row, {"name": "Bia", "stage": "Proposta"}, frozenset({"name"}))
    assert row.name == "Ana"
