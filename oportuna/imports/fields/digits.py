"""Fields of digits: documents, phones and addresses of e-mail, CEP, amounts, percentages, dates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from oportuna.brazil.address import parse_cep
from oportuna.brazil.cnpj import repair_cnpj
from oportuna.brazil.cpf import repair_cpf
from oportuna.brazil.dates import from_serial, parse_date
from oportuna.brazil.document import parse_document
from oportuna.brazil.email import parse_emails
from oportuna.brazil.errors import Unreadable
from oportuna.brazil.money import parse_money, parse_percent, round_cents
from oportuna.brazil.phone import read_phones
from oportuna.imports.fields.base import Column, Context, Doubt, Values, as_text, number_text, says_nothing
from oportuna.imports.reader.cells import Cell

_NUMERIC_DATE = re.compile(r"\s*(\d{1,2})([/.-])(\d{1,2})([/.-]\d{2,4}.*)", re.DOTALL)
_SERIAL = re.compile(r"\d{5}([.,]\d+)?", re.ASCII)
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
_LARGEST_AMOUNT = 10**10
_LONGEST_EMAIL = 254


@lru_cache(maxsize=8192)
def _parse_date(text: str, earliest: date) -> date:
    return parse_date(text, earliest=earliest, latest=_LAST_DAY)


def _document_text(cell: Cell) -> str:
    return number_text(cell) if isinstance(cell, int | float) else as_text(cell)


class CnpjColumn(Column):
    """A CNPJ, letters too, with the zeros that a spreadsheet took off put back."""

    def clean(self, cell: Cell, context: Context) -> Any:
        text = _document_text(cell)
        return None if says_nothing(text) else repair_cnpj(text)


class CpfColumn(Column):
    """A CPF, with the zeros that a spreadsheet took off put back."""

    def clean(self, cell: Cell, context: Context) -> Any:
        text = _document_text(cell)
        return None if says_nothing(text) else repair_cpf(text)


class TaxIdColumn(Column):
    """CPF or CNPJ in one column."""

    def clean(self, cell: Cell, context: Context) -> Any:
        text = _document_text(cell)
        return None if says_nothing(text) else parse_document(text)

    def put(self, values: Values, value: Any, header: str) -> None:
        kind, document = value
        if values[kind] is None:
            values[kind] = document


def _addresses(text: str) -> list[str]:
    """In lower case, as they are kept and compared; longer than any mailbox is no address."""
    found = [address.lower() for address in parse_emails(text)]
    if any(len(address) > _LONGEST_EMAIL for address in found):
        raise Unreadable("email_invalid")
    return found


class EmailColumn(Column):
    """One or more addresses; the good ones stay when another of the cell is not."""

    def read(self, text: str, context: Context) -> Any:
        try:
            return _addresses(text)
        except Unreadable as error:
            good: list[str] = []
            for piece in re.split(r"[;,/\s]+", text):
                try:
                    good += _addresses(piece) if piece else []
                except Unreadable:
                    continue
            raise Doubt(error.code, error.message, good) from error

    def put(self, values: Values, value: Any, header: str) -> None:
        values["emails"] = [*dict.fromkeys([*values["emails"], *value])]


class PhoneColumn(Column):
    """One or more phones; the good ones stay when another of the cell is not."""

    def clean(self, cell: Cell, context: Context) -> Any:
        text = number_text(cell) if isinstance(cell, int | float) else as_text(cell)
        if says_nothing(text):
            return None
        phones = read_phones(text, ddd=context.ddd)
        if phones.problems:
            raise Doubt(phones.problems[0].code, phones.problems[0].message, phones.numbers)
        if phones.completed:
            message = _("The ninth digit was added to an old mobile number: check it.")
            raise Doubt("phone_completed", message, phones.numbers)
        return phones.numbers

    def put(self, values: Values, value: Any, header: str) -> None:
        values["phones"] = [*dict.fromkeys([*values["phones"], *value])]


class MoneyColumn(Column):
    """An amount in reais, from 0 on."""

    def clean(self, cell: Cell, context: Context) -> Any:
        if isinstance(cell, bool | date):
            raise Unreadable("value_unclear")
        if isinstance(cell, int | float):
            if cell < 0:
                raise Unreadable("value_negative")
            if not cell < _LARGEST_AMOUNT:
                raise Unreadable("value_unclear")
            return round_cents(Decimal(repr(cell)))
        return super().clean(cell, context)

    def read(self, text: str, context: Context) -> Any:
        return parse_money(text, thousands_dot=context.decision.thousands_dot)


class PercentColumn(Column):
    """A percentage from 0 to 100; 0.25 is 25 in a column of fractions."""

    def clean(self, cell: Cell, context: Context) -> Any:
        if isinstance(cell, bool | date):
            raise Unreadable("probability_unclear")
        if isinstance(cell, int | float):
            if context.decision.is_fraction:
                return parse_percent(f"{number_text(float(round(Decimal(repr(cell)) * 100, 3)))}%")
            return parse_percent(number_text(cell))
        return super().clean(cell, context)

    def read(self, text: str, context: Context) -> Any:
        return parse_percent(text)


@dataclass(frozen=True)
class DateColumn(Column):
    """A day, not before `earliest`."""

    earliest: date = _FIRST_DAY

    def clean(self, cell: Cell, context: Context) -> Any:
        try:
            return self._date(cell, context)
        except Unreadable as error:
            raise Doubt(error.code.replace("date", self.field, 1), error.message) from error

    def _date(self, cell: Cell, context: Context) -> date | None:
        if isinstance(cell, bool):
            raise Unreadable("date_unclear")
        if isinstance(cell, int | float):
            return from_serial(cell, epoch_1904=context.decision.from_1904)
        if isinstance(cell, date):
            found = cell.date() if isinstance(cell, datetime) else cell
            if not self.earliest <= found <= _LAST_DAY:
                raise Unreadable("date_invalid")
            return found
        text = as_text(cell)
        if says_nothing(text):
            return None
        if _SERIAL.fullmatch(text):
            if context.decision.from_1904:  # it may have come from another workbook
                raise Unreadable("date_unclear")
            return from_serial(float(text.replace(",", ".")))
        if context.decision.month_first is not False and (match := _NUMERIC_DATE.fullmatch(text)):
            first, _mark, second, _rest = match.groups()
            if context.decision.month_first:
                text = month_first_turned(text)
            elif int(first) <= 12 and int(second) <= 12 and int(first) != int(second):
                raise Unreadable("date_unclear")
        return _parse_date(text, self.earliest)


def month_first_turned(text: str) -> str:
    """A date in numbers whose month stands first, with its day there."""
    return _NUMERIC_DATE.sub(r"\3\2\1\4", text)


class CepColumn(Column):
    """A CEP of eight digits."""

    def clean(self, cell: Cell, context: Context) -> Any:
        text = _document_text(cell)
        return None if says_nothing(text) else parse_cep(text)


class NumberColumn(Column):
    """The number of an opportunity, as our own exports write it."""

    def clean(self, cell: Cell, context: Context) -> Any:
        text = _document_text(cell).lstrip("#")
        if says_nothing(text):
            return None
        if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
            raise Doubt("number_invalid", _("An opportunity's number has digits only."))
        return int(text)


class DddColumn(Column):
    """The area code that the row's phones lack."""

    def clean(self, cell: Cell, context: Context) -> Any:
        return _document_text(cell)
