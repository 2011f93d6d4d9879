"""Contacts made and to be made."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oportuna.accounts.company import CompanyForeignKey, CompanyModel, SameCompany
from oportuna.sales.models.contact import Contact
from oportuna.sales.models.customer import Customer
from oportuna.sales.models.opportunity import Opportunity
from oportuna.sales.models.registers import Revised


class Activity(CompanyModel, Revised):
    """A call, meeting, visit, task, e-mail or WhatsApp, to be done or done; a note is always done.

    `due_on` is a plain date, in the owner's zone; `due_at` is there when an hour was given too.
    """

    class Kind(models.TextChoices):
        CALL = "call", _("Call")
        MEETING = "meeting", _("Meeting")
        VISIT = "visit", _("Visit")
        TASK = "task", _("Task")
        EMAIL = "email", _("E-mail")
        WHATSAPP = "whatsapp", _("WhatsApp")
        NOTE = "note", _("Note")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    opportunity = CompanyForeignKey(Opportunity, models.CASCADE, null=True, related_name="activities")
    customer = CompanyForeignKey(Customer, models.CASCADE, related_name="activities")
    contact = CompanyForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="activities", verbose_name=_("contact")
    )
    subject = models.CharField(_("subject"), max_length=120, blank=True)
    text = models.TextField(_("what was said"), max_length=20_000, blank=True)
    owner = CompanyForeignKey(
        "accounts.Membership",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True, editable=False)
    done_at = models.DateTimeField(null=True, editable=False)
    done_by = CompanyForeignKey(
        "accounts.Membership", models.PROTECT, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = CompanyForeignKey(
        "accounts.Membership", models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta(CompanyModel.Meta):
        verbose_name = _("activity")
        constraints = [
            *CompanyModel.Meta.constraints,
            SameCompany("opportunity", name="activity_opportunity_same_company"),
            SameCompany("customer", name="activity_customer_same_company"),
            SameCompany("contact", name="activity_contact_same_company"),
            SameCompany("owner", name="activity_owner_same_company"),
            SameCompany("done_by", name="activity_done_by_same_company"),
            SameCompany("created_by", name="activity_created_by_same_company"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=False) | Q(due_on__isnull=False), name="activity_done_or_due"
            ),
            models.CheckConstraint(
                condition=~Q(kind="note") | Q(done_at__isnull=False), name="activity_note_is_done"
            ),
        ]
        indexes = [
            models.Index(
                fields=["company", "owner", "due_on", "due_at"],
                name="activity_to_do",
                condition=Q(done_at__isnull=True),
            ),
            models.Index(fields=["company", "opportunity", "due_on"], name="activity_of_opportunity"),
            models.Index(fields=["company", "customer"], name="activity_of_customer"),
            models.Index(
                fields=["company", "contact"], name="activity_of_contact", condition=Q(contact__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.subject or self.get_kind_display()

    @property
    def counts_as_contact(self) -> bool:
        """Whether doing it moves the opportunity: a note does not (design, section 2)."""
        return self.kind != self.Kind.NOTE
