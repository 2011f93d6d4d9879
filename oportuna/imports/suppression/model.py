"""What is on the company's suppression list."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oportuna.accounts.company import CompanyForeignKey, CompanyModel, SameCompany


class Suppression(CompanyModel):
    """An e-mail, phone, document or domain that asked the company not to be contacted (LGPD, art. 18, §2).

    `value` is what compares: an e-mail or a domain in lower case, a phone in E.164, a CNPJ or CPF without its mask. It is
    kept as it is and not as a hash (ADR 12), and refers to nobody: whoever is erased stays on the list.
    `marks_customers` until the customers that it reaches are marked too, which happens in the background.
    """

    class Kind(models.TextChoices):
        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("Phone")
        DOCUMENT = "document", _("CNPJ or CPF")
        DOMAIN = "domain", _("Domain")

    kind = models.CharField(max_length=8, choices=Kind)
    value = models.CharField(max_length=254)
    why = models.CharField(_("why"), max_length=200, blank=True)
    marks_customers = models.BooleanField(default=False, editable=False)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    added_by = CompanyForeignKey("accounts.Membership", models.PROTECT, editable=False, related_name="+")

    class Meta(CompanyModel.Meta):
        verbose_name = _("entry of the suppression list")
        constraints = [
            *CompanyModel.Meta.constraints,
            SameCompany("added_by", name="suppression_added_by_same_company"),
            # The value first: imports look up thousands of them, of whatever kind.
            models.UniqueConstraint(fields=["company", "value", "kind"], name="suppression_once"),
            models.CheckConstraint(condition=~Q(value=""), name="suppression_has_a_value"),
        ]
        indexes = [
            models.Index(fields=["company", "kind", "-id"], name="suppression_by_kind"),
            models.Index(
                fields=["company", "id"], name="suppression_to_mark", condition=Q(marks_customers=True)
            ),
        ]

    def __str__(self) -> str:
        return self.value
