from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oportuna.brazil.address import UFS, cep_fits_uf, format_cep, parse_cep, parse_city_uf, parse_uf
from oportuna.brazil.errors import Unreadable


@pytest.mark.parametrize(("code", "name"), UFS.items())
def test_a_state_is_known_by_code_and_name(code: str, name: str) -> None:
    texts = (
        code,
        code.lower(),
        f" {code} ",
        name,
        name.upper(),
        f"{code} - {name}",
        f"{name} ({code})",
        f"{name}/{code}",
    )
    assert [parse_uf(text) for text in texts] == [code] * len(texts)


def test_there_are_26_states_and_the_federal_district() -> None:
    assert len(UFS) == 27


@pytest.mark.parametrize("text", ["", "XX", "Sao", "SP/RJ", "SP - Rio de Janeiro", "Lisboa"])
def test_an_unknown_state_is_refused(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_uf(text)
    assert caught.value.code == "uf_unknown"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Campinas/SP", ("Campinas", "SP")),
        ("Campinas / sp", ("Campinas", "SP")),
        ("Campinas - SP", ("Campinas", "SP")),
        ("Campinas-SP", ("Campinas", "SP")),
        ("Campinas, SP", ("Campinas", "SP")),
        ("Campinas (SP)", ("Campinas", "SP")),
        ("Campinas SP", ("Campinas", "SP")),
        ("Campinas - São Paulo", ("Campinas", "SP")),
        ("São Paulo - SP, Brasil", ("São Paulo", "SP")),
        ("São Paulo", ("São Paulo", None)),
        ("Ji-Paraná", ("Ji-Paraná", None)),
        ("Ji-Paraná/RO", ("Ji-Paraná", "RO")),
        ("Embu-Guaçu - SP", ("Embu-Guaçu", "SP")),
        ("Sant'Ana do Livramento RS", ("Sant'Ana do Livramento", "RS")),
        ("Campinas/XX", ("Campinas/XX", None)),
        ("SP", ("", "SP")),
        ("", ("", None)),
    ],
)
def test_city_and_state_in_one_cell_are_parted(text: str, read: tuple[str, str | None]) -> None:
    assert parse_city_uf(text) == read


@pytest.mark.parametrize(
    "text",
    ["01310-100", "01310100", "1310100", "1310100.0", "01.310-100", "CEP: 01310-100", "01310\u2013100"],
)
def test_a_cep_is_read_and_gets_its_zero_back(text: str) -> None:
    assert parse_cep(text) == "01310100"


@pytest.mark.parametrize(
    "text",
    ["", "0131010", "131010", "1310-100", "013101000", "00000000", "00999-999", "0131O-100", "1,31E+06"],
)
def test_a_wrong_cep_is_refused(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_cep(text)
    assert caught.value.code == "cep_invalid"


@given(st.integers(1_000_000, 99_999_999))
def test_every_cep_survives_its_mask(number: int) -> None:
    cep = f"{number:08}"
    assert parse_cep(format_cep(cep)) == parse_cep(str(number)) == cep


def test_what_is_no_cep_is_shown_as_it_is() -> None:
    assert format_cep("123") == "123"


@pytest.mark.parametrize(
    ("cep", "uf", "fits"),
    [
        ("01310100", "SP", True),
        ("13010000", "SP", True),
        ("01310100", "RJ", False),
        ("69900000", "AC", True),
        ("", "SP", False),
    ],
)
def test_a_cep_that_does_not_fit_the_state_can_be_warned_of(cep: str, uf: str, fits: bool) -> None:
    assert cep_fits_uf(cep, uf) == fits


def test_each_state_has_its_postal_region() -> None:
    regions = [[uf for uf in UFS if cep_fits_uf(f"{digit}0000000", uf)] for digit in range(1, 10)]
    assert sorted(uf for region in regions for uf in region) == sorted(UFS)
