"""The Jinja2 environment that renders every page of ours."""

from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, StrictUndefined

from oportuna.brazil.document import format_document
from oportuna.brazil.money import format_money, short_money
from oportuna.brazil.phone import format_phone
from oportuna.brazil.quantity import format_quantity
from oportuna.ui import badges, formats
from oportuna.ui.fields import control, field_kind, html_attrs
from oportuna.ui.icons import icon
from oportuna.ui.marking import marked
from oportuna.ui.people import COLOURS, avatar_colour, initials
from oportuna.ui.remembered import Remember

THEMES = ("light", "dark")
DENSITIES = ("compact",)


@lru_cache(maxsize=8192)
def address(name: str, *words: str) -> str:
    """The address of a route that words alone complete, as a company's slug; raises NoReverseMatch."""
    return reverse(name, args=words)


def url(name: str, *args: object, **kwargs: object) -> str:
    """The address of a named route. An id in it becomes a code that changes with the company's key: such a one is made anew."""
    words = [one for one in args if isinstance(one, str)]
    if kwargs or len(words) < len(args):
        return reverse(name, args=args or None, kwargs=kwargs or None)
    return address(name, *words)


def theme_of(request: HttpRequest | None) -> str:
    """The theme that the person chose, "light" or "dark"; empty follows the system."""
    chosen = request.COOKIES.get("theme", "") if request else ""
    return chosen if chosen in THEMES else ""


def density_of(request: HttpRequest | None) -> str:
    """How close things stand by the person's choice: "compact", or empty for comfortable."""
    chosen = request.COOKIES.get("density", "") if request else ""
    return chosen if chosen in DENSITIES else ""


def folded_of(request: HttpRequest | None) -> frozenset[str]:
    """What the person has folded on the board: the places of columns as `data-stage` has them."""
    folded = request.COOKIES.get("folded", "") if request else ""
    return frozenset(folded.split("-"))


def environment(**options: Any) -> Environment:
    """Django's Jinja2 backend calls this once: a misspelt variable is an error, everything is escaped."""
    options |= {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    options["extensions"] = [*options.get("extensions", []), "jinja2.ext.i18n", Remember]
    made = Environment(**{**options, "autoescape": True})  # noqa: S701  it is on, for every template
    made.install_gettext_callables(  # type: ignore[attr-defined]  # the i18n extension adds it
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    made.globals.update(
        COLOURS=COLOURS,
        badges=badges,
        control=control,
        field_kind=field_kind,
        density_of=density_of,
        folded_of=folded_of,
        html_attrs=html_attrs,
        icon=icon,
        language=get_language,
        static=static,
        theme_of=theme_of,
        url=url,
    )
    # In a loop over hundreds a badge is a filter: a function, called by way of the context, costs twice as much (measured).
    made.filters.update(
        age=badges.age,
        ago=formats.ago,
        avatar=badges.avatar,
        avatar_colour=avatar_colour,
        cnpj=format_document,
        date_br=formats.date_br,
        datetime_br=formats.datetime_br,
        days=formats.days,
        document=format_document,
        initials=initials,
        marked=marked,
        money=format_money,
        near_date=formats.near_date,
        next_activity=badges.next_activity,
        percent=formats.percent,
        quantity=format_quantity,
        phone=format_phone,
        reais=formats.reais,
        short_money=short_money,
        stage_pie=badges.stage_pie,
        tag=badges.tag,
        file_size=formats.file_size,
        thousands=formats.thousands,
        time_br=formats.time_br,
    )
    return made
