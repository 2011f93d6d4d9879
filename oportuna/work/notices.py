"""Notices: what happened to one's things while one was elsewhere.

Whoever does it tells of it in the same transaction; the app that knows the kind says in its module `notices` how it is told:

    notices.tell([owner.pk], "opportunity.assigned", opportunity.pk, by=actor.membership)

    @notices.told("opportunity")
    def of_opportunities(reader: Actor, about: Sequence[Notice]) -> dict[int, Telling]: ...
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.safestring import SafeString

from oportuna.accounts.actor import Actor
from oportuna.accounts.codes import encode
from oportuna.accounts.models import Membership
from oportuna.accounts.prepared import prepared
from oportuna.work.clock import every_minute
from oportuna.work.models import Notice

PAGE = 30
MOST_COUNTED = 99
KEPT_READ = timedelta(days=30)
_FORGOTTEN_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Telling:
    """A notice as it is told: safe HTML, and where it leads."""

    sentence: SafeString
    icon: str
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """A notice on the page; without a `telling` its reader may not know any more what it was about."""

    notice: Notice
    telling: Telling | None


@dataclass(frozen=True, slots=True)
class Page:
    """Notices, the newest first; `older` is the code of the one behind which there are more."""

    lines: list[Line]
    older: str


Teller = Callable[[Actor, Sequence[Notice]], dict[int, Telling]]
_tellers: dict[str, Teller] = {}


def told(noun: str) -> Callable[[Teller], Teller]:
    """Register how notices about a noun are told: by their ids, without those that the reader may not know of any more."""

    def register(teller: Teller) -> Teller:
        _tellers[noun] = teller
        return teller

    return register


def tell(
    recipients: Iterable[int], kind: str, row: int, *, count: int = 1, by: Membership | None = None
) -> None:
    """Leave a notice for members by their ids, in the transaction of what it tells; nobody is told what he did himself."""
    author = by.pk if by else None
    notices = [
        Notice(recipient_id=pk, kind=kind, row=row, count=count, by=by)
        for pk in dict.fromkeys(recipients)
        if pk != author
    ]
    Notice.objects.bulk_create(notices)


def take_back(kind: str, row: int, *, by: Membership) -> None:
    """Take back what a member told of a row and nobody has read, in the transaction that undoes it."""
    Notice.objects.filter(kind=kind, row=row, by=by, read_at__isnull=True).delete()


def unread(reader: Actor) -> list[tuple[str, int]]:
    """What the reader's unread notices are about, as (noun, row); one more than MOST_COUNTED at most."""
    return [(kind.partition(".")[0], row) for kind, row in _unread(reader.membership.pk)]


@prepared
def _unread(recipient_id: int) -> QuerySet[Notice, tuple[str, int]]:
    waiting = Notice.objects.filter(recipient_id=recipient_id, read_at__isnull=True)
    return waiting.order_by("-pk").values_list("kind", "row")[: MOST_COUNTED + 1]


def mine(reader: Actor) -> QuerySet[Notice]:
    """The reader's own notices: nobody else's are anybody's business."""
    return Notice.objects.filter(recipient=reader.membership)


def page(reader: Actor, *, before: int | None = None) -> Page:
    """The reader's newest notices, or those older than the notice `before`."""
    found = mine(reader).select_related("by").order_by("-pk")
    read = list((found if before is None else found.filter(pk__lt=before))[: PAGE + 1])
    shown = read[:PAGE]
    tellings = _tellings(reader, shown)
    lines = [Line(notice, tellings.get(notice.pk)) for notice in shown]
    return Page(lines, encode(shown[-1].pk) if len(read) > PAGE else "")


def telling_of(reader: Actor, notice: Notice) -> Telling | None:
    """One notice as it is told now."""
    return _tellings(reader, [notice]).get(notice.pk)


def _tellings(reader: Actor, notices: Sequence[Notice]) -> dict[int, Telling]:
    found: dict[int, Telling] = {}
    for noun, teller in _tellers.items():
        if theirs := [notice for notice in notices if notice.noun == noun]:
            found |= teller(reader, theirs)
    return found


@transaction.atomic
def read(notices: QuerySet[Notice]) -> int:
    """Mark notices as read; returns how many were not yet."""
    return notices.filter(read_at__isnull=True).update(read_at=timezone.now())


def read_about(reader: Actor, noun: str, row: int) -> int:
    """Mark as read whatever the reader was told about a row that he looks at."""
    if noun not in _tellers:
        return 0
    return read(mine(reader).filter(kind__startswith=f"{noun}.", row=row))


@every_minute
def forget_old() -> Any:
    """Remove what was read more than 30 days ago; returns whether there may be more of it."""
    over = Notice.objects.filter(read_at__lt=timezone.now() - KEPT_READ).order_by("read_at")
    ids = list(over.values_list("pk", flat=True)[:_FORGOTTEN_AT_ONCE])
    if ids:
        Notice.objects.filter(pk__in=ids).delete()
    return len(ids) == _FORGOTTEN_AT_ONCE
