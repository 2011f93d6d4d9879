"""The company's own numbers of opportunities."""

from django.db import transaction
from django.db.models import F

from oportuna.sales.models import NumberSeries


def following() -> int:
    """The next number; whatever is below it may be in use, or reserved by somebody."""
    return NumberSeries.objects.values_list("next_number", flat=True).first() or 1


@transaction.atomic
def take_beyond(own: int, how_many: int) -> tuple[int, int]:
    """Leave the numbers up to `own` to rows that bring theirs, and reserve `how_many` behind them.

    Returns the first number that such a row may keep, for all below were given, and the first of those reserved.
    """
    first_kept = take(0)
    if own >= first_kept:
        NumberSeries.objects.update(next_number=own + 1)
    return first_kept, take(how_many)


@transaction.atomic
def take(how_many: int = 1) -> int:
    """Reserve consecutive numbers and return the first; bulk work takes its block before its own transaction."""
    taken = NumberSeries.objects.select_for_update().first()
    if taken is None:
        taken = NumberSeries.objects.create()
    NumberSeries.objects.filter(pk=taken.pk).update(next_number=F("next_number") + how_many)
    return taken.next_number
