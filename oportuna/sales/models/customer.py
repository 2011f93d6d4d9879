"""Customers: organisations and people one sells to, prospects until the first win."""

from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oportuna.accounts.company import CompanyForeignKey, CompanyModel, SameCompany
from oportuna.fields import FoldedField
from oportuna.records.models import Searchable
from oportuna.sales.models.data_origin import HasDataOrigin
from oportuna.sales.models.document_form import CNPJ_FORM, CPF_FORM, HasForm
from oportuna.sales.models.registers import Revised


class Customer(CompanyModel, Revised, HasDataOrigin, Searchable):
    """Whom one sells to. Documents are stored without their masks: CNPJ 14 characters, CPF 11 (brazil.md 1)."""

    class Kind(models.TextChoices):
        ORGANISATION = "organisation", _("Company")
        PERSON = "person", _("Person")

    class Status(models.TextChoices):
        PROSPECT = "prospect", _("Prospect")
        CUSTOMER = "customer", _("Customer")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.ORGANISATION)
    status = models.CharField(max_length=8, choices=Status, default=Status.PROSPECT, editable=False)
    name = models.CharField(_("registered name"), max_length=160)
    name_folded = FoldedField(source="name")
    trade_name = models.CharField(_("trade name"), max_length=160, blank=True)
    cnpj = models.CharField(_("CNPJ"), max_length=14, null=True, blank=True)
    cpf = models.CharField(_("CPF"), max_length=11, null=True, blank=True)
    ie = models.CharField(_("state registration"), max_length=20, blank=True)
    segment = models.CharField(_("segment"), max_length=80, blank=True)
    site = models.CharField(
        _("site"), max_length=200, blank=True, validators=[URLValidator(schemes=["http", "https"])]
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    district = models.CharField(_("district"), max_length=80, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    uf = models.CharField(_("state"), max_length=2, blank=True)
    cep = models.CharField(_("CEP"), max_length=8, blank=True)
    notes = models.TextField(
        _("notes"), max_length=10_000, blank=True,
        help_text=_("No health, religion, politics or other sensitive data here."),
    )  # fmt: skip
    do_not_contact = models.BooleanField(_("do not contact"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = CompanyForeignKey(
        "accounts.Membership", models.PROTECT, null=True, editable=False, related_name="+"
    )
    deleted_at = models.DateTimeField(null=True, editable=False)
    deleted_by = CompanyForeignKey(
        "accounts.Membership", models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta(CompanyModel.Meta):
        verbose_name = _("customer")
        constraints = [
            *CompanyModel.Meta.constraints,
            SameCompany("created_by", name="customer_created_by_same_company"),
            SameCompany("deleted_by", name="customer_deleted_by_same_company"),
            models.UniqueConstraint(
                fields=["company", "cnpj"],
                condition=Q(deleted_at__isnull=True, cnpj__isnull=False),
                name="customer_company_cnpj",
            ),
            models.UniqueConstraint(
                fields=["company", "cpf"],
                condition=Q(deleted_at__isnull=True, cpf__isnull=False),
                name="customer_company_cpf",
            ),
            models.CheckConstraint(
                condition=Q(cnpj__isnull=True) | Q(HasForm("cnpj", CNPJ_FORM)), name="customer_cnpj_form"
            ),
            models.CheckConstraint(
                condition=Q(cpf__isnull=True) | Q(HasForm("cpf", CPF_FORM)), name="customer_cpf_form"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="customer_has_a_name"),
        ]
        indexes = [
            models.Index(fields=["company", "name_folded", "id"], name="customer_by_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """The name people know it by."""
        return self.trade_name or self.name

    @property
    def document(self) -> str:
        """Its CNPJ or CPF without the mask, or nothing."""
        return self.cnpj or self.cpf or ""
