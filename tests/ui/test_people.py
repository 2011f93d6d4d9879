"""Letters and colours of avatars."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oportuna.ui.people import COLOURS, avatar_colour, initials


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Mariana Albuquerque", "MA"),
        ("João da Silva", "JS"),
        ("Vetor Energia Solar Ltda.", "VS"),
        ("Sup. Irmãos Teixeira S.A.", "ST"),
        ("Ângela", "Â"),
        ("de", "D"),
        ("  ", "?"),
        ("***", "?"),
    ],
)
def test_initials_are_those_of_the_first_and_the_last_word(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_the_same_person_keeps_the_same_colour() -> None:
    assert avatar_colour("JOSÉ  Lima") == avatar_colour("josé lima") == avatar_colour("Jose Lima")


@given(st.text())
def test_any_name_has_letters_and_a_colour(name: str) -> None:
    assert 1 <= len(initials(name)) <= 6
    assert avatar_colour(name) in COLOURS
