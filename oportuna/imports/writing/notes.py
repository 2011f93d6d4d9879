"""What a row says and no field holds goes to the notes of its opportunity."""

from __future__ import annotations

from typing import Any

from oportuna.brazil.document import format_document
from oportuna.imports.duplicates.matcher import Known
from oportuna.imports.fields.labels import label_of
from oportuna.imports.rows.understanding import MOST_NOTES, too_long_notes
from oportuna.imports.rows.values import Problem


def noted(row: int, values: dict[str, Any], line: str) -> list[Problem]:
    """Add a line to the notes, cut off where there is no room; returns the warning that says so."""
    notes = f"{values['notes']}\n{line}" if values.get("notes") else line
    values["notes"] = notes[:MOST_NOTES]
    return [too_long_notes(row, notes)] if len(notes) > MOST_NOTES else []


def note_documents(row: int, values: dict[str, Any], known: Known | None) -> list[Problem]:
    """Keep in the notes a document of the row that the customer it joins does not have; returns what had no room."""
    problems: list[Problem] = []
    for name in ("cnpj", "cpf"):
        if known is not None and values.get(name) and not getattr(known, name):
            line = f"{label_of(name)}: {format_document(values[name])}"
            if line not in (values.get("notes") or ""):
                problems += noted(row, values, line)
    return problems
