"""The short registers that an administrator keeps: loss reasons, sources, campaigns."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from oportuna.accounts.company import CompanyForeignKey, CompanyModel, SameCompany
from oportuna.errors import Conflict
from oportuna.fields import FoldedField


class Colour(models.TextChoices):
    """The ten colours of the design; the name is stored, the shade belongs to the theme."""

    GREY = "cinza", _("Grey")
    BLUE = "azul", _("Blue")
    INDIGO = "anil", _("Indigo")
    VIOLET = "violeta", _("Violet")
    MAGENTA = "magenta", _("Magenta")
    CORAL = "coral", _("Coral")
    YELLOW = "ipe", _("Yellow")
    OLIVE = "oliva", _("Olive")
    GREEN = "verde", _("Green")
    TEAL = "petroleo", _("Teal")


class Revised(models.Model):
    """A row that people edit: `revision` is raised by every edit and verb; forms send the one they showed."""

    revision = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def require_revision(self, seen: int | None) -> None:
        """Raise Conflict when the row is not any more the one that the form showed."""
        if seen is not None and seen != self.revision:
            raise Conflict(_("Someone changed this after you opened it. Look at it again before you save."))


class Register(CompanyModel, Revised):
    """A named row of a register, in an order; in use it is deactivated, never deleted."""

    name = models.CharField(_("name"), max_length=60)
    name_folded = FoldedField(source="name")
    position = models.PositiveIntegerField(_("order"), default=0, editable=False)
    is_active = models.BooleanField(_("active"), default=True, editable=False)

    class Meta(CompanyModel.Meta):
        abstract = True
        ordering = ["position", "id"]
        constraints = [
            *CompanyModel.Meta.constraints,
            models.UniqueConstraint(fields=["company", "name_folded"], name="%(class)s_company_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def active(cls) -> "models.QuerySet[Self]":
        """Those that may be chosen now, in their order."""
        return cls.objects.filter(is_active=True)


class LossReason(Register):
    """Why a sale was lost; it may ask for the competitor or a comment."""

    asks_competitor = models.BooleanField(_("asks for the competitor"), default=False)
    asks_comment = models.BooleanField(_("asks for a comment"), default=False)

    class Meta(Register.Meta):
        verbose_name = _("loss reason")


class Source(Register):
    """Where opportunities come from: the site, telemarketing, an event, a bought list."""

    class Meta(Register.Meta):
        verbose_name = _("source")


class Campaign(Register):
    """An effort of a source, with its days: a fair, an e-mailing, an advertisement."""

    source = CompanyForeignKey(Source, models.PROTECT, related_name="campaigns", verbose_name=_("source"))
    starts_on = models.DateField(_("begins on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)

    class Meta(Register.Meta):
        verbose_name = _("campaign")
        constraints = [
            *Register.Meta.constraints,
            SameCompany("source", name="campaign_source_same_company"),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(starts_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="campaign_ends_after_it_begins",
            ),
        ]
