"""The people at a customer, and the e-mails and phones by which customers and contacts are reached."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oportuna.accounts.company import CompanyForeignKey, CompanyModel, CompanyPart, SameCompany
from oportuna.fields import FoldedField
from oportuna.sales.models.customer import Customer
from oportuna.sales.models.data_origin import HasDataOrigin
from oportuna.sales.models.document_form import CPF_FORM, HasForm
from oportuna.sales.models.registers import Revised


class Contact(CompanyModel, Revised, HasDataOrigin):
    """A person at a customer: personal data in the sense of the LGPD."""

    customer = CompanyForeignKey(
        Customer, models.CASCADE, related_name="contacts", editable=False, verbose_name=_("customer")
    )
    name = models.CharField(_("name"), max_length=120)
    name_folded = FoldedField(source="name")
    job_title = models.CharField(_("job title"), max_length=80, blank=True)
    cpf = models.CharField(_("CPF"), max_length=11, null=True, blank=True)
    notes = models.TextField(_("notes"), max_length=4_000, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = CompanyForeignKey(
        "accounts.Membership", models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta(CompanyModel.Meta):
        verbose_name = _("contact")
        ordering = ["name_folded", "id"]
        constraints = [
            *CompanyModel.Meta.constraints,
            SameCompany("customer", name="contact_customer_same_company"),
            SameCompany("created_by", name="contact_created_by_same_company"),
            models.CheckConstraint(
                condition=models.Q(cpf__isnull=True) | models.Q(HasForm("cpf", CPF_FORM)),
                name="contact_cpf_form",
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="contact_has_a_name"),
        ]
        indexes = [models.Index(fields=["company", "customer"], name="contact_by_customer")]

    def __str__(self) -> str:
        return self.name


class Channel(CompanyPart):
    """An e-mail or phone of a customer, or of one of its contacts; the first of a kind is the main one.

    `value` is what compares and dials: an e-mail in lower case, a phone in E.164 ("+5511987654321").
    """

    class Kind(models.TextChoices):
        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("Phone")

    customer = CompanyForeignKey(Customer, models.CASCADE, related_name="channels")
    contact = CompanyForeignKey(Contact, models.CASCADE, null=True, related_name="channels")
    kind = models.CharField(max_length=5, choices=Kind)
    value = models.CharField(max_length=254)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(CompanyPart.Meta):
        verbose_name = _("channel")
        ordering = ["kind", "position", "id"]
        constraints = [
            SameCompany("customer", name="channel_customer_same_company"),
            SameCompany("contact", name="channel_contact_same_company"),
        ]
        indexes = [
            models.Index(fields=["company", "value"], name="channel_by_value"),
            models.Index(fields=["company", "customer"], name="channel_by_customer"),
            models.Index(fields=["company", "contact"], name="channel_by_contact"),
        ]

    def __str__(self) -> str:
        return self.value
