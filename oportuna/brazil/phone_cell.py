"""A cell of phones taken apart: labels, words and extensions dropped, one piece for each number."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from oportuna.brazil.text import clean

_DASHES = re.compile(r"[\u2010-\u2015\u2043\u2212]")
_FLOAT = re.compile(r"(\d{8,13})[.,]0+", re.ASCII)
_SCIENTIFIC = re.compile(r"(\d)[.,](\d+)E\+?(\d{1,2})", re.ASCII | re.IGNORECASE)
_WHATSAPP_LINK = re.compile(
    r"(?:https?://)?\S*(?:wa\.me/|[?&]phone=)(?:\+|%2B)?(\d+)\S*", re.ASCII | re.IGNORECASE
)
_TRUNK_XX = re.compile(r"0?[x]{2}(?=\W*\d)", re.ASCII | re.IGNORECASE)
_NUMBERED_LABEL = re.compile(r"[^\W\d_]{2,}\.?\s*\d{1,2}\s*[:=]")
_DDD_LABEL = re.compile(r"\bDDD\s*:?\s*\(?0?(\d{2})\)?(?!\d)", re.ASCII | re.IGNORECASE)
_EXTENSION = re.compile(
    r"(?<![^\W\d_])(?:ramal|ramais|ram|rml|extens[aã]o|ext|r|x)\s*[.:]*\s*\d{1,5}(?:\s*[/,]\s*\d{1,4})*(?![-.\s]?\d)",
    re.IGNORECASE,
)
_PIECE = re.compile(r"[+(\d][\d ().+\-]*", re.ASCII)
_OPENING = re.compile(r"(?=[+(])", re.ASCII)
_NOT_DIGIT = re.compile(r"\D", re.ASCII)
_FULL_NUMBER = 8


@dataclass(frozen=True, slots=True)
class Piece:
    """What may be a number: its text, its digits, and whether it began with + or stood behind a slash."""

    text: str
    digits: str
    plus: bool
    after_slash: bool


def pieces(text: str) -> list[Piece]:
    """Take apart a cell that may hold several phones, and what spreadsheets and people add to them.

    Floats ("11987654321.0"), exponents with all digits, wa.me links, "0xx11", "Tel 2:", extensions and
    words are dealt with here; a word, a line end or any of / ; , | parts two numbers.
    """
    text = _DASHES.sub("-", unicodedata.normalize("NFKC", clean(text)))
    if match := _FLOAT.fullmatch(text):
        text = match[1]
    elif (match := _SCIENTIFIC.fullmatch(text)) and len(match[2]) == int(match[3]):
        text = match[1] + match[2]
    text = _WHATSAPP_LINK.sub(r";00\1;", text)
    text = _DDD_LABEL.sub(r"(\1)", _NUMBERED_LABEL.sub(";", text))
    text = _EXTENSION.sub(";", _TRUNK_XX.sub("0", text))
    found: list[Piece] = []
    end = 0
    for match in _PIECE.finditer(text):
        after_slash = text[end : match.start()].strip() == "/"
        end = match.end()
        for chunk in _chunks(match[0]):
            found.append(make_piece(chunk, after_slash=after_slash))
            after_slash = False
    return [piece for piece in found if piece.digits]


def make_piece(text: str, *, after_slash: bool = False) -> Piece:
    """A piece from its text, of which only digits and a leading + count."""
    return Piece(text.strip(), _NOT_DIGIT.sub("", text), text.lstrip(" (.-").startswith("+"), after_slash)


def _chunks(text: str) -> list[str]:
    """Part before a "+" or "(" that opens another number: one with a number's digits before it."""
    chunks = [""]
    for part in _OPENING.split(text):
        if len(_NOT_DIGIT.sub("", chunks[-1])) >= _FULL_NUMBER:
            chunks.append("")
        chunks[-1] += part
    return chunks
