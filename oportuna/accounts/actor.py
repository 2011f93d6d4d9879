"""Who acts: what policies ask, history records and scopes follow."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from oportuna.accounts.models import Company, Membership, Role
from oportuna.errors import NotAllowed


class Via(StrEnum):
    """By which door an actor came."""

    SCREEN = "screen"
    API = "api"
    IMPORT = "import"
    FORM = "form"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person of a company in his role, and the door he came by. Made by `actor_for`.

    `teammates` are the ids of the team's members, himself included, where the company lets teams see each other.
    """

    company: Company
    membership: Membership
    role: Role
    via: Via
    teammates: frozenset[int]

    def require(self, policy: Callable[..., bool], *about: Any) -> None:
        """Raise NotAllowed unless the policy lets this actor do that."""
        if not policy(self, *about):
            raise NotAllowed(_("Your role does not allow this. Ask a manager of %s.") % self.company.name)

    def today(self) -> date:
        """The date where the actor is."""
        return timezone.now().astimezone(self.membership.zone).date()

    def day_of(self, instant: datetime) -> date:
        """The date, where the actor is, of an instant."""
        return instant.astimezone(self.membership.zone).date()


def actor_for(membership: Membership, via: Via = Via.SCREEN) -> Actor:
    """The actor that a membership is; asks who the teammates are only where that decides what he sees."""
    company = membership.company
    teammates = frozenset({membership.pk})
    if company.visibility == Company.Visibility.TEAM and membership.team_id:
        ids = Membership.objects.filter(company=company, team_id=membership.team_id).values_list(
            "pk", flat=True
        )
        teammates |= frozenset(ids)
    return Actor(company, membership, Role(membership.role), via, teammates)
