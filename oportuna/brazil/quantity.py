"""Quantities as Brazilians write them: `2`, `1,5`, `1.250,125`; three decimals at most."""

import re
from decimal import Decimal

from oportuna.brazil.errors import Unreadable

_PLAIN = re.compile(r"\d{1,7}(,\d{1,3})?", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(\.\d{3}){1,2}(,\d{1,3})?", re.ASCII)
# As keyboards and other programs have it; with three it could be either.
_POINT = re.compile(r"\d{1,7}\.\d{1,2}", re.ASCII)


def parse_quantity(text: str) -> Decimal:
    """The quantity; raises Unreadable for anything unclear, and for more than three decimals."""
    text = text.strip()
    if _PLAIN.fullmatch(text) or _GROUPED.fullmatch(text):
        return Decimal(text.replace(".", "").replace(",", "."))
    if _POINT.fullmatch(text):
        return Decimal(text)
    raise Unreadable("quantity_unclear")


def format_quantity(quantity: Decimal) -> str:
    """As it is written here, without decimals that say nothing: 1.250,5."""
    whole, _point, decimals = f"{quantity:,.3f}".partition(".")
    decimals = decimals.rstrip("0")
    whole = whole.replace(",", ".")
    return f"{whole},{decimals}" if decimals else whole
