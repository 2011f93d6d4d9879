"""An invited person joins a company."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from oportuna.accounts import actions, home, queries
from oportuna.accounts.adapter import sign_in
from oportuna.accounts.forms import NewPersonForm
from oportuna.accounts.models import Company, Invitation, User
from oportuna.errors import Refused


@login_not_required
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """The invitation's page: a new person names himself and sets a password, one with an account joins by a button."""
    invitation = actions.find_invitation(token)
    if invitation is None or invitation.company is None:
        return render(request, "accounts/address_ended.html", status=410)
    try:
        if isinstance(request.user, User):
            return _as_oneself(request, invitation, invitation.company, request.user)
        if queries.has_account(invitation.email):
            return _page(request, "sign_in_first", invitation)
        return _as_a_new_person(request, invitation, invitation.company)
    except Refused as refused:
        return render(request, "accounts/address_ended.html", {"message": refused}, status=409)


def _as_oneself(request: HttpRequest, invitation: Invitation, company: Company, user: User) -> HttpResponse:
    if invitation.email != user.email:
        return _page(request, "someone_else", invitation, status=409 if request.method == "POST" else 200)
    if request.method == "GET":
        return _page(request, "join", invitation)
    actions.accept(invitation, name=user.name, user=user)
    home.remember(request, company)
    return redirect(home.board_url(company))


def _as_a_new_person(request: HttpRequest, invitation: Invitation, company: Company) -> HttpResponse:
    form = NewPersonForm(
        request.POST or None, email=invitation.email, initial={"name": invitation.name}, label_suffix=""
    )
    if not form.is_valid():
        return _page(request, "new_person", invitation, form, status=422 if form.is_bound else 200)
    member = actions.accept(
        invitation, name=form.cleaned_data["name"], password=form.cleaned_data["password"]
    )
    sign_in(request, member.user)
    home.remember(request, company)
    return redirect(home.board_url(company))


def _page(
    request: HttpRequest,
    state: str,
    invitation: Invitation,
    form: NewPersonForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"state": state, "invitation": invitation, "company": invitation.company, "form": form}
    return render(request, "accounts/join.html", context, status=status)
