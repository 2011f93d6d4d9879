"""Where what is known of somebody came from: what the LGPD lets him ask (art. 19)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class LegalBasis(models.TextChoices):
    """On what the use of personal data rests (LGPD, art. 7; brazil.md 6)."""

    LEGITIMATE_INTEREST = "legitimate_interest", _("Legitimate interest (art. 7, IX)")
    CONSENT = "consent", _("Consent (art. 7, I)")
    CONTRACT = "contract", _("Contract or talks the person asked for (art. 7, V)")
    MADE_PUBLIC = "made_public", _("Made public by the person (art. 7, § 4)")


LONGEST_SUPPLIER = 120


@dataclass(frozen=True, slots=True)
class DataOrigin:
    """From which source and list data came, who supplied the list, and the legal basis; each may be unknown ("")."""

    source: str = ""
    list_name: str = ""
    supplier: str = ""
    legal_basis: str = ""


class HasDataOrigin(models.Model):
    """Somebody of whom is kept where his data came from, and since when; none of it where people registered him by hand."""

    data_source = models.CharField(_("source"), max_length=80, blank=True, default="", editable=False)
    data_list = models.CharField(_("list"), max_length=200, blank=True, default="", editable=False)
    data_supplier = models.CharField(
        _("supplier"), max_length=LONGEST_SUPPLIER, blank=True, default="", editable=False
    )
    legal_basis = models.CharField(
        _("legal basis"), max_length=20, choices=LegalBasis, blank=True, default="", editable=False
    )
    data_since = models.DateTimeField(_("since"), null=True, editable=False)

    class Meta:
        abstract = True


DATA_ORIGIN_COLUMNS = ("data_source", "data_list", "data_supplier", "legal_basis", "data_since")
