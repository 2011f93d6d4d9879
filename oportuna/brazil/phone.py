"""Phone numbers: many ways to write them, one to keep (E.164), one to show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

import phonenumbers

from oportuna.brazil.errors import Unreadable
from oportuna.brazil.phone_cell import Piece, make_piece, pieces

# The 67 area codes. A mobile has 9 digits and begins with 9, a fixed line 8 and begins with 2 to 5
# (Anatel, Res. 553/2010); 7 with 8 digits may be an old radio and is taken as it stands.
_DDD = r"(?:[14689][1-9]|2[12478]|3[1-578]|5[13-5]|7[13-579])"
_PLAIN = re.compile(rf"(?:\+?55 ?)?\(?({_DDD})\)? ?(9\d{{4}}|[2-57]\d{{3}})-?(\d{{4}})", re.ASCII)
_NATIONAL = re.compile(rf"{_DDD}(?:9\d{{8}}|[2-57]\d{{7}})", re.ASCII)
_AREA_CODE = re.compile(rf"\(?0*({_DDD})\)?(?:[.,]0)?", re.ASCII)
_OLD_MOBILE = re.compile(rf"({_DDD})([689]\d{{7}})", re.ASCII)
_DIGIT_MISSING = re.compile(r"\d{5}[-. ]\d{3}$", re.ASCII)
_LOCAL = re.compile(r"9\d{8}|[2-9]\d{7}", re.ASCII)
_BY_CARRIER = re.compile(r"(?:1[245]|2[1-35]|31|4[13]|[56]5|99)(\d{10,11})", re.ASCII)
# Reached without an area code from anywhere: 4004-1234 and its kin, 0800, 0300, 0303, 0500, 0900.
_SHARED = re.compile(r"(?:300[34]|400[034]|4020)\d{4}", re.ASCII)
_SERVICE = re.compile(r"0((?:[589]00|30[03])\d{7}|[589]00\d{6})|((?:[589]00|30[03])\d{7})", re.ASCII)

_BRAZIL = "+55"
_STORED = re.compile(
    rf"\+55(?:({_DDD})(\d{{4,5}})(\d{{4}})|(\d{{4}})(\d{{4}})|(\d{{3}})(\d{{2,3}})(\d{{4}}))", re.ASCII
)
_STORED_MOBILE = re.compile(rf"\+55{_DDD}9\d{{8}}", re.ASCII)
_MOBILE_TYPES = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)

_SHORTEST_PHONE = 7
_TWO_PHONES = 16
_MOST_WORDS = 16
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Phones:
    """What a text of phones holds: E.164 `numbers` in its order, each once, and what could not be read.

    `completed` are those of the numbers that were old mobiles of 8 digits and got their ninth: to be
    told to the user.
    """

    numbers: list[str] = field(default_factory=list)
    completed: list[str] = field(default_factory=list)
    problems: list[Unreadable] = field(default_factory=list)


def read_phones(text: str, *, ddd: str = "") -> Phones:
    """Read every phone of a text and keep the good ones beside the problems.

    `ddd` is the area code for numbers that have none ("11", "011", "(11)"); before it comes that of
    an earlier number of the same text. In "3333-4444/4445" the second shares the first's beginning.
    An area code is never guessed. Words and extensions are dropped; a text without digits holds no
    phone.
    """
    if match := _PLAIN.fullmatch(text):
        return Phones([f"{_BRAZIL}{match[1]}{match[2]}{match[3]}"])
    phones = Phones()
    if len(text) > _LONGEST:
        phones.problems.append(Unreadable("phone_invalid"))
        return phones
    area = match[1] if (match := _AREA_CODE.fullmatch(ddd.strip())) else ""
    last, scraps = "", False
    for piece in pieces(text):
        if piece.after_slash and len(piece.digits) == 4 and last:
            _add(phones, last[:-4] + piece.digits)
        elif len(piece.digits) >= _SHORTEST_PHONE:
            found = _read_piece(phones, piece, area)
            last = found[-1] if found else ""
            area = _area_of(last) or area
        elif match := _AREA_CODE.fullmatch(piece.text):
            area, scraps = match[1], True
        else:
            scraps = True
    if scraps and not phones.numbers and not phones.problems:
        phones.problems.append(Unreadable("phone_invalid"))
    return phones


def parse_phones(text: str, *, ddd: str = "") -> list[str]:
    """Read every phone of a text as E.164, as `read_phones` does.

    Raises `Unreadable` when any of them cannot be read: phone_no_ddd, phone_invalid.
    """
    phones = read_phones(text, ddd=ddd)
    if phones.problems:
        raise phones.problems[0]
    return phones.numbers


def format_phone(e164: str) -> str:
    """A stored number as "(11) 98765-4321", "4004-1234", "0800 123 4567" or "+1 212-555-2368"."""
    if match := _STORED.fullmatch(e164):
        if match[1]:
            return f"({match[1]}) {match[2]}-{match[3]}"
        return f"{match[4]}-{match[5]}" if match[4] else f"0{match[6]} {match[7]} {match[8]}"
    number = _parsed(e164)
    if number is None:
        return e164
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def is_mobile(e164: str) -> bool:
    """Is a stored number a mobile? Abroad also when fixed and mobile numbers look alike."""
    if e164.startswith(_BRAZIL):
        return _STORED_MOBILE.fullmatch(e164) is not None
    number = _parsed(e164)
    return number is not None and phonenumbers.number_type(number) in _MOBILE_TYPES


def whatsapp_url(e164: str, text: str = "") -> str | None:
    """The address that opens a conversation with a mobile, with `text` ready to send; None for others."""
    if not is_mobile(e164):
        return None
    return f"https://wa.me/{e164.removeprefix('+')}" + (f"?text={quote(text, safe='')}" if text else "")


def _read_piece(phones: Phones, piece: Piece, area: str) -> list[str]:
    """Add the number or numbers of a piece, or its problem; what was read."""
    try:
        found = [_number(piece, area)]
    except Unreadable as problem:
        words = piece.text.split() if len(piece.digits) >= _TWO_PHONES else []
        splits = list(_splits(words, area)) if 0 < len(words) <= _MOST_WORDS else []
        if len(splits) != 1:
            phones.problems.append(problem)
            return []
        found = splits[0]
    for number, completed in found:
        _add(phones, number, completed=completed)
    return [number for number, _ in found]


def _area_of(number: str) -> str:
    """The area code of a stored number, if it has one."""
    match = _STORED.fullmatch(number)
    return (match[1] or "") if match else ""


def _add(phones: Phones, number: str, *, completed: bool = False) -> None:
    if number not in phones.numbers:
        phones.numbers.append(number)
        if completed:
            phones.completed.append(number)


def _splits(words: list[str], area: str) -> Iterator[list[tuple[str, bool]]]:
    """Every way to read words, blanks between them, as numbers one after the other."""
    if not words:
        yield []
    for size in range(1, min(len(words), 6) + 1):
        piece = make_piece(" ".join(words[:size]))
        if len(piece.digits) < _SHORTEST_PHONE or not words[size - 1].strip("-."):
            continue
        try:
            first = _number(piece, area)
        except Unreadable:
            continue
        for rest in _splits(words[size:], _area_of(first[0]) or area):
            yield [first, *rest]


def _number(piece: Piece, area: str) -> tuple[str, bool]:
    """One number as E.164, and whether its ninth digit was added."""
    abroad = piece.plus or piece.digits.startswith("00")
    digits = piece.digits.removeprefix("00") if abroad else piece.digits
    if not abroad or digits.startswith("55"):
        read = _brazilian(digits[2:] if abroad else digits, area)
        if read[1] and _DIGIT_MISSING.search(piece.text):
            raise Unreadable("phone_invalid")
        return read
    # "0011987654321" is a padded number of ours, "0044…" one from abroad; when both fit, nobody knows.
    foreign = _foreign(digits)
    try:
        brazilian = _brazilian(digits, "")
    except Unreadable:
        if foreign is None:
            raise
        return foreign, False
    if foreign is not None and not piece.plus:
        raise Unreadable("phone_invalid")
    return (foreign, False) if foreign is not None else brazilian


def _brazilian(digits: str, area: str) -> tuple[str, bool]:
    """A number of Brazil by its digits, without +55 but with all that may stand before the area code."""
    if match := _SERVICE.fullmatch(digits):
        return f"{_BRAZIL}{match[1] or match[2]}", False
    bare = digits.lstrip("0")
    if _NATIONAL.fullmatch(bare):
        return _BRAZIL + bare, False
    if match := _OLD_MOBILE.fullmatch(bare):
        return f"{_BRAZIL}{match[1]}9{match[2]}", True
    if len(bare) in (12, 13):
        if bare.startswith("55"):
            return _brazilian(bare[2:], "")
        if bare != digits and (match := _BY_CARRIER.fullmatch(bare)):
            return _brazilian(match[1], "")
    if _SHARED.fullmatch(bare):
        return _BRAZIL + bare, False
    if _LOCAL.fullmatch(bare):
        if not area:
            raise Unreadable("phone_no_ddd")
        return _brazilian(area + bare, "")
    raise Unreadable("phone_invalid")


def _foreign(digits: str) -> str | None:
    number = _parsed(f"+{digits}")
    return f"+{digits}" if number is not None and phonenumbers.is_valid_number(number) else None


def _parsed(e164: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return None
