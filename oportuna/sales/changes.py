"""The change number of a company's boards: another one whenever something that a board shows was altered.

It says that something changed, never what or how much: whoever sees one opportunity alone learns nothing of the others.
"""

import hmac
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, QuerySet
from django.utils import timezone

from oportuna.accounts.prepared import prepared
from oportuna.accounts.scope import current_company_id
from oportuna.sales.models import Change

KEPT = timedelta(hours=1)
_MOST = 1_000


def note() -> None:
    """Write, in the transaction that altered it, that a board shows something else now."""
    Change.objects.create()


def number() -> str:
    """The company's change number: read before what it stands for, so that nothing in between is missed.

    Of the count too, for a transaction may commit after another that took a later id.
    """
    count, newest = next(iter(_count()), (0, None))
    said = f"{current_company_id()}:{count}:{newest}"
    return hmac.new(settings.SECRET_KEY.encode(), said.encode(), "sha256").hexdigest()[:16]


@prepared
def _count() -> QuerySet[Any, tuple[int, int | None]]:
    per_company = Change.objects.order_by().values_list("company_id").annotate(Count("pk"), Max("pk"))
    counted: QuerySet[Any, Any] = per_company.values_list("pk__count", "pk__max")
    return counted


def prune() -> bool:
    """Let go of what is older than an hour, once it is two: each time open pages look once for nothing."""
    now = timezone.now()
    oldest = Change.objects.order_by("pk").values_list("at", flat=True).first()
    if oldest is None or oldest > now - 2 * KEPT:
        return False
    old = Change.objects.filter(at__lt=now - KEPT).order_by("pk").values_list("pk", flat=True)[:_MOST]
    ids = list(old)
    Change.objects.filter(pk__in=ids).delete()
    return len(ids) == _MOST
