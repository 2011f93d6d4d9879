"""The page "Não contatar": who is on the suppression list, putting people on it, taking them off."""

from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from oportuna.accounts import policies
from oportuna.accounts.answers import dialog, saved
from oportuna.accounts.http import CompanyRequest
from oportuna.errors import Refused
from oportuna.imports.reader.refusals import Refusal
from oportuna.imports.suppression import actions, queries
from oportuna.imports.suppression.actions import Added
from oportuna.imports.suppression.forms import SheetForm, SuppressForm
from oportuna.imports.suppression.sheet import Found, entries_of
from oportuna.imports.uploads import CappedUpload
from oportuna.ui.formats import thousands

_FAULTS = 20


@require_http_methods(["GET", "POST"])
def suppressions(request: CompanyRequest) -> HttpResponse:
    """The list, for whoever may read it; posting puts on it who was typed."""
    request.actor.require(policies.suppress)
    form = SuppressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        added = actions.add(
            sent["entries"], why=sent["why"], marks_customers=sent["marks_customers"], by=request.actor
        )
        return saved(request, _address(request), _told(added))
    return _page(request, status=422 if form.errors else 200, form=form)


@csrf_exempt  # the token is looked at in `_load`: reading it any earlier would write the file to disk first
@require_POST
def load_suppressions(request: CompanyRequest) -> HttpResponse:
    """Put on the list whom a spreadsheet names, and say which of its cells could not be read."""
    request.actor.require(policies.suppress)
    request.upload_handlers = [CappedUpload(request)]
    return _load(request)


@csrf_protect
def _load(request: HttpRequest) -> HttpResponse:
    mine: CompanyRequest = request  # type: ignore[assignment]  # the middleware made it one
    form = SheetForm(mine.POST, mine.FILES, sent_bytes=int(mine.META.get("CONTENT_LENGTH") or 0))
    if not form.is_valid():
        return _page(mine, status=422, sheet=form)
    sent = form.cleaned_data
    try:
        found = entries_of(Path(sent["file"].temporary_file_path()))
    except (Refusal, Refused) as refused:
        form.add_error("file", str(refused))
        return _page(mine, status=422, sheet=form)
    added = actions.add(
        found.entries, why=sent["why"], marks_customers=sent["marks_customers"], by=mine.actor
    )
    if not found.faults:
        return saved(mine, _address(mine), _told(added))
    return _page(mine, loaded=_told(added), found=found)


@require_http_methods(["GET", "POST"])
def remove_suppression(request: CompanyRequest, pk: int) -> HttpResponse:
    """Say what taking somebody off the list means; posting does it."""
    request.actor.require(policies.see_suppressions)
    entry = get_object_or_404(queries.listed(), pk=pk)
    if request.method == "POST":
        actions.remove(entry, by=request.actor)
        return saved(request, _address(request), _("Taken off the list."))
    context = {"entry": entry, "back_url": _address(request)}
    return dialog(request, "imports/_remove_suppression.html", context, title=_("Take off the list"))


def _page(
    request: CompanyRequest,
    *,
    status: int = 200,
    form: SuppressForm | None = None,
    sheet: SheetForm | None = None,
    loaded: str = "",
    found: Found | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form or SuppressForm(),
        "sheet": sheet or SheetForm(),
        "loaded": loaded,
        "faults": found.faults[:_FAULTS] if found else [],
        "more_faults": max(len(found.faults) - _FAULTS, 0) if found else 0,
        "sees": policies.see_suppressions(request.actor),
    }
    if context["sees"]:
        asked = {name: request.GET.get(name, "")[:200] for name in ("kind", "q", "after", "before")}
        kind, text = asked["kind"], asked["q"]
        context |= {
            "kind": kind,
            "text": text,
            "counts": queries.counts(),
            "page": queries.page_of(kind=kind, text=text, after=asked["after"], before=asked["before"]),
        }
    return render(request, "imports/suppressions.html", context, status=status)


def _address(request: CompanyRequest) -> str:
    return reverse("imports:suppressions", args=[request.actor.company.slug])


def _told(added: Added) -> str:
    new = ngettext("%(number)s was added.", "%(number)s were added.", added.new) % {
        "number": thousands(added.new)
    }
    if not added.there:
        return new
    there = ngettext(
        "%(number)s was on the list already.", "%(number)s were on the list already.", added.there
    )
    return f"{new} {there % {'number': thousands(added.there)}}"
