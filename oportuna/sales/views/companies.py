"""Somebody opens a company of his own."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from oportuna.accounts import home
from oportuna.accounts import queries as account_queries
from oportuna.accounts.actor import Actor
from oportuna.accounts.adapter import sign_in
from oportuna.accounts.links import find_founders_invitation
from oportuna.accounts.models import Invitation, User
from oportuna.errors import Refused
from oportuna.sales.actions import companies
from oportuna.sales.forms.people import FoundAsNewPersonForm, FoundForm, suggest_slug


@login_not_required
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def found(request: HttpRequest, token: str) -> HttpResponse:
    """The founder's page: the company and, from whoever has no account yet, who opens it."""
    invitation = find_founders_invitation(token)
    if invitation is None:
        return render(request, "accounts/address_ended.html", status=410)
    if request.method == "GET" and getattr(request, "htmx", False):
        return _suggestion(request)
    founder = _founder(request)
    form = (FoundForm if founder else FoundAsNewPersonForm)(request.POST or None)
    if form.is_valid():
        try:
            actor = _open(invitation, form, founder)
        except Refused as refused:
            form.add_error("company" if founder else "email", str(refused))
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            if founder is None:
                sign_in(request, actor.membership.user)
            home.remember(request, actor.company)
            return redirect(home.board_url(actor.company))
    context = {"form": form, "founder": founder}
    return render(request, "sales/people_found.html", context, status=422 if form.is_bound else 200)


def _founder(request: HttpRequest) -> User | None:
    """Who opens it as himself; whoever only looks at the demonstration opens his own account too."""
    user = request.user
    return user if isinstance(user, User) and not account_queries.only_demonstrates(user) else None


def _open(invitation: Invitation, form: FoundForm, founder: User | None) -> Actor:
    data = form.cleaned_data
    company, slug = data["company"], data["slug"]
    if founder is not None:
        return companies.found_as(invitation, company=company, slug=slug, founder=founder)
    return companies.found(
        invitation,
        company=company,
        slug=slug,
        name=data["name"],
        email=data["email"],
        password=data["password"],
    )


def _suggestion(request: HttpRequest) -> HttpResponse:
    slug = request.GET.get("slug") or suggest_slug(request.GET.get("company", "")[:120])
    return render(request, "sales/_people_found_slug.html", {"form": FoundForm(initial={"slug": slug})})
