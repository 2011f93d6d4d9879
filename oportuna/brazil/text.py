"""Text as people and spreadsheets write it: cleaned, compared, searched."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

# Invisible: C0 and C1 controls but line feed, soft hyphen, zero width, bidi, BOM; lone surrogates
# have no UTF-8 form. U+200D stays: it joins emoji.
_DROPPED = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]"
)
_BLANK = re.compile(r"[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LINE_END = re.compile(r"\r\n?|[\u2028\u2029]")
_MENDED = re.compile("|".join(kind.pattern for kind in (_DROPPED, _BLANK, _LINE_END)))

# fmt: off
_EMPTY_WORDS = frozenset({
    "n/a", "n/d", "n.a.", "n.d.", "n/i", "s/n", "s/i", "nan", "none", "null", "nd", "vazio", "#n/a",
    "#n/d", "#ref!", "#value!", "#valor!", "#name?", "#nome?", "#div/0!", "#num!", "#null!",
    "#nulo!", "n.a", "n.d", "n/c", "(vazio)", "(vazia)", "(em branco)", "em branco",
    "nao tem", "nao possui", "nao ha", "nao informado", "nao informada", "nao consta",
    "nao se aplica", "nao cadastrado", "nao cadastrada", "nao disponivel", "indisponivel",
    "nao tem e-mail", "nao tem email", "nao tem telefone", "nao possui e-mail", "nao possui email",
    "nao possui telefone", "sem informacao", "sem informacoes", "sem dados", "sem data", "sem valor", "sem e-mail", "sem email", "sem telefone", "sem fone",
    "sem celular", "sem cnpj", "sem cpf", "sem contato", "sem site", "sem cep",
    "sem endereco",
})
# fmt: on
_EMPTY_SHAPE = re.compile(r"[-\u2013\u2014_.,*?/\s]*|x{2,}")

_SA = re.compile(r"(?<![\w./])s\s?[./]\s?a(?:\.(?!\w)|(?![\w.]))")
_AND_CIA = re.compile(r"(?:\be|&)\s+cia\b")
_LEGAL_ANYWHERE = frozenset({"ltda", "eireli", "epp", "cia"})
_LEGAL_AT_END = frozenset({"sa", "me", "mei", "slu"})

_PHONE_TOKEN = re.compile(r"[+(]*\d[\d().\-/]*|[().\-/]+", re.ASCII)
_NOT_ALNUM = re.compile(r"[\W_]+")
# A mark inside a word, or digits that may be one phone with those behind the blank.
_HAS_TWINS = re.compile(r"[^\w ]|_|\d \d")
# A blank between what one token of a phone may end and another begin with.
_MAY_BE_RUN = re.compile(r"[\d().\-/] [+(\d).\-/]", re.ASCII)
_MARKED_LATIN = re.compile(r"[\x20-\x7e\u0300-\u034e\u0350-\u036f]*")
_SERVICE_NUMBER = re.compile(r"\+55([3589]00\d{6,7})", re.ASCII)


def clean(text: str) -> str:
    """A text fit to be stored: NFC, ordinary blanks, no invisible characters, no blanks around it.

    Line ends become line feeds, tabs blanks. What people see is never changed.
    """
    if text.isprintable():  # nothing that is dropped or replaced is
        return (text if text.isascii() else unicodedata.normalize("NFC", text)).strip()
    if _MENDED.search(text):
        text = _DROPPED.sub("", _BLANK.sub(" ", _LINE_END.sub("\n", text)))
    return unicodedata.normalize("NFC", text).strip()


def fold(text: str) -> str:
    """The key to compare, search and sort by: no accents, no case, single blanks."""
    return _fold_short(text) if len(text) <= _SHORT else _folded(text)


def _folded(text: str) -> str:
    if not text.isprintable():
        text = clean(text)
    plain = text if text.isascii() else _without_marks(text)
    if plain.isascii():
        return " ".join(plain.lower().split())
    folded = _unmarked(plain.casefold())
    return " ".join(clean(folded).split())


# A name is folded for its row, for its search text and for whatever it is compared with.
_SHORT = 120
_fold_short = lru_cache(maxsize=8192)(_folded)


def company_key(text: str) -> str:
    """The key by which two spellings of a company's name are the same name.

    Without punctuation and legal form (LTDA, S.A., EIRELI, "& Cia", …); words that may be part of a
    name (ME, SA, MEI, SLU) go from the end only. A name made of nothing else keeps it.
    """
    folded = fold(text)
    words = _words(_AND_CIA.sub(" ", _SA.sub(" ", folded)))
    kept = [word for word in words if word not in _LEGAL_ANYWHERE]
    while kept and kept[-1] in _LEGAL_AT_END:
        kept.pop()
    return " ".join(kept or _words(folded))


def is_empty_word(text: str) -> bool:
    """Does the cell say that there is nothing, as "-", "n/d", "#N/D" or "não informado" do?"""
    folded = fold(text)
    return folded in _EMPTY_WORDS or _EMPTY_SHAPE.fullmatch(folded) is not None


def search_text(*parts: str | None) -> str:
    """What a record is found by: its folded parts, one blank between them.

    A word with marks inside (a document, a phone, an e-mail) stands there a second time without
    them, so that "11.222.333" and "11222333" both find it by `search_terms`.
    """
    words: dict[str, None] = {}
    for part in parts:
        folded = fold(part) if part else ""
        if not folded:
            continue
        words[folded] = None
        if folded.isalnum():
            continue
        if folded[0] == "+" and folded[1:].isdecimal():
            if match := _SERVICE_NUMBER.fullmatch(folded):
                words["0" + match[1]] = None
        elif _HAS_TWINS.search(folded):
            words.update(dict.fromkeys(_compact_words(folded)))
    return " ".join(words)


def search_terms(query: str) -> list[str]:
    """The terms of a typed query; a record is found when its `search_text` contains every one."""
    terms: dict[str, None] = {}
    for run in _runs(fold(query).split(" ")):
        compact = _NOT_ALNUM.sub("", "".join(run))
        if len(run) > 1 and _is_phone(run):
            # 011 98765-4321 is dialled with a trunk zero that no stored number has; 0800 is its own.
            terms[compact[1:] if re.fullmatch(r"0[1-9]{2}\d{8,9}", compact) else compact] = None
            continue
        for word in run:
            if bare := _NOT_ALNUM.sub("", word):
                terms[bare] = None
    return list(terms)


class _Marks(dict[int, int | None]):
    """The table that takes combining marks out of a text; it learns each character once."""

    def __missing__(self, code: int) -> int | None:
        self[code] = kept = None if unicodedata.combining(chr(code)) else code
        return kept


_MARKS = _Marks()


def _unmarked(text: str) -> str:
    return unicodedata.normalize("NFKD", text).translate(_MARKS)


def _without_marks(text: str) -> str:
    """As `_unmarked`, quicker for a Latin text: its letters are ASCII once their marks are gone."""
    apart = unicodedata.normalize("NFKD", text)
    if _MARKED_LATIN.fullmatch(apart):
        return apart.encode("ascii", "ignore").decode("ascii")
    return apart.translate(_MARKS)


def _words(folded: str) -> list[str]:
    """Words without punctuation; letters spelled one by one ("a. b. c.") are one word."""
    words: list[str] = []
    spelling = False
    for word in _NOT_ALNUM.sub(" ", re.sub(r"['`\u2019\u00b4]", "", folded)).split():
        if spelling and len(word) == 1:
            words[-1] += word
        else:
            words.append(word)
        spelling = len(word) == 1
    return words


def _compact_words(folded: str) -> Iterator[str]:
    """The twins without marks of words that have some inside, and of phones written in several words."""
    words = folded.split(" ")
    # Most texts hold no phone in several words: their words need not be taken as runs.
    if len(words) > 1 and _MAY_BE_RUN.search(folded):
        for run in _runs(words):
            if len(run) > 1 and _is_phone(run):
                yield _NOT_ALNUM.sub("", "".join(run))
    for word in words:
        if not word.isalnum() and (bare := _NOT_ALNUM.sub("", word)) not in folded:
            yield bare


def _runs(words: list[str]) -> Iterator[list[str]]:
    """Neighbouring words that together may be one phone; any other word alone."""
    run: list[str] = []
    for word in words:
        if not _PHONE_TOKEN.fullmatch(word):
            if run:
                yield run
            run = []
            yield [word]
        elif run and (word[0] == "+" or (word[0] == "(" and not (len(run) == 1 and run[0][0] == "+"))):
            yield run
            run = [word]
        else:
            run.append(word)
    if run:
        yield run


def _is_phone(run: list[str]) -> bool:
    joined = "".join(run)
    digits = sum(c.isdigit() for c in joined)
    return digits >= 3 and (joined[0] in "+(" or digits >= 10)
