"""Which opportunities somebody may see: every query of them begins here."""

from django.db.models import Q, QuerySet

from oportuna.accounts import policies
from oportuna.accounts.actor import Actor
from oportuna.accounts.one_of import OneOf
from oportuna.sales.models import Opportunity


def owners_condition(actor: Actor) -> Q:
    """The condition on rows with an owner that leaves those the actor may see: own, unassigned, the team's or all."""
    return owned_by(seen_owners(actor))


def seen_owners(actor: Actor) -> tuple[int, ...] | None:
    """The members whose opportunities the actor sees besides the unassigned ones, as a prepared statement takes them."""
    owners = policies.visible_owners(actor)
    return None if owners is None else tuple(sorted(owners))


def seen_by(owners: tuple[int, ...] | None) -> Q:
    """The condition on opportunities: outside the trash, and one of these owners' or nobody's."""
    return owned_by(owners) & Q(deleted_at__isnull=True)


def owned_by(owners: tuple[int, ...] | None) -> Q:
    """The condition on rows with an owner: one of these, or nobody; None for everybody's."""
    return Q() if owners is None else Q(OneOf("owner_id", owners)) | Q(owner__isnull=True)


def visible_opportunities(actor: Actor) -> QuerySet[Opportunity]:
    """The opportunities outside the trash that the actor may see, open and closed."""
    return Opportunity.objects.filter(seen_by(seen_owners(actor)))


def with_trash(actor: Actor) -> QuerySet[Opportunity]:
    """As `visible_opportunities`, those in the trash too: for taking one out of it."""
    return Opportunity.objects.filter(owners_condition(actor))
