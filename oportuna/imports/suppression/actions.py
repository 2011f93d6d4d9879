"""Putting people on the suppression list, and taking them off again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from oportuna.accounts import audit, policies
from oportuna.accounts.actor import Actor
from oportuna.accounts.models import AuditEntry
from oportuna.accounts.one_of import OneOf
from oportuna.imports.suppression.entries import Entry, each_once
from oportuna.imports.suppression.model import Suppression
from oportuna.work import steps as work

MARK = "imports.mark_suppressed"
_BATCH = 2_000
_LONGEST_WHY = 200


@dataclass(frozen=True, slots=True)
class Added:
    """How many entries are `new` on the list, and how many were `there`."""

    new: int
    there: int


def add(entries: Sequence[Entry], *, why: str = "", marks_customers: bool = False, by: Actor) -> Added:
    """Put entries on the list, each once; one that is there keeps who added it, when and why.

    With `marks_customers` whoever they reach is marked as not to be contacted, soon and in the background, those of
    entries that were there too. Many are written in several transactions: sent again after a kill, the rest comes in.
    """
    by.require(policies.suppress)
    once = each_once(entries)
    new = 0
    for start in range(0, len(once), _BATCH):
        new += _add(once[start : start + _BATCH], why[:_LONGEST_WHY], marks_customers, by)
    return Added(new, len(once) - new)


@transaction.atomic
def _add(entries: Sequence[Entry], why: str, marks_customers: bool, by: Actor) -> int:
    values = [entry.value for entry in entries]
    listed = Suppression.objects.filter(OneOf("value", values))
    there = set(listed.values_list("kind", "value"))
    news = [entry for entry in entries if (entry.kind.value, entry.value) not in there]
    Suppression.objects.bulk_create(
        [Suppression(kind=entry.kind, value=entry.value, why=why, added_by=by.membership) for entry in news],
        ignore_conflicts=True,  # somebody may be adding the same
    )
    if marks_customers:
        listed.update(marks_customers=True)
        newest = listed.order_by("-pk").values_list("pk", flat=True).first()
        if newest is not None:
            work.start(MARK, newest)
    return len(news)


@transaction.atomic
def remove(entry: Suppression, *, by: Actor) -> None:
    """Take an entry off the list, which the audit tells; customers that were marked stay so. Asked twice it does it once."""
    by.require(policies.see_suppressions)
    found = Suppression.objects.select_for_update().filter(pk=entry.pk).first()
    if found is None:
        return
    found.delete()
    audit.write(
        AuditEntry.Verb.REGISTER_CHANGED,
        by=by,
        about=str(_("Do not contact")),
        changes={found.kind: [found.value, None]},
    )
