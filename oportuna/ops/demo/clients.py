"""The demo's customers: organisations and people with contacts, e-mails, phones and valid documents, none of them real."""

import re
from dataclasses import dataclass
from random import Random

from oportuna.brazil.text import fold, search_text
from oportuna.ops.demo import words

MOST_PEOPLE = 2
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ROOTS = 10**8
_NOT_WORD = re.compile(r"[^a-z0-9]+")


@dataclass(slots=True)
class Person:
    """A contact with one e-mail and one phone."""

    name: str
    job_title: str
    email: str
    phone: str


@dataclass(slots=True)
class Client:
    """A customer; what is its own e-mail and phone, and its people."""

    kind: str
    name: str
    trade_name: str
    cnpj: str | None
    cpf: str | None
    segment: str
    site: str
    address: str
    district: str
    city: str
    uf: str
    cep: str
    email: str
    phone: str
    people: list[Person]
    search_text: str = ""


def draw(chance: Random, index: int) -> Client:
    """The customer of an index; all CNPJs and CPFs are valid and differ, one in ten is alphanumeric.

    Domains end in .example (RFC 2606); mobiles begin with 90, a series that nobody has.
    """
    city, uf, ddd, cep = chance.choice(words.CITIES)
    client = _person(chance, index, ddd) if index % 9 == 5 else _organisation(chance, index, ddd, city)
    client.city, client.uf, client.cep = city, uf, f"{cep}{chance.randrange(1000):03}"
    client.address = f"{chance.choice(words.STREETS)}, {chance.randrange(10, 3000)}"
    client.district = chance.choice(words.DISTRICTS)
    client.search_text = search_text(
        client.name,
        client.trade_name,
        client.cnpj,
        client.cpf,
        client.city,
        *(person.name for person in client.people),
        *(value for value in (client.email, client.phone) if value),
        *(value for person in client.people for value in (person.email, person.phone)),
    )
    return client


def _organisation(chance: Random, index: int, ddd: str, city: str) -> Client:
    first = _head_office(index)
    trade, segment = words.TRADES[first % len(words.TRADES)]
    place = words.PLACES[(first * 7 + first // len(words.TRADES)) % len(words.PLACES)]
    trade_name = f"{trade} {place}"
    if first != index or index >= len(words.TRADES) * len(words.PLACES):
        trade_name = f"{trade_name} – {city}"
    domain = _NOT_WORD.sub("-", fold(trade_name)) + ".example"
    people = [_contact(chance, ddd, domain) for _ in range(MOST_PEOPLE if chance.random() < 0.35 else 1)]
    name = f"{trade_name} {chance.choice(words.FORMS)}"
    site = f"https://www.{domain}" if chance.random() < 0.5 else ""
    email, phone = f"contato@{domain}", _landline(chance, ddd)
    return Client(
        "organisation", name, trade_name, _cnpj(index), None, segment, site, *_NO_PLACE, email, phone, people
    )


def _person(chance: Random, index: int, ddd: str) -> Client:
    name = _name(chance)
    email = f"{_NOT_WORD.sub('.', fold(name))}@correio.example"
    return Client(
        "person", name, "", None, _cpf(index), "Residencial", "", *_NO_PLACE, email, _mobile(chance, ddd), []
    )


_NO_PLACE = ("", "", "", "", "")


def _contact(chance: Random, ddd: str, domain: str) -> Person:
    name = _name(chance)
    login = _NOT_WORD.sub(".", fold(name))
    return Person(name, chance.choice(words.JOBS), f"{login}@{domain}", _mobile(chance, ddd))


def _name(chance: Random) -> str:
    return f"{chance.choice(words.GIVEN)} {chance.choice(words.FAMILY)}"


def _mobile(chance: Random, ddd: str) -> str:
    return f"+55{ddd}90{chance.randrange(10**7):07}"


def _landline(chance: Random, ddd: str) -> str:
    return f"+55{ddd}3{chance.randrange(10**7):07}"


def _head_office(index: int) -> int:
    """Every 30th organisation is a second establishment of the one before it."""
    return index - 1 if index % 30 == 29 else index


def _cnpj(index: int) -> str:
    """A valid CNPJ unlike any other index's."""
    establishment = 1 if _head_office(index) == index else 2
    index = _head_office(index)
    scattered = index * 48_271 % _ROOTS
    root = f"{scattered:08}"
    if index % 10 == 3:
        root = f"{_LETTERS[scattered % 26]}{_LETTERS[scattered // 26 % 26]}{scattered // 676:06}"
    body = f"{root}{establishment:04}"
    for _ in range(2):
        total = sum((ord(one) - 48) * (2 + place % 8) for place, one in enumerate(reversed(body)))
        body += str(0 if total % 11 < 2 else 11 - total % 11)
    return body


def _cpf(index: int) -> str:
    body = f"{(index + 1) * 7_919 % 10**9:09}"
    for length in (10, 11):
        total = sum(int(digit) * (length - place) for place, digit in enumerate(body))
        body += str(total * 10 % 11 % 10)
    return body
