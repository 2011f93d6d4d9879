"""A spreadsheet of those who asked not to be contacted, read by the reader of imports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from oportuna.brazil.errors import Unreadable
from oportuna.brazil.text import fold
from oportuna.errors import Refused
from oportuna.imports.columns.matching import ColumnMatch, match_columns
from oportuna.imports.fields.base import Context, Decision, as_text, says_nothing
from oportuna.imports.fields.registry import column_for
from oportuna.imports.reader.cells import Row, column_letter, has_content
from oportuna.imports.reader.opening import Table, open_table
from oportuna.imports.reader.refusals import Refusal
from oportuna.imports.suppression.entries import Entry, Unclear, domain_of, parse_entry, pieces
from oportuna.imports.suppression.model import Suppression

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_ROWS = 200_000
_READ = ("email", "phone", "mobile", "cnpj", "cpf", "contact_cpf", "tax_id")
_DOMAIN_WORDS = frozenset(("dominio", "dominios", "domain"))


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that is no entry: the number of its row as the spreadsheet shows it, its column's letter, and why."""

    row: int
    column: str
    text: str
    message: StrOrPromise


@dataclass(slots=True)
class Found:
    """What a spreadsheet puts on the list, and what of it could not be read; `rows` it has with any content."""

    entries: list[Entry] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    rows: int = 0


def entries_of(path: Path) -> Found:
    """The entries of a spreadsheet: those of the columns that hold e-mails, phones, CNPJs, CPFs or domains.

    A sheet without any such column, or without a header, has each of its cells told apart by itself. Raises Refusal for a
    file that cannot be read, Refused for one with more than `MOST_ROWS` rows.
    """
    with _opened(path) as table:
        reader = _Reader(match_columns(table.header, table.sample))
        found = Found()
        if not reader.is_sure:
            # A list of nothing but entries: what was taken for its header is the first of them.
            header = Row(table.header_row, table.header)
            found.entries += reader.read(header, [])
        for row in table.rows():
            if row.code:
                continue
            found.rows += 1
            if found.rows > MOST_ROWS:
                raise Refused(_("The sheet has more than 200.000 rows: split it and send the parts."))
            found.entries += reader.read(row, found.faults)
    return found


def _opened(path: Path) -> Table:
    try:
        return open_table(path)
    except Refusal as refusal:
        if refusal.code != "no_header":
            raise
        return open_table(path, header_row=0)


class _Reader:
    """Reads the cells that say whom not to contact."""

    def __init__(self, matches: Sequence[ColumnMatch]) -> None:
        self._matches = [match for match in matches if match.field in _READ or _holds_domains(match)]
        self._ddd = next((match.index for match in matches if match.field == "ddd"), None)
        self.is_sure = bool(self._matches)

    def read(self, row: Row, faults: list[Fault]) -> list[Entry]:
        """The entries of a row; what cannot be read joins the faults."""
        if self.is_sure:
            return [entry for match in self._matches for entry in self._cell(row, match, faults)]
        return [
            entry
            for index, cell in enumerate(row.cells)
            if has_content(cell)
            for entry in _apart(as_text(cell), row.number, index, faults)
        ]

    def _cell(self, row: Row, match: ColumnMatch, faults: list[Fault]) -> list[Entry]:
        cell = row.cells[match.index] if match.index < len(row.cells) else None
        text = as_text(cell)
        if says_nothing(text):
            return []
        try:
            if _holds_domains(match):
                return [domain_of(text)]
            column = column_for(match.field)
            value = column.clean(cell, Context(Decision(), self._area(row))) if column else None
        except Unclear as unclear:
            faults.append(Fault(row.number, match.column, text[:200], unclear.message))
            return []
        except Unreadable as unread:
            value = getattr(unread, "kept", None)
            if not value:
                # A CNPJ among the CPFs, an e-mail among the phones: it says by itself what it is.
                return _apart(text, row.number, match.index, faults, match.column, unread.message)
        return _entries(match.field, value)

    def _area(self, row: Row) -> str:
        return as_text(row.cells[self._ddd]) if self._ddd is not None and self._ddd < len(row.cells) else ""


def _holds_domains(match: ColumnMatch) -> bool:
    return fold(match.header) in _DOMAIN_WORDS


def _entries(name: str, value: object) -> list[Entry]:
    if isinstance(value, list):
        kind = Suppression.Kind.EMAIL if name == "email" else Suppression.Kind.PHONE
        return [Entry(kind, one) for one in value]
    if isinstance(value, tuple):
        return [Entry(Suppression.Kind.DOCUMENT, value[1])]
    return [Entry(Suppression.Kind.DOCUMENT, value)] if isinstance(value, str) else []


def _apart(
    text: str,
    row: int,
    index: int,
    faults: list[Fault],
    column: str = "",
    message: StrOrPromise | None = None,
) -> list[Entry]:
    """Each piece of a cell by itself, or all of it a fault."""
    try:
        return [parse_entry(piece) for piece in pieces(text)]
    except Unclear as unclear:
        faults.append(Fault(row, column or column_letter(index), text[:200], message or unclear.message))
        return []
