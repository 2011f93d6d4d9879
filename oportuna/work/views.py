"""The notices of whoever is signed in."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from oportuna.accounts.codes import decode
from oportuna.accounts.http import CompanyRequest
from oportuna.work import notices
from oportuna.work.forms import AboutForm


@require_GET
def show_notices(request: CompanyRequest) -> HttpResponse:
    """One's notices, the newest first."""
    page = notices.page(request.actor, before=_before(request))
    return render(request, "work/notices.html", {"page": page, "is_first": "before" not in request.GET})


@require_POST
def open_notice(request: CompanyRequest, pk: int) -> HttpResponse:
    """Mark a notice as read and go to what it is about; to the others when that is out of sight."""
    found = get_object_or_404(notices.mine(request.actor), pk=pk)
    telling = notices.telling_of(request.actor, found)
    notices.read(notices.mine(request.actor).filter(pk=pk))
    if telling is None:
        return redirect("work:notices", request.actor.company.slug)
    return redirect(telling.url)


@require_POST
def read_notices(request: CompanyRequest) -> HttpResponse:
    """Mark all as read; with `noun` and `row` those about what stands on the page that asks."""
    about = AboutForm(request.POST)
    if "noun" in request.POST:
        if about.is_valid():
            notices.read_about(request.actor, **about.cleaned_data)
    elif notices.read(notices.mine(request.actor)):
        messages.success(request, _("All notices are marked as read."))
    if request.htmx:
        return HttpResponse(status=204)
    return redirect("work:notices", request.actor.company.slug)


def _before(request: CompanyRequest) -> int | None:
    asked = request.GET.get("before")
    if not asked:
        return None
    try:
        return decode(asked)
    except ValueError as error:
        raise Http404 from error
