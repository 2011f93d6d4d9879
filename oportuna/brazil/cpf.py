"""CPF: the number of a person at the Receita Federal."""

from __future__ import annotations

import re

from stdnum import exceptions
from stdnum.br import cpf as stdnum_cpf

from oportuna.brazil.cnpj import LONGEST, looks_scientific, normalise, whole_number
from oportuna.brazil.errors import Unreadable

STRICT_FORM = r"^[0-9]{11}$"

_LABEL = re.compile(r"^\s*CPF(?:/MF)?\s*:?\s*", re.IGNORECASE)


def parse_cpf(text: str) -> str:
    """Read a CPF as people type it: 11 digits without mask.

    Raises `Unreadable`: cpf_format, cpf_length, cpf_check_digit, cpf_equal_digits, cpf_scientific.
    Equal digits fit the sum and are no CPF: the Receita does not issue them.
    """
    number = normalise(_LABEL.sub("", text[: LONGEST + 1]))
    if not re.fullmatch(r"[0-9]*", number):
        raise Unreadable("cpf_scientific" if looks_scientific(text) else "cpf_format")
    if len(number) != 11:
        raise Unreadable("cpf_length")
    if number == number[0] * 11:
        raise Unreadable("cpf_equal_digits")
    try:
        return stdnum_cpf.validate(number)
    except exceptions.ValidationError:
        raise Unreadable("cpf_check_digit") from None


def repair_cpf(text: str) -> str:
    """Read a CPF that a spreadsheet may have taken for a number.

    Puts back lost zeros on the left, cuts ".0" and expands an exponent when all digits are there;
    the check digits must then fit. Raises as `parse_cpf` does.
    """
    digits = whole_number(text)
    if digits is None:
        return parse_cpf(text)
    try:
        return parse_cpf(digits.zfill(11))
    except Unreadable as error:
        if error.code == "cpf_check_digit" and len(digits) < 11:
            raise Unreadable("cpf_length") from None
        raise


def format_cpf(cpf: str) -> str:
    """The mask 000.000.000-00 of 11 bare digits."""
    return f"{cpf[:3]}.{cpf[3:6]}.{cpf[6:9]}-{cpf[9:]}"
