"""What the screens of exports read; the actor comes first."""

from django.db.models import QuerySet

from oportuna.accounts.actor import Actor
from oportuna.accounts.models import Role
from oportuna.imports.exports.job import ExportJob

MOST_SHOWN = 50


def visible_exports(actor: Actor) -> QuerySet[ExportJob]:
    """The exports that the actor may see: his own, managers and admins everyone's."""
    jobs = ExportJob.objects.select_related("created_by")
    if actor.role in (Role.ADMIN, Role.MANAGER):
        return jobs
    return jobs.filter(created_by=actor.membership)


def newest_exports(actor: Actor) -> list[ExportJob]:
    """The newest exports for the list."""
    return list(visible_exports(actor).defer("filters").order_by("-created_at", "-id")[:MOST_SHOWN])
