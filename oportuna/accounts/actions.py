"""Inviting people, joining, roles, teams, one's own profile, and the company's settings."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oportuna.accounts import audit, policies
from oportuna.accounts.actor import Actor, Via, actor_for
from oportuna.accounts.changes import fill
from oportuna.accounts.models import (
    AuditEntry,
    Company,
    Invitation,
    Membership,
    Role,
    Team,
    User,
    hash_token,
)
from oportuna.accounts.scope import company_scope
from oportuna.brazil.text import fold
from oportuna.errors import Conflict, Refused

MEMBER_FIELDS = frozenset({"role", "team", "name"})
COMPANY_FIELDS = frozenset({"name", "time_zone", "loss_reason_required", "visibility"})


@transaction.atomic
def invite(
    *, email: str, name: str = "", role: Role = Role.SELLER, team: Team | None = None, by: Actor
) -> tuple[Invitation, str]:
    """Invite someone by e-mail with a role; returns the invitation and its secret token, which is stored nowhere.

    An open invitation of the same address is replaced. Raises Refused for an active member.
    """
    by.require(policies.manage_people)
    return _invite(by.company, email=email, name=name, role=role, team=team, by=by)


def invite_from_command(company: Company, *, email: str, name: str, role: Role) -> tuple[Invitation, str]:
    """As `invite`, by whoever runs the command on the server and needs no role."""
    with transaction.atomic(), company_scope(company):
        return _invite(company, email=email, name=name, role=role, team=None, by=None)


@transaction.atomic
def invite_founder() -> tuple[Invitation, str]:
    """A one-time address at which someone opens a company of his own; earlier unused ones end."""
    Invitation.objects.filter(company__isnull=True, used_at__isnull=True).update(used_at=timezone.now())
    token = Invitation.new_token()
    now = timezone.now()
    invitation = Invitation.objects.create(
        role=Role.ADMIN, token_hash=hash_token(token), expires_at=now + Invitation.VALID_FOR
    )
    return invitation, token


def find_invitation(token: str) -> Invitation | None:
    """The invitation of an address that still works."""
    found = Invitation.objects.select_related("company").filter(token_hash=hash_token(token)).first()
    return found if found and found.is_open_at(timezone.now()) else None


@transaction.atomic
def accept(invitation: Invitation, *, name: str, password: str = "", user: User | None = None) -> Membership:
    """Join the inviting company: as the signed-in `user`, or as a new person who sets a password.

    Raises Refused when the address was used meanwhile, or the e-mail has an account and nobody is signed in.
    """
    invitation = _use(invitation)
    company = invitation.company
    if company is None:
        raise Refused(_("This address opens a new company; open it on its own page."))
    if user is not None and user.email != invitation.email:
        raise Refused(
            _("This invitation is for %(email)s. Sign in with that e-mail.") % {"email": invitation.email}
        )
    user = user or new_user(invitation.email, name, password)
    with company_scope(company):
        membership, is_new = Membership.objects.get_or_create(
            company=company,
            user=user,
            defaults={"name": name, "role": invitation.role, "team": invitation.team},
        )
        if not is_new and not membership.is_active:
            membership.is_active, membership.role, membership.team = True, invitation.role, invitation.team
            membership.revision += 1
            membership.save(update_fields=["is_active", "role", "team", "revision"])
        audit.write(AuditEntry.Verb.JOINED, by=actor_for(membership), about=membership.name)
    return membership


def use_founders_invitation(invitation: Invitation) -> Invitation:
    """Mark the one-time address of a new company as used; raises Refused the second time."""
    return _use(invitation)


def new_user(email: str, name: str, password: str) -> User:
    """A person who can sign in. Raises Refused when the e-mail has an account, ValidationError for a weak password."""
    email = email.strip().lower()
    if User.objects.filter(email=email).exists():
        raise Refused(_("This e-mail has an account already. Sign in first, then open the address again."))
    validate_password(password, User(email=email, name=name))
    return User.objects.create_user(email, password, name=name)


@transaction.atomic
def change_member(
    member: Membership, fields: Mapping[str, Any], *, seen: int | None = None, by: Actor
) -> Membership:
    """Change a member's role, team or name. The last active administrator stays one."""
    by.require(policies.manage_people)
    _lock_people(by.company)
    fresh = _locked(member, by)
    _require_revision(fresh.revision, seen)
    if fields.get("role", fresh.role) != Role.ADMIN:
        _require_another_admin(fresh)
    changes = fill(fresh, fields, MEMBER_FIELDS)
    if changes:
        fresh.revision += 1
        fresh.save()
        audit.write(AuditEntry.Verb.MEMBER_CHANGED, by=by, about=fresh.name, changes=changes)
    return fresh


@transaction.atomic
def deactivate(member: Membership, *, by: Actor) -> Membership:
    """End a membership: the person enters no more; what he did keeps his name. `sales.actions.people` hands over first."""
    by.require(policies.manage_people)
    _lock_people(by.company)
    fresh = _locked(member, by)
    if not fresh.is_active:
        return fresh
    if fresh.pk == by.membership.pk:
        raise Refused(_("You cannot deactivate yourself. Ask another administrator."))
    _require_another_admin(fresh)
    fresh.is_active = False
    fresh.revision += 1
    fresh.save(update_fields=["is_active", "revision"])
    audit.write(AuditEntry.Verb.DEACTIVATED, by=by, about=fresh.name)
    return fresh


@transaction.atomic
def reactivate(member: Membership, *, by: Actor) -> Membership:
    """Let a former member in again."""
    by.require(policies.manage_people)
    fresh = _locked(member, by)
    if fresh.is_active:
        return fresh
    fresh.is_active = True
    fresh.revision += 1
    fresh.save(update_fields=["is_active", "revision"])
    audit.write(AuditEntry.Verb.REACTIVATED, by=by, about=fresh.name)
    return fresh


@transaction.atomic
def save_team(team: Team | None, name: str, *, seen: int | None = None, by: Actor) -> Team:
    """Create a team, or rename one. Raises Refused for a name that is taken."""
    by.require(policies.manage_people)
    fresh = Team() if team is None else Team.objects.select_for_update().filter(pk=team.pk).first()
    if fresh is None:
        raise _changed_meanwhile()
    if team is not None:
        _require_revision(fresh.revision, seen)
        fresh.revision += 1
    if Team.objects.filter(name_folded=fold(name)).exclude(pk=fresh.pk).exists():
        raise Refused(_("%(name)s is there already.") % {"name": name}, field="name")
    before, fresh.name = fresh.name or None, name
    fresh.save()
    audit.write(AuditEntry.Verb.TEAM_CHANGED, by=by, about=name, changes={"name": [before, name]})
    return fresh


@transaction.atomic
def delete_team(team: Team, *, by: Actor) -> None:
    """Take a team away; its members stay in the company, in no team."""
    by.require(policies.manage_people)
    Membership.objects.filter(company=by.company, team=team).update(team=None)
    Invitation.objects.filter(company=by.company, team=team).update(team=None)
    Team.objects.filter(pk=team.pk).delete()
    audit.write(AuditEntry.Verb.TEAM_CHANGED, by=by, about=team.name, changes={"name": [team.name, None]})


@transaction.atomic
def change_company(fields: Mapping[str, Any], *, seen: int | None = None, by: Actor) -> Company:
    """Change the company's name, zone, whether a loss needs its reason, and who sees what."""
    by.require(policies.manage_people)
    company = Company.objects.select_for_update().get(pk=by.company.pk)
    _require_revision(company.revision, seen)
    changes = fill(company, fields, COMPANY_FIELDS)
    if changes:
        company.revision += 1
        company.save()
        audit.write(AuditEntry.Verb.COMPANY_CHANGED, by=by, about=company.name, changes=changes)
    return company


@transaction.atomic
def change_profile(*, name: str, time_zone: str, letter_keys: bool, by: Actor) -> Membership:
    """Change one's own name, zone and keys."""
    member = _locked(by.membership, by)
    member.name, member.time_zone = name, time_zone
    member.revision += 1
    member.save()
    User.objects.filter(pk=member.user_id).update(name=name, letter_keys=letter_keys)
    return member


def record_sign_in(user: User) -> None:
    """Write into the audit of each of the person's companies that he signed in."""
    for membership in Membership.objects.select_related("company").filter(user=user, is_active=True):
        with company_scope(membership.company):
            audit.write(AuditEntry.Verb.SIGNED_IN, by=actor_for(membership, Via.SCREEN))


def _invite(
    company: Company, *, email: str, name: str, role: Role, team: Team | None, by: Actor | None
) -> tuple[Invitation, str]:
    email = email.strip().lower()
    _lock_people(company)
    if Membership.objects.filter(company=company, user__email=email, is_active=True).exists():
        raise Refused(_("%(email)s is a member already.") % {"email": email}, field="email")
    now = timezone.now()
    Invitation.objects.filter(company=company, email=email, used_at__isnull=True).update(used_at=now)
    token = Invitation.new_token()
    invitation = Invitation.objects.create(
        company=company,
        email=email,
        name=name,
        role=role,
        team=team,
        invited_by=by.membership if by else None,
        token_hash=hash_token(token),
        expires_at=now + Invitation.VALID_FOR,
    )
    if by is not None:
        audit.write(AuditEntry.Verb.INVITED, by=by, about=email, changes={"role": [None, role.value]})
    return invitation, token


def _use(invitation: Invitation) -> Invitation:
    fresh = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not fresh.is_open_at(timezone.now()):
        raise Refused(_("This address was used already or has expired. Ask for a new one."))
    fresh.used_at = timezone.now()
    fresh.save(update_fields=["used_at"])
    return fresh


def _lock_people(company: Company) -> None:
    """Let two who change the company's people come one after the other.

    So one administrator stays when two end each other's role, and one invitation when two invite the same person.
    """
    list(Company.objects.select_for_update(no_key=True).filter(pk=company.pk))


def _locked(member: Membership, by: Actor) -> Membership:
    return Membership.objects.select_for_update().get(pk=member.pk, company=by.company)


def _require_revision(revision: int, seen: int | None) -> None:
    if seen is not None and seen != revision:
        raise _changed_meanwhile()


def _changed_meanwhile() -> Conflict:
    return Conflict(_("Someone changed this after you opened it. Look at it again before you save."))


def _require_another_admin(member: Membership) -> None:
    """The last active administrator of a company can neither leave nor lose the role."""
    if member.role != Role.ADMIN or not member.is_active:
        return
    others = Membership.objects.filter(company_id=member.company_id, role=Role.ADMIN, is_active=True)
    if not others.exclude(pk=member.pk).exists():
        raise Refused(_("A company needs one administrator. Make someone else administrator first."))
