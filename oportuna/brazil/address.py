"""States, cities and postal codes (CEP)."""

from __future__ import annotations

import re
import unicodedata

from oportuna.brazil.errors import Unreadable
from oportuna.brazil.text import clean, fold

UFS: dict[str, str] = {
    "AC": "Acre",
    "AL": "Alagoas",
    "AM": "Amazonas",
    "AP": "Amapá",
    "BA": "Bahia",
    "CE": "Ceará",
    "DF": "Distrito Federal",
    "ES": "Espírito Santo",
    "GO": "Goiás",
    "MA": "Maranhão",
    "MG": "Minas Gerais",
    "MS": "Mato Grosso do Sul",
    "MT": "Mato Grosso",
    "PA": "Pará",
    "PB": "Paraíba",
    "PE": "Pernambuco",
    "PI": "Piauí",
    "PR": "Paraná",
    "RJ": "Rio de Janeiro",
    "RN": "Rio Grande do Norte",
    "RO": "Rondônia",
    "RR": "Roraima",
    "RS": "Rio Grande do Sul",
    "SC": "Santa Catarina",
    "SE": "Sergipe",
    "SP": "São Paulo",
    "TO": "Tocantins",
}

_CODES = {fold(name): code for code, name in UFS.items()} | {code.lower(): code for code in UFS}

# The first digit of a CEP is the postal region (Correios).
_REGIONS = {
    "0": {"SP"},
    "1": {"SP"},
    "2": {"RJ", "ES"},
    "3": {"MG"},
    "4": {"BA", "SE"},
    "5": {"PE", "AL", "PB", "RN"},
    "6": {"CE", "PI", "MA", "PA", "AP", "AM", "RR", "AC"},
    "7": {"DF", "GO", "TO", "MT", "RO", "MS"},
    "8": {"PR", "SC"},
    "9": {"RS"},
}

_LONGEST = 200
_COUNTRY = re.compile(r"\s*[-/,(]\s*bra[sz]il\s*\)?$", re.IGNORECASE)
_BESIDE_HYPHEN = re.compile(r"(.+?)\s*-\s*([A-Za-z]{2})", re.ASCII)
_BEHIND_MARK = re.compile(r"(.+?)(?:\s*[/,|]\s*|\s+-\s+|\s*\(\s*)([^/,|()]+?)\s*\)?")
_BEHIND_BLANK = re.compile(r"(.+?)\s+([A-Z]{2})", re.ASCII)

_CEP = re.compile(r"(\d{5})-?(\d{3})", re.ASCII)
_CEP_NUMBER = re.compile(r"(\d{7,8})(?:[.,]0)?", re.ASCII)
_CEP_MARKS = re.compile(r"[\s.]|^CEP\s*:?", re.IGNORECASE)
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_FIRST_CEP = "01000000"


def parse_uf(text: str) -> str:
    """Read a state, by its code or its name in any case and without accents: its two letters.

    Both together ("SP - São Paulo") are fine when they agree. Raises `Unreadable` (uf_unknown).
    """
    key = fold(text).replace(".", "")
    found = {_CODES.get(part.strip(" )")) for part in re.split(r"\s*[/(]\s*|\s+-\s+", key)}
    if len(found) != 1 or (code := found.pop()) is None:
        raise Unreadable("uf_unknown")
    return code


def parse_city_uf(text: str) -> tuple[str, str | None]:
    """Part "Campinas/SP", "Campinas - SP", "Campinas (São Paulo)" or "Campinas SP" into city and state.

    Without a known state behind a mark the whole text is the city: "Ji-Paraná" is one. A state's
    code alone is a state without city.
    """
    city = clean(text)
    if len(city) > _LONGEST:
        return city, None
    city = _COUNTRY.sub("", city)
    if city in UFS:
        return "", city
    for form in (_BEHIND_MARK, _BESIDE_HYPHEN, _BEHIND_BLANK):
        if match := form.fullmatch(city):
            try:
                return match[1].strip(), parse_uf(match[2])
            except Unreadable:
                continue
    return city, None


def parse_cep(text: str) -> str:
    """Read a postal code: 8 digits without mask.

    A number that lost the zero of São Paulo gets it back (1310100 is 01310100). Raises `Unreadable`
    (cep_invalid).
    """
    bare = _DASHES.sub("-", unicodedata.normalize("NFKC", clean(text)))
    if match := _CEP_NUMBER.fullmatch(bare):
        cep = match[1].zfill(8)
    elif match := _CEP.fullmatch(_CEP_MARKS.sub("", bare)):
        cep = match[1] + match[2]
    else:
        raise Unreadable("cep_invalid")
    if cep < _FIRST_CEP:
        raise Unreadable("cep_invalid")
    return cep


def format_cep(cep: str) -> str:
    """The mask 00000-000 of 8 bare digits; any other text as it is."""
    return f"{cep[:5]}-{cep[5:]}" if len(cep) == 8 else cep


def cep_fits_uf(cep: str, uf: str) -> bool:
    """Does a bare CEP lie in the state's postal region? A mismatch is worth a warning, never a refusal."""
    return uf in _REGIONS.get(cep[:1], set())
