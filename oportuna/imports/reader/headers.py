"""The names that Brazilian spreadsheets give to columns, and the field each one means.

The words are those seen in real files (Excel, ERPs, lead forms, other CRMs), in Portuguese and English.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from oportuna.brazil.accents import repair_accents
from oportuna.brazil.text import fold
from oportuna.imports.reader.cells import Cell
from oportuna.imports.reader.header_words import ASKING, ENTITIES, LEFT_OUT, NAME_WORDS, TELLING, WORDS

_DROPPED_WORDS = frozenset(("n", "no", "nº", "n°", "da", "de", "do", "das", "dos", "num", "nr"))
_TELLING = {word: field for field, words in TELLING.items() for word in words.split()}
_LEFT_OUT = re.compile(rf".*\((?:{LEFT_OUT.replace(', ', '|')})\)")
_ENTITIES = {word: field for field, words in ENTITIES.items() for word in words.split(", ")}
_NAME_WORDS = frozenset(NAME_WORDS.split(", "))
_ASKING = frozenset(ASKING.split())
_ENTITY = re.compile(r"([^-–:]+?)\s*(?:\s[-–]|:)\s+(.+)")
_OF_THE_SALE = frozenset(("status?", "stage", "value", "created_on", "closed_on", "fechamento?", "number"))
_SELLERS = frozenset(("vendedor", "vendedora", "consultor", "representante", "executivo", "owner"))
_AMOUNTS_OF_OTHERS = frozenset(
    ("unitario", "frete", "pago", "credito", "desconto", "imposto", "comissao", "juros")
)


@dataclass(frozen=True)
class Meaning:
    """What a header means by itself: a field (an ambiguous word's ends in "?") and how sure, from 0 to 1."""

    field: str
    certainty: float
    is_consent: bool = False


def header_key(header: str) -> str:
    """The form in which headers are compared: folded, without punctuation and the words "n. nº da de do"."""
    words = _key_words(header)
    return " ".join(word for word in words if word not in _DROPPED_WORDS) or " ".join(words)


def _key_words(header: str) -> list[str]:
    folded = (
        fold(repair_accents(header))
        .replace("e-mail", "email")
        .replace("follow-up", "follow up")
        .replace("%", " probabilidade ")
    )
    return re.sub(r"[\W_]+", " ", folded.replace("º", " ").replace("ª", " ")).split()


def _table() -> dict[str, Meaning]:
    table: dict[str, Meaning] = {}
    for field, words in WORDS.items():
        for word in " ".join(words.split()).split(", "):
            meaning = Meaning(field.rstrip("!"), 0.98, is_consent=field.endswith("!"))
            table.setdefault(header_key(word), meaning)
            # "e mail" in the list above stands for e-mail in any spelling.
            table.setdefault(header_key(word.replace("e mail", "email")), meaning)
    return table


_BY_KEY = _table()


@lru_cache(maxsize=4096)
def meaning_of(header: str) -> Meaning | None:
    """What a header means, or None.

    A mark that it is not to be imported first ("Valor ponderado (só leitura)"), then exact names, then without a
    number or a bracket at the end, then as a field of something ("Person - Name") or a question ("Qual o seu cargo?"),
    then by the word that it begins with ("Telefone do comprador").
    """
    key = header_key(header)
    if not key:
        return None
    if _LEFT_OUT.fullmatch(fold(header)):
        return Meaning("ignore", 0.98)
    if found := _BY_KEY.get(key):
        # Beside "Cliente", "Razão social" is the name.
        return Meaning("name", 0.99) if "razao" in key and found.field == "name" else found
    bare = re.sub(r"\s*\d+$", "", header_key(re.sub(r"[(\[].*?[)\]]", " ", header)))
    if found := _BY_KEY.get(bare):
        return Meaning(found.field, 0.95, found.is_consent)
    if found := _of_something(header) or _asked(bare):
        return found
    words = bare.split()
    if not words or len(words) > 6 or len(header) > 60:
        return None
    if _SELLERS.intersection(words[1:]) and words[0] in _TELLING:
        return Meaning("owner", 0.6) if words[0] == "email" else Meaning("note", 0.6)
    if words[0] == "valor" and _AMOUNTS_OF_OTHERS.intersection(words):
        return Meaning("note", 0.6)
    field = _TELLING.get(words[0])
    return Meaning(field, 0.7) if field else None


def _of_something(header: str) -> Meaning | None:
    match = _ENTITY.fullmatch(header.strip())
    field = _ENTITIES.get(header_key(match[1])) if match else None
    if match is None or field is None:
        return None
    if field and header_key(match[2]) in _NAME_WORDS:
        return Meaning(field, 0.95)
    found = meaning_of(match[2])
    # What is asked of a person as of a company: "Cliente - Status" says nothing of the opportunity.
    return None if found is None or (field and found.field in _OF_THE_SALE) else found


def _asked(key: str) -> Meaning | None:
    words = key.split()
    rest = " ".join(word for word in words if word not in _ASKING)
    found = _BY_KEY.get(rest) if len(rest) < len(key) else None
    return Meaning(found.field, 0.9, found.is_consent) if found else None


def count_known(cells: Sequence[Cell]) -> int:
    """How many different fields the cells of a row name; 0 for a row that cannot be a header.

    A header has no dates, numbers, addresses of e-mail or long runs of digits.
    """
    texts = [cell for cell in cells if cell is not None and cell != ""]
    if not all(isinstance(text, str) and _may_be_header(text) for text in texts):
        return 0
    meanings = (meaning_of(text) for text in texts if isinstance(text, str))
    return len({meaning.field for meaning in meanings if meaning and meaning.certainty > 0.9})


def _may_be_header(text: str) -> bool:
    return len(text) < 200 and "@" not in text and sum(character.isdigit() for character in text) < 6


def resolved(meanings: Sequence[Meaning | None]) -> list[Meaning | None]:
    """The same meanings with ambiguous words decided by the columns around them.

    Nome is the contact if there is a company column or one of surnames, else the company; Responsável the contact, unless there
    is another contact column; Setor the segment, unless there is one; Status and Funil the stage, unless
    there is one. Fechamento is the day it will close; beside a column of such days, the day it did.
    """
    fields = {meaning.field for meaning in meanings if meaning}
    has_company = bool(fields & {"name", "trade_name"})
    has_contact = bool(fields & {"contact", "first_name?"}) or ("nome?" in fields and has_company)
    decided = {
        "first_name?": ("contact", 0.8),
        "nome?": ("contact", 0.9) if has_company or "surname" in fields else ("name", 0.85),
        "responsavel?": (("owner", 0.75) if "owner" not in fields else ("note", 0.5))
        if has_contact
        else ("contact", 0.8),
        "setor?": ("job_title", 0.6) if "segment" in fields else ("segment", 0.7),
        "numero?": ("address", 0.9) if "address" in fields else ("number", 0.5),
        # Without an address it counts the rows.
        "n?": ("address", 0.9) if "address" in fields else ("note", 0.9),
        "status?": ("status", 0.8) if fields & {"stage", "pipeline?"} else ("stage", 0.7),
        "fechamento?": ("closed_on", 0.9) if "expected_close_on" in fields else ("expected_close_on", 0.98),
        "pipeline?": ("pipeline", 0.9) if "stage" in fields else ("stage", 0.75),
    }
    return [
        Meaning(*decided[meaning.field], meaning.is_consent)
        if meaning and meaning.field in decided
        else meaning
        for meaning in meanings
    ]
