"""A row of cells becomes the values that would be stored, and a list of what was wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from oportuna.brazil.address import cep_fits_uf
from oportuna.brazil.capitals import calmed
from oportuna.brazil.errors import Unreadable
from oportuna.imports.columns.matching import ColumnMatch
from oportuna.imports.fields.base import Column, Context, Decision, Doubt, Values, as_text
from oportuna.imports.fields.registry import column_for
from oportuna.imports.reader.cells import Cell, Row, column_letter, has_content

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise, StrPromise

NAMES = (
    *("number", "title", "pipeline", "status", "closed_on", "created_on", "loss_reason", "competitor"),
    *("loss_comment", "value", "probability", "expected_close_on", "stage", "owner", "source", "campaign"),
    *("tags", "notes", "next_contact_on", "kind", "ie", "name", "trade_name", "cnpj", "cpf", "segment"),
    *("site", "address", "district", "city", "uf", "cep", "do_not_contact", "contact", "contact_cpf"),
    *("job_title", "emails", "phones", "custom"),
)
_TITLE_LIMIT = 120
_SHOWN = 200
_MOST_READ = 1_000

ROW_MESSAGES: dict[str, StrPromise] = {
    "totals_row": _("This is a line of totals, not an opportunity."),
    "repeated_header": _("This line repeats the header."),
    "page_footer": _("This is the header or footer of a printed page, not an opportunity."),
    "group_row": _("This line only titles a group of rows."),
    "foot_note": _("This is a note below the table, not an opportunity."),
    "unclosed_quote": _("A quotation mark is opened here and never closed: fix it in the file."),
    "no_name": _("The row has no name: fill in the company or the contact."),
}
NO_LEAD = ROW_MESSAGES.keys() - {"no_name"}
"""The codes of rows that are no lead at all: nothing of them is looked at any further."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with a cell or (`column` and `field` None) with a row; it `rejects` the row or warns."""

    row: int
    column: str | None
    field: str | None
    value: str | None
    code: str
    message: StrOrPromise
    rejects: bool


@dataclass(frozen=True)
class RowValues:
    """The values of a row by the report's names: Decimal amounts, dates, None or [] for what is absent."""

    row: int
    values: Values
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_rejected(self) -> bool:
        """Whether one of its problems rejects the row."""
        return any(problem.rejects for problem in self.problems)


class RowReader:
    """Reads the rows of one sheet, with the mapping and the decisions made before.

    With `drop_bad_document` a wrong CNPJ or CPF no longer rejects the row: it comes in without it, with a
    warning. `calm_names` writes names in capitals alone as people do.
    """

    def __init__(
        self,
        matches: Sequence[ColumnMatch],
        decisions: Mapping[int, Decision],
        *,
        drop_bad_document: bool = False,
        calm_names: bool = False,
    ) -> None:
        self._drop_bad_document, self._calm_names = drop_bad_document, calm_names
        self._width = max((match.index for match in matches), default=-1) + 1
        area_codes = [match.index for match in matches if match.field == "ddd"]
        # A surname goes behind the name, wherever its column stands.
        ordered = sorted(matches, key=lambda match: match.field == "surname")
        self._plan: list[tuple[ColumnMatch, Column, Context, int | None, dict[str, Any]]] = [
            (
                match,
                column,
                Context(decisions.get(match.index, Decision(is_consent=match.is_consent))),
                _area_code_of(match, area_codes),
                {},
            )
            for match in ordered
            if match.field != "ddd" and (column := column_for(match.field))
        ]

    def read(self, row: Row) -> RowValues:
        """The row's values with its problems; the values are to be stored only if it is not rejected."""
        found = RowValues(row.number, _no_values())
        if row.code:
            found.problems.append(_whole(row.number, row.code))
            return found
        cells = row.cells
        for match, column, context, area_code, read in self._plan:
            if match.index >= len(cells):
                continue
            cell = cells[match.index]
            if cell is None or cell == "":
                continue
            ddd = "" if area_code is None or area_code >= len(cells) else as_text(cells[area_code])
            # Stages, sources, cities: few texts, many rows. An area code of the row's own makes other phones of them.
            if not ddd and type(cell) is str and (value := read.get(cell)) is not None:
                column.put(found.values, value, match.header)
                continue
            context.ddd = ddd
            value = self._read_cell(found, match, column, context, cell)
            if value is not None and len(read) < _MOST_READ and type(cell) is str and not ddd:
                read[cell] = value
        if len(cells) > self._width:
            self._keep_the_rest(found, cells)
        if self._calm_names:
            _calm(found.values)
        _complete(found)
        return found

    def _read_cell(
        self, found: RowValues, match: ColumnMatch, column: Column, context: Context, cell: Cell
    ) -> Any:
        """Put the cell's value in the row's; returns it where the same text always means it, without a problem."""
        try:
            value = column.clean(cell, context)
        except Unreadable as error:
            value = error.kept if isinstance(error, Doubt) else None
            rejects = column.rejects and not self._drop_bad_document
            shown = as_text(cell)[:_SHOWN]
            found.problems.append(
                Problem(found.row, match.column, match.field, shown, error.code, error.message, rejects)
            )
            if value is not None:
                column.put(found.values, value, match.header)
            return None
        if value is not None:
            column.put(found.values, value, match.header)
        return value

    def _keep_the_rest(self, found: RowValues, cells: Sequence[Cell]) -> None:
        """Cells beyond the header's last column: text with an unquoted delimiter, usually."""
        rest = [as_text(cell) for cell in cells[self._width :] if has_content(cell)]
        if not rest:
            return
        text = "; ".join(rest)
        message = _("The row has more cells than the header: what was left over is in the notes.")
        letter = column_letter(self._width)
        found.problems.append(
            Problem(found.row, letter, None, text[:_SHOWN], "extra_cells", message, rejects=False)
        )
        notes = found.values["notes"]
        found.values["notes"] = f"{notes}\n{text}" if notes else text


def _area_code_of(match: ColumnMatch, area_codes: Sequence[int]) -> int | None:
    """The column of the area code that belongs to a column of phones: the nearest before it, else the first one."""
    if match.field not in ("phone", "mobile") or not area_codes:
        return None
    return max((index for index in area_codes if index < match.index), default=area_codes[0])


def _no_values() -> Values:
    values: dict[str, Any] = dict.fromkeys(NAMES)
    values.update(tags=[], emails=[], phones=[], custom={})
    return values


def _whole(number: int, code: str) -> Problem:
    return Problem(number, None, None, None, code, ROW_MESSAGES[code], rejects=True)


def _calm(values: Values) -> None:
    """Names of people and places too; a name without letters in small is a person's where the row says a CPF."""
    is_person = values["kind"] == "person" or bool(values["cpf"] and not values["cnpj"])
    for name in ("name", "trade_name", "contact", "city", "district"):
        if values[name]:
            is_name = name == "contact" or (name == "name" and is_person)
            values[name] = calmed(values[name], is_person=is_name)


def _complete(found: RowValues) -> None:
    """Fill in what follows from the other values.

    The CPF beside a CNPJ is a person's, a row without company is the contact's, the title is the name.
    """
    values = found.values
    if values["cnpj"] and values["cpf"]:
        values["contact_cpf"], values["cpf"] = values["contact_cpf"] or values["cpf"], None
    if not values["name"]:
        values["name"] = values["trade_name"]
    if not values["name"] and values["contact"]:
        values["name"] = values["contact"]
        if not values["cnpj"]:
            values["kind"] = values["kind"] or "person"
    values["kind"] = values["kind"] or ("person" if values["cpf"] else "organisation")
    if values["name"]:
        values["title"] = values["title"] or values["name"][:_TITLE_LIMIT].rstrip()
    else:
        found.problems.append(_whole(found.row, "no_name"))
    if values["cep"] and values["uf"] and not cep_fits_uf(values["cep"], values["uf"]):
        message = _("This CEP does not belong to the state in the row: check both.")
        found.problems.append(
            Problem(found.row, None, "cep", values["cep"], "cep_unclear", message, rejects=False)
        )
