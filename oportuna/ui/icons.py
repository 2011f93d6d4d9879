"""Icons of the page, inlined as SVG: they take the colour of the text and cost no request."""

import re
from functools import cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from oportuna.ui.frontend import NODE_MODULES

_ICONS = NODE_MODULES / "@tabler" / "icons" / "icons"
_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_BLANK = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>')
_OUTLINE = 'fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round"'
_FILLED = 'fill="currentColor"'


class UnknownIconError(LookupError):
    """A template asks for an icon that the icon set does not have."""


@cache
def icon(name: str, cls: str = "ic", *, filled: bool = False) -> SafeString:
    """The icon as inline SVG, hidden from screen readers: the text beside it speaks.

    `name` is Tabler's ("calendar-event"), `filled` takes the filled drawing. Raises UnknownIconError.
    """
    style = "filled" if filled else "outline"
    if not re.fullmatch(r"[a-z0-9-]+", name):
        raise UnknownIconError(name)
    try:
        drawing = (_ICONS / style / f"{name}.svg").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UnknownIconError(f"{name} ({style})") from None
    found = _BODY.search(drawing)
    if found is None:
        raise UnknownIconError(f"{name} ({style})")
    body = re.sub(r"\s*\n\s*", "", _BLANK.sub("", found[1]))
    paint = _FILLED if filled else _OUTLINE
    drawn = f'<svg class="{escape(cls)}" viewBox="0 0 24 24" {paint} aria-hidden="true">{body}</svg>'
    return mark_safe(drawn)  # noqa: S308  the drawing is the icon set's own file
