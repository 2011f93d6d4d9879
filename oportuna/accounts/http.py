"""The request as our views see it."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from oportuna.accounts.actor import Actor
from oportuna.accounts.models import User


class CompanyRequest(HttpRequest):
    """A request inside a company: who acts is known, and the scope is entered."""

    actor: Actor
    user: User
    htmx: HtmxDetails


class SignedInRequest(HttpRequest):
    """A request of someone signed in, in no company yet."""

    user: User
    htmx: HtmxDetails
