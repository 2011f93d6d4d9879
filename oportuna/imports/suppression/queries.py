"""What the page of the suppression list reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from oportuna.accounts.codes import decode, encode
from oportuna.brazil.text import clean
from oportuna.imports.suppression.entries import Unclear, domains_of, parse_entry
from oportuna.imports.suppression.model import Suppression

PAGE = 50
_FEWEST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Page:
    """A page of entries, the newest first; `newer` and `older` are the codes from which the pages beside it begin."""

    rows: Sequence[Suppression]
    newer: str | None
    older: str | None


def listed() -> QuerySet[Suppression]:
    """All entries."""
    return Suppression.objects.select_related("added_by")


def counts() -> dict[str, int]:
    """How many entries there are of each kind."""
    found = dict(Suppression.objects.order_by().values_list("kind").annotate(Count("pk")))
    return {kind.value: found.get(kind.value, 0) for kind in Suppression.Kind}


def page_of(*, kind: str = "", text: str = "", after: str = "", before: str = "") -> Page:
    """The entries of a kind that a text means, after or before the entry of a code; what is no code begins anew."""
    rows = listed()
    if kind in Suppression.Kind.values:
        rows = rows.filter(kind=kind)
    if text := clean(text).strip():
        rows = rows.filter(_means(text))
    end, start = _decoded(after), _decoded(before)
    if start is not None:
        found = list(rows.filter(pk__gt=start).order_by("pk")[: PAGE + 1])
        more, found = len(found) > PAGE, found[:PAGE][::-1]
        return Page(found, encode(found[0].pk) if more else None, encode(found[-1].pk) if found else None)
    if end is not None:
        rows = rows.filter(pk__lt=end)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    newer = encode(found[0].pk) if found and end is not None else None
    return Page(found, newer, encode(found[-1].pk) if more else None)


def _means(text: str) -> Q:
    """Entries that hold the text, or that somebody written so would be kept out by."""
    means = Q(value__contains=text.lower()) | Q(value__contains=text.upper())
    digits = "".join(letter for letter in text if letter.isdecimal())
    if len(digits) >= _FEWEST_DIGITS and not any(letter.isalpha() for letter in text):
        means |= Q(value__contains=digits)
    try:
        entry = parse_entry(text)
    except Unclear:
        return means
    means |= Q(value=entry.value)
    return means | Q(value__in=domains_of(entry.value)) if entry.kind == Suppression.Kind.EMAIL else means


def _decoded(code: str) -> int | None:
    try:
        return decode(code)
    except ValueError:
        return None
