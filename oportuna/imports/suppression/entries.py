"""What a text puts on the suppression list: an e-mail, a phone, a CNPJ or CPF, or a domain, each told apart by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import DomainNameValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from oportuna.brazil.cnpj import parse_cnpj
from oportuna.brazil.cpf import parse_cpf
from oportuna.brazil.email import parse_email
from oportuna.brazil.errors import Unreadable
from oportuna.brazil.phone import read_phones
from oportuna.brazil.text import clean
from oportuna.imports.suppression.model import Suppression

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Kind = Suppression.Kind

_APART = re.compile(r"[;,\t\r\n]+")
_CPF_MASK = re.compile(r"\d{3}\.\d{3}\.\d{3}-?\d{2}", re.ASCII)
_PHONE_MARKS = re.compile(r"[+()]|\d{4,5}-\d{4}", re.ASCII)
_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?([^/?#:\s]+)(?:[/?#:]\S*)?", re.IGNORECASE)
_SHORTEST_PHONE, _LONGEST_PHONE = 8, 15
_LONGEST_EMAIL = 254
_is_domain = DomainNameValidator()

# Mail services of many people, and suffixes under which anybody registers: a domain of these would shut out strangers.
_SHARED = frozenset(
    "gmail.com googlemail.com hotmail.com hotmail.com.br outlook.com outlook.com.br live.com msn.com yahoo.com "
    "yahoo.com.br ymail.com icloud.com me.com uol.com.br bol.com.br terra.com.br ig.com.br globo.com globomail.com "
    "r7.com oi.com.br zipmail.com.br proton.me protonmail.com aol.com gmx.com".split()
)
_SUFFIX = re.compile(
    r"(?:com|net|org|gov|edu|ind|eco|adv|eng|med|odo|srv|inf|art|tur|log|blog|jus|leg|mil|mp|agr|ong|pro|tec)\.br"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A kind, and the value as it is compared."""

    kind: Suppression.Kind
    value: str


class Unclear(ValueError):
    """A text that is no entry; `message` tells the user what to do."""

    def __init__(self, message: StrOrPromise) -> None:
        super().__init__(message)
        self.message = message


def pieces(text: str) -> Iterator[str]:
    """The entries of a text as they were written: one a line, or several by ; , or tab."""
    return (piece for piece in (clean(piece).strip() for piece in _APART.split(text)) if piece)


def parse_entry(text: str) -> Entry:
    """The entry that a text is. Raises Unclear where it is none, or could be two."""
    if "@" in text:
        return domain_of(text.strip()[1:]) if text.strip().startswith("@") else _email(text)
    if cnpj := _read(parse_cnpj, text):
        return Entry(Kind.DOCUMENT, cnpj)
    cpf, phones = _read(parse_cpf, text), read_phones(text)
    phone = phones.numbers[0] if len(phones.numbers) == 1 and not phones.problems else None
    if cpf and phone and not _CPF_MASK.search(text) and not _PHONE_MARKS.search(text):
        raise Unclear(_("It can be a CPF or a mobile: write it as 123.456.789-09 or (11) 98765-4321."))
    if cpf and not (phone and _PHONE_MARKS.search(text) and not _CPF_MASK.search(text)):
        return Entry(Kind.DOCUMENT, cpf)
    if phone:
        return Entry(Kind.PHONE, phone)
    if any(letter.isalpha() for letter in text) and "." in text:
        return domain_of(text)
    digits = sum(letter.isdecimal() for letter in text)
    if phones.problems and _SHORTEST_PHONE <= digits <= _LONGEST_PHONE:
        raise Unclear(phones.problems[0].message)
    raise Unclear(_("This is no e-mail, phone, CNPJ, CPF or domain: check what was typed."))


def domain_of(text: str) -> Entry:
    """The domain of a text or of an address of the web; its subdomains are meant too. Raises Unclear."""
    found = _ADDRESS.fullmatch(text.strip())
    domain = found[1].rstrip(".").lower() if found else ""
    try:
        _is_domain(domain)
    except ValidationError:
        raise Unclear(_("This is no domain: write it as company.com.br.")) from None
    if domain in _SHARED or _SUFFIX.fullmatch(domain):
        message = _("{domain} belongs to many: put the e-mails themselves on the list.")
        raise Unclear(format_lazy(message, domain=domain))
    return Entry(Kind.DOMAIN, domain)


def _email(text: str) -> Entry:
    try:
        address = parse_email(text).lower()
    except Unreadable as error:
        raise Unclear(error.message) from error
    if len(address) > _LONGEST_EMAIL:
        raise Unclear(Unreadable("email_invalid").message)
    return Entry(Kind.EMAIL, address)


def _read(parse: Callable[[str], str], text: str) -> str | None:
    try:
        return parse(text)
    except Unreadable:
        return None


@lru_cache(maxsize=10_000)
def domains_of(email: str) -> tuple[str, ...]:
    """The domains that speak for an e-mail in lower case: its own and those above it, but no suffix of many."""
    labels = email.rpartition("@")[2].split(".")
    return tuple(".".join(labels[start:]) for start in range(len(labels) - 1))


def each_once(entries: Iterable[Entry]) -> list[Entry]:
    """The entries in their order, each once."""
    return list(dict.fromkeys(entries))
