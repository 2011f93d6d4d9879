"""The screens of exports: taking a list out, how far its file is, the file, and who took out what."""

from typing import Any

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from oportuna.accounts import policies
from oportuna.accounts.http import CompanyRequest
from oportuna.errors import Refused
from oportuna.imports.exports import actions, queries
from oportuna.imports.exports.cells import CSV, XLSX
from oportuna.imports.exports.job import ExportJob
from oportuna.imports.exports.lists import LISTS
from oportuna.sales.forms.fields import KeyField

_TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_NO_FILTERS = ("csrfmiddlewaretoken", "key", "what", "kind")


@require_http_methods(["GET", "POST"])
def exports(request: CompanyRequest) -> HttpResponseBase:
    """The exports so far; posted, a list is taken out: a short one is the answer, a long one is written in the background."""
    request.actor.require(policies.export)
    if request.method == "POST":
        return _start(request)
    return render(request, "exports/exports.html", {"jobs": queries.newest_exports(request.actor)})


def _start(request: CompanyRequest) -> HttpResponseBase:
    sent = request.POST.dict()
    address = {name: str(value) for name, value in sent.items() if name not in _NO_FILTERS}
    what, kind = str(sent.get("what", "")), str(sent.get("kind", ""))
    key = KeyField().to_python(sent.get("key"))
    job = actions.start(what, kind, address, key=key, by=request.actor)
    if job.has_file:
        return _download(job)
    return redirect("exports:export", request.actor.company.slug, job.pk)


@require_GET
def export(request: CompanyRequest, pk: int) -> HttpResponse:
    """Where an export stands, and at last its file."""
    job = _find(request, pk)
    context = {"job": job, "notice_about": ("export", job.pk), **_pace(job)}
    return render(request, "exports/export.html", context)


@require_GET
def progress(request: CompanyRequest, pk: int) -> HttpResponse:
    """How far the file is, asked for every two seconds; at its end the page is shown anew."""
    job = _find(request, pk)
    if not job.is_at_work:
        address = reverse("exports:export", args=[request.actor.company.slug, job.pk])
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return render(request, "exports/_progress.html", {"job": job, **_pace(job)})


@require_POST
def cancel(request: CompanyRequest, pk: int) -> HttpResponse:
    """Stop writing the file."""
    job = actions.cancel(_find(request, pk), by=request.actor)
    return redirect("exports:export", request.actor.company.slug, job.pk)


@require_GET
def file(request: CompanyRequest, pk: int) -> HttpResponseBase:
    """The file, while it is kept."""
    return _download(_find(request, pk))


def _find(request: CompanyRequest, pk: int) -> ExportJob:
    request.actor.require(policies.export)
    return get_object_or_404(queries.visible_exports(request.actor), pk=pk)


def _download(job: ExportJob) -> FileResponse:
    if job.is_at_work:
        raise Refused(_("This file is not finished yet. Wait until it is."))
    try:
        if not job.has_file:
            raise FileNotFoundError(job.stored)
        opened = job.path.open("rb")
    except FileNotFoundError as error:
        raise Refused(_("This file is not kept any more. Export the list again.")) from error
    day = timezone.localtime(job.created_at).date().isoformat()
    name = f"{LISTS[job.what].file_name}-{day}.{job.kind}"
    return FileResponse(opened, as_attachment=True, filename=name, content_type=_TYPES[job.kind])


def _pace(job: ExportJob) -> dict[str, Any]:
    """Rows a second and seconds left, once there is something to say."""
    if not job.done or job.started_at is None:
        return {"pace": 0, "left": 0}
    pace = job.done / max((timezone.now() - job.started_at).total_seconds(), 0.001)
    return {"pace": round(pace), "left": round((job.rows - job.done) / pace)}
