"""CPF or CNPJ, where one field takes both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from oportuna.brazil.cnpj import format_cnpj, parse_cnpj, repair_cnpj
from oportuna.brazil.cpf import format_cpf, parse_cpf, repair_cpf
from oportuna.brazil.errors import Unreadable

Kind = Literal["cnpj", "cpf"]


def parse_document(text: str) -> tuple[Kind, str]:
    """Tell which of CNPJ and CPF a text is: its kind and its bare characters.

    What is complete as written (14 characters, 11 digits) is what it seems. What lost zeros on the
    left may be both: up to 9 digits the check digits of both are always the same. Raises
    `Unreadable`: tax_id_ambiguous when both fit, tax_id_invalid when neither does.
    """
    if (cnpj := _read(parse_cnpj, text)) is not None:
        return "cnpj", cnpj
    if (cpf := _read(parse_cpf, text)) is not None:
        return "cpf", cpf
    cnpj = _read(repair_cnpj, text)
    cpf = None if "/" in text else _read(repair_cpf, text)
    if cnpj is not None and cpf is not None:
        # "52998224725.0" and "5.2998224725e+10" hold a CPF's 11 digits: nothing was lost.
        if len(cnpj.lstrip("0")) == 11:
            return "cpf", cpf
        raise Unreadable("tax_id_ambiguous")
    if cnpj is not None:
        return "cnpj", cnpj
    if cpf is not None:
        return "cpf", cpf
    raise Unreadable("tax_id_invalid")


def format_document(document: str) -> str:
    """The mask that the length of a bare document asks for; any other text as it is."""
    if len(document) == 14:
        return format_cnpj(document)
    if len(document) == 11:
        return format_cpf(document)
    return document


def _read(parse: Callable[[str], str], text: str) -> str | None:
    try:
        return parse(text)
    except Unreadable:
        return None
