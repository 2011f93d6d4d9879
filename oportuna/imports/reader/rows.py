"""Which row is the header, and which rows below it are no leads."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import zip_longest

from oportuna.brazil.accents import repair_accents
from oportuna.brazil.text import clean, fold
from oportuna.imports.reader.cells import Cell, Row, has_content
from oportuna.imports.reader.headers import count_known, meaning_of
from oportuna.imports.reader.refusals import Refusal

# Thirty lines of titles may stand above it.
HEADER_WITHIN = 31
_NEARBY = 3
_MANY_NAMES = 4
_BAND_CELLS = 3
_TOTAL_STARTS = frozenset(("tot", "sub", "som", "sal"))

_TOTAL = re.compile(
    r"(sub ?-?total|total|totais|soma|saldo)"
    r"( (geral|parcial|acumulad[oa]|final|d[aeo]s? \w+|por \w+|pagina))*\s*[:=.]*(\s*(r\$)?\s*-?[\d.,]+)?"
    r"|(sub ?-?total)\b.*"
)
_COUNTED = re.compile(
    r"(total( geral)?( de)?|quantidade( de)?|qtde?\.?( de)?|n\.? de)"
    r" (registros|clientes|linhas|leads|itens|empresas|contatos|oportunidades)\s*[:=]?\s*[\d.]*"
    r"|[\d.]+ (registros?|clientes?|linhas?|leads?|itens|contatos?)( .*)?"
)
_NUMBER_LIKE = re.compile(r"(r\$)?\s*-?[\d.,\s]+%?|r\$\s*-|-+|\d+ \w+", re.ASCII)
_PAGE = re.compile(r".*\b(pag(ina)?|page|folha|fl)\b\s*[.:]?\s*(n\.?\s*)?\d+(\s*(/|de|of)\s*\d+)?.*")
_PRINTED = re.compile(
    r"(emitid[oa]|impress[oa]|gerad[oa]|extraid[oa]|exportad[oa]|atualizad[oa]|emissao|impressao)\b.*\d.*|"
    r"(relatorio|listagem)\b.*"
)
_FOOT_NOTE = re.compile(
    r"(\(?\*+\)?|\(\d\)|obs(ervac(ao|oes))?\s*[.:]|notas?\s*:|fonte\s*:|legenda\b|atencao\s*:)\s*\S.*"
)


def find_header(head: Sequence[Row]) -> int:
    """The number of the first row, of about thirty, that names two or more fields in different columns.

    A row close below that names more of them is the header instead (the first was a band of group titles); of a header over
    two lines it is the second.
    One known name is enough when the table has one column. Raises Refusal: none found, or two equally likely.
    """
    known = {row.number: count_known(row.cells) for row in head if row.number <= HEADER_WITHIN}
    first = next((number for number, names in known.items() if names > 1), None)
    if first is None:
        if (single := _single_column(head)) is not None:
            return single
        raise Refusal("no_header", rows=HEADER_WITHIN)
    if len(header_lines(head, first + 1)) > 1:
        return first + 1
    by_number = {row.number: row for row in head}
    for number in range(first + 1, first + 1 + _NEARBY):
        if known.get(number, 0) > known[first]:
            return number
        same = (
            _folded(by_number[number].cells) == _folded(by_number[first].cells)
            if number in by_number
            else True
        )
        if known.get(number, 0) == known[first] and not same:
            raise Refusal("two_headers", first=first, second=number)
    return first


def _single_column(head: Sequence[Row]) -> int | None:
    filled = [row for row in head if any(map(has_content, row.cells))]
    if not filled or any(sum(map(has_content, row.cells)) > 1 for row in filled):
        return None
    return filled[0].number if count_known(filled[0].cells) else None


class Classifier:
    """Tells leads from what reports put between them; it never drops a row, it gives it a code."""

    def __init__(self, header: Sequence[str], upper: Sequence[Cell] = ()) -> None:
        """`upper` is the first line of a header that has two."""
        self._upper = _folded(upper)
        self._header = [fold(name) for name in header]
        self._starts = [name.strip()[:4].lower() for name in header]
        self._wide = sum(map(bool, self._header)) > 2

    def code(self, cells: Sequence[Cell]) -> str:
        """An empty text for a lead, else totals_row, repeated_header, page_footer, group_row or foot_note."""
        first = next((index for index, cell in enumerate(cells) if has_content(cell)), 0)
        opening = cells[first]
        many = len(cells) - cells.count("") - cells.count(None) > _BAND_CELLS
        # Most rows are leads, and millions of them pass here: what cannot be anything else leaves early.
        if many and not (isinstance(opening, str) and self._is_suspect(opening, first)):
            return ""
        filled = [cell for cell in cells if has_content(cell)]
        texts = [fold(cell) for cell in filled if isinstance(cell, str)]
        if self._repeats_header(cells, first, len(filled)):
            return "repeated_header"
        if not texts or len(texts[0]) > 400:
            return ""
        if self._is_total(filled, texts):
            return "totals_row"
        if self._wide and len(filled) <= _BAND_CELLS:
            return self._band(texts, len(filled))
        return ""

    def _is_suspect(self, opening: str, index: int) -> bool:
        text = opening.strip()
        if text[:3].lower() in _TOTAL_STARTS:
            return True
        return index < len(self._starts) and text[:4].lower() == self._starts[index]

    def _repeats_header(self, cells: Sequence[Cell], first: int, filled: int) -> bool:
        if filled < 2 or len(cells) > len(self._header) or fold(str(cells[first])) != self._header[first]:
            return False
        if self._upper and _folded(cells) == self._upper:
            return True
        pairs = zip(cells, self._header, strict=False)
        return all(not has_content(cell) or fold(str(cell)) == name for cell, name in pairs)

    @staticmethod
    def _is_total(filled: Sequence[Cell], texts: list[str]) -> bool:
        first = texts[0]
        if _COUNTED.fullmatch(first):
            return len(filled) <= 2
        if not _TOTAL.fullmatch(first):
            return False
        others = texts[1:]
        dated = any(isinstance(cell, date) for cell in filled)
        # A company called Total, with nothing but its name, is a lead.
        alone = len(filled) == 1 and first in ("total", "soma", "saldo")
        return not dated and not alone and all(_NUMBER_LIKE.fullmatch(text) for text in others)

    @staticmethod
    def _band(texts: list[str], filled: int) -> str:
        first = texts[0]
        if any(_PAGE.fullmatch(text) for text in texts) or _PRINTED.fullmatch(first):
            return "page_footer"
        if filled == 1 and _FOOT_NOTE.fullmatch(first):
            return "foot_note"
        name, colon, rest = first.partition(":")
        if colon and filled <= 2 and (rest.strip() or filled == 2):
            meaning = meaning_of(name)
            if meaning and meaning.certainty > 0.9:
                return "group_row"
        return ""


def _folded(cells: Sequence[Cell]) -> list[str]:
    return [fold(str(cell)) for cell in cells if has_content(cell)]


def header_lines(head: Sequence[Row], number: int) -> list[Sequence[Cell]]:
    """The lines of a header by the number of its last row: one, two, or none where there is no such row."""
    by_number = {row.number: row.cells for row in head}
    if number not in by_number:
        return []
    line, above = by_number[number], by_number.get(number - 1, [])
    return [above, line] if _completes(line, above) else [line]


def header_cells(head: Sequence[Row], number: int) -> list[Cell]:
    """The names of a header by the number of its last row; over two lines, "Telefone" above "Fixo" is "Telefone Fixo"."""
    lines = header_lines(head, number)
    return _joined(*lines) if len(lines) == 2 else [*lines[0]] if lines else []


def _joined(above: Sequence[Cell], line: Sequence[Cell]) -> list[Cell]:
    """A name from each pair: the lower one, behind the upper one where it says nothing by itself; else the upper one."""
    names: list[Cell] = []
    band = ""
    for upper, lower in zip_longest(above, line):
        # A cell merged sideways stands over those to its right.
        band = str(upper) if has_content(upper) else band
        if not has_content(lower):
            names.append(upper)
        else:
            names.append(str(lower) if _is_known(str(lower)) else f"{band} {lower}".strip())
    return names


def _completes(line: Sequence[Cell], above: Sequence[Cell]) -> bool:
    """Whether a line is the second of a header.

    Cells merged downwards leave nothing in it, cells merged sideways nothing in the line above, and all that it says are names
    of fields, alone or behind the name above.
    """
    pairs = [(has_content(upper), has_content(lower)) for upper, lower in zip_longest(above, line)]
    if (True, False) not in pairs or (False, True) not in pairs or pairs[0] == (False, True):
        return False
    if not count_known(above) or not count_known(line):
        return False
    joined = _joined(above, line)
    said = [_is_known(str(name)) for name, (_, lower) in zip(joined, pairs, strict=True) if lower]
    return all(said) if len(said) < _MANY_NAMES else sum(said) * 2 > len(said)


def _is_known(name: str) -> bool:
    meaning = meaning_of(name)
    return meaning is not None and meaning.certainty > 0.9


def header_texts(cells: Sequence[Cell], width: int) -> list[str]:
    """The header's names as shown, one for each of at least `width` columns; "" where there is none."""
    names = [_shown(cell) for cell in cells]
    return names + [""] * (width - len(names))


def _shown(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(clean(repair_accents(str(cell))).split()) if cell is not None else ""
