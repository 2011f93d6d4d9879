"""Which field each column of a sheet feeds: by its header, then by what its cells hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from oportuna.brazil.address import UFS
from oportuna.brazil.cnpj import parse_cnpj
from oportuna.brazil.cpf import parse_cpf
from oportuna.brazil.email import parse_email
from oportuna.brazil.errors import Unreadable
from oportuna.brazil.phone import parse_phones
from oportuna.brazil.text import fold
from oportuna.imports.fields.base import as_text
from oportuna.imports.fields.registry import SEVERAL, STATUS_WORDS, column_for
from oportuna.imports.reader.cells import Cell, Row, column_letter, has_content
from oportuna.imports.reader.headers import Meaning, meaning_of, resolved
from oportuna.imports.reader.refusals import Refusal

SAMPLES = 3
_MOST = 0.8
_DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-](\d{4}|\d{2})( .*)?|\d{4}-\d{2}-\d{2}([ T].*)?", re.ASCII)
_MONEY = re.compile(r"r\$ ?[\d.,]+|\d{1,3}(\.\d{3})*,\d{2}|\d+,\d{2}", re.ASCII)
_COMPANY = re.compile(
    r".*\b(ltda|eireli|epp|s/a|s\.a|me|cia|mei|comercio|industria|servicos|transportes)\b.*"
)
# What a column certainly holds, whatever its header says.
_UNMISTAKABLE = frozenset(("cnpj", "email"))


@dataclass(frozen=True)
class ColumnMatch:
    """A column of the sheet and what it means.

    `index` from 0 and `column` its letter; `field` a field's name, "note" (kept in the notes) or "ignore";
    `certainty` from 0 to 1; `samples` some of its texts, each once; `is_consent`: a yes in it allows contact.
    """

    index: int
    column: str
    header: str
    field: str
    certainty: float
    samples: tuple[str, ...] = ()
    is_consent: bool = False


def match_columns(
    header: Sequence[str], sample_rows: Sequence[Row], *, today: date | None = None
) -> list[ColumnMatch]:
    """One match per column of the header, in its order.

    A field that takes one value goes to the surest column, the first of equals; the others become notes.
    Headers that appear twice (Telefone, Telefone) keep their order. `today` tells a column of dates without a
    name: all past, they are when the leads were created, else when they will close.
    """
    cells = [_column_cells(sample_rows, index) for index in range(len(header))]
    raw = [meaning_of(name) for name in header]
    meanings = [
        # "Situação" is the stage, unless it says of each row whether it was won or lost.
        Meaning("status", 0.9) if one and one.field == "status?" and _tells_status(column) else meaning
        for one, meaning, column in zip(raw, resolved(raw), cells, strict=True)
    ]
    found = [
        _meant(meaning, name, texts, today or datetime.now(UTC).date())
        for meaning, name, texts in zip(meanings, header, cells, strict=True)
    ]
    matches = [
        ColumnMatch(
            index,
            column_letter(index),
            name,
            meaning.field,
            meaning.certainty,
            tuple(dict.fromkeys(as_text(cell)[:80] for cell in column))[:SAMPLES],
            meaning.is_consent,
        )
        for index, (name, meaning, column) in enumerate(zip(header, found, cells, strict=True))
    ]
    return _each_once(matches)


def with_choices(matches: Sequence[ColumnMatch], choices: Mapping[str, str]) -> list[ColumnMatch]:
    """The matches with a person's choices: header's text or column letter -> field.

    A field that takes one value is taken from the column that had it by itself. Raises Refusal for a column
    or a field that does not exist.
    """
    chosen: dict[int, str] = {}
    for column, field in choices.items():
        try:
            column_for(field)
        except KeyError as error:
            raise Refusal("field_unknown", field=field[:80]) from error
        named = [match.index for match in matches if match.header and fold(match.header) == fold(column)]
        lettered = [match.index for match in matches if match.column == column.strip().upper()]
        if not named and not lettered:
            raise Refusal("column_unknown", column=column[:80])
        chosen.update(dict.fromkeys(named or lettered, field))
    taken = {field for field in chosen.values() if field not in SEVERAL}
    return [
        replace(match, field=chosen[match.index], certainty=1.0)
        if match.index in chosen
        else (replace(match, field="note", certainty=0.5) if match.field in taken else match)
        for match in matches
    ]


def _column_cells(rows: Sequence[Row], index: int) -> list[Cell]:
    return [row.cells[index] for row in rows if index < len(row.cells) and has_content(row.cells[index])]


def _tells_status(cells: list[Cell]) -> bool:
    words = {fold(as_text(cell)) for cell in cells}
    return bool(words) and words <= STATUS_WORDS.keys()


def _meant(meaning: Meaning | None, header: str, cells: list[Cell], today: date) -> Meaning:
    """The header's meaning, unless there is none or the cells are unmistakably something else."""
    content = _meaning_of_content(cells, today)
    if meaning is None:
        # A name that we do not know says at least that the column is not one of those we do.
        unsure = content and header and content.field not in ("cnpj", "cpf", "email", "phone", "uf")
        return Meaning("note", 0.3) if content is None or unsure else content
    # The same column in another unmistakable kind: headers shifted by one, "Telefone" over e-mails.
    if (
        content
        and content.field in _UNMISTAKABLE
        and meaning.field in ("cnpj", "cpf", "email", "phone", "mobile", "name", "contact", "value", "cep")
        and meaning.field != content.field
    ):
        return content
    return meaning


def _meaning_of_content(cells: list[Cell], today: date) -> Meaning | None:
    texts = [as_text(cell) for cell in cells]
    if not texts:
        return None
    for field, certainty, fits in _TESTS:
        if sum(map(fits, texts)) >= _MOST * len(texts):
            return Meaning(field, certainty)
    if all(isinstance(cell, date) or _DATE.fullmatch(text) for cell, text in zip(cells, texts, strict=True)):
        years = [int(match[0]) for text in texts if (match := re.search(r"\d{4}", text))]
        return Meaning("expected_close_on" if max(years, default=0) > today.year else "created_on", 0.4)
    if sum(bool(_COMPANY.fullmatch(fold(text))) for text in texts) >= 0.5 * len(texts):
        return Meaning("name", 0.6)
    return None


def _reads(parse: Callable[[str], object]) -> Callable[[str], bool]:
    def fits(text: str) -> bool:
        try:
            return bool(parse(text))
        except Unreadable:
            return False

    return fits


def _is_phone(text: str) -> bool:
    return (
        sum(map(str.isdigit, text)) >= 10
        and not re.search(r"[a-z]{4}", fold(text))
        and _reads(parse_phones)(text)
    )


_TESTS: tuple[tuple[str, float, Callable[[str], bool]], ...] = (
    ("cnpj", 0.9, _reads(parse_cnpj)),
    ("email", 0.9, lambda text: "@" in text and _reads(parse_email)(text)),
    # 11 digits may be a mobile; only the check digits of all of them tell a CPF.
    ("cpf", 0.7, _reads(parse_cpf)),
    ("phone", 0.7, _is_phone),
    ("uf", 0.8, lambda text: text.upper() in UFS),
    ("value", 0.5, lambda text: bool(_MONEY.fullmatch(fold(text)))),
)


def _each_once(matches: list[ColumnMatch]) -> list[ColumnMatch]:
    """A field of one value goes to its surest column; a second name is the trade name if there is none."""
    best: dict[str, ColumnMatch] = {}
    for match in matches:
        if match.field not in best or match.certainty > best[match.field].certainty:
            best[match.field] = match
    return [
        match if match.field in SEVERAL or best[match.field] is match else _second(match, best)
        for match in matches
    ]


def _second(match: ColumnMatch, best: dict[str, ColumnMatch]) -> ColumnMatch:
    if match.field == "name" and "trade_name" not in best:
        best["trade_name"] = match
        return replace(match, field="trade_name", certainty=0.6)
    return replace(match, field="note", certainty=0.5)
