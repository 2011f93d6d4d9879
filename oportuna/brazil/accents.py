"""Accents that a program broke: UTF-8 that was read as cp1252 ("SÃ£o Paulo") or as cp850 ("S├úo Paulo")."""

from __future__ import annotations

import re

_UNDEFINED = {code: bytes([code]) for code in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
"""What cp1252 gives no character: Windows keeps those bytes as control characters."""
_PASSES = 3
# Letters begin with Ã, marks and blanks with Â, quotation marks and dashes with â.
_SECOND = "[\u0080-\u00bfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]"
_CP1252 = re.compile(f"Ã{_SECOND}|Â[\u00a0-\u00bf]|â[€„]{_SECOND}|ï»¿")
_CP850 = re.compile("[├┬][^\x00-\x7f]")
_MAY_BE_BROKEN = re.compile("[ÂÃâï├┬]")
# An Ã that ends a word in capitals may well have one of these behind it: “MANHÔ, MANHÃ – TARDE.
_BEHIND_A_WORD = "\u00a0–—‘’“”•…›»™®"
_LOST_IN_A_WORD = re.compile(r"[^\W\d_]\?[^\W\d_]")


def repair_accents(text: str) -> str:
    """The text with its accents, where it is certain how they were broken; any other text as it is.

    An Ã with a mark behind it that may as well end a word in capitals is left alone. Broken twice, it is
    repaired twice.
    """
    if text.isascii():
        return text
    for _ in range(_PASSES):
        if not _MAY_BE_BROKEN.search(text):
            break
        before, text = text, _CP850.sub(_of_cp850, _CP1252.sub(_of_cp1252, text))
        if text == before:
            break
    return text


def has_lost_letters(text: str, *, is_name: bool = False) -> bool:
    """Whether letters of a repaired text are lost, or may be: a sign for nothing stands there, in a name also "Jo?o"."""
    if is_name and "?" in text and _LOST_IN_A_WORD.search(text):
        return True
    return not text.isascii() and ("\ufffd" in text or _CP1252.search(text) is not None)


def _of_cp1252(found: re.Match[str]) -> str:
    if not _is_certain(found):
        return found[0]
    return _decoded(b"".join(_UNDEFINED.get(ord(one)) or one.encode("cp1252") for one in found[0]), found[0])


def _of_cp850(found: re.Match[str]) -> str:
    return _decoded(found[0].encode("cp850", errors="replace"), found[0])


def _decoded(octets: bytes, broken: str) -> str:
    try:
        return octets.decode("utf-8").lstrip("\ufeff")
    except UnicodeDecodeError:
        return broken


def _is_certain(found: re.Match[str]) -> bool:
    broken, text = found[0], found.string
    if broken[0] != "Ã" or broken[1] not in _BEHIND_A_WORD:
        return True
    before = text[found.start() - 1 : found.start()]
    behind = text[found.end() : found.end() + 1]
    # No word begins with Ã, and none in small letters has it; a quotation is not opened within a word.
    return before.islower() or (broken[1] in "“”•…" and before.isalpha() and behind.isalpha())
