from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from oportuna.brazil.errors import Unreadable
from oportuna.brazil.phone import (
    format_phone,
    is_mobile,
    parse_phones,
    read_phones,
    whatsapp_url,
)

MOBILE = "+5511987654321"
FIXED = "+551133334444"


def code_of(text: str, *, ddd: str = "") -> str:
    with pytest.raises(Unreadable) as caught:
        parse_phones(text, ddd=ddd)
    return caught.value.code


@pytest.mark.parametrize(
    "text",
    [
        "(11) 98765-4321",
        "11987654321",
        "11 98765 4321",
        "11.98765.4321",
        "(11)9 8765-4321",
        "( 11 ) 98765 - 4321",
        "(11) 98765\u20134321",
        "\u00a0(11)\u00a098765-4321\u200b",
        "\uff08\uff11\uff11\uff09\uff19\uff18765-4321",
        "5511987654321",
        "55 11 98765-4321",
        "+5511987654321",
        "+55 (11) 98765-4321",
        "+55 (0)11 98765-4321",
        "+55 011 98765-4321",
        "011987654321",
        "(011) 98765-4321",
        "0xx11 98765-4321",
        "(0XX11) 98765-4321",
        "(xx11) 98765-4321",
        "0 15 11 98765-4321",
        "0xx15 11 98765-4321",
        "0055 11 98765-4321",
        "005511987654321",
        "0011987654321",
        "+11 98765-4321",
        "(11) 98765-4321 ramal 12",
        "(11) 98765-4321 r. 12",
        "(11) 98765-4321 R:1234",
        "(11) 98765-4321 ext 12",
        "(11) 98765-4321 x12",
        "11987654321.0",
        "11987654321,00",
        "1.1987654321E+10",
        "5.511987654321e+12",
        "p:+5511987654321",
        "tel:+5511987654321",
        "Tel: (11) 98765-4321",
        "Cel. 1: (11) 98765-4321",
        "DDD 11 Cel 98765-4321",
        "(11) cel 98765-4321",
        "https://wa.me/5511987654321?text=Oi%202",
        "wa.me/11987654321",
        "https://api.whatsapp.com/send?phone=5511987654321&text=oi",
        "(11) 98765-4321 (whats)",
        "(11) 98765-4321 - João",
        "(11) 98765-4321 falar após 18h",
        "'11987654321",
    ],
)
def test_a_phone_is_read_in_every_usual_form(text: str) -> None:
    assert parse_phones(text) == [MOBILE]


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("21.99876.5432", "+5521998765432"),
        ("(11) 3333-4444", FIXED),
        ("55 98765-4321", "+5555987654321"),
        ("(55) 3222-1234", "+555532221234"),
        ("55 55 98765-4321", "+5555987654321"),
        ("(11) 7765-4321", "+551177654321"),
        ("(11) 99999-9999", "+5511999999999"),
        ("0800 123 4567", "+558001234567"),
        ("8001234567", "+558001234567"),
        ("0800 12 3456", "+55800123456"),
        ("+55 0800 123 4567", "+558001234567"),
        ("0300 123 4567", "+553001234567"),
        ("0303 123 4567", "+553031234567"),
        ("4004-1234", "+5540041234"),
        ("3003-1234", "+5530031234"),
        ("4000-1234", "+5540001234"),
        ("(11) 4004-1234", "+551140041234"),
        ("+1 212 555 2368", "+12125552368"),
        ("+351 912 345 678", "+351912345678"),
        ("00 351 912 345 678", "+351912345678"),
        ("wa.me/351912345678", "+351912345678"),
    ],
)
def test_each_kind_of_number_is_told_apart(text: str, phone: str) -> None:
    assert parse_phones(text) == [phone]


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("(11) 98765-4321 / (11) 3333-4444", [MOBILE, FIXED]),
        ("(11) 98765-4321/3333-4444", [MOBILE, FIXED]),
        ("11987654321;1133334444", [MOBILE, FIXED]),
        ("11987654321, 1133334444", [MOBILE, FIXED]),
        ("11987654321\n1133334444", [MOBILE, FIXED]),
        ("11987654321 | 1133334444", [MOBILE, FIXED]),
        ("(11) 98765-4321 e (11) 3333-4444", [MOBILE, FIXED]),
        ("(11) 98765-4321 ou 3333-4444", [MOBILE, FIXED]),
        ("(11) 98765-4321 (11) 3333-4444", [MOBILE, FIXED]),
        ("+5511987654321 +551133334444", [MOBILE, FIXED]),
        ("11 98765-4321 11 3333-4444", [MOBILE, FIXED]),
        ("11 98765-4321 - 3333-4444", [MOBILE, FIXED]),
        ("11987654321 1133334444", [MOBILE, FIXED]),
        ("Tel 1: (11) 98765-4321 Tel 2: (11) 3333-4444", [MOBILE, FIXED]),
        ("(11) 3333-4444 ramal 12 / 98765-4321", [FIXED, MOBILE]),
        ("(11) 3333-4444/4445", [FIXED, "+551133334445"]),
        ("(11) 98765-4321 / 11987654321", [MOBILE]),
    ],
)
def test_several_phones_in_a_cell_are_parted(text: str, phones: list[str]) -> None:
    assert parse_phones(text) == phones


@pytest.mark.parametrize("ddd", ["11", "011", "(11)", "11.0", " 11 "])
def test_the_area_code_may_come_from_its_own_column(ddd: str) -> None:
    for text in ("98765-4321", "987654321.0", "+55 98765-4321"):
        assert parse_phones(text, ddd=ddd) == [MOBILE]


def test_the_area_code_in_the_cell_comes_before_that_of_the_column() -> None:
    assert parse_phones("(11) 98765-4321 / 3333-4444", ddd="21") == [MOBILE, FIXED]


@pytest.mark.parametrize(
    "text", ["98765-4321", "3333-4444", "+55 98765-4321", "(xx) 98765-4321", "8765-4321"]
)
def test_an_area_code_is_never_guessed(text: str) -> None:
    assert [code_of(text), code_of(text, ddd="00"), code_of(text, ddd="20")] == ["phone_no_ddd"] * 3


@pytest.mark.parametrize(
    "text",
    [
        "1.19E+10",
        "1,19877E+10",
        "(20) 98765-4321",
        "(11) 88765-4321",
        "(11) 1234-5678",
        "765-4321",
        "0",
        "190",
        "00000000000",
        "11 98765-432",
        "119876543210",
        "11.222.333/0001-81",
        "0800-FLORES",
        "11 9876O-4321",
        "+99 12345678",
        "0047 2345 6789",
        "98765-4321 3333-4444 1",
    ],
)
def test_what_looks_like_a_phone_and_is_none_is_refused(text: str) -> None:
    assert code_of(text) == "phone_invalid"


@pytest.mark.parametrize("text", ["", " ", "-", "não tem", "n/d", "s/n", "sem telefone"])
def test_a_cell_without_digits_holds_no_phone(text: str) -> None:
    assert parse_phones(text) == []


@pytest.mark.parametrize("first", "689")
def test_an_old_mobile_gets_its_ninth_digit_and_the_user_can_be_told(first: str) -> None:
    phones = read_phones(f"(11) {first}765-4321; (11) 3333-4444")
    assert (phones.numbers, phones.completed) == ([f"+55119{first}7654321", FIXED], [f"+55119{first}7654321"])


def test_a_good_phone_is_kept_beside_a_bad_one() -> None:
    phones = read_phones("(11) 98765-4321 / (20) 3333-4444 / 0800")
    assert (phones.numbers, [problem.code for problem in phones.problems]) == ([MOBILE], ["phone_invalid"])


@given(st.from_regex(r"[1-9][0-9]{9,10}", fullmatch=True))
@example("1177654321")
@example("8001234567")
@example("3031234567")
@example("55500000000")  # the library takes its 55 for the country's code
def test_ordinary_numbers_are_valid_exactly_when_the_library_says_so(digits: str) -> None:
    oracle = phonenumbers.parse(digits, "BR")
    is_ordinary = phonenumbers.is_valid_number(oracle) and str(oracle.national_number) == digits
    phones = read_phones(digits)
    found = [number for number in phones.numbers if number not in phones.completed]
    assert found == ([f"+55{digits}"] if is_ordinary else [])


@given(
    st.from_regex(r"[1-9][1-9]9[0-9]{8}|[1-9][1-9][2-5][0-9]{7}", fullmatch=True),
    st.sampled_from([" ", "-", "."]),
)
def test_all_masks_of_a_number_are_the_same_number(digits: str, mark: str) -> None:
    ddd, first, last = digits[:2], digits[2:-4], digits[-4:]
    masks = [
        digits,
        f"({ddd}) {first}{mark}{last}",
        f"0{digits}",
        f"+55{digits}",
        f"0055 {digits}",
        f"{digits}.0",
    ]
    read = [read_phones(mask).numbers for mask in masks]
    assert read == [read[0]] * len(masks)


@given(st.text("0123456789 ()+-./;xrE,\nwa"), st.sampled_from(["", "11"]))
def test_any_text_gives_valid_numbers_or_a_reason(text: str, ddd: str) -> None:
    phones = read_phones(text, ddd=ddd)
    assert [phonenumbers.is_valid_number(phonenumbers.parse(number)) for number in phones.numbers] == [
        True
    ] * len(phones.numbers)


@pytest.mark.parametrize(
    ("e164", "shown"),
    [
        (MOBILE, "(11) 98765-4321"),
        (FIXED, "(11) 3333-4444"),
        ("+5540041234", "4004-1234"),
        ("+558001234567", "0800 123 4567"),
        ("+55800123456", "0800 12 3456"),
        ("+12125552368", "+1 212-555-2368"),
        ("98765", "98765"),
        ("", ""),
    ],
)
def test_a_phone_is_shown_as_people_write_it(e164: str, shown: str) -> None:
    assert format_phone(e164) == shown


@pytest.mark.parametrize(
    ("e164", "mobile"),
    [
        (MOBILE, True),
        (FIXED, False),
        ("+551177654321", False),
        ("+5540041234", False),
        ("+351912345678", True),
        ("x", False),
    ],
)
def test_a_mobile_has_nine_digits(e164: str, mobile: bool) -> None:
    assert is_mobile(e164) == mobile


def test_only_a_mobile_has_a_whatsapp_link() -> None:
    assert [whatsapp_url(FIXED), whatsapp_url(MOBILE), whatsapp_url(MOBILE, "Olá & até já")] == [
        None,
        "https://wa.me/5511987654321",
        "https://wa.me/5511987654321?text=Ol%C3%A1%20%26%20at%C3%A9%20j%C3%A1",
    ]
