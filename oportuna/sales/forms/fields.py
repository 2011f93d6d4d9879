"""Form fields that read what Brazilians type: amounts, documents, phones, dates, addresses.

Each shows its value as it is typed here, refuses in the words of `oportuna.brazil.errors`, and gives the bare value
that the models store. Text that cannot be read is refused, never stored changed.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from oportuna.brazil.address import UFS, format_cep, parse_cep, parse_uf
from oportuna.brazil.cnpj import format_cnpj, parse_cnpj
from oportuna.brazil.cpf import format_cpf, parse_cpf
from oportuna.brazil.dates import parse_date
from oportuna.brazil.email import parse_emails
from oportuna.brazil.errors import Unreadable
from oportuna.brazil.money import money_for_input, parse_money, parse_percent
from oportuna.brazil.phone import format_phone, parse_phones
from oportuna.brazil.text import clean, is_empty_word

MOST_CHANNELS = 20
_LONGEST = 2_000
_LONGEST_EMAIL = 254
_EARLIEST, _LATEST = date(1900, 1, 1), date(2199, 12, 31)


class ReadField(forms.Field):
    """A field whose text is read by one function; nothing typed is `nothing`."""

    widget: type[forms.Widget] | forms.Widget = forms.TextInput
    nothing: Any = None

    def read(self, text: str) -> Any:
        """The value of a text that is not empty; raises Unreadable or ValidationError."""
        raise NotImplementedError

    def to_python(self, value: Any) -> Any:
        """The value, or a ValidationError that says what to do."""
        text = clean(str(value)) if value not in self.empty_values else ""
        if not text:
            return self.nothing
        if len(text) > _LONGEST:
            raise ValidationError(_("This text is too long."), code="too_long")
        try:
            return self.read(text)
        except Unreadable as error:
            raise ValidationError(error.message, code=error.code) from error


class TextField(forms.CharField):
    """Text without invisible characters; in one line unless `multiline`."""

    def __init__(self, *, multiline: bool = False, rows: int = 3, **kwargs: Any) -> None:
        self.multiline = multiline
        if multiline:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """The cleaned text; nothing is the empty text."""
        text = clean(str(value)) if value not in self.empty_values else ""
        return text if self.multiline else " ".join(text.split())


class MoneyField(ReadField):
    """An amount in reais, typed `1.234,56`, `1234,56` or `R$ 1.234`: a Decimal with two places, or None."""

    def read(self, text: str) -> Decimal:
        """The amount; raises Unreadable (value_unclear, value_negative)."""
        return parse_money(text)

    def prepare_value(self, value: Any) -> Any:
        """The amount as it is typed."""
        return money_for_input(value) if isinstance(value, Decimal) else value


class PercentField(ReadField):
    """A percentage from 0 to 100 with one decimal at most, typed `25`, `25%` or `12,5`: tenths of a percent, or None."""

    def read(self, text: str) -> int:
        """The integer tenths of a percent; raises Unreadable (probability_unclear)."""
        # The field is labelled in percent, so 0,5 can only mean half a percent.
        permille = parse_percent(text if text.endswith("%") else f"{text}%") * 10
        if permille != int(permille):
            raise ValidationError(_("Use one decimal at most, as in 12,5."), code="too_precise")
        return int(permille)

    def prepare_value(self, value: Any) -> Any:
        """The percentage as it is typed, without the sign."""
        if not isinstance(value, int):
            return value
        whole, tenth = divmod(value, 10)
        return f"{whole},{tenth}" if tenth else str(whole)


class DateField(ReadField):
    """A day, typed dd/mm/aaaa or sent by the browser's own picker in ISO: a date, or None."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def to_python(self, value: Any) -> date | None:
        """The day; a ValidationError when it is unclear, does not exist or lies outside 1900 to 2199."""
        if isinstance(value, date):
            return value
        found: date | None = super().to_python(value)
        return found

    def read(self, text: str) -> date:
        """The day; raises Unreadable (date_unclear, date_invalid)."""
        return parse_date(text, earliest=_EARLIEST, latest=_LATEST)


class CnpjField(ReadField):
    """A CNPJ, numeric or alphanumeric, with or without its mask: 14 characters, or the empty text."""

    nothing = ""

    def read(self, text: str) -> str:
        """The 14 characters; raises Unreadable (cnpj_*)."""
        return parse_cnpj(text)

    def prepare_value(self, value: Any) -> Any:
        """The document with its mask; what was typed wrong stays as it is."""
        return format_cnpj(value) if isinstance(value, str) and len(value) == 14 else value


class CpfField(ReadField):
    """A CPF, with or without its mask: 11 digits, or the empty text."""

    nothing = ""

    def read(self, text: str) -> str:
        """The 11 digits; raises Unreadable (cpf_*)."""
        return parse_cpf(text)

    def prepare_value(self, value: Any) -> Any:
        """The document with its mask; what was typed wrong stays as it is."""
        return format_cpf(value) if isinstance(value, str) and len(value) == 11 else value


class CepField(ReadField):
    """A postal code, with or without its mask: 8 digits, or the empty text."""

    nothing = ""

    def read(self, text: str) -> str:
        """The 8 digits; raises Unreadable (cep_invalid)."""
        return parse_cep(text)

    def prepare_value(self, value: Any) -> Any:
        """The code with its mask; what was typed wrong stays as it is."""
        return format_cep(value) if isinstance(value, str) else value


class UfField(forms.ChoiceField):
    """A state of Brazil: its two letters, or the empty text. A name ("São Paulo") is read too."""

    def __init__(self, **kwargs: Any) -> None:
        names = [(code, lazystr(f"{code} · {name}")) for code, name in UFS.items()]
        super().__init__(choices=[("", "—"), *names], **kwargs)

    def to_python(self, value: Any) -> str:
        """The two letters; a ValidationError when there is no such state."""
        text = clean(str(value)) if value not in self.empty_values else ""
        if not text:
            return ""
        try:
            return parse_uf(text[:_LONGEST])
        except Unreadable as error:
            raise ValidationError(error.message, code=error.code) from error


class _ListField(ReadField):
    """Several values in one box, one a line; commas and semicolons part them too."""

    widget = forms.Textarea(attrs={"rows": 2})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("One per line."))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> list[str]:
        """The values, each once and in their order."""
        found: list[str] = super().to_python(value) or []
        if len(found) > MOST_CHANNELS:
            raise ValidationError(_("Write %(most)s at most.") % {"most": MOST_CHANNELS}, code="too_many")
        return found


class PhoneListField(_ListField):
    """Phones, one a line: a list of E.164 numbers, each once."""

    def read(self, text: str) -> list[str]:
        """The numbers; raises Unreadable (phone_invalid, phone_no_ddd), also for a line without digits."""
        for line in text.split("\n"):
            if not any(character.isdigit() for character in line) and not is_empty_word(line):
                raise Unreadable("phone_invalid")
        return parse_phones(text)

    def prepare_value(self, value: Any) -> Any:
        """The numbers as people read them, one a line."""
        return (
            value if value is None or isinstance(value, str) else _lines([format_phone(one) for one in value])
        )


class EmailListField(_ListField):
    """E-mails, one a line: a list of addresses in lower case, each once."""

    def read(self, text: str) -> list[str]:
        """The addresses; raises Unreadable (email_invalid), also for a line that has none."""
        for line in text.split("\n"):
            if "@" not in line and not is_empty_word(line):
                raise Unreadable("email_invalid")
        found = [address.lower() for address in parse_emails(text)]
        if any(len(address) > _LONGEST_EMAIL for address in found):
            raise Unreadable("email_invalid")
        return list(dict.fromkeys(found))

    def prepare_value(self, value: Any) -> Any:
        """The addresses, one a line."""
        return value if value is None or isinstance(value, str) else _lines(value)


class KeyField(forms.Field):
    """The one-time key of a form that creates, made anew for each form shown; what is no key is None."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "initial": uuid4, **kwargs})

    def to_python(self, value: Any) -> UUID | None:
        """The key, or None."""
        try:
            return UUID(str(value))
        except ValueError:
            return None


class RevisionField(forms.IntegerField):
    """The revision that a form which edits was shown with."""

    widget = forms.HiddenInput


def _lines(values: Sequence[str]) -> str:
    return "\n".join(values)
