"""What the filters of an analysis offer: (code, name) pairs of rows, in the order in which people know them.

Whoever left and what is out of use stays on offer: the past still has them.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from oportuna.accounts.actor import Actor
from oportuna.accounts.codes import encode
from oportuna.accounts.models import Membership
from oportuna.accounts.one_of import OneOf
from oportuna.accounts.prepared import prepared
from oportuna.sales.models import Pipeline, Source
from oportuna.sales.queries.visible import seen_owners

Choices = list[tuple[str, str]]


def owners(actor: Actor) -> Choices:
    """The members whose opportunities the actor may see, those who left at the end."""
    return _coded(_members(actor.company.pk, seen_owners(actor)), _("%(name)s (left)"))


def sources() -> Choices:
    """The company's sources."""
    return _coded(_sources(), _("%(name)s (not in use)"))


def pipelines() -> Choices:
    """The company's pipelines."""
    return _coded(_pipelines(), _("%(name)s (not in use)"))


@prepared
def _members(company_id: int, owners: tuple[int, ...] | None) -> QuerySet[Membership]:
    members = Membership.objects.filter(company_id=company_id)
    seen = members if owners is None else members.filter(OneOf("pk", owners))
    return seen.order_by("-is_active", "name_folded", "pk")


@prepared
def _sources() -> QuerySet[Source]:
    return Source.objects.order_by("-is_active", "position", "pk")


@prepared
def _pipelines() -> QuerySet[Pipeline]:
    return Pipeline.objects.order_by("-is_active", "position", "pk")


def _coded(rows: Iterable[Any], inactive: str) -> Choices:
    return [(encode(row.pk), row.name if row.is_active else inactive % {"name": row.name}) for row in rows]
