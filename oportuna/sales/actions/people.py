"""Whoever leaves hands over what is his, then his membership ends."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from oportuna.accounts import actions as accounts
from oportuna.accounts import policies
from oportuna.accounts.actor import Actor
from oportuna.accounts.changes import shown
from oportuna.accounts.models import Membership
from oportuna.errors import Refused
from oportuna.sales.bulk_history import Change, Records
from oportuna.sales.models import Activity, Opportunity, OpportunityVersion, Verb
from oportuna.sales.notices import HANDED_OVER
from oportuna.work import notices


@transaction.atomic
def deactivate(member: Membership, *, heir: Membership | None, by: Actor) -> Membership:
    """End a membership: open opportunities and activities to be done go to `heir`, each with its history entry; the heir
    hears of all at once.

    Raises Refused when there is something to hand over and no active heir.
    """
    by.require(policies.manage_people)
    theirs = Opportunity.objects.filter(owner=member, status="open", deleted_at__isnull=True)
    opportunities = list(theirs.order_by("pk").select_for_update())
    activities = Activity.objects.filter(owner=member, done_at__isnull=True)
    if opportunities or activities.exists():
        if heir is None or not heir.is_active or heir.pk == member.pk or heir.company_id != by.company.pk:
            raise Refused(_("Choose who takes over the open opportunities and activities."), field="heir")
        _hand_over(opportunities, member, heir, by)
        activities.update(owner=heir)
        notices.tell([heir.pk], HANDED_OVER, member.pk, count=len(opportunities), by=by.membership)
    return accounts.deactivate(member, by=by)


def _hand_over(opportunities: list[Opportunity], member: Membership, heir: Membership, by: Actor) -> None:
    current = {
        version.opportunity_id: version
        for version in OpportunityVersion.objects.filter(opportunity__in=opportunities, valid_to__isnull=True)
    }
    for opportunity in opportunities:
        opportunity.owner = heir
        opportunity.revision += 1
    Opportunity.objects.bulk_update(opportunities, ["owner", "revision"], batch_size=500)
    changes = {"owner": [shown(member), shown(heir)]}
    records = Records(by=by)
    records.add(
        Verb.ASSIGNED,
        [Change(opportunity, current.get(opportunity.pk), changes) for opportunity in opportunities],
    )
    records.convert()
    records.write()
