"""What an import put in use of the registers, and what becomes of it when the import is taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from oportuna.accounts.actor import Actor
from oportuna.accounts.one_of import OneOf
from oportuna.imports.models import ImportJob
from oportuna.sales.actions import registers
from oportuna.sales.models import Campaign, LossReason, Opportunity, OpportunityTag, Source, Stage, Tag

Row = Stage | Source | Campaign | LossReason | Tag

# Campaigns go before their sources.
_REGISTERS: dict[str, Any] = {
    model._meta.model_name or "": model for model in (Campaign, Source, Stage, LossReason, Tag)
}


def kept(row: Row) -> list[Any]:
    """A row of a register that an import put in use, as `ImportJob.brought` keeps it."""
    return [row._meta.model_name, row.pk, row.revision]


def unused(job: ImportJob) -> list[tuple[Row, int]]:
    """What the import put in use and nothing outside the trash uses, with the revision that the import left; it reads at length."""
    found: list[tuple[Row, int]] = []
    for name, model in _REGISTERS.items():
        seen = {pk: revision for register, pk, revision in job.brought if register == name}
        if seen:
            used = _used(model, list(seen))
            if model is Source:
                theirs = Campaign.active().filter(source__in=seen)
                used |= {one.source_id for one in theirs if (one, one.revision) not in found}
            found += [(row, seen[row.pk]) for row in model.objects.filter(pk__in=seen.keys() - used)]
    return found


def take_back(rows: Sequence[tuple[Row, int]], by: Actor) -> None:
    """Take them out of use, in the caller's transaction."""
    for row, seen in rows:
        registers.take_back(row, seen=seen, by=by)


def _used(model: type[Row], ids: list[int]) -> set[int]:
    """Those of these rows of a register that opportunities name."""
    if model is Tag:
        taggings = OpportunityTag.objects.filter(OneOf("tag_id", ids), opportunity__deleted_at__isnull=True)
        return set(taggings.order_by().values_list("tag_id", flat=True).distinct())
    name = {Stage: "stage_id", Source: "source_id", Campaign: "campaign_id", LossReason: "loss_reason_id"}[
        model
    ]
    theirs = Opportunity.objects.filter(OneOf(name, ids), deleted_at__isnull=True)
    return set(theirs.order_by().values_list(name, flat=True).distinct())
