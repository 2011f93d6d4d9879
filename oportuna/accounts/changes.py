"""What an edit changed: {field: [before, after]}, as audit and history keep it."""

from collections.abc import Mapping
from datetime import date
from typing import Any


def fill(row: Any, fields: Mapping[str, Any], editable: frozenset[str]) -> dict[str, list[Any]]:
    """Set the fields of a row that differ; returns what changed. Raises ValueError for one that is not `editable`."""
    if unknown := set(fields) - editable:
        raise ValueError(f"not editable: {sorted(unknown)}")
    changes: dict[str, list[Any]] = {}
    for name, after in fields.items():
        before = getattr(row, name)
        if before != after:
            setattr(row, name, after)
            changes[name] = [shown(before), shown(after)]
    return changes


def shown(value: Any) -> Any:
    """A field's value as it is kept: JSON, and what people read for a reference."""
    if value is None or isinstance(value, bool | int | str):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)
