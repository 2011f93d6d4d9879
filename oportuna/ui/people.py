"""How a name becomes a small round picture: its letters and one of the palette's colours."""

import re
import unicodedata
from zlib import crc32

COLOURS = ("cinza", "azul", "anil", "violeta", "magenta", "coral", "ipe", "oliva", "verde", "petroleo")

_LEFT_OUT = frozenset(
    (
        "da",
        "das",
        "de",
        "del",
        "do",
        "dos",
        "e",
        "di",
        "du",
        "ltda",
        "me",
        "mei",
        "epp",
        "eireli",
        "sa",
        "cia",
    )
)


def _folded(name: str) -> str:
    """Lower case without accents, so that "JOSÉ" and "José" are one."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).split())


def initials(name: str) -> str:
    """Up to two capitals of a person's or company's name: the first word's and the last's; "?" for an empty name.

    Particles ("de", "dos") and legal forms ("Ltda.", "S.A.") do not count.
    """
    words = [re.sub(r"[^\w]", "", word) for word in name.split()]
    counted = [word for word in words if word and _folded(word) not in _LEFT_OUT] or [
        word for word in words if word
    ]
    if not counted:
        return "?"
    ends = counted if len(counted) < 2 else [counted[0], counted[-1]]
    return "".join(word[0] for word in ends).upper()


def avatar_colour(name: str) -> str:
    """One of the ten palette names, always the same for the same name, accents and capitals aside."""
    return COLOURS[crc32(_folded(name).encode()) % len(COLOURS)]
