"""Addresses never hold a database id: a row is named there by a code that only its own company can read.

A code is the id under a small Feistel cipher (four rounds of BLAKE2s, 64 bits) with a key of the company's own, kept
with the company and so in its backups: links go on working after a move to another machine. Opportunities, which
people name aloud, have numbers instead.
"""

import secrets
from base64 import b32decode, b32encode
from functools import lru_cache
from hashlib import blake2s
from typing import TYPE_CHECKING, Any

from django import forms
from django.apps import apps
from django.urls import register_converter

from oportuna.accounts.scope import current_company_id, in_company

_ROUNDS = range(4)
_HALF = 0xFFFFFFFF
_LENGTH = 13


def new_key() -> str:
    """The secret of a new company, as hexadecimal digits."""
    return secrets.token_hex(16)


def encode(pk: int) -> str:
    """The code of a row's id in the company of the scope: 13 lower-case letters and digits."""
    return _encoded(_key(current_company_id()), pk)


@lru_cache(maxsize=4096)
def _encoded(key: bytes, pk: int) -> str:
    left, right = pk >> 32, pk & _HALF
    for turn in _ROUNDS:
        left, right = right, left ^ _mix(key, turn, right)
    return b32encode((left << 32 | right).to_bytes(8)).decode().rstrip("=").lower()


def decode(code: str) -> int:
    """The id behind a code of the scope's company. Raises ValueError for what is no code."""
    if len(code) != _LENGTH:
        raise ValueError("not a code")
    number = int.from_bytes(b32decode(code.upper() + "==="))
    left, right = number >> 32, number & _HALF
    key = _key(current_company_id())
    for turn in reversed(_ROUNDS):
        left, right = right ^ _mix(key, turn, left), left
    pk = left << 32 | right
    if pk >= 1 << 62:
        raise ValueError("not a code of this company")
    return pk


class CodeConverter:
    """`<code:pk>` in a route: the view gets the id, `reverse()` takes it; the address shows the code."""

    regex = "[a-z2-7]{13}"

    def to_python(self, value: str) -> int:
        """The id; ValueError, hence 404, for a code of another company.

        Outside a company, where only a visitor comes, nothing is read: he is sent to sign in before any view is asked.
        """
        return decode(value) if in_company() else 0

    def to_url(self, value: int | str) -> str:
        """The code."""
        return encode(int(value))


if TYPE_CHECKING:
    _Choice = forms.ModelChoiceField[Any]
else:  # Django's fields take no type arguments at run time
    _Choice = forms.ModelChoiceField


class CodedChoiceField(_Choice):
    """A choice of rows for forms sent by GET: their options are codes, because the address shows them."""

    def prepare_value(self, value: Any) -> Any:
        """The code of a row or of its id; what was typed stays as it is."""
        if hasattr(value, "pk"):
            return encode(value.pk)
        return encode(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        """The row behind a code; a code that names none is an invalid choice."""
        if value in self.empty_values:
            return None
        try:
            return super().to_python(decode(str(value)))
        except ValueError as error:
            raise forms.ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice"
            ) from error


@lru_cache(maxsize=4096)
def _key(company_id: int) -> bytes:
    company = apps.get_model("accounts", "Company")
    return bytes.fromhex(company._default_manager.values_list("address_key", flat=True).get(pk=company_id))


def forget() -> None:
    """Drop the keys that this process remembers: a restore may have put other companies behind the ids."""
    _key.cache_clear()


def _mix(key: bytes, turn: int, half: int) -> int:
    return int.from_bytes(blake2s(half.to_bytes(4), key=key, salt=bytes([turn]), digest_size=4).digest())


register_converter(CodeConverter, "code")
