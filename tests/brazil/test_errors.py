from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils import translation

import oportuna.brazil
from oportuna.brazil.address import parse_cep, parse_uf
from oportuna.brazil.cnpj import repair_cnpj
from oportuna.brazil.cpf import repair_cpf
from oportuna.brazil.dates import parse_date
from oportuna.brazil.document import parse_document
from oportuna.brazil.email import parse_emails
from oportuna.brazil.errors import MESSAGES, Unreadable
from oportuna.brazil.money import parse_money, parse_percent
from oportuna.brazil.phone import parse_phones

CATALOGUE = Path(oportuna.brazil.__file__).parent / "locale/pt_BR/LC_MESSAGES/django.po"


def test_every_reason_is_told_in_portuguese() -> None:
    with CATALOGUE.open("rb") as file:
        translated = {message.id: message.string for message in read_po(file, locale="pt_BR") if message.id}
    with translation.override(None):
        assert {str(message) for message in MESSAGES.values()} == {
            key for key, text in translated.items() if text
        }


def test_a_reason_survives_the_way_between_processes() -> None:
    error = pickle.loads(pickle.dumps(Unreadable("cnpj_length")))
    assert (type(error), error.code) == (Unreadable, "cnpj_length")


def test_only_known_reasons_can_be_raised() -> None:
    with pytest.raises(KeyError):
        Unreadable("no_such_reason")


HOSTILE = [
    "1",
    "1.",
    "1 ",
    " ",
    "a",
    "a ",
    "(",
    "+",
    "(1",
    "-",
    "a-",
    "S.",
    "x1",
    "é",
    "123 ",
    "11 98765-4321 ",
    "a@",
    "wa.me/",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_cell_filled_to_the_brim_is_read_or_refused(piece: str) -> None:
    cell = "x" + piece * (32_767 // len(piece)) + "x"
    readers = (
        *(repair_cnpj, repair_cpf, parse_document, parse_phones, parse_money, parse_percent, parse_date),
        *(parse_uf, parse_cep, parse_emails),
    )
    for read in readers:
        with pytest.raises(Unreadable):
            read(cell)
