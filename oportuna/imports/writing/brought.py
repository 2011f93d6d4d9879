"""What an import put in use of the registers, and what becomes of it when the import is taken back."""

from __future__ import annotations

from typing import Any

from oportuna.accounts.actor import Actor
from oportuna.imports.models import ImportJob
from oportuna.sales.actions import registers
from oportuna.sales.models import Campaign, LossReason, Opportunity, OpportunityTag, Source, Stage, Tag

Entry = Source | Campaign | Stage | LossReason | Tag
"""A row of a register that an import may add to."""

_REGISTERS: dict[str, Any] = {
    model._meta.model_name or "": model for model in (Source, Campaign, Stage, LossReason, Tag)
}


def kept(entry: Entry) -> list[Any]:
    """An entry that an import put in use, as `ImportJob.brought` keeps it."""
    return [entry._meta.model_name, entry.pk, entry.revision]


def last_unused(job: ImportJob) -> Entry | None:
    """The last of what the import put in use, unless something outside the trash uses it; it may read at length."""
    if not job.brought:
        return None
    register, pk, _revision = job.brought[-1]
    entry: Entry | None = _REGISTERS[register].objects.filter(pk=pk).first()
    return None if entry is None or _is_used(entry) else entry


def take_back_last(job: ImportJob, unused: Entry | None, by: Actor) -> None:
    """The last of `brought` is dealt with: out of use if it was found `unused`. In the transaction that holds the import.

    One at a time: whoever works on opportunities refers to several at his commit, and would wait for one while this waits
    for another. A campaign comes after its source, and so goes before it.
    """
    *job.brought, (_register, _pk, revision) = job.brought
    if unused is not None:
        registers.take_back(unused, seen=revision, by=by)
    job.save(update_fields=["brought"])


def _is_used(entry: Entry) -> bool:
    if isinstance(entry, Tag):
        return OpportunityTag.objects.filter(tag=entry, opportunity__deleted_at__isnull=True).exists()
    if isinstance(entry, Source) and Campaign.active().filter(source=entry).exists():
        return True
    theirs = {Stage: "stage", Source: "source", Campaign: "campaign", LossReason: "loss_reason"}[type(entry)]
    return Opportunity.objects.filter(deleted_at__isnull=True, **{theirs: entry}).exists()
