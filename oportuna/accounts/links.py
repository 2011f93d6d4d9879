"""One-time addresses as people get them: printed by commands, mailed, or linked from the demonstration company."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.urls import reverse

from oportuna.accounts import queries
from oportuna.accounts.actions import find_invitation
from oportuna.accounts.actor import Actor
from oportuna.accounts.models import Invitation
from oportuna.environment import is_loopback

_SALT = "oportuna.founder"


def invitation_url(token: str) -> str:
    """The whole address at which an invited person joins."""
    return _whole(reverse("accounts:join", args=[token]))


def founder_url(token: str) -> str:
    """The whole address at which somebody opens a company of his own."""
    return _whole(reverse("found", args=[token]))


def demo_founder_url(actor: Actor) -> str:
    """In the demonstration company on one's own machine: the way to a company of one's own, if one is open.

    Of the printed address only a hash is stored. This one is signed with the installation's secret key instead, and
    ends with the invitation that it stands for.
    """
    if not actor.company.is_demo or not is_loopback(urlsplit(settings.OPORTUNA_URL).hostname or ""):
        return ""
    invitation = queries.open_founders_invitation()
    if invitation is None:
        return ""
    return reverse("found", args=[signing.dumps(invitation.token_hash[:32], salt=_SALT)])


def find_founders_invitation(token: str) -> Invitation | None:
    """The founder's invitation of a printed address, or of the demonstration's link, that still works."""
    found = find_invitation(token)
    if found is not None:
        return found if found.company_id is None else None
    try:
        begins: str = signing.loads(token, salt=_SALT, max_age=Invitation.VALID_FOR)
    except signing.BadSignature:
        return None
    invitation = queries.open_founders_invitation()
    return invitation if invitation and invitation.token_hash.startswith(begins) else None


def _whole(path: str) -> str:
    return f"{settings.OPORTUNA_URL.rstrip('/')}{path}"
