"""CNPJ: the number of a company at the Receita Federal, numeric or alphanumeric."""

from __future__ import annotations

import re
import unicodedata
from operator import mul

from oportuna.brazil.errors import Unreadable
from oportuna.brazil.text import clean

STRICT_FORM = r"^[0-9A-Z]{12}[0-9]{2}$"

# A cell of a hostile file may hold 32,767 characters; no document needs more than these.
LONGEST = 64

_STRICT = re.compile(STRICT_FORM, re.ASCII)
# Nearly every cell of a file: what it may be otherwise need not be tried.
_WRITTEN = re.compile(r"([0-9A-Z]{2})\.?([0-9A-Z]{3})\.?([0-9A-Z]{3})/?([0-9A-Z]{4})-?([0-9]{2})", re.ASCII)
_WEIGHTS = (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
_LABEL = re.compile(r"^\s*C\.?N\.?P\.?J\.?(?:/MF)?(?:\s*:|\s+N[º°.o]?\s*:?|\s)\s*(?=.{11})", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s./'\-\u2010-\u2015\u2043\u2212]+")
_SCIENTIFIC = re.compile(r"(\d)(?:[.,](\d+))?E\+?(\d{1,3})", re.ASCII)
_SCIENTIFIC_LOOK = re.compile(r"\d(?:[.,]\d+)?E[+-]\d{1,3}|\d[.,]\d+E\d{1,3}", re.ASCII)
_FLOAT = re.compile(r"(\d{1,14})[.,]0{1,2}", re.ASCII)


def parse_cnpj(text: str) -> str:
    """Read a CNPJ as people type it: 14 upper-case characters without mask.

    Case, mask, blanks, wide characters and any hyphen are forgiven; nothing else is dropped, so a
    letter is never lost. Raises `Unreadable`: cnpj_format, cnpj_length, cnpj_check_digit, cnpj_zero,
    cnpj_scientific. Form and check digits: IN RFB 2.229/2024 and the reference code of the Receita.
    """
    number = normalise(text)
    if _STRICT.fullmatch(number):
        if number == "0" * 14:
            raise Unreadable("cnpj_zero")
        if not _fits(number):
            raise Unreadable("cnpj_check_digit")
        return number
    if looks_scientific(text):
        raise Unreadable("cnpj_scientific")
    if not re.fullmatch(r"[0-9A-Z]*", number):
        raise Unreadable("cnpj_format")
    raise Unreadable("cnpj_length" if len(number) != 14 else "cnpj_format")


def repair_cnpj(text: str) -> str:
    """Read a CNPJ that a spreadsheet may have taken for a number.

    Puts back lost zeros on the left, cuts ".0" and expands "3.3000167000101e+13" when all digits are
    there; the check digits must then fit. Raises as `parse_cnpj` does; "3,30002E+13" is beyond
    repair (cnpj_scientific).
    """
    if (match := _WRITTEN.fullmatch(text)) and _fits(number := "".join(match.groups())):
        return number
    digits = None if "/" in text else whole_number(text)  # with its mask it was never taken for a number
    if digits is None:
        return parse_cnpj(text)
    try:
        return parse_cnpj(digits.zfill(14))
    except Unreadable as error:
        if error.code == "cnpj_check_digit" and len(digits) < 14:
            raise Unreadable("cnpj_length") from None
        raise


def format_cnpj(cnpj: str) -> str:
    """The mask AA.AAA.AAA/AAAA-00 of 14 bare characters."""
    return f"{cnpj[:2]}.{cnpj[2:5]}.{cnpj[5:8]}/{cnpj[8:12]}-{cnpj[12:]}"


def cnpj_root(cnpj: str) -> str:
    """The first 8 of 14 bare characters: the legal entity, shared by its establishments."""
    return cnpj[:8]


def _fits(number: str) -> bool:
    """Whether the check digits of 14 upper-case characters are those of its first twelve; each counts its code less 48."""
    values = [code - 48 for code in number.encode()]
    first = -sum(map(mul, _WEIGHTS[1:], values)) % 11 % 10
    second = -sum(map(mul, _WEIGHTS, [*values[:12], first])) % 11 % 10
    return values[12:] == [first, second] and number[:12] != "0" * 12


def normalise(text: str) -> str:
    """Upper case without mask or blanks, unchecked; text with a character beyond ASCII is left as it is."""
    text = unicodedata.normalize("NFKC", clean(text))
    if len(text) > LONGEST:
        return text
    compact = _SEPARATORS.sub("", _LABEL.sub("", text))
    # Upper case makes an I of the dotless i: what is not ASCII must stay visible to the check.
    return compact.upper() if compact.isascii() else compact


def looks_scientific(text: str) -> bool:
    """Is this a number that a spreadsheet wrote as 3,3E+13?"""
    return _SCIENTIFIC_LOOK.fullmatch(_bare(text)) is not None


def whole_number(text: str) -> str | None:
    """The digits of a document that a spreadsheet wrote as a number, or None if it is not one.

    "191", "191.0" and "1.91e+02" are all "191"; an exponent needs every digit to be there.
    """
    bare = _bare(text)
    if looks_scientific(text):
        match = _SCIENTIFIC.fullmatch(bare)
        if match is None or len(match[2] or "") != int(match[3]):
            return None
        return match[1] + (match[2] or "")
    if match := _FLOAT.fullmatch(bare):
        return match[1]
    compact = normalise(text)
    return compact if re.fullmatch(r"[0-9]{1,14}", compact) else None


def _bare(text: str) -> str:
    return unicodedata.normalize("NFKC", clean(text)[: LONGEST + 1]).strip().lstrip("'").upper()
