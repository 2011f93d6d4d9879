"""Amounts in reais and percentages, as Brazilians write them."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from oportuna.brazil.errors import Unreadable
from oportuna.brazil.text import clean

NO_BREAK = "\u00a0"

_CENT = Decimal("0.01")
_MAX_DIGITS = 10
_LONGEST = 64
_SYMBOL = re.compile(r"^(?:R\$|BRL)\s*|\s*(?:R\$|BRL|reais)$", re.IGNORECASE)
_MINUS = re.compile(r"[\u2010-\u2015\u2212]")
_NEGATIVE = re.compile(
    r"-\s*(?:R\$|BRL)?\s*[\d.,\s]*\d[\d.,]*|\(\s*-?[\d.,\s]*\d[\d.,]*\s*\)|[\d.,\s]*\d\s*-"
)
_BLANK_GROUPS = re.compile(r"[1-9]\d{0,2}(?: \d{3})+(?:,\d{1,2})?", re.ASCII)
_AMOUNT = re.compile(r"[\d.,]*\d", re.ASCII)
_PERCENT = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?)\s*(%?)", re.ASCII)


def parse_money(text: str, *, thousands_dot: bool | None = True) -> Decimal:
    """Read an amount in reais, as "1.234,56", "R$ 1.234" or "1234.56": a Decimal with two places.

    What is meant by one dot before exactly three digits is told by `thousands_dot`: thousands (True),
    decimals rounded half up (False: the dot is the decimal mark of the column), nobody knows (None).
    "R$ -" is how Excel shows zero. Raises `Unreadable`: value_negative, or value_unclear for words,
    other currencies, ranges, three decimals and more than 10 digits before the decimal mark: a wrong
    amount is worse than a missing one.
    """
    written = _MINUS.sub("-", clean(text))
    if len(written) > _LONGEST:
        raise Unreadable("value_unclear")
    amount = _SYMBOL.sub("", written).strip()
    if amount == "-" and amount != written:
        return Decimal("0.00")
    if _NEGATIVE.fullmatch(amount):
        raise Unreadable("value_negative")
    if _BLANK_GROUPS.fullmatch(amount):
        amount = amount.replace(" ", "")
    whole, decimals = _split(amount, thousands_dot)
    if len(whole) > _MAX_DIGITS:
        raise Unreadable("value_unclear")
    return round_cents(Decimal(f"{whole}.{decimals or 0}"))


def format_money(value: Decimal | None) -> str:
    """An amount as "R$ 1.234,56", the blank not breaking; nothing for None."""
    if value is None:
        return ""
    cents = round_cents(value)
    return f"{'-' if cents < 0 else ''}R${NO_BREAK}{_grouped(abs(cents), 2)}"


def short_money(value: Decimal | None) -> str:
    """An amount at a glance: "R$ 48.700", "R$ 947 mil", "R$ 1,28 mi", "R$ 2,5 bi"; nothing for None.

    Whole reais under 100 thousand, then thousands, then millions and billions with two places at
    most, each rounded half up.
    """
    if value is None:
        return ""
    sign = "-" if value < 0 else ""
    size = abs(value)
    reais = _rounded(size, 0)
    thousands = _rounded(size / 1000, 0)
    millions = _rounded(size / 1_000_000, 2)
    if reais < 100_000:
        shown = _grouped(reais, 0)
        sign = sign if reais else ""
    elif thousands < 1000:
        shown = f"{_grouped(thousands, 0)}{NO_BREAK}mil"
    elif millions < 1000:
        shown = f"{_trimmed(millions)}{NO_BREAK}mi"
    else:
        shown = f"{_trimmed(_rounded(size / 1_000_000_000, 2))}{NO_BREAK}bi"
    return f"{sign}R${NO_BREAK}{shown}"


def money_for_input(value: Decimal | None) -> str:
    """An amount as typed into a field: "1.234,56"; nothing for None."""
    if value is None:
        return ""
    cents = round_cents(value)
    return f"{'-' if cents < 0 else ''}{_grouped(abs(cents), 2)}"


def parse_percent(text: str) -> Decimal:
    """Read a percentage from 0 to 100, as "25%", "25,5%" or "25".

    Raises `Unreadable` (probability_unclear) for anything else, also for a fraction without the sign:
    "0,25" may be a quarter or a quarter of a percent.
    """
    match = _PERCENT.fullmatch(clean(text))
    if match is None:
        raise Unreadable("probability_unclear")
    value = Decimal(match[1].replace(",", "."))
    if value > 100 or (0 < value < 1 and not match[2]):
        raise Unreadable("probability_unclear")
    return value


def round_cents(value: Decimal) -> Decimal:
    """An amount rounded half up to cents: 0.005 is a cent."""
    return value.quantize(_CENT, rounding=ROUND_HALF_UP)


def _split(amount: str, thousands_dot: bool | None) -> tuple[str, str]:
    """The digits before and after the decimal mark."""
    if not _AMOUNT.fullmatch(amount):
        raise Unreadable("value_unclear")
    dots, commas = amount.count("."), amount.count(",")
    if dots and commas:
        mark = max(".,", key=amount.rfind)
        whole, _, decimals = amount.rpartition(mark)
        return _ungrouped(whole, "," if mark == "." else "."), _cents(decimals)
    if dots + commas == 0:
        return amount, ""
    mark = "." if dots else ","
    whole, _, rest = amount.rpartition(mark)
    if dots + commas > 1:
        return _ungrouped(amount, mark), ""
    if len(rest) != 3:
        return _digits(whole), _cents(rest)
    thousands = _is_thousands(mark, thousands_dot)
    if thousands is None:
        raise Unreadable("value_unclear")
    return (_ungrouped(amount, mark), "") if thousands else (_digits(whole), rest)


def _is_thousands(mark: str, thousands_dot: bool | None) -> bool | None:
    """Does this mark, the only one and before three digits, part thousands? None: nobody knows."""
    if mark == ".":
        return thousands_dot
    return True if thousands_dot is False else None


def _ungrouped(whole: str, mark: str) -> str:
    if not re.fullmatch(rf"[1-9]\d{{0,2}}(?:\{mark}\d{{3}})+", whole, re.ASCII):
        raise Unreadable("value_unclear")
    return whole.replace(mark, "")


def _digits(whole: str) -> str:
    if not whole:
        raise Unreadable("value_unclear")
    return whole


def _cents(decimals: str) -> str:
    if len(decimals) not in (1, 2):
        raise Unreadable("value_unclear")
    return decimals


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _grouped(value: Decimal, places: int) -> str:
    return f"{value:,.{places}f}".translate(_BRAZILIAN)


def _trimmed(value: Decimal) -> str:
    text = f"{value:,f}".translate(_BRAZILIAN)
    return text.rstrip("0").rstrip(",") if "," in text else text


_BRAZILIAN = str.maketrans(",.", ".,")
