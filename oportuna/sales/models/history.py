"""What people read on an opportunity or customer: who did what, when. Append-only; written by `record()` alone."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from oportuna.accounts.actor import Via
from oportuna.accounts.company import CompanyForeignKey, CompanyPart, SameCompany
from oportuna.sales.models.activity import Activity
from oportuna.sales.models.customer import Customer
from oportuna.sales.models.opportunity import Opportunity
from oportuna.sales.models.pipeline import Stage


class Verb(models.TextChoices):
    """The verbs of the domain: the same word in address, history, API and button."""

    CREATED = "created", _("created")
    EDITED = "edited", _("edited")
    ASSIGNED = "assigned", _("assigned")
    MOVED = "moved", _("moved")
    WON = "won", _("won")
    LOST = "lost", _("lost")
    REOPENED = "reopened", _("reopened")
    UNDONE = "undone", _("undone")
    DELETED = "deleted", _("deleted")
    RESTORED = "restored", _("restored")
    LOGGED = "logged", _("logged")
    PLANNED = "planned", _("planned")
    COMPLETED = "completed", _("completed")


class HistoryEntry(CompanyPart):
    """One act of one person. `changes` maps a field to [before, after], as shown then; it is read, never searched."""

    opportunity = CompanyForeignKey(Opportunity, models.CASCADE, null=True, related_name="history")
    customer = CompanyForeignKey(Customer, models.CASCADE, null=True, related_name="history")
    activity = CompanyForeignKey(Activity, models.CASCADE, null=True, related_name="+")
    verb = models.CharField(max_length=10, choices=Verb)
    at = models.DateTimeField()
    by = CompanyForeignKey("accounts.Membership", models.PROTECT, null=True, related_name="+")
    via = models.CharField(max_length=8, choices=[(via.value, via.value) for via in Via])
    from_stage = CompanyForeignKey(Stage, models.PROTECT, null=True, related_name="+")
    to_stage = CompanyForeignKey(Stage, models.PROTECT, null=True, related_name="+")
    changes = models.JSONField(default=dict)

    class Meta(CompanyPart.Meta):
        verbose_name = _("history entry")
        ordering = ["-at", "-id"]
        constraints = [
            SameCompany("opportunity", name="history_opportunity_same_company"),
            SameCompany("customer", name="history_customer_same_company"),
            SameCompany("activity", name="history_activity_same_company"),
            SameCompany("by", name="history_by_same_company"),
            SameCompany("from_stage", name="history_from_stage_same_company"),
            SameCompany("to_stage", name="history_to_stage_same_company"),
            models.CheckConstraint(
                condition=models.Q(opportunity__isnull=False) | models.Q(customer__isnull=False),
                name="history_is_about_something",
            ),
        ]
        indexes = [
            # Not of those of customers alone: asked for what has no opportunity, SQLite would walk through all of them.
            models.Index(
                fields=["company", "opportunity", "-at", "-id"],
                name="history_of_opportunity",
                condition=models.Q(opportunity__isnull=False),
            ),
            models.Index(fields=["company", "customer", "-at", "-id"], name="history_of_customer"),
            models.Index(
                fields=["company", "activity"],
                name="history_of_activity",
                condition=models.Q(activity__isnull=False),
            ),
        ]
