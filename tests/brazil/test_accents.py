import pytest
from hypothesis import given
from hypothesis import strategies as st

from oportuna.brazil.accents import has_lost_letters, repair_accents

_LETTERS = "áéíóúâêôãõàçüÁÉÍÓÚÂÊÔÃÕÀÇÜñÑ"


@given(st.text("abcXYZ .-" + _LETTERS))
def test_a_text_that_is_not_broken_stays_as_it_is(text: str) -> None:
    assert repair_accents(text) == text


@given(st.text("abc" + _LETTERS.lower()))
def test_words_in_small_letters_that_were_read_as_cp1252_are_repaired(text: str) -> None:
    word = f"P{text}s"  # as Windows reads what cp1252 does not know
    broken = "".join(
        bytes([octet]).decode("cp1252") if octet not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(octet)
        for octet in word.encode()
    )

    # "à" alone is the one that may be an Ã and a blank.
    if "à" not in word:
        assert repair_accents(broken) == word


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("SÃ£o Paulo", "São Paulo"),
        ("PADARIA SÃƒO JOÃƒO", "PADARIA SÃO JOÃO"),
        ("CIDADE DAS Ã\x81GUAS", "CIDADE DAS ÁGUAS"),
        ("LEÃ“NIDAS", "LEÓNIDAS"),
        ("Avenida Brasil, nÂº 5 â€“ sala 3", "Avenida Brasil, nº 5 – sala 3"),
        ("caixa dâ€™Ã¡gua", "caixa d’água"),
        ("São João e ConceiÃ§Ã£o", "São João e Conceição"),
        ("ConceiÃƒÂ§ÃƒÂ£o", "Conceição"),
        ("S├úo Paulo", "São Paulo"),
        ("ï»¿Empresa", "Empresa"),
        ("opçÃ\u00a0o", "opçào"),
    ],
)
def test_broken_accents_are_repaired_where_it_is_certain_how(broken: str, whole: str) -> None:
    assert repair_accents(broken) == whole


@pytest.mark.parametrize(
    "text", ["MANHÃ–TARDE", "LOJA “MANHÔ", "MANHÃ\u00a0DE SOL", "IRMÛ", "Ã\u00a0 vista", "Ãx", "â€"]
)
def test_what_may_be_meant_so_is_left_alone(text: str) -> None:
    assert repair_accents(text) == text


@pytest.mark.parametrize(
    ("text", "is_name", "lost"),
    [
        ("S\ufffdo Paulo", False, True),
        ("Jo?o da Silva", True, True),
        ("https://a.com/?b=c", False, False),
        ("Quem?", True, False),
        ("MANHÃ–TARDE", False, True),
        ("São Paulo", True, False),
    ],
)
def test_lost_letters_are_noticed(text: str, is_name: bool, lost: bool) -> None:
    assert has_lost_letters(text, is_name=is_name) is lost
