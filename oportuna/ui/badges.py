"""The small things that a card repeats: avatar, tag, ring, next activity, age.

They are functions and not macros because a board draws hundreds of each: remembered by their arguments, they
bring a board of 200 cards from 20 ms down to a few.
"""

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from oportuna.ui.formats import days
from oportuna.ui.icons import icon
from oportuna.ui.people import avatar_colour, initials

_NEXT_ICONS = {"late": "alert-circle", "today": "clock-hour-3", "future": "calendar-event"}


@lru_cache(maxsize=4096)
def avatar(name: str, size: str = "xs", label: str | None = None, square: bool = False) -> SafeString:
    """A person or company as a round picture; `size` is xs, md or lg, `label` is read aloud for the name."""
    return format_html(
        '<span class="op-av op-av--{}{} op-c-{}" role="img" aria-label="{}" title="{}">{}</span>',
        size,
        " op-av--sq" if square else "",
        avatar_colour(name),
        label or name,
        name,
        initials(name),
    )


@lru_cache(maxsize=4096)
def tag(text: str, colour: str = "cinza") -> SafeString:
    """A tag in one of the palette's colours."""
    return format_html('<span class="op-tag op-c-{}">{}</span>', colour, text)


@lru_cache(maxsize=4096)
def stage_pie(probability: int, colour: str = "petroleo", done: bool = False) -> SafeString:
    """The ring that fills with the probability (tenths of a percent) and closes with a tick when `done`."""
    if done:
        return format_html(
            '<svg class="op-pie op-c-{}" viewBox="0 0 16 16" aria-hidden="true">'
            '<circle cx="8" cy="8" r="8" fill="currentColor"/>'
            '<path class="op-pie__tick" d="M4.6 8.2l2.3 2.3l4.5-4.7" fill="none" '
            'stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"/></svg>',
            colour,
        )
    return format_html(
        '<svg class="op-pie op-c-{}" viewBox="0 0 16 16" aria-hidden="true">'
        '<circle cx="8" cy="8" r="7" fill="none" stroke="currentColor" stroke-width="1.8"/>'
        '<circle cx="8" cy="8" r="2.5" fill="none" stroke="currentColor" stroke-width="5" pathLength="100" '
        'stroke-dasharray="{} 100" transform="rotate(-90 8 8)"/></svg>',
        colour,
        f"{probability / 10:g}",
    )


def next_activity(state: str, text: str | None = None, language: str = "") -> SafeString:
    """What comes next: `state` is late, today, future or none; `text` says when and what.

    A loop over hundreds asks for the active language once and passes it: asking costs twice the badge (measured).
    """
    return _next_activity(language or get_language() or "", state, text)


@lru_cache(maxsize=4096)
def _next_activity(_language: str, state: str, text: str | None) -> SafeString:
    return format_html(
        '<span class="op-next op-next--{}">{}<span>{}</span></span>',
        "fut" if state == "future" else state,
        icon(_NEXT_ICONS.get(state, "calendar-off"), filled=state == "late"),
        text or _("No activity"),
    )


def age(count: int, stale: bool = False, language: str = "") -> SafeString:
    """Days in this stage; `stale` when they are more than the stage allows. `language` as for `next_activity`."""
    return _age(language or get_language() or "", count, stale)


@lru_cache(maxsize=4096)
def _age(_language: str, count: int, stale: bool) -> SafeString:
    title = ngettext("%(count)s day in this stage", "%(count)s days in this stage", count) % {"count": count}
    return format_html(
        '<span class="op-age{}" title="{}">{}{}</span>',
        " is-stale" if stale else "",
        title,
        icon("hourglass-low") if stale else "",
        days(count),
    )
