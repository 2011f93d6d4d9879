"""Who takes part in opportunities, and who may be asked to."""

from django.db.models import Q, QuerySet

from oportuna.accounts.models import Company, Membership
from oportuna.accounts.policies import SEE_ALL
from oportuna.accounts.prepared import prepared
from oportuna.sales.models import Opportunity, OpportunityParticipant


def participants_of(opportunity_id: int) -> list[OpportunityParticipant]:
    """Who takes part in an opportunity, by name; those who left the company too."""
    return _participants(opportunity_id)


@prepared
def _participants(opportunity_id: int) -> QuerySet[OpportunityParticipant]:
    theirs = OpportunityParticipant.objects.filter(opportunity_id=opportunity_id)
    return theirs.select_related("member").order_by("member__name_folded", "pk")


def choosable_participants(company: Company, opportunity: Opportunity) -> QuerySet[Membership]:
    """The active members, but for its owner, who may see an opportunity anyway: taking part opens nothing to anybody."""
    members = Membership.objects.filter(company=company, is_active=True).order_by("name_folded", "pk")
    owner = opportunity.owner
    if owner is None:
        return members
    members = members.filter(~Q(pk=owner.pk))
    if company.visibility == Company.Visibility.ALL:
        return members
    seeing = Q(role__in=SEE_ALL)
    if company.visibility == Company.Visibility.TEAM and owner.team_id:
        seeing |= Q(team_id=owner.team_id)
    return members.filter(seeing)
