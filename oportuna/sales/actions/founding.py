"""Opening one more company at a founder's one-time address, by somebody who signs in already."""

from django.db import transaction

from oportuna.accounts import actions as accounts
from oportuna.accounts.actor import Actor
from oportuna.accounts.models import Invitation, User
from oportuna.sales.actions.companies import open_company


@transaction.atomic
def found_as(invitation: Invitation, *, company: str, slug: str, founder: User) -> Actor:
    """Open one's own company and become its first administrator.

    Raises Refused when the address was used meanwhile, ValidationError for a name or slug that will not do.
    """
    accounts.use_founders_invitation(invitation)
    return open_company(name=company, slug=slug, admin=founder)
