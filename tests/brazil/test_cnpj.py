"""Vectors: reference code of the Receita Federal, SVRS test environment, the first number issued."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.br import cnpj as oracle

from oportuna.brazil.cnpj import STRICT_FORM, cnpj_root, format_cnpj, parse_cnpj, repair_cnpj
from oportuna.brazil.errors import Unreadable

# fmt: off
VALID = [
    "12ABC34501DE35", "1345C3A5000106", "R55231B3000757", "ABCDEFGHIJKL80", "00000000000191",
    "90021382000122", "90024778000123", "90025108000121", "90025255000100", "90024420000109",
    "PC3D315K000193", "MMH9SKDL539Y64", "UGVG75BM000152", "MBS1MDGN000111", "RHXHP3ET000108",
    "A0021382000161", "00000000E08G12", "11111111111180",
]
# fmt: on

bodies = st.from_regex(r"[0-9A-Z]{12}", fullmatch=True).filter(lambda body: body != "0" * 12)
numeric_bodies = st.from_regex(r"[0-9]{12}", fullmatch=True).filter(lambda body: body != "0" * 12)


def code_of(text: str) -> str:
    with pytest.raises(Unreadable) as caught:
        parse_cnpj(text)
    return caught.value.code


@pytest.mark.parametrize("cnpj", VALID)
def test_a_valid_cnpj_is_read_with_and_without_mask(cnpj: str) -> None:
    assert [parse_cnpj(cnpj), parse_cnpj(format_cnpj(cnpj))] == [cnpj, cnpj]


@pytest.mark.parametrize(
    "text",
    [
        "12.abc.345/01de-35",
        " 12.ABC.345/01DE-35 ",
        "12 ABC 345 01DE 35",
        "12.ABC.345/01DE\u201135",
        "12.ABC.345/01DE\u201335",
        "12.ABC.345/01DE\u221235",
        "\u00a012.ABC.345/01DE-35\u200b",
        "\u200e12.ABC.345/01DE-35\ufeff",
        "\uff11\uff12\uff21\uff22\uff23\uff13\uff14\uff15\uff10\uff11\uff24\uff25\uff13\uff15",
        "'12ABC34501DE35",
        "CNPJ: 12.ABC.345/01DE-35",
        "CNPJ nº 12.ABC.345/01DE-35",
    ],
)
def test_what_people_type_around_a_cnpj_is_forgiven(text: str) -> None:
    assert parse_cnpj(text) == "12ABC34501DE35"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("R55231B3000700", "cnpj_check_digit"),
        ("ABCDEFGHIJKL81", "cnpj_check_digit"),
        ("11111111111111", "cnpj_check_digit"),
        ("11.222.333/0001-00", "cnpj_check_digit"),
        ("000000000001P1", "cnpj_format"),
        ("0000000000019L", "cnpj_format"),
        ("00000000000000", "cnpj_zero"),
        ("", "cnpj_length"),
        ("1122233300018", "cnpj_length"),
        ("112223330001811", "cnpj_length"),
        ("Ç2ABC34501DE35", "cnpj_format"),
        ("\u01312ABC34501DE35", "cnpj_format"),
        ("٠٠٠٠٠٠٠٠٠٠٠١٩١", "cnpj_format"),
        ("1122233300018\u0661", "cnpj_format"),
        ("11,222,333/0001-81", "cnpj_format"),
        ("3,30002E+13", "cnpj_scientific"),
        ("1,23E+138", "cnpj_scientific"),
    ],
)
def test_a_wrong_cnpj_is_refused_with_its_reason(text: str, code: str) -> None:
    assert code_of(text) == code


@given(bodies)
def test_every_letter_is_legal(body: str) -> None:
    cnpj = body + oracle.calc_check_digits(body)
    assert parse_cnpj(format_cnpj(cnpj).lower()) == cnpj


@given(bodies, st.integers(1, 99))
def test_wrong_check_digits_never_pass(body: str, distance: int) -> None:
    wrong = (int(oracle.calc_check_digits(body)) + distance) % 100
    assert code_of(f"{body}{wrong:02}") == "cnpj_check_digit"


@given(st.text())
def test_any_text_is_either_a_bare_cnpj_or_refused(text: str) -> None:
    try:
        read = repair_cnpj(text)
    except Unreadable:
        return
    assert re.fullmatch(STRICT_FORM, read, re.ASCII)


@given(numeric_bodies)
def test_a_cnpj_that_became_a_number_gets_its_zeros_back(body: str) -> None:
    cnpj = body + oracle.calc_check_digits(body)
    bare = cnpj.lstrip("0")
    exponent = f"{bare[0]}.{bare[1:]}e+{len(bare) - 1:02}"
    repaired = [repair_cnpj(text) for text in (bare, bare + ".0", bare + ",00", exponent)]
    assert repaired == [cnpj] * 4


@pytest.mark.parametrize(
    ("text", "cnpj"),
    [
        ("33000167000101.0", "33000167000101"),
        ("3.3000167000101e+13", "33000167000101"),
        ("3,3000167000101E+13", "33000167000101"),
        ("191", "00000000000191"),
        ("12.ABC.345/01DE-35", "12ABC34501DE35"),
    ],
)
def test_the_damage_of_spreadsheets_is_repaired(text: str, cnpj: str) -> None:
    assert repair_cnpj(text) == cnpj


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("3,30002E+13", "cnpj_scientific"),
        ("3.30001670001E+13", "cnpj_scientific"),
        ("1,23E+138", "cnpj_scientific"),
        ("190", "cnpj_length"),
        ("33000167000100.0", "cnpj_check_digit"),
        ("0", "cnpj_zero"),
        ("Padaria", "cnpj_length"),
    ],
)
def test_what_is_beyond_repair_is_refused(text: str, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        repair_cnpj(text)
    assert caught.value.code == code


def test_a_letter_is_never_lost() -> None:
    assert code_of("12.ABC.345/01DE-3") == "cnpj_length"


def test_an_establishment_shares_the_root_of_its_company() -> None:
    assert cnpj_root("00000000E08G12") == cnpj_root("00000000000191") == "00000000"
