"""Who takes part in an opportunity besides its owner."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from oportuna.accounts.actor import Actor
from oportuna.accounts.models import Membership
from oportuna.errors import Refused
from oportuna.sales.actions.opportunities import locked, save, take
from oportuna.sales.history import record
from oportuna.sales.models import Opportunity, OpportunityParticipant, Verb
from oportuna.sales.queries.participants import choosable_participants, participants_of

MOST = 20
"""Participants that one opportunity may have."""


@transaction.atomic
def add_participant(
    opportunity: Opportunity, member: Membership, *, part: str = "", by: Actor
) -> OpportunityParticipant:
    """Let a member take part, or change what he does there; whoever takes part so already records nothing.

    Raises Refused for one who could not see the opportunity, who owns it or has left, and for more than it may have.
    """
    opportunity = locked(opportunity, by)
    there = participants_of(opportunity.pk)
    found = next((one for one in there if one.member_id == member.pk), None)
    if found is not None and found.part == part:
        return found
    if found is None and len(there) >= MOST:
        raise Refused(_("An opportunity has %(most)s participants at most.") % {"most": MOST})
    if not choosable_participants(by.company, opportunity).filter(pk=member.pk).exists():
        raise Refused(
            _("%(name)s cannot take part: choose somebody who sees this opportunity and does not own it.")
            % {"name": member.name},
            field="member",
        )
    before = str(found) if found else None
    participant = found or OpportunityParticipant(opportunity=opportunity, member=member)
    participant.part = part
    participant.save()
    _record(opportunity, [before, str(participant)], by)
    return participant


@transaction.atomic
def remove_participant(opportunity: Opportunity, member: Membership, *, by: Actor) -> Opportunity:
    """Let a member take part no more; whoever does not records nothing."""
    opportunity = locked(opportunity, by)
    found = next((one for one in participants_of(opportunity.pk) if one.member_id == member.pk), None)
    if found is not None:
        OpportunityParticipant.objects.filter(pk=found.pk).delete()
        _record(opportunity, [str(found), None], by)
    return opportunity


def _record(opportunity: Opportunity, change: list[str | None], by: Actor) -> None:
    changes = {"participants": [*change]}
    save(opportunity, list(take(opportunity, changes, by)))
    record(Verb.EDITED, opportunity, by=by, changes=changes)
