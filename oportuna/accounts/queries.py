"""What the pages of people and companies show; where somebody acts in a company, the actor comes first."""

from collections.abc import Sequence

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from oportuna.accounts.actor import Actor, Via
from oportuna.accounts.models import Company, Invitation, Membership, Role, Team, User
from oportuna.accounts.prepared import prepared


def memberships_of(user: User) -> Sequence[Membership]:
    """The companies that a person may enter, by name."""
    rows = Membership.objects.select_related("company").filter(user=user, is_active=True)
    return list(rows.order_by("company__name", "company_id"))


def members(actor: Actor) -> QuerySet[Membership]:
    """Everybody of the actor's company, active or not, by name."""
    return Membership.objects.filter(company=actor.company).order_by("name_folded", "pk")


def active_members(actor: Actor) -> QuerySet[Membership]:
    """Everybody who may enter the actor's company, by name."""
    return members(actor).filter(is_active=True)


def colleagues(actor: Actor) -> list[Actor]:
    """Everybody who may enter the actor's company, by name, each as he acts on the screen; one statement for all."""
    everybody = _everybody(actor.company.pk)
    teams: dict[int | None, set[int]] = {}
    for member in everybody:
        teams.setdefault(member.team_id, set()).add(member.pk)
    by_team = actor.company.visibility == Company.Visibility.TEAM
    return [
        Actor(
            actor.company,
            member,
            Role(member.role),
            Via.SCREEN,
            frozenset(teams[member.team_id] if by_team and member.team_id else {member.pk}),
        )
        for member in everybody
        if member.is_active
    ]


@prepared
def _everybody(company_id: int) -> QuerySet[Membership]:
    return Membership.objects.filter(company_id=company_id).order_by("name_folded", "pk")


def active_members_outside(actor: Actor, team: Team) -> QuerySet[Membership]:
    """Who may enter the company and is not in this team, by name."""
    return active_members(actor).filter(Q(team__isnull=True) | ~Q(team=team))


def open_invitations(actor: Actor) -> QuerySet[Invitation]:
    """Invitations to the actor's company that still work, the newest first."""
    return Invitation.objects.filter(
        company=actor.company, used_at__isnull=True, expires_at__gt=timezone.now()
    ).order_by("-created_at", "-pk")


def teams(actor: Actor) -> QuerySet[Team]:
    """The teams of the actor's company by name, each with its active members in `people`."""
    people = Prefetch("members", queryset=active_members(actor), to_attr="people")
    return Team.objects.order_by("name_folded").prefetch_related(people)


def has_account(email: str) -> bool:
    """Whether somebody signs in with this e-mail."""
    return User.objects.filter(email=email.strip().lower()).exists()


def open_founders_invitation() -> Invitation | None:
    """The address at which a company may be opened, while it works."""
    # The newest ends last.
    newest = next(iter(_unused_founders_invitations()), None)
    return newest if newest and newest.expires_at > timezone.now() else None


@prepared
def _unused_founders_invitations() -> QuerySet[Invitation]:
    return Invitation.objects.filter(company__isnull=True, used_at__isnull=True).order_by("-pk")[:1]


def only_demonstrates(user: User) -> bool:
    """Whether somebody is in demonstration companies alone: his account is nobody's."""
    demos = [one.company.is_demo for one in memberships_of(user)]
    return bool(demos) and all(demos)
