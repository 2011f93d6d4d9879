"""The people of a company, and what somebody who leaves has to hand over."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from oportuna.accounts import queries as accounts
from oportuna.accounts.actor import Actor
from oportuna.accounts.codes import encode
from oportuna.accounts.models import Membership, Role
from oportuna.sales.models import Activity, Opportunity

PAGE = 50


@dataclass(frozen=True, slots=True)
class People:
    """A page of people by name; `older` is the last one when there are more behind him."""

    rows: list[Membership]
    older: Membership | None

    @property
    def older_code(self) -> str:
        """Where the next page begins, as an address shows it; empty on the last page."""
        return encode(self.older.pk) if self.older else ""


def people(actor: Actor, *, active: bool, after: Membership | None = None) -> People:
    """The next people of the actor's company behind `after`, with their accounts and teams."""
    rows = members(actor).filter(is_active=active).select_related("user", "team")
    if after is not None:
        rows = rows.filter(
            Q(name_folded__gt=after.name_folded) | Q(name_folded=after.name_folded, pk__gt=after.pk)
        )
    found = list(rows[: PAGE + 1])
    return People(found[:PAGE], found[PAGE - 1] if len(found) > PAGE else None)


def members(actor: Actor) -> QuerySet[Membership]:
    """Everybody of the actor's company, active or not, by name."""
    return accounts.members(actor)


def heirs(actor: Actor, member: Membership) -> QuerySet[Membership]:
    """Who may take over from somebody who leaves: whoever works on opportunities."""
    return accounts.active_members(actor).exclude(pk=member.pk).exclude(role=Role.VIEWER)


@dataclass(frozen=True, slots=True)
class Burden:
    """How much is somebody's and not finished."""

    opportunities: int
    activities: int

    def __bool__(self) -> bool:
        return bool(self.opportunities or self.activities)


def burden(member: Membership) -> Burden:
    """What `actions.people.deactivate` would hand over."""
    return Burden(
        Opportunity.objects.filter(owner=member, status="open", deleted_at__isnull=True).count(),
        Activity.objects.filter(owner=member, done_at__isnull=True).count(),
    )
