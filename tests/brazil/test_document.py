from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.br import cnpj as cnpj_oracle
from stdnum.br import cpf as cpf_oracle

from oportuna.brazil.document import format_document, parse_document
from oportuna.brazil.errors import Unreadable


def complete(body: str) -> str:
    return next(body + f"{digits:02}" for digits in range(100) if cpf_oracle.is_valid(body + f"{digits:02}"))


def code_of(text: str) -> str:
    with pytest.raises(Unreadable) as caught:
        parse_document(text)
    return caught.value.code


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("12.abc.345/01de-35", ("cnpj", "12ABC34501DE35")),
        ("33000167000101.0", ("cnpj", "33000167000101")),
        ("7526557000100", ("cnpj", "07526557000100")),
        ("529.982.247-25", ("cpf", "52998224725")),
        ("52998224725", ("cpf", "52998224725")),
        ("52998224725.0", ("cpf", "52998224725")),
        ("000.000.001-91", ("cpf", "00000000191")),
        ("00.000.000/0001-91", ("cnpj", "00000000000191")),
    ],
)
def test_a_document_is_told_by_its_length_and_digits(text: str, read: tuple[str, str]) -> None:
    assert parse_document(text) == read


@given(st.integers(1, 9_999_999))
def test_a_small_number_that_lost_its_zeros_is_never_guessed(body: int) -> None:
    number = f"{body}{cnpj_oracle.calc_check_digits(f'{body:012}')}"
    assert code_of(number) == "tax_id_ambiguous"


@given(st.from_regex(r"[0-9]{9}", fullmatch=True).filter(lambda body: len(set(body)) > 1))
def test_a_whole_cpf_is_a_cpf_even_when_zeros_would_make_it_a_cnpj(body: str) -> None:
    cpf = complete(body)
    assert parse_document(cpf) == ("cpf", cpf)


@pytest.mark.parametrize(
    "text", ["", "12345678900", "11.222.333/0001-00", "111.111.111-11", "00000000000000", "abc"]
)
def test_what_is_neither_is_refused(text: str) -> None:
    assert code_of(text) == "tax_id_invalid"


@pytest.mark.parametrize(
    ("document", "shown"),
    [("12ABC34501DE35", "12.ABC.345/01DE-35"), ("52998224725", "529.982.247-25"), ("123", "123"), ("", "")],
)
def test_a_document_is_shown_with_its_mask(document: str, shown: str) -> None:
    assert format_document(document) == shown
