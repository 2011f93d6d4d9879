"""People of a company: who is in it as what, who was invited, who leaves and to whom it all goes."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from oportuna.accounts import actions as accounts
from oportuna.accounts import codes, invitations, policies
from oportuna.accounts import queries as account_queries
from oportuna.accounts.answers import dialog, saved
from oportuna.accounts.http import CompanyRequest
from oportuna.accounts.links import invitation_url
from oportuna.accounts.mails import send_invitation
from oportuna.accounts.models import Membership
from oportuna.errors import Refused
from oportuna.sales.actions import people as actions
from oportuna.sales.forms.people import HeirForm, InviteForm, MemberForm
from oportuna.sales.queries import people as queries


@require_GET
def people(request: CompanyRequest) -> HttpResponse:
    """Everybody by name, those who left apart, and the invitations that wait."""
    request.actor.require(policies.manage_people)
    active = request.GET.get("show") != "inactive"
    after = _after(request, request.GET.get("after", ""))
    context = {
        "page": queries.people(request.actor, active=active, after=after),
        "active": active,
        "invitations": account_queries.open_invitations(request.actor) if active and not after else [],
    }
    return render(request, "sales/people.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def invite(request: CompanyRequest) -> HttpResponse:
    """A dialog that invites somebody; its answer shows the one-time address, this once."""
    request.actor.require(policies.manage_people)
    form = InviteForm(request.POST or None, teams=account_queries.teams(request.actor))
    if form.is_valid():
        try:
            invitation, token = accounts.invite(**form.cleaned_data, by=request.actor)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            context = {
                "invitation": invitation,
                "invitation_url": invitation_url(token),
                "mailed": send_invitation(invitation, request.actor.company, token),
                "invitations": account_queries.open_invitations(request.actor),
            }
            return dialog(request, "sales/_people_invited.html", context, title=_("Invitation ready"))
    status = 422 if form.is_bound else 200
    return dialog(
        request, "sales/_people_invite.html", {"form": form}, title=_("Invite person"), status=status
    )


@require_POST
def withdraw(request: CompanyRequest, pk: int) -> HttpResponse:
    """End an invitation that was not used."""
    request.actor.require(policies.manage_people)
    invitation = get_object_or_404(account_queries.open_invitations(request.actor), pk=pk)
    invitations.withdraw(invitation, by=request.actor)
    return saved(request, _url(request), _("Invitation withdrawn."))


@require_http_methods(["GET", "POST"])
def member(request: CompanyRequest, pk: int) -> HttpResponse:
    """A dialog that changes a member's name, role and team."""
    request.actor.require(policies.manage_people)
    found = _find(request, pk)
    teams = account_queries.teams(request.actor)
    if request.method == "GET":
        form = MemberForm.showing(found, teams)
        return _member_form(request, found, form)
    form = MemberForm(request.POST, teams=teams)
    if form.is_valid():
        try:
            accounts.change_member(
                found, form.changes(), seen=form.cleaned_data["revision"], by=request.actor
            )
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            return saved(request, _url(request), _("Person saved."))
    return _member_form(request, found, form, status=422)


@require_http_methods(["GET", "POST"])
def deactivate(request: CompanyRequest, pk: int) -> HttpResponse:
    """A dialog that ends a membership and asks who takes over what is open."""
    request.actor.require(policies.manage_people)
    found = _find(request, pk)
    burden = queries.burden(found)
    form = HeirForm(
        request.POST if request.method == "POST" else None,
        heirs=queries.heirs(request.actor, found),
        required=bool(burden),
    )
    if form.is_valid():
        try:
            actions.deactivate(found, heir=form.cleaned_data["heir"], by=request.actor)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            return saved(request, _url(request), _("%(name)s was deactivated.") % {"name": found.name})
    context = {"form": form, "member": found, "burden": burden}
    status = 422 if form.is_bound else 200
    return dialog(
        request, "sales/_people_deactivate.html", context, title=_("Deactivate person"), status=status
    )


@require_POST
def reactivate(request: CompanyRequest, pk: int) -> HttpResponse:
    """Let a former member in again."""
    request.actor.require(policies.manage_people)
    found = accounts.reactivate(_find(request, pk), by=request.actor)
    return saved(request, _url(request), _("%(name)s may enter again.") % {"name": found.name})


def _member_form(
    request: CompanyRequest, found: Membership, form: MemberForm, status: int = 200
) -> HttpResponse:
    context = {"form": form, "member": found}
    return dialog(request, "sales/_people_member.html", context, title=_("Edit person"), status=status)


def _after(request: CompanyRequest, code: str) -> Membership | None:
    if not code:
        return None
    try:
        return _find(request, codes.decode(code))
    except ValueError as error:
        raise Http404 from error


def _find(request: CompanyRequest, pk: int) -> Membership:
    return get_object_or_404(queries.members(request.actor), pk=pk)


def _url(request: CompanyRequest) -> str:
    return reverse("sales:people", args=[request.actor.company.slug])
