"""Loss reasons in the order in which they are offered."""

from datetime import timedelta

from django.db.models import Count

from oportuna.accounts.actor import Actor
from oportuna.sales.models import LossReason
from oportuna.sales.queries.visible import visible_opportunities

LOOKED_BACK = timedelta(days=90)


def reasons_on_offer(actor: Actor) -> list[LossReason]:
    """Reasons in use: first those most used in 90 days, of the losses that the actor may see, then the register's order."""
    used = dict(
        visible_opportunities(actor)
        .filter(status="lost", closed_on__gte=actor.today() - LOOKED_BACK, loss_reason__isnull=False)
        .order_by()
        .values_list("loss_reason_id")
        .annotate(Count("pk"))
    )
    return sorted(LossReason.active(), key=lambda reason: -used.get(reason.pk, 0))
