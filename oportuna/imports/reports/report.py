"""The report of an import as other programs read it: one JSON object, a public interface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from oportuna.imports.columns.matching import ColumnMatch
from oportuna.imports.reader.cells import SheetInfo
from oportuna.imports.reader.opening import Table
from oportuna.imports.reader.refusals import Refusal
from oportuna.imports.rows.plain import plain
from oportuna.imports.rows.values import Problem

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Status = Literal["done", "empty", "refused", "needs_choice"]
PreviewOutcome = Literal["created", "updated", "duplicate", "skipped", "suppressed"]


@dataclass(frozen=True)
class PreviewRow:
    """A row that is not rejected: what becomes of it, and its values.

    A duplicate names the earlier row of the file or the number of the customer that it met.
    """

    row: int
    outcome: PreviewOutcome
    values: Mapping[str, Any]
    duplicate_of_row: int | None = None
    duplicate_of_customer: int | None = None

    def to_json(self) -> dict[str, Any]:
        """The row as the report's `preview` holds it."""
        duplicate_of = None
        if self.duplicate_of_row is not None:
            duplicate_of = {"row": self.duplicate_of_row}
        elif self.duplicate_of_customer is not None:
            duplicate_of = {"customer": self.duplicate_of_customer}
        return {
            "row": self.row,
            "outcome": self.outcome,
            "duplicate_of": duplicate_of,
            "values": {name: plain(value, name) for name, value in self.values.items()},
        }


@dataclass(frozen=True)
class Counts:
    """How many rows ended in each of the six outcomes."""

    created: int = 0
    updated: int = 0
    duplicates: int = 0
    skipped: int = 0
    suppressed: int = 0
    rejected: int = 0

    @property
    def rows(self) -> int:
        """Rows below the header with any visible content: nothing disappears."""
        return self.created + self.updated + self.duplicates + self.skipped + self.suppressed + self.rejected


@dataclass(frozen=True)
class Report:
    """What an import did, or would do; `preview` is None but for a dry run, `seconds` its duration."""

    status: Status
    file: str
    message: StrOrPromise | None = None
    code: str | None = None
    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    sheets: list[SheetInfo] = field(default_factory=list)
    header_row: int | None = None
    mapping: list[ColumnMatch] = field(default_factory=list)
    dry_run: bool = False
    counts: Counts = Counts()
    problems: list[Problem] = field(default_factory=list)
    preview: list[PreviewRow] | None = None
    seconds: float = 0.0

    @classmethod
    def of_refusal(
        cls, refusal: Refusal, file: str, *, dry_run: bool = False, seconds: float = 0.0
    ) -> Report:
        """The report of a file that was not read: refused, empty, or waiting for a person's choice."""
        status: Status = "refused"
        if refusal.code == "empty":
            status = "empty"
        elif refusal.needs_choice:
            status = "needs_choice"
        return cls(status, file, refusal.message, refusal.code, dry_run=dry_run, seconds=seconds)

    def with_sheets(self, sheets: Sequence[SheetInfo]) -> Report:
        """The same, with the sheets from which to choose."""
        return replace(self, sheets=list(sheets))

    def to_json(self) -> dict[str, Any]:
        """The object, ready for `json.dumps`; texts in the language of the moment."""
        found: dict[str, Any] = {
            "status": self.status,
            "message": None if self.message is None else str(self.message),
            "code": self.code,
            "file": self.file,
            "format": self.format,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "sheet": self.sheet,
            "sheets": [{"name": one.name, "rows": one.rows, "hidden": one.hidden} for one in self.sheets],
            "header_row": self.header_row,
            "mapping": [
                {"column": one.column, "header": one.header, "field": one.field, "certainty": one.certainty}
                for one in self.mapping
            ],
            "dry_run": self.dry_run,
            "rows": self.counts.rows,
            "created": self.counts.created,
            "updated": self.counts.updated,
            "duplicates": self.counts.duplicates,
            "skipped": self.counts.skipped,
            "suppressed": self.counts.suppressed,
            "rejected": self.counts.rejected,
            "rejections": [_problem(one) for one in self.problems if one.rejects],
            "warnings": [_problem(one) for one in self.problems if not one.rejects],
        }
        if self.preview is not None:
            found["preview"] = [row.to_json() for row in self.preview]
        found["seconds"] = round(self.seconds, 3)
        return found


def table_facts(table: Table) -> dict[str, Any]:
    """The report's fields that an open table answers, as keywords of Report."""
    return {
        "format": table.format,
        "encoding": encoding_name(table.encoding),
        "delimiter": table.delimiter,
        "sheet": ", ".join(table.sheets_read) or None,
        "sheets": table.sheets,
        "header_row": table.header_row,
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "row": problem.row,
        "column": problem.column,
        "field": problem.field,
        "value": problem.value,
        "code": problem.code,
        "message": str(problem.message),
    }


def encoding_name(encoding: str | None) -> str | None:
    """How people call an encoding: utf-8-sig is a codec of Python's, not an encoding's name."""
    return "utf-8" if encoding == "utf-8-sig" else encoding
