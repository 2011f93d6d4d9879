"""Names in capitals alone, as old programs keep them, written as people write them."""

from __future__ import annotations

import re

_PARTICLES = frozenset("da de do das dos e em na no nas nos com para por".split())
_LEGAL = {
    "LTDA": "Ltda",
    "EIRELI": "Eireli",
    "CIA": "Cia",
    "ME": "ME",
    "MEI": "MEI",
    "EPP": "EPP",
    "SLU": "SLU",
}
# Words of three letters or fewer are short forms (WEG, TIM, RH) unless they have an accent or are these.
_SHORT_WORDS = frozenset(
    """
    ACO ANA ANO AVE BAR BEM BOA BOM BOI CEU CHA COR DIA DOM DR DRA EVA FIO IVO LAR LEO LIA LUA LUZ MAR MAE MEL NEY
    OVO PAI PAO PAZ PIO REI RIO RUI SAO SOL SR SRA SUL STA STO TIA TIO UVA VIA
    """.split()
)
_ROMAN = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})")
_WORD = re.compile(r"[^\W\d_]+")
_VOWEL = re.compile(r"[AEIOUYÁÉÍÓÚÂÊÔÃÕÀÜ]")
_LONGEST_SHORT = 3


def calmed(name: str, *, is_person: bool = False) -> str:
    """A name that is in capitals alone as people write it: "PADARIA SÃO JOÃO LTDA" is "Padaria São João Ltda".

    Any other name stays as it is, and so do short forms, initials, roman numerals and what holds digits or dots;
    a person's name has no short forms.
    """
    if name != name.upper():
        return name
    words = name.split(" ")
    return " ".join(_word(word, at, is_person) for at, word in enumerate(words))


def _word(word: str, at: int, is_person: bool) -> str:
    bare = word.strip(".,;:()[]\"'“”&-")
    if bare in _LEGAL and at:
        return word.replace(bare, _LEGAL[bare])
    if bare.lower() in _PARTICLES:
        return word.lower() if at and word == bare else word.capitalize()
    # 3M, S/A, A.B.C.: what is no plain word is a sign of its own.
    if "/" in bare or "." in bare or any(map(str.isdigit, bare)):
        return word
    # No short form is a part of a word: Ji-Paraná, Sant'Ana.
    return _WORD.sub(lambda part: _part(part[0], is_person or part[0] != bare), word)


def _part(part: str, is_person: bool) -> str:
    if _ROMAN.fullmatch(part) or not _VOWEL.search(part):
        return part if part not in _SHORT_WORDS else part.capitalize()
    is_short = len(part) <= _LONGEST_SHORT and part.isascii() and part not in _SHORT_WORDS
    if len(part) == 1 or (is_short and not is_person):
        return part
    return part.capitalize()
