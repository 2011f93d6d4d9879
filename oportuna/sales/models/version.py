"""Versions, valid from-to: what every analysis reads."""

from django.db import models
from django.db.models import Q

from oportuna.accounts.company import CompanyForeignKey, CompanyPart, SameCompany
from oportuna.fields import MoneyField, PermilleField
from oportuna.sales.models.opportunity import Opportunity
from oportuna.sales.models.pipeline import Stage
from oportuna.sales.models.registers import Source

VERSIONED = ("stage_id", "status", "value", "owner_id", "source_id", "probability", "expected_close_on")


class OpportunityVersion(CompanyPart):
    """How an opportunity stood from `valid_from` up to, not including, `valid_to`; the current one has no end."""

    opportunity = CompanyForeignKey(Opportunity, models.CASCADE, related_name="versions")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    stage = CompanyForeignKey(Stage, models.PROTECT, related_name="+")
    status = models.CharField(max_length=4, choices=Opportunity.Status)
    value = MoneyField(null=True)
    owner = CompanyForeignKey("accounts.Membership", models.PROTECT, null=True, related_name="+")
    source = CompanyForeignKey(Source, models.PROTECT, null=True, related_name="+")
    probability = PermilleField(null=True)
    expected_close_on = models.DateField(null=True)

    class Meta(CompanyPart.Meta):
        constraints = [
            SameCompany("opportunity", name="version_opportunity_same_company"),
            SameCompany("stage", name="version_stage_same_company"),
            SameCompany("owner", name="version_owner_same_company"),
            SameCompany("source", name="version_source_same_company"),
            models.UniqueConstraint(fields=["company", "opportunity", "valid_from"], name="version_from"),
            models.UniqueConstraint(
                fields=["company", "opportunity"],
                condition=Q(valid_to__isnull=True),
                name="version_one_current",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=models.F("valid_from")),
                name="version_ends_after_it_begins",
            ),
        ]
