"""The page of an opportunity, and changing it there."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from oportuna.accounts import policies
from oportuna.accounts.codes import decode
from oportuna.accounts.http import CompanyRequest
from oportuna.errors import Conflict, Refused
from oportuna.sales.actions import opportunities as actions
from oportuna.sales.actions import tags, undoing
from oportuna.sales.forms.activities import LogForm
from oportuna.sales.forms.editing import AssignForm, EditForm, TagsForm
from oportuna.sales.forms.opportunities import RevisionForm
from oportuna.sales.forms.refusals import refuse
from oportuna.sales.models import Contact, Opportunity
from oportuna.sales.queries import mentions
from oportuna.sales.queries import opportunities as queries
from oportuna.sales.queries.authors import of_opportunity
from oportuna.sales.queries.telling import ICONS
from oportuna.sales.queries.timeline import Show, timeline
from oportuna.sales.views import answers
from oportuna.sales.views.trails import trail_of


@require_GET
def opportunity(request: CompanyRequest, number: int) -> HttpResponse:
    """Everything about one opportunity, and the way through the list from which one came."""
    found = find(request, number)
    context, trail = page_context(request, found), trail_of(request, found)
    context |= {"trail": trail, "here": trail.here if trail else context["here"]}
    context["notice_about"] = ("opportunity", found.pk)
    return render(request, "sales/opportunity.html", context)


@require_GET
def opportunity_history(request: CompanyRequest, number: int) -> HttpResponse:
    """The history, or what is older than an entry of it (`before`); without htmx a page of its own."""
    found = find(request, number)
    shown = timeline(request.actor, found, _show(request), before=_before(request))
    context = {
        "opportunity": found,
        "timeline": shown,
        "shows": Show.choices,
        "continued": bool(_before(request)),
    }
    if not request.htmx:
        return render(request, "sales/opportunity_history.html", context)
    part = "sales/_timeline_days.html" if context["continued"] else "sales/_timeline.html"
    return render(request, part, context)


@require_GET
def mentionable(request: CompanyRequest, number: int) -> HttpResponse:
    """Whom one may mention in what one writes on an opportunity."""
    found = find(request, number)
    members = mentions.mentionable(request.actor, found)
    return render(request, "sales/_mentionable.html", {"members": members})


@require_http_methods(["GET", "POST"])
def edit_opportunity(request: CompanyRequest, number: int) -> HttpResponse:
    """The fields of an opportunity to be changed: one of them (`field`) in place, or all on a page of their own."""
    found = find(request, number)
    request.actor.require(policies.work, found)
    only = request.POST.get("field", request.GET.get("field", ""))
    if request.method != "POST":
        form = EditForm(opportunity=found, only=only)
        if only and only == form.only and only not in form.fields:
            raise Refused(_("The value is the sum of the items: change those."))
        return _editor(request, found, form)
    form = EditForm(request.POST, opportunity=found, only=only)
    if not form.is_valid():
        return _editor(request, found, form, status=422)
    try:
        saved = actions.edit(found, form.changes, seen=form.seen, by=request.actor)
    except Refused as error:
        refuse(
            form, error, now=form.overtaken, revision=found.revision, authors=lambda: of_opportunity(found)
        )
        return _editor(request, found, form, status=409 if isinstance(error, Conflict) else 422)
    said = (
        _("Saved: %(field)s") % {"field": form.fields[only].label} if form.only else _("Opportunity saved.")
    )
    return changed(request, saved, said, **_undoable(request, found, saved, said))


@require_http_methods(["GET", "POST"])
def assign_opportunity(request: CompanyRequest, number: int) -> HttpResponse:
    """Who is responsible for an opportunity."""
    found = find(request, number)
    may = queries.may(request.actor, found)
    if not may.take:
        request.actor.require(policies.assign)
    form = AssignForm(request.POST or None, opportunity=found, actor=request.actor)
    if request.method != "POST":
        return _editor(request, found, form)
    if not form.is_valid():
        return _editor(request, found, form, status=422)
    typed = form.cleaned_data
    try:
        saved = actions.assign(found, typed["owner"], seen=typed["revision"], by=request.actor)
    except Refused as error:
        now = {"owner": found.owner}
        refuse(form, error, now=now, revision=found.revision, authors=lambda: of_opportunity(found))
        return _editor(request, found, form, status=409 if isinstance(error, Conflict) else 422)
    return changed(request, saved, _("Owner saved."), **_undoable(request, found, saved, _("Owner saved.")))


@require_http_methods(["GET", "POST"])
def tag_opportunity(request: CompanyRequest, number: int) -> HttpResponse:
    """The tags of an opportunity."""
    found = find(request, number)
    request.actor.require(policies.work, found)
    form = TagsForm(request.POST or None, opportunity=found)
    if request.method != "POST":
        return _editor(request, found, form)
    if not form.is_valid():
        return _editor(request, found, form, status=422)
    typed = form.cleaned_data
    try:
        saved = tags.put_on(found, typed["tags"], seen=typed["revision"], by=request.actor)
    except Refused as error:
        now = {"tags": form.initial["tags"]}
        refuse(form, error, now=now, revision=found.revision, authors=lambda: of_opportunity(found))
        return _editor(request, found, form, status=409 if isinstance(error, Conflict) else 422)
    return changed(request, saved, _("Tags saved."), **_undoable(request, found, saved, _("Tags saved.")))


@require_POST
def undo_edit(request: CompanyRequest, number: int) -> HttpResponse:
    """Put back what one changed last in the fields."""
    found = find(request, number)
    seen = RevisionForm({**request.GET.dict(), **request.POST.dict()}).seen()
    saved = undoing.undo(found, seen=seen, by=request.actor)
    text = _("%(title)s is as it was before your change") % {"title": saved.title}
    if request.htmx and answers.name_of(answers.page_behind(request)) == "sales:opportunity":
        return changed(request, saved, text, toast_text=text)
    back = answers.opportunity_url(request, saved)
    return answers.done(request, text, stages=[saved.stage_id], back=back)


def find(request: CompanyRequest, number: int) -> Opportunity:
    """The opportunity of that number with what its page names, or 404."""
    found = queries.numbered(request.actor, number)
    if found is None:
        raise Http404
    return found


def page_context(request: CompanyRequest, found: Opportunity) -> dict[str, Any]:
    """What the page and its parts show."""
    page = queries.opportunity_page(request.actor, found, _show(request))
    contacts = [one.contact for one in page.people if one.contact]
    return {
        "page": page,
        "opportunity": found,
        "here": answers.opportunity_url(request, found),
        "timeline": page.timeline,
        "shows": Show.choices,
        "today": request.actor.today(),
        "kind_icons": ICONS,
        "log_form": log_form(request, found, contacts=contacts) if page.may.work else None,
        "continued": False,
    }


def log_form(
    request: CompanyRequest,
    found: Opportunity,
    data: Any = None,
    *,
    contacts: Sequence[Contact] | None = None,
) -> LogForm:
    """The form in which one writes down what was said; `contacts` are the customer's, where they were read already."""
    form = LogForm(data, actor=request.actor, opportunity=found, contacts=contacts, prefix="log")
    if found.contact_id:
        form.initial.setdefault("contact", found.contact_id)
    return form


def changed(request: CompanyRequest, saved: Opportunity, text: str, **said: Any) -> HttpResponse:
    """The parts of the page anew beside whatever htmx swaps, with a toast when there is `text`; else the page itself.

    An opportunity that its new owner took out of the actor's sight leads back to the list.
    """
    slug = request.actor.company.slug
    seen = queries.numbered(request.actor, saved.number)
    if not request.htmx or seen is None:
        messages.success(request, text, extra_tags=said.get("undo_url", ""))
        url = (
            reverse("sales:opportunity", args=[slug, saved.number])
            if seen
            else reverse("sales:opportunities", args=[slug])
        )
        return HttpResponse(status=204, headers={"HX-Redirect": url}) if request.htmx else redirect(url)
    context = {**page_context(request, seen), "oob": True, "text": "", **said}
    answer = render(request, "sales/_opportunity_changed.html", context)
    if request.htmx.target != "dialog":
        answer["HX-Reswap"] = "none"
    return answer


def _undoable(request: CompanyRequest, before: Opportunity, saved: Opportunity, text: str) -> dict[str, str]:
    """What the toast says of a change, with the address that takes it back; nothing of nothing changed."""
    if saved.revision == before.revision:
        return {}
    url = reverse("sales:undo_edit", args=[request.actor.company.slug, saved.number])
    return {"toast_text": text, "undo_url": f"{url}?revision={saved.revision}"}


def _editor(request: CompanyRequest, found: Opportunity, form: Any, status: int = 200) -> HttpResponse:
    only = "owner" if isinstance(form, AssignForm) else form.only
    route = {"owner": "assign_opportunity", "tags": "tag_opportunity"}.get(only, "edit_opportunity")
    address = reverse(f"sales:{route}", args=[request.actor.company.slug, found.number])
    context = {"form": form, "opportunity": found, "only": only, "address": address}
    if request.htmx and only:
        return render(request, "sales/_opportunity_field.html", context, status=status)
    return render(request, "sales/opportunity_edit.html", context, status=status)


def _show(request: CompanyRequest) -> str:
    asked = request.GET.get("show", "")
    return asked if asked in Show.values else Show.ALL


def _before(request: CompanyRequest) -> int | None:
    asked = request.GET.get("before")
    if not asked:
        return None
    try:
        return decode(asked)
    except ValueError as error:
        raise Http404 from error
