"""The ledger: totals kept as in bookkeeping, so that no total is a hot row and none is ever scanned for.

A place is (pipeline, stage, owner, source). Only open opportunities outside the trash stand in a place. All amounts
are integers: cents, and cents x per mille for weighted ones.
"""

from django.db import models
from django.db.models.functions import Coalesce

from oportuna.accounts.company import CompanyForeignKey, CompanyPart, SameCompany
from oportuna.sales.models.pipeline import Pipeline, Stage
from oportuna.sales.models.registers import Source


class LedgerKind(models.TextChoices):
    """Why something entered or left a place."""

    CREATED = "created"
    MOVED = "moved"
    VALUED = "valued"
    ASSIGNED = "assigned"
    SOURCED = "sourced"
    WON = "won"
    LOST = "lost"
    REOPENED = "reopened"
    DELETED = "deleted"
    RESTORED = "restored"


class Sums(CompanyPart):
    """A place, and what stands in it or enters and leaves it.

    count: opportunities. cents: their value. stage_cents: the value of those that follow their stage's probability.
    own_weighted: cents x per mille of those with a probability of their own.
    """

    pipeline = CompanyForeignKey(Pipeline, models.PROTECT, related_name="+")
    stage = CompanyForeignKey(Stage, models.PROTECT, related_name="+")
    owner = CompanyForeignKey("accounts.Membership", models.PROTECT, null=True, related_name="+")
    source = CompanyForeignKey(Source, models.PROTECT, null=True, related_name="+")
    count = models.BigIntegerField(default=0)
    cents = models.BigIntegerField(default=0)
    stage_cents = models.BigIntegerField(default=0)
    own_weighted = models.BigIntegerField(default=0)

    class Meta(CompanyPart.Meta):
        abstract = True


class LedgerLine(Sums):
    """What one transaction moved into or out of a place, on a day of the company's zone, until the clock folds it."""

    day = models.DateField()
    kind = models.CharField(max_length=8, choices=LedgerKind)

    class Meta(Sums.Meta):
        indexes = [models.Index(fields=["company", "id"], name="line_oldest")]  # folded first
        constraints = [
            SameCompany("pipeline", name="line_pipeline_same_company"),
            SameCompany("stage", name="line_stage_same_company"),
            SameCompany("owner", name="line_owner_same_company"),
            SameCompany("source", name="line_source_same_company"),
        ]


class LedgerTotal(Sums):
    """What stands in a place now, up to the lines not folded yet."""

    class Meta(Sums.Meta):
        constraints = [
            SameCompany("pipeline", name="total_pipeline_same_company"),
            SameCompany("stage", name="total_stage_same_company"),
            SameCompany("owner", name="total_owner_same_company"),
            SameCompany("source", name="total_source_same_company"),
            models.UniqueConstraint(
                "company", "stage", Coalesce("owner", 0), Coalesce("source", 0), name="total_place"
            ),
        ]


class LedgerDay(Sums):
    """What entered (positive) and left (negative) a place on a day, by kind."""

    day = models.DateField()
    kind = models.CharField(max_length=8, choices=LedgerKind)

    class Meta(Sums.Meta):
        constraints = [
            SameCompany("pipeline", name="day_pipeline_same_company"),
            SameCompany("stage", name="day_stage_same_company"),
            SameCompany("owner", name="day_owner_same_company"),
            SameCompany("source", name="day_source_same_company"),
            models.UniqueConstraint(
                "company",
                "day",
                "kind",
                "stage",
                Coalesce("owner", 0),
                Coalesce("source", 0),
                name="day_place",
            ),
        ]
