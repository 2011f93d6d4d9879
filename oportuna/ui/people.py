"""How a name becomes a small round picture: its letters and one of the palette's colours."""

import re
from functools import lru_cache
from zlib import crc32

from django.utils.translation import gettext_lazy as _

from oportuna.brazil.text import fold

COLOURS = {
    "cinza": _("grey"),
    "azul": _("blue"),
    "anil": _("indigo"),
    "violeta": _("violet"),
    "magenta": _("magenta"),
    "coral": _("coral"),
    "ipe": _("yellow"),
    "oliva": _("olive"),
    "verde": _("green"),
    "petroleo": _("petrol"),
}
"""The closed palette of stages, tags and avatars: the stored name and what the page calls it."""

_NAMES = tuple(COLOURS)
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


@lru_cache(maxsize=4096)
def initials(name: str) -> str:
    """Up to two capitals of a person's or company's name, of its first word and its last; "?" for no name.

    Particles ("de", "dos") and legal forms ("Ltda.", "S.A.") do not count.
    """
    words = [re.sub(r"[^\w]", "", word) for word in name.split()]
    counted = [word for word in words if word and fold(word) not in _LEFT_OUT] or [
        word for word in words if word
    ]
    if not counted:
        return "?"
    ends = counted if len(counted) < 2 else [counted[0], counted[-1]]
    return "".join(word[0] for word in ends).upper()


@lru_cache(maxsize=4096)
def avatar_colour(name: str) -> str:
    """One of the ten palette names, always the same for the same name, accents and capitals aside."""
    return _NAMES[crc32(fold(name).encode()) % len(_NAMES)]
