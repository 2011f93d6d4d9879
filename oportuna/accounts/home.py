"""Where somebody who signs in begins: the board of the company that he used last."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from oportuna.accounts import queries
from oportuna.accounts.http import SignedInRequest
from oportuna.accounts.models import Company, Membership

_LAST = "company"


def home(request: SignedInRequest) -> HttpResponse:
    """Go to the board of the company used last, else of the first; say so when there is none."""
    membership = last_membership(request)
    if membership is None:
        return render(request, "accounts/no_company.html")
    return redirect("sales:board", membership.company.slug)


def last_membership(request: SignedInRequest) -> Membership | None:
    """What the person is in the company used last, or in the first by name; None for whoever is in none."""
    memberships = queries.memberships_of(request.user)
    slug = remembered(request)
    return next((one for one in memberships if one.company.slug == slug), next(iter(memberships), None))


def remembered(request: HttpRequest) -> str:
    """The slug of the company used last; empty when none is known."""
    slug: str = request.session.get(_LAST, "")
    return slug


def remember(request: HttpRequest, company: Company) -> None:
    """Begin in this company the next time."""
    request.session[_LAST] = company.slug


def board_url(company: Company) -> str:
    """The company's board."""
    return reverse("sales:board", args=[company.slug])
