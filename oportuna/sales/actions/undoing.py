"""Taking back one's own last change of an opportunity's fields; moves and endings have verbs of their own that do."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from oportuna.accounts.actor import Actor
from oportuna.accounts.changes import fill
from oportuna.errors import Refused
from oportuna.sales import search_text
from oportuna.sales.actions import tags
from oportuna.sales.actions.opportunities import EDITABLE, locked, require_active, save
from oportuna.sales.history import record
from oportuna.sales.models import (
    Campaign,
    Contact,
    HistoryEntry,
    Opportunity,
    OpportunityVersion,
    Verb,
)
from oportuna.sales.notices import ASSIGNED
from oportuna.work import notices

_UNDOABLE = EDITABLE | {"owner", "tags"}
"""Items and participants have verbs of their own that put them back."""
_VERSIONED = ("value", "probability", "expected_close_on")


@transaction.atomic
def undo(opportunity: Opportunity, *, seen: int | None = None, by: Actor) -> Opportunity:
    """Put back the fields, owner or tags that the actor changed last, while nothing happened since: a new entry says so.

    Raises Refused when something did, or when what was there before is there no more.
    """
    opportunity = locked(opportunity, by)
    opportunity.require_revision(seen)
    last = _own_last_change(opportunity, by)
    changed = last.changes
    if "tags" in changed:
        names = [name for name in changed["tags"][0].split(", ") if name]
        return tags.put_on(opportunity, names, by=by)
    changes = fill(opportunity, _before(opportunity, changed), EDITABLE | {"owner"})
    if not changes:
        return opportunity
    fields = list(changes)
    if "title" in changes:
        opportunity.search_text = search_text.of_opportunity(opportunity, opportunity.customer)
        fields += ["title_folded", "search_text"]
        search_text.index(opportunity)
    save(opportunity, fields)
    record(Verb.UNDONE, opportunity, by=by, changes=changes)
    if last.verb == Verb.ASSIGNED:
        notices.take_back(ASSIGNED, opportunity.pk, by=by.membership)
    return opportunity


def _own_last_change(opportunity: Opportunity, by: Actor) -> HistoryEntry:
    last = HistoryEntry.objects.filter(opportunity=opportunity).first()
    is_change = last is not None and last.verb in (Verb.EDITED, Verb.ASSIGNED) and last.activity_id is None
    if (
        last is None
        or not is_change
        or last.by_id != by.membership.pk
        or not last.changes.keys() <= _UNDOABLE
    ):
        raise Refused(_("This is not the last thing that happened here: it cannot be undone any more."))
    return last


def _before(opportunity: Opportunity, changed: dict[str, list[Any]]) -> dict[str, Any]:
    """What the fields held before the last entry: as its version has them, or as the entry tells."""
    versions = OpportunityVersion.objects.filter(opportunity=opportunity).order_by("-valid_from")
    former = versions.select_related("owner", "source")[1:2].first()
    before: dict[str, Any] = {}
    for name, (was, _is) in changed.items():
        if name == "owner":
            before[name] = former.owner if former else None
            require_active(before[name])
        elif name == "source":
            before[name] = former.source if former else None
        elif name in _VERSIONED:
            before[name] = getattr(former, name, None)
        elif name == "contact":
            before[name] = _named(Contact.objects.filter(customer_id=opportunity.customer_id, name=was), was)
        elif name == "campaign":
            before[name] = _named(Campaign.objects.filter(name=was), was)
        else:
            before[name] = was or ""
    return before


def _named(rows: Any, name: str | None) -> Any:
    """The only row of that name. Raises Refused where it was renamed meanwhile, or another one has the name too."""
    if name is None:
        return None
    found = list(rows[:2])
    if len(found) != 1:
        raise Refused(_("What stood there before, %(name)s, cannot be put back by itself.") % {"name": name})
    return found[0]
