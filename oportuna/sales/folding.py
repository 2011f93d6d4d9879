"""The clock's part of the ledger: folding lines into totals and days, in the scope of one company."""

from collections import defaultdict
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from oportuna.accounts.models import Company
from oportuna.accounts.scope import current_company_id
from oportuna.sales.ledger import Amounts
from oportuna.sales.models import LedgerDay, LedgerLine, LedgerTotal

MOST_LINES = 1_000

_Place = tuple[int, int, int | None, int | None]  # pipeline, stage, owner, source


@transaction.atomic
def fold() -> int:
    """Add up to MOST_LINES lines to the totals and days and delete exactly them; returns how many.

    One transaction, so that a reader sees each line once, folded or not. The company's row is locked: of two that
    fold at once the second waits, and finds other lines.
    """
    Company.objects.select_for_update(no_key=True).get(pk=current_company_id())
    lines = list(LedgerLine.objects.order_by("id")[:MOST_LINES])
    if not lines:
        return 0
    totals: defaultdict[_Place, Amounts] = defaultdict(Amounts)
    days: defaultdict[tuple[Any, ...], Amounts] = defaultdict(Amounts)
    for line in lines:
        place = (line.pipeline_id, line.stage_id, line.owner_id, line.source_id)
        amounts = Amounts(line.count, line.cents, line.stage_cents, line.own_weighted)
        totals[place] = totals[place].plus(amounts)
        days[line.day, line.kind, *place] = days[line.day, line.kind, *place].plus(amounts)
    for place, amounts in totals.items():
        _add(LedgerTotal, dict(zip(_PLACE, place, strict=True)), amounts)
    for key, amounts in days.items():
        _add(LedgerDay, dict(zip(("day", "kind", *_PLACE), key, strict=True)), amounts)
    _delete(lines)
    return len(lines)


_PLACE = ("pipeline_id", "stage_id", "owner_id", "source_id")


def _add(model: type[LedgerTotal] | type[LedgerDay], where: dict[str, Any], amounts: Amounts) -> None:
    condition = {
        (f"{name.removesuffix('_id')}__isnull" if value is None else name): (True if value is None else value)
        for name, value in where.items()
    }
    sums = {name: F(name) + value for name, value in amounts._asdict().items()}
    if not model.objects.filter(**condition).update(**sums):
        model.objects.create(**where, **amounts._asdict())


def _delete(lines: list[LedgerLine]) -> None:
    """By their ids, never a range of ids: a line written meanwhile may have a lower one."""
    step = 900 if connection.vendor == "sqlite" else MOST_LINES
    ids = [line.pk for line in lines]
    for start in range(0, len(ids), step):
        LedgerLine.objects.filter(pk__in=ids[start : start + step]).delete()
