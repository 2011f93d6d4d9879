"""What the filters of an analysis offer: (code, name) pairs of rows, in the order in which people know them.

Whoever left and what is out of use stays on offer: the past still has them.
"""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from oportuna.accounts import policies
from oportuna.accounts.actor import Actor
from oportuna.accounts.codes import encode
from oportuna.accounts.models import Membership
from oportuna.sales.models import Pipeline, Source

Choices = list[tuple[str, str]]


def owners(actor: Actor) -> Choices:
    """The members whose opportunities the actor may see, those who left at the end."""
    members = Membership.objects.filter(company=actor.company)
    visible = policies.visible_owners(actor)
    if visible is not None:
        members = members.filter(pk__in=visible)
    return _coded(members.order_by("-is_active", "name_folded", "pk"), _("%(name)s (left)"))


def sources() -> Choices:
    """The company's sources."""
    return _coded(Source.objects.order_by("-is_active", "position", "pk"), _("%(name)s (not in use)"))


def pipelines() -> Choices:
    """The company's pipelines."""
    return _coded(Pipeline.objects.order_by("-is_active", "position", "pk"), _("%(name)s (not in use)"))


def _coded(rows: Iterable[Any], inactive: str) -> Choices:
    return [(encode(row.pk), row.name if row.is_active else inactive % {"name": row.name}) for row in rows]
