"""Teams: who sells beside whom."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from oportuna.accounts import actions, policies, queries
from oportuna.accounts.answers import dialog, saved
from oportuna.accounts.forms import TeamForm, TeamMemberForm
from oportuna.accounts.http import CompanyRequest
from oportuna.accounts.models import Company, Team
from oportuna.errors import Refused


@require_GET
def teams(request: CompanyRequest) -> HttpResponse:
    """The teams with their people."""
    request.actor.require(policies.manage_people)
    context = {
        "teams": queries.teams(request.actor),
        "teams_decide": request.actor.company.visibility == Company.Visibility.TEAM,
    }
    return render(request, "accounts/teams.html", context)


@require_http_methods(["GET", "POST"])
def new_team(request: CompanyRequest) -> HttpResponse:
    """A dialog that asks for the name of a new team."""
    return _name(request, None)


@require_http_methods(["GET", "POST"])
def team(request: CompanyRequest, pk: int) -> HttpResponse:
    """A dialog that renames a team."""
    return _name(request, _find(request, pk))


def _name(request: CompanyRequest, named: Team | None) -> HttpResponse:
    request.actor.require(policies.manage_people)
    initial = {"name": named.name, "revision": named.revision} if named else {}
    form = TeamForm(request.POST or None, initial=initial)
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.save_team(named, data["name"], seen=data["revision"], by=request.actor)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            return saved(request, _url(request), _("Team saved."))
    status = 422 if form.is_bound else 200
    title = _("Rename team") if named else _("New team")
    context = {"form": form, "team": named}
    return dialog(request, "accounts/_team_dialog.html", context, title=title, status=status)


@require_http_methods(["GET", "POST"])
def delete_team(request: CompanyRequest, pk: int) -> HttpResponse:
    """A dialog that says what deleting a team does, since it cannot be undone."""
    request.actor.require(policies.manage_people)
    named = _find(request, pk)
    if request.method == "GET":
        return dialog(request, "accounts/_delete_team_dialog.html", {"team": named}, title=_("Delete team"))
    actions.delete_team(named, by=request.actor)
    return saved(request, _url(request), _("Team deleted."))


@require_http_methods(["GET", "POST"])
def add_member(request: CompanyRequest, pk: int) -> HttpResponse:
    """A dialog that puts somebody in a team; he leaves the one he was in."""
    request.actor.require(policies.manage_people)
    named = _find(request, pk)
    form = TeamMemberForm(request.POST or None, people=queries.active_members_outside(request.actor, named))
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        context = {"form": form, "team": named}
        return dialog(
            request, "accounts/_team_member_dialog.html", context, title=_("Add person"), status=status
        )
    actions.change_member(form.cleaned_data["member"], {"team": named}, by=request.actor)
    return saved(request, _url(request), _("Person added to the team."))


@require_POST
def remove_member(request: CompanyRequest, pk: int) -> HttpResponse:
    """Take somebody out of a team."""
    request.actor.require(policies.manage_people)
    named = _find(request, pk)
    form = TeamMemberForm(request.POST, people=queries.active_members(request.actor).filter(team=named))
    if not form.is_valid():
        return render(request, "ui/form_errors.html", {"form": form}, status=422)
    actions.change_member(form.cleaned_data["member"], {"team": None}, by=request.actor)
    return saved(request, _url(request), _("Person taken out of the team."))


def _find(request: CompanyRequest, pk: int) -> Team:
    return get_object_or_404(queries.teams(request.actor), pk=pk)


def _url(request: CompanyRequest) -> str:
    return reverse("company:teams", args=[request.actor.company.slug])
