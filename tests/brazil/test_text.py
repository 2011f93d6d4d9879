from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oportuna.brazil.cnpj import format_cnpj
from oportuna.brazil.text import (
    clean,
    company_key,
    fold,
    is_empty_word,
    search_terms,
    search_text,
)


def found(query: str, text: str) -> bool:
    return all(term in text for term in search_terms(query))


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  Padaria  São João ", "Padaria  São João"),
        ("Sa\u0303o Paulo", "São Paulo"),
        ("a\u00a0b\u3000c\td", "a b c d"),
        ("a\u200bb\u2060c\ufeffd\u202ee\u2069", "abcde"),
        ("a\x00b\x1fc", "abc"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\ud800b", "ab"),
        ("👩\u200d💻", "👩\u200d💻"),
    ],
)
def test_invisible_characters_are_cleaned_away(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(st.text(st.characters()))
def test_clean_text_can_always_be_stored_and_stays_the_same(text: str) -> None:
    cleaned = clean(text)
    assert (clean(cleaned), "\x00" in cleaned) == (cleaned, False)
    assert unicodedata.is_normalized("NFC", cleaned.encode("utf-8").decode("utf-8"))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Ação  & Cia", "acao & cia"),
        ("ÁGUA", "agua"),
        ("Straße", "strasse"),
        ("ﬁlial", "filial"),
        ("São\nPaulo", "sao paulo"),
    ],
)
def test_case_and_accents_do_not_matter_in_comparing(text: str, key: str) -> None:
    assert fold(text) == key


@given(st.text(st.characters(max_codepoint=0x2FFF)))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_agua_comes_before_zebra() -> None:
    assert sorted(["Zebra", "Água", "bola", "Ábaco"], key=fold) == ["Ábaco", "Água", "bola", "Zebra"]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Banco do Brasil S.A.", "banco do brasil"),
        ("BANCO DO BRASIL S/A", "banco do brasil"),
        ("Banco do Brasil SA - Agência 12", "banco do brasil sa agencia 12"),
        ("A.B.C. Ltda - ME", "abc"),
        ("ABC LTDA. EPP", "abc"),
        ("Silva & Cia Ltda", "silva"),
        ("Silva e Cia. Ltda.", "silva"),
        ("Sá Pinto Eireli", "sa pinto"),
        ("Me Poupe Cursos MEI", "me poupe cursos"),
        ("D'Ávila Móveis SLU", "davila moveis"),
        ("Comércio S. A.", "comercio"),
        ("S.A.C. Serviços", "sac servicos"),
        ("S/A", "sa"),
        ("", ""),
    ],
)
def test_two_spellings_of_a_company_have_one_key(name: str, key: str) -> None:
    assert company_key(name) == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "-",
        "--",
        "\u2014",
        "n/a",
        "N/D",
        "s/n",
        "#N/D",
        "#N/A",
        "#REF!",
        "nan",
        "None",
        "NULL",
        "xxx",
        "XX",
    ],
)
def test_marks_for_nothing_are_nothing(text: str) -> None:
    assert is_empty_word(text)


@pytest.mark.parametrize("text", ["não tem", "Não Informado", "sem e-mail", "Na\u0303o  tem"])
def test_words_for_nothing_are_nothing(text: str) -> None:
    assert is_empty_word(text)


@pytest.mark.parametrize("text", ["0", "x", "Nana", "Padaria", "-1", "Sem Limites Ltda"])
def test_words_that_say_something_are_kept(text: str) -> None:
    assert not is_empty_word(text)


@pytest.mark.parametrize(
    "query",
    [
        "são joão",
        "SAO JOAO, padaria",
        "11.222.333",
        "11222333",
        "11.222.333/0001-81",
        "padaria 11.222.333/0001",
        "(11) 98765-4321",
        "(11) 98765",
        "11 98765 4321",
        "011 98765-4321",
        "+55 (11) 98765-4321",
        "98765-4321",
        "0800 123 4567",
        "12.abc",
        "joao2@padaria",
        "",
        " - & ",
    ],
)
def test_a_record_is_found_with_and_without_marks(query: str) -> None:
    text = search_text(
        "Padaria São João",
        "11222333000181",
        "12ABC34501DE35",
        "+5511987654321",
        "+558001234567",
        None,
        "joao2@padaria.com",
    )
    assert found(query, text)


def test_a_mask_in_the_stored_text_is_no_obstacle() -> None:
    text = search_text("Contrato 11.222.333/0001-81, fone (11) 98765-4321")
    assert [found(query, text) for query in ("11222333000181", "11987654321", "2222")] == [True, True, False]


def test_the_words_of_a_query_may_come_in_any_order_and_once_each() -> None:
    assert search_terms("João padaria  joao") == ["joao", "padaria"]


@given(st.lists(st.text("ab1 23.-/(+é&", max_size=12), max_size=3), st.data())
def test_any_word_of_a_record_finds_it(parts: list[str], data: st.DataObject) -> None:
    words = [word for part in parts for word in part.split()]
    query = data.draw(st.sampled_from(words)) if words else ""
    assert found(query, search_text(*parts))


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=14, max_size=14), st.data())
def test_any_stretch_of_a_masked_document_finds_it(cnpj: str, data: st.DataObject) -> None:
    masked = format_cnpj(cnpj)
    start = data.draw(st.integers(0, len(masked)))
    query = masked[start : data.draw(st.integers(start, len(masked)))]
    assert found(query, search_text(cnpj, "Padaria"))
