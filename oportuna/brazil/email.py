"""E-mail addresses, several in a cell."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from oportuna.brazil.errors import Unreadable
from oportuna.brazil.text import clean, is_empty_word

_SEPARATORS = re.compile(r"[\s;,/|<>()\[\]\"]+")
_EDGES = ".:'`"
_SCHEME = re.compile(r"^(?:mailto|e-?mail):", re.IGNORECASE)

_validate = EmailValidator(allowlist=[])
# Nearly every cell of a file: one address that the validator lets pass, with nothing around it.
_PLAIN = re.compile(
    r"[a-z0-9]+(?:[._+-][a-z0-9]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.ASCII
)
_LONGEST_PLAIN = 254


def parse_emails(text: str) -> list[str]:
    """Read every e-mail of a text, in its order and each once, the domain in lower case.

    They may stand apart by ; , / | or blanks, in angle brackets behind a name, or with mailto:. Words
    beside an address are dropped; a word for nothing ("-", "não tem") holds none. Raises
    `Unreadable` (email_invalid) when an address is wrong or there are words only.
    """
    if len(text) <= _LONGEST_PLAIN and _PLAIN.fullmatch(text):
        return [text]
    if is_empty_word(text):
        return []
    addresses: dict[str, str] = {}
    for word in _SEPARATORS.split(clean(text)):
        if "@" in word:
            address = _address(word)
            addresses.setdefault(address.lower(), address)
    if not addresses:
        raise Unreadable("email_invalid")
    return list(addresses.values())


def parse_email(text: str) -> str:
    """Read the one e-mail of a text; raises `Unreadable` (email_invalid), also for none or several."""
    addresses = parse_emails(text)
    if len(addresses) != 1:
        raise Unreadable("email_invalid")
    return addresses[0]


def _address(word: str) -> str:
    local, _, domain = _SCHEME.sub("", word.strip(_EDGES)).rpartition("@")
    address = f"{local}@{domain.lower()}"
    try:
        _validate(address)
    except ValidationError:
        raise Unreadable("email_invalid") from None
    return address
