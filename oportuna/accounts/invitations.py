"""Taking an invitation back."""

from django.db import transaction
from django.utils import timezone

from oportuna.accounts import audit, policies
from oportuna.accounts.actor import Actor
from oportuna.accounts.models import AuditEntry, Invitation


@transaction.atomic
def withdraw(invitation: Invitation, *, by: Actor) -> Invitation:
    """End an invitation before it is used; one that ended already stays as it is."""
    by.require(policies.manage_people)
    fresh = Invitation.objects.select_for_update().get(pk=invitation.pk, company=by.company)
    now = timezone.now()
    if fresh.is_open_at(now):
        fresh.used_at = now
        fresh.save(update_fields=["used_at"])
        audit.write(AuditEntry.Verb.INVITED, by=by, about=fresh.email, changes={"role": [fresh.role, None]})
    return fresh
