"""The opportunity: where a sale stands now."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oportuna.accounts.company import CompanyForeignKey, CompanyModel, SameCompany
from oportuna.fields import MOST_CENTS, FoldedField, MoneyField, PermilleField
from oportuna.records.models import Searchable
from oportuna.sales.models.contact import Contact
from oportuna.sales.models.customer import Customer
from oportuna.sales.models.pipeline import Stage
from oportuna.sales.models.registers import Campaign, LossReason, Revised, Source


class NumberSeries(CompanyModel):
    """The next number of the company's opportunities: 1, 2, 3, …; gaps allowed."""

    next_number = models.PositiveBigIntegerField(default=1)

    class Meta(CompanyModel.Meta):
        constraints = [
            *CompanyModel.Meta.constraints,
            models.UniqueConstraint(fields=["company"], name="one_number_series"),
        ]


class Opportunity(CompanyModel, Revised, Searchable):
    """Where a sale stands now; its history entries tell how it got here, its versions what every past day showed.

    `stage_since` is the instant from which its days in the stage count: time in which it was closed and slips taken back
    are left out. `moved_at` is the last real movement or done activity, from which "stalled" is counted. `next_*` mirror
    its first activity still to be done, kept by the verbs of activities.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")

    number = models.PositiveBigIntegerField(editable=False)
    title = models.CharField(_("title"), max_length=120)
    title_folded = FoldedField(source="title")
    customer = CompanyForeignKey(
        Customer, models.PROTECT, related_name="opportunities", verbose_name=_("customer")
    )
    contact = CompanyForeignKey(
        Contact,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="opportunities",
        verbose_name=_("contact"),
    )
    stage = CompanyForeignKey(Stage, models.PROTECT, related_name="opportunities", verbose_name=_("stage"))
    status = models.CharField(max_length=4, choices=Status, default=Status.OPEN, editable=False)
    value = MoneyField(_("value"), null=True, blank=True)
    probability = PermilleField(_("probability"), null=True, blank=True)
    owner = CompanyForeignKey(
        "accounts.Membership",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    source = CompanyForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("source")
    )
    campaign = CompanyForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("campaign")
    )
    expected_close_on = models.DateField(_("expected close"), null=True, blank=True)
    notes = models.TextField(_("notes"), max_length=10_000, blank=True)
    loss_reason = CompanyForeignKey(LossReason, models.PROTECT, null=True, editable=False, related_name="+")
    competitor = models.CharField(_("competitor"), max_length=80, blank=True, editable=False)
    loss_comment = models.TextField(_("comment"), max_length=2_000, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_on = models.DateField(null=True, editable=False)  # closed_at's day in the company's zone
    # Whole seconds from created_at to closed_at, so that an index can sum them.
    seconds_open = models.BigIntegerField(null=True, editable=False)
    position = models.BigIntegerField(default=0, editable=False)
    stage_since = models.DateTimeField(default=timezone.now, editable=False)
    moved_at = models.DateTimeField(default=timezone.now, editable=False)
    next_due_on = models.DateField(null=True, editable=False)
    next_due_at = models.DateTimeField(null=True, editable=False)
    next_kind = models.CharField(max_length=8, blank=True, default="", editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = CompanyForeignKey(
        "accounts.Membership", models.PROTECT, null=True, editable=False, related_name="+"
    )
    deleted_at = models.DateTimeField(null=True, editable=False)
    deleted_by = CompanyForeignKey(
        "accounts.Membership", models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta(CompanyModel.Meta):
        verbose_name = _("opportunity")
        constraints = [
            *CompanyModel.Meta.constraints,
            models.UniqueConstraint(fields=["company", "number"], name="opportunity_number"),
            SameCompany("customer", name="opportunity_customer_same_company"),
            SameCompany("contact", name="opportunity_contact_same_company"),
            SameCompany("stage", name="opportunity_stage_same_company"),
            SameCompany("owner", name="opportunity_owner_same_company"),
            SameCompany("source", name="opportunity_source_same_company"),
            SameCompany("campaign", name="opportunity_campaign_same_company"),
            SameCompany("loss_reason", name="opportunity_loss_reason_same_company"),
            SameCompany("created_by", name="opportunity_created_by_same_company"),
            SameCompany("deleted_by", name="opportunity_deleted_by_same_company"),
            models.CheckConstraint(
                condition=Q(status__in=["open", "won", "lost"]), name="opportunity_status"
            ),
            models.CheckConstraint(
                condition=Q(status="lost") | Q(loss_reason__isnull=True, competitor="", loss_comment=""),
                name="opportunity_loss_reason_only_if_lost",
            ),
            models.CheckConstraint(
                condition=Q(
                    status="open", closed_at__isnull=True, closed_on__isnull=True, seconds_open__isnull=True
                )
                | (
                    ~Q(status="open")
                    & Q(closed_at__isnull=False, closed_on__isnull=False, seconds_open__isnull=False)
                ),
                name="opportunity_closed_unless_open",
            ),
            models.CheckConstraint(
                condition=Q(probability__isnull=True) | Q(probability__lte=1000),
                name="opportunity_probability_to_1000",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True)
                | Q(value__gte=Decimal(0), value__lte=Decimal(MOST_CENTS) / 100),
                name="opportunity_value_in_bounds",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="opportunity_has_a_title"),
        ]
        indexes = [
            # The board: one column's first cards, by hand.
            models.Index(
                fields=["company", "stage", "position", "id"],
                name="opportunity_board",
                condition=Q(status="open", deleted_at__isnull=True),
            ),
            # ... and in its other orders (queries/card_order.py).
            *(
                models.Index(
                    fields=["company", "stage", field, "id"],
                    name=f"opportunity_board_{name}",
                    condition=Q(status="open", deleted_at__isnull=True),
                )
                for name, field in (
                    ("due", "next_due_on"),
                    ("value", "-value"),
                    ("close", "expected_close_on"),
                    ("age", "stage_since"),
                )
            ),
            models.Index(fields=["company", "customer"], name="opportunity_by_customer"),
            models.Index(fields=["company", "contact"], name="opportunity_by_contact"),
            # Analyses sum what was closed in a period from the index alone, stage by stage and reason by reason; SQLite reads
            # the row for the condition, too, unless the index holds its field.
            models.Index(
                fields=[
                    *("company", "status", "stage", "loss_reason", "closed_on"),
                    *("owner", "source", "value", "seconds_open", "deleted_at"),
                ],
                name="opportunity_closed",
                condition=Q(deleted_at__isnull=True, closed_on__isnull=False),
            ),
            models.Index(
                fields=["company", "-created_at", "-id"],
                name="opportunity_newest",
                condition=Q(deleted_at__isnull=True),
            ),
            models.Index(
                fields=["company", "owner", "next_due_on"],
                name="opportunity_next",
                condition=Q(status="open", deleted_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Neither won nor lost."""
        return self.status == self.Status.OPEN
