from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils import translation

import oportuna.brazil
from oportuna.brazil.errors import MESSAGES, Unreadable

CATALOGUE = Path(oportuna.brazil.__file__).parent / "locale/pt_BR/LC_MESSAGES/django.po"


def test_every_reason_is_told_in_portuguese() -> None:
    with CATALOGUE.open("rb") as file:
        translated = {message.id: message.string for message in read_po(file, locale="pt_BR") if message.id}
    with translation.override(None):
        assert {str(message) for message in MESSAGES.values()} == {
            id for id, text in translated.items() if text
        }


def test_a_reason_survives_the_way_between_processes() -> None:
    error = pickle.loads(pickle.dumps(Unreadable("cnpj_length")))
    assert (type(error), error.code) == (Unreadable, "cnpj_length")


def test_only_known_reasons_can_be_raised() -> None:
    with pytest.raises(KeyError):
        Unreadable("no_such_reason")
