"""The company's own numbers of opportunities."""

from django.db import transaction
from django.db.models import F

from oportuna.sales.models import NumberSeries


@transaction.atomic
def take(how_many: int = 1) -> int:
    """Reserve consecutive numbers and return the first; bulk work takes its block before its own transaction."""
    taken = NumberSeries.objects.select_for_update().first()
    if taken is None:
        taken = NumberSeries.objects.create()
    NumberSeries.objects.filter(pk=taken.pk).update(next_number=F("next_number") + how_many)
    return taken.next_number
