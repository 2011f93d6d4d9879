"""Values and problems of rows as JSON has them: in the report, and where rows are kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from oportuna.imports.rows.values import Problem


def plain(value: Any, name: str = "") -> Any:
    """A value as the report writes it: "1234.56" reais, 25.0 percent, "2026-12-31"; no empty text."""
    if isinstance(value, Decimal):
        return float(value) if name == "probability" else f"{value:.2f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return None if value == "" else value


def kept(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as a row keeps them: JSON, by the names of the report."""
    # Most are texts, which stay as they are.
    return {name: value if type(value) is str else plain(value, name) for name, value in values.items()}


def problem_json(problem: Problem) -> dict[str, Any]:
    """A problem as its row keeps it: as the report lists it, and whether it rejects."""
    return {
        "column": problem.column,
        "field": problem.field,
        "value": problem.value,
        "code": problem.code,
        "message": str(problem.message),
        "rejects": problem.rejects,
    }
