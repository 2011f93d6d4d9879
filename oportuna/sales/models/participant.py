"""Who takes part in an opportunity besides its owner."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from oportuna.accounts.company import CompanyForeignKey, CompanyPart, SameCompany
from oportuna.sales.models.opportunity import Opportunity


class OpportunityParticipant(CompanyPart):
    """A member who helps with an opportunity, perhaps with what he does there. It decides nothing of what he may see."""

    opportunity = CompanyForeignKey(Opportunity, models.CASCADE, related_name="participants")
    member = CompanyForeignKey(
        "accounts.Membership", models.PROTECT, related_name="+", verbose_name=_("participant")
    )
    part = models.CharField(_("part"), max_length=40, blank=True)

    class Meta(CompanyPart.Meta):
        verbose_name = _("participant of an opportunity")
        constraints = [
            SameCompany("opportunity", name="participant_opportunity_same_company"),
            SameCompany("member", name="participant_member_same_company"),
            models.UniqueConstraint(fields=["company", "opportunity", "member"], name="participant_once"),
        ]

    def __str__(self) -> str:
        return f"{self.member.name} ({self.part})" if self.part else self.member.name
