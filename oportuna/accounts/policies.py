"""May this actor do that? Pure functions, the one place that answers: screens, API, imports and exports ask here."""

from typing import Protocol

from oportuna.accounts.actor import Actor
from oportuna.accounts.models import Company, Role

_CHIEFS = frozenset({Role.ADMIN, Role.MANAGER})
_WORKERS = frozenset({Role.ADMIN, Role.MANAGER, Role.SELLER, Role.OPERATOR})
_SELLERS = frozenset({Role.ADMIN, Role.MANAGER, Role.SELLER})
SEE_ALL = frozenset({Role.ADMIN, Role.MANAGER, Role.VIEWER})


class Owned(Protocol):
    """Anything with a responsible person: an opportunity, an activity."""

    @property
    def owner_id(self) -> int | None: ...


class Created(Owned, Protocol):
    """Anything owned that remembers who made it."""

    @property
    def created_by_id(self) -> int | None: ...


class Act(Protocol):
    """What somebody did: an entry of the history."""

    @property
    def verb(self) -> str: ...

    @property
    def by_id(self) -> int | None: ...


def visible_owners(actor: Actor) -> frozenset[int] | None:
    """The members whose opportunities the actor sees, besides the unassigned ones; None means everybody's."""
    if actor.role in SEE_ALL or actor.company.visibility == Company.Visibility.ALL:
        return None
    if actor.company.visibility == Company.Visibility.TEAM:
        return actor.teammates
    return frozenset({actor.membership.pk})


def see(actor: Actor, about: Owned) -> bool:
    """Own and unassigned always; the team's or all by the company's choice; managers, admins and viewers all."""
    owners = visible_owners(actor)
    return owners is None or about.owner_id is None or about.owner_id in owners


def work(actor: Actor, about: Owned) -> bool:
    """Edit, move, lose, log and plan: on one's own and unassigned ones; managers on everyone's."""
    if actor.role in _CHIEFS:
        return True
    return actor.role in _WORKERS and about.owner_id in (None, actor.membership.pk)


def close(actor: Actor, about: Owned) -> bool:
    """Win: as work, but not for an operator."""
    return actor.role in _SELLERS and work(actor, about)


def close_own(actor: Actor) -> bool:
    """Win one's own and unassigned ones: everyone who works on them but an operator."""
    return actor.role in _SELLERS


def reopen(actor: Actor, about: Owned, last: Act | None) -> bool:
    """As closing; one's own loss, while nothing happened since, needs only the right to lose."""
    return close(actor, about) or (
        work(actor, about) and last is not None and (last.verb, last.by_id) == ("lost", actor.membership.pk)
    )


def create(actor: Actor) -> bool:
    """Register opportunities, customers and contacts: everyone but a viewer."""
    return actor.role in _WORKERS


def assign(actor: Actor) -> bool:
    """Give an opportunity to somebody else: managers and admins."""
    return actor.role in _CHIEFS


def delete(actor: Actor, about: Created) -> bool:
    """A seller what he created himself; managers and admins everything."""
    return actor.role in _CHIEFS or (
        actor.role is Role.SELLER and about.created_by_id == actor.membership.pk and work(actor, about)
    )


def restore(actor: Actor, about: Created) -> bool:
    """Taking one's own deletion back needs only the right to delete it."""
    return delete(actor, about)


class Registered(Protocol):
    """Anything that remembers who made it."""

    @property
    def created_by_id(self) -> int | None: ...


def delete_customer(actor: Actor, about: Registered) -> bool:
    """As an opportunity: a seller what he registered himself, managers and admins everything."""
    return actor.role in _CHIEFS or (actor.role is Role.SELLER and about.created_by_id == actor.membership.pk)


def import_rows(actor: Actor) -> bool:
    """Bring a spreadsheet in: sellers to themselves, managers and admins to anyone."""
    return actor.role in _SELLERS


def see_import(actor: Actor, about: Registered) -> bool:
    """An import: whoever brought it, managers and admins everyone's."""
    return actor.role in _CHIEFS or (actor.role in _SELLERS and about.created_by_id == actor.membership.pk)


def undo_import(actor: Actor, about: Registered) -> bool:
    """Take an import back: whoever brought it, managers and admins everyone's."""
    return see_import(actor, about)


def suppress(actor: Actor) -> bool:
    """Put somebody on the suppression list: whoever imports. An operator marks the customer instead."""
    return import_rows(actor)


def see_suppressions(actor: Actor) -> bool:
    """Read the suppression list and take somebody off it: managers and admins. It is the company's, and all of it is
    personal data, which nobody needs in order to add to it.
    """
    return actor.role in _CHIEFS


def export(actor: Actor) -> bool:
    """Take out what one sees: not an operator, not a viewer."""
    return actor.role in _SELLERS


def see_export(actor: Actor, about: Registered) -> bool:
    """An export and its file: whoever made it, managers and admins everyone's."""
    return actor.role in _CHIEFS or (actor.role in _SELLERS and about.created_by_id == actor.membership.pk)


def manage_registers(actor: Actor) -> bool:
    """Pipelines, stages, loss reasons, sources, campaigns: the administrator."""
    return actor.role is Role.ADMIN


def manage_people(actor: Actor) -> bool:
    """People, teams and the company's settings: the administrator."""
    return actor.role is Role.ADMIN
