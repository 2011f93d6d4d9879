"""Where a row's opportunity will stand, and what is wrong with the words that say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oportuna.accounts.models import Membership
from oportuna.imports.rows.values import Problem
from oportuna.sales.models import Campaign, LossReason, Source, Stage, Tag

UNKNOWN = frozenset(
    (
        *("unknown_pipeline", "unknown_stage", "owner_unknown", "source_unknown", "campaign_unknown"),
        "loss_reason_unknown",
    )
)
"""The codes of faults that say of a word that it names nothing."""
NOTED = frozenset(("tag_unknown", "tags_too_many"))
"""The codes of faults whose word goes to the notes."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one of the words."""

    field: str
    value: str
    code: str
    message: str
    rejects: bool = False


def fault_problem(row: int, fault: Fault, column: str | None = None) -> Problem:
    """A word that names nothing of the company, as a problem of its row."""
    return Problem(row, column, fault.field, fault.value[:200], fault.code, fault.message, fault.rejects)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row's opportunity will stand; what the import will create is a stand-in at the check.

    `names` are those that the row's values get; `faults` what could not be found.
    """

    stage: Stage | None
    owner: Membership
    source: Source | None
    campaign: Campaign | None
    loss_reason: LossReason | None
    tags: tuple[Tag, ...]
    names: Mapping[str, Any]
    faults: tuple[Fault, ...] = ()

    @property
    def is_rejected(self) -> bool:
        """Whether a fault rejects the row."""
        return any(fault.rejects for fault in self.faults)
