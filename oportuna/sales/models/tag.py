"""Tags: words of the company's own that an opportunity may have many of."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from oportuna.accounts.company import CompanyForeignKey, CompanyPart, SameCompany
from oportuna.sales.models.opportunity import Opportunity
from oportuna.sales.models.registers import Colour, Register


class Tag(Register):
    """A word with a colour; whoever works on opportunities may add one, the administrator arranges them."""

    colour = models.CharField(_("colour"), max_length=8, choices=Colour, default=Colour.GREY)

    class Meta(Register.Meta):
        verbose_name = _("tag")


class OpportunityTag(CompanyPart):
    """That an opportunity has a tag."""

    opportunity = CompanyForeignKey(Opportunity, models.CASCADE, related_name="taggings")
    tag = CompanyForeignKey(Tag, models.PROTECT, related_name="taggings")

    class Meta(CompanyPart.Meta):
        verbose_name = _("tag of an opportunity")
        constraints = [
            SameCompany("opportunity", name="tagging_opportunity_same_company"),
            SameCompany("tag", name="tagging_tag_same_company"),
            models.UniqueConstraint(fields=["company", "opportunity", "tag"], name="tagging_once"),
        ]
        indexes = [models.Index(fields=["company", "tag", "opportunity"], name="tagging_by_tag")]

    def __str__(self) -> str:
        return f"{self.opportunity_id}: {self.tag_id}"
