from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.br import cpf as oracle

from oportuna.brazil.cpf import format_cpf, parse_cpf, repair_cpf
from oportuna.brazil.errors import Unreadable


def complete(body: str) -> str:
    return next(body + f"{digits:02}" for digits in range(100) if oracle.is_valid(body + f"{digits:02}"))


@pytest.mark.parametrize("cpf", ["52998224725", "11144477735", "00000000191"])
def test_a_valid_cpf_is_read_with_and_without_mask(cpf: str) -> None:
    assert [parse_cpf(cpf), parse_cpf(format_cpf(cpf)), parse_cpf(f" CPF: {cpf[:9]}-{cpf[9:]}")] == [cpf] * 3


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("12345678900", "cpf_check_digit"),
        ("5299822472", "cpf_length"),
        ("529982247255", "cpf_length"),
        ("", "cpf_length"),
        ("5299822472X", "cpf_format"),
        ("5299822472\u0665", "cpf_format"),
        ("5,2998E+10", "cpf_scientific"),
        *[(str(digit) * 11, "cpf_equal_digits") for digit in range(10)],
    ],
)
def test_a_wrong_cpf_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_cpf(text)
    assert caught.value.code == code


@given(st.from_regex(r"[0-9]{9}", fullmatch=True).filter(lambda body: len(set(body)) > 1))
def test_a_cpf_that_became_a_number_gets_its_zeros_back(body: str) -> None:
    cpf = complete(body)
    bare = cpf.lstrip("0")
    assert [repair_cpf(bare), repair_cpf(bare + ".0"), repair_cpf(cpf)] == [cpf] * 3


@pytest.mark.parametrize(
    ("text", "code"),
    [("190", "cpf_length"), ("5,2998E+10", "cpf_scientific"), ("0", "cpf_equal_digits")],
)
def test_what_is_beyond_repair_is_refused(text: str, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        repair_cpf(text)
    assert caught.value.code == code
