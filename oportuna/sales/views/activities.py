"""Saying what was done, planning what is next, and marking it done."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from oportuna.accounts import policies
from oportuna.accounts.http import CompanyRequest
from oportuna.errors import Refused
from oportuna.sales.actions import activities as actions
from oportuna.sales.forms.activities import CompleteForm, EditActivityForm, EditDoneForm, PlanForm
from oportuna.sales.forms.refusals import accepted, refuse
from oportuna.sales.models import Activity, Opportunity
from oportuna.sales.queries.activities import visible_activities
from oportuna.sales.queries.telling import ICONS
from oportuna.sales.views import answers
from oportuna.sales.views.my_day import day_context
from oportuna.sales.views.opportunities import changed, find, log_form


@require_http_methods(["GET", "POST"])
def log_activity(request: CompanyRequest, number: int) -> HttpResponse:
    """What was just said or noted, and perhaps what comes next."""
    found = find(request, number)
    request.actor.require(policies.work, found)
    form = log_form(request, found, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _composer(request, found, form)
    typed = form.cleaned_data
    try:
        actions.log(
            found,
            typed["kind"],
            text=typed["text"],
            contact=typed.get("contact"),
            then=form.then,
            key=typed["key"],
            by=request.actor,
        )
    except Refused as error:
        refuse(form, _at(error, "next_"))
        return _composer(request, found, form)
    return _done(request, found, _("Noted."), composer=True)


@require_http_methods(["GET", "POST"])
def plan_activity(request: CompanyRequest, number: int) -> HttpResponse:
    """Something to be done on an opportunity."""
    found = find(request, number)
    request.actor.require(policies.work, found)
    form = PlanForm(request.POST or None, actor=request.actor, opportunity=found)
    planned = accepted(
        form,
        lambda: actions.plan(
            found, form.cleaned_data["kind"], **form.step, key=form.cleaned_data["key"], by=request.actor
        ),
    )
    if planned is None:
        return _plan_form(request, found, form)
    return _done(request, found, _("Activity planned."))


@require_http_methods(["GET", "POST"])
def complete_activity(request: CompanyRequest, pk: int) -> HttpResponse:
    """Mark an activity done, with what came of it and what comes next; a tick alone (`tick`) marks it at once."""
    activity, found = _find(request, pk)
    request.actor.require(actions.may_do, activity, found)
    if request.method == "POST" and request.POST.get("tick"):
        actions.complete(activity, by=request.actor)
        return _done(request, found, _("Done: %(what)s") % {"what": activity}, undone=activity)
    first = {"revision": activity.revision, "text": activity.text}
    form = CompleteForm(request.POST or None, actor=request.actor, opportunity=found, initial=first)
    if request.method != "POST" or not form.is_valid():
        return _complete_form(request, activity, form)
    typed = form.cleaned_data
    try:
        actions.complete(
            activity, text=typed["text"], then=form.then, seen=typed["revision"], by=request.actor
        )
    except Refused as error:
        refuse(form, _at(error, "next_"), now={"text": activity.text}, revision=activity.revision)
        return _complete_form(request, activity, form)
    return _done(request, found, _("Done: %(what)s") % {"what": activity}, undone=activity)


@require_POST
def put_back_activity(request: CompanyRequest, pk: int) -> HttpResponse:
    """Undo marking an activity done."""
    activity, found = _find(request, pk)
    actions.put_back(activity, by=request.actor)
    return _done(request, found, _("To be done again: %(what)s") % {"what": activity})


@require_http_methods(["GET", "POST"])
def edit_activity(request: CompanyRequest, pk: int) -> HttpResponse:
    """Another day, hour or person for what is planned; other words for what was done."""
    activity, found = _find(request, pk)
    request.actor.require(actions.may_do, activity, found)
    form: Any
    if activity.done_at:
        form = EditDoneForm(request.POST or None, activity=activity)
    else:
        form = EditActivityForm(
            request.POST or None, activity=activity, actor=request.actor, opportunity=found
        )
    edited = accepted(
        form,
        lambda: actions.edit(activity, form.changes, seen=form.cleaned_data["revision"], by=request.actor),
        now=form.initial,
        revision=activity.revision,
    )
    if edited is None:
        return _edit_form(request, activity, form)
    return _done(request, found, _("Activity saved."))


def _find(request: CompanyRequest, pk: int) -> tuple[Activity, Opportunity]:
    """An activity and its opportunity; one of a customer alone is not found here."""
    known = visible_activities(request.actor).filter(opportunity__isnull=False)
    activity = get_object_or_404(
        known.select_related("opportunity", "customer", "owner__company", "contact"), pk=pk
    )
    return activity, activity.opportunity


def _done(
    request: CompanyRequest,
    found: Opportunity,
    text: str,
    *,
    undone: Activity | None = None,
    composer: bool = False,
) -> HttpResponse:
    """Say what was done on the page from which it was done: the day, the opportunity, or any other."""
    slug = request.actor.company.slug
    undo_url = reverse("sales:put_back_activity", args=[slug, undone.pk]) if undone else ""
    where = answers.name_of(answers.page_behind(request))
    if where == "sales:opportunity":
        return changed(
            request, found, text, composer=composer, toast_text="" if composer else text, undo_url=undo_url
        )
    if where == "sales:my_day":
        context = {**day_context(request), "oob": True, "toast_text": text, "undo_url": undo_url}
        return render(request, "sales/_my_day_changed.html", context)
    back = answers.opportunity_url(request, found)
    return answers.done(request, text, stages=[found.stage_id], undo_url=undo_url, back=back)


def _at(error: Refused, prefix: str) -> Refused:
    """The refusal of a next step, at the field that the form calls so."""
    return type(error)(error.message, field=f"{prefix}{error.field}") if error.field else error


def _composer(request: CompanyRequest, found: Opportunity, form: Any) -> HttpResponse:
    context = {"opportunity": found, "log_form": form, "kind_icons": ICONS}
    status = 422 if form.errors else 200
    if request.htmx:
        answer = render(request, "sales/_composer.html", context, status=status)
        answer["HX-Retarget"], answer["HX-Reswap"] = "#composer", "outerHTML"
        return answer
    return render(request, "sales/activity_log.html", context, status=status)


def _plan_form(request: CompanyRequest, found: Opportunity, form: Any) -> HttpResponse:
    context = {"form": form, "opportunity": found, "action": request.path}
    status = 422 if form.errors else 200
    return answers.form(
        request, "sales/_activity_plan.html", context, title=_("Plan an activity"), status=status
    )


def _complete_form(request: CompanyRequest, activity: Activity, form: Any) -> HttpResponse:
    return _activity_form(request, "sales/_activity_complete.html", activity, form, _("Mark as done"))


def _edit_form(request: CompanyRequest, activity: Activity, form: Any) -> HttpResponse:
    return _activity_form(request, "sales/_activity_edit.html", activity, form, _("Change the activity"))


def _activity_form(
    request: CompanyRequest, template: str, activity: Activity, form: Any, title: str
) -> HttpResponse:
    context = {
        "form": form,
        "activity": activity,
        "opportunity": activity.opportunity,
        "action": request.path,
        "kind_icon": ICONS[activity.kind][0],
    }
    return answers.form(request, template, context, title=title, status=422 if form.errors else 200)
