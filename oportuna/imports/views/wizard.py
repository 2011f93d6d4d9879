"""The screens of an import: its file, its columns, the check, the run, the result. One address of each import leads on."""

from typing import Any
from uuid import uuid5

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from oportuna.accounts import policies
from oportuna.accounts.codes import encode
from oportuna.accounts.http import CompanyRequest
from oportuna.errors import Refused
from oportuna.imports import actions, confirming, queries
from oportuna.imports.check.reading import beginnings_of
from oportuna.imports.forms.answers import Answers
from oportuna.imports.forms.columns import ColumnsForm
from oportuna.imports.forms.table import TableForm
from oportuna.imports.forms.upload import UploadForm
from oportuna.imports.models import ImportJob
from oportuna.imports.reader.refusals import Refusal
from oportuna.imports.reports.rejected import file_name, rejected_file
from oportuna.imports.uploads import CappedUpload
from oportuna.imports.views.found import (
    ANSWERED,
    check_context,
    find_job,
    lead_to,
    rows_of,
    show_check,
    unsent_answers,
)
from oportuna.sales.forms.refusals import refuse

State = ImportJob.State


@csrf_exempt  # the token is looked at in `_receive`: reading it any earlier would write the file to disk first
@require_http_methods(["GET", "POST"])
def jobs(request: CompanyRequest) -> HttpResponse:
    """The first step: send a file; below, the imports so far."""
    request.actor.require(policies.import_rows)
    if request.method == "POST":
        request.upload_handlers = [CappedUpload(request)]
        return _receive(request)
    return _jobs(request, UploadForm())


def _jobs(request: CompanyRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "jobs": queries.newest_jobs(request.actor)}
    return render(request, "imports/jobs.html", context, status=status)


@csrf_protect
def _receive(request: HttpRequest) -> HttpResponse:
    mine: CompanyRequest = request  # type: ignore[assignment]  # the middleware made it one
    form = UploadForm(mine.POST, mine.FILES, sent_bytes=int(mine.META.get("CONTENT_LENGTH") or 0))
    if not form.is_valid():
        return _jobs(mine, form, 422)
    received = _received(mine, form)
    if not received:
        return _jobs(mine, form, 422)
    # An answer of 422 would take back what was received: what is wrong with the others is said on the next page.
    for errors in form.errors.values():
        for error in errors:
            messages.error(request, str(error))
    if len(received) == 1 and not form.errors:
        return lead_to("columns", mine, received[0])
    count = len(received)
    text = ngettext("%(count)s spreadsheet was received.", "%(count)s spreadsheets were received.", count)
    messages.success(request, text % {"count": count} + " " + _("Open each to go on."))
    return lead_to("jobs", mine)


def _received(request: CompanyRequest, form: UploadForm) -> list[ImportJob]:
    """The files that could be taken in; the form says of the others why not."""
    sent, received = form.cleaned_data, []
    files, again = sent["file"], sent["again"]
    for place, file in enumerate(files):
        key = sent["key"] and (uuid5(sent["key"], str(place)) if place else sent["key"])
        named = f"{file.name}: " if len(files) > 1 else ""
        try:
            received.append(actions.receive(file.chunks(), file.name, again=again, key=key, by=request.actor))
        except Refusal as refusal:
            form.add_error("file", f"{named}{refusal}")
        except actions.SameFileAgain as refused:
            form.add_error("again", f"{named}{refused}")
    return received


@require_GET
def job(request: CompanyRequest, pk: int) -> HttpResponse:
    """Where an import stands: leads to its step."""
    found = find_job(request, pk)
    if found.state == State.COLUMNS:
        return lead_to("columns", request, found)
    return lead_to("check" if found.started_at is None and not found.is_finished else "run", request, found)


@require_POST
def choose_table(request: CompanyRequest, pk: int) -> HttpResponse:
    """Which sheet and which header are meant."""
    found = find_job(request, pk)
    form = TableForm(request.POST, job=found)
    if not form.is_valid():
        return _table(request, found, form, 422)
    cleaned = form.cleaned_data
    try:
        actions.choose_table(found, sheet=form.chosen, header_row=cleaned["header_row"], by=request.actor)
    except Refusal as refusal:
        form.add_error("header_row", str(refusal))
        return _table(request, found, form, 422)
    return lead_to("columns", request, found)


def _table(request: CompanyRequest, found: ImportJob, form: TableForm, status: int = 200) -> HttpResponse:
    context = {"job": found, "form": form, "beginnings": beginnings_of(found)}
    return render(request, "imports/table.html", context, status=status)


def _table_now(found: ImportJob) -> dict[str, Any]:
    """What is read now; the header's row only where no other sheet can be chosen, whose row it would not be."""
    return {"sheet": found.sheet, "header_row": None if len(found.sheets) > 1 else found.header_row}


@require_http_methods(["GET", "POST"])
def columns(request: CompanyRequest, pk: int) -> HttpResponse:
    """The second step: what each column holds; sent, the check begins."""
    found = find_job(request, pk)
    if found.started_at is not None or found.is_finished:
        return lead_to("run", request, found)
    if found.refusal is not None or (request.method == "GET" and "table" in request.GET):
        return _table(request, found, TableForm(job=found, initial=_table_now(found)))
    form = ColumnsForm(request.POST or None, job=found, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            seen = form.cleaned_data["revision"]
            confirming.confirm_columns(found, form.options, seen=seen, by=request.actor)
            return lead_to("check", request, found)
        except Refused as refused:
            refuse(form, refused, revision=found.revision)
    status = 422 if form.errors else 200
    return render(request, "imports/columns.html", {"job": found, "form": form}, status=status)


@require_POST
def start_anew(request: CompanyRequest, pk: int) -> HttpResponse:
    """The columns as the file alone tells them, without what was remembered for its header."""
    found = find_job(request, pk)
    confirming.start_anew(found, by=request.actor)
    return lead_to("columns", request, found)


@require_GET
def check(request: CompanyRequest, pk: int) -> HttpResponse:
    """The third step: what will happen, before it does; while rows are still being looked at, how far that is."""
    found = find_job(request, pk)
    if found.state == State.COLUMNS:
        return lead_to("columns", request, found)
    if found.started_at is not None or found.is_finished:
        return lead_to("run", request, found)
    if found.state == State.CHECKING:
        return render(request, "imports/progress.html", {"job": found, "step": 3, **_pace(found)})
    if request.htmx and not request.htmx.history_restore_request:
        context = check_context(request, found, unsent_answers(request, found))
        return render(request, "imports/_check.html", context)
    return show_check(request, found)


@require_http_methods(["GET", "POST"])
def run(request: CompanyRequest, pk: int) -> HttpResponse:
    """The fourth step, and the fifth: posting begins the import, then its progress and at last its result."""
    found = find_job(request, pk)
    if request.method == "POST":
        return _begin(request, found)
    if found.is_at_work and found.started_at is not None:
        return render(request, "imports/progress.html", {"job": found, "step": _step(found), **_pace(found)})
    if not found.is_finished:
        return lead_to("check", request, found)
    context = {"job": found, "receivers": queries.receivers(request.actor, found), **rows_of(request, found)}
    context |= {"code": encode(found.pk), "notice_about": ("import", found.pk)}
    return render(request, "imports/result.html", context)


def _begin(request: CompanyRequest, found: ImportJob) -> HttpResponse:
    """Write what the check showed; whoever answers otherwise than it was checked with sees first what that means."""
    is_from_check = "revision" in request.POST and found.state == State.CHECKED
    sent = Answers(request.POST, job=found, actor=request.actor) if is_from_check else None
    if sent is None:
        actions.apply(found, by=request.actor)
    elif not sent.is_valid():
        return show_check(request, found, sent, status=422)
    else:
        try:
            if sent.are_new:
                actions.check(found, sent.options, seen=sent.revision, by=request.actor)
                request.session[ANSWERED] = found.pk
                return lead_to("check", request, found)
            actions.apply(found, seen=sent.revision, by=request.actor)
        except Refused as refused:
            sent.refuse(refused)
            return show_check(request, found, sent, status=422)
    return lead_to("run", request, found)


@require_GET
def progress(request: CompanyRequest, pk: int) -> HttpResponse:
    """How far the work is, asked for every two seconds; at its end the page goes on by itself."""
    found = find_job(request, pk)
    if not found.is_at_work:
        address = reverse("imports:job", args=[request.actor.company.slug, found.pk])
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return render(request, "imports/_progress.html", {"job": found, "step": _step(found), **_pace(found)})


def _step(found: ImportJob) -> int:
    """The step that an import at work stands in; being undone it has come to the last."""
    return {State.CHECKING: 3, State.UNDOING: 5}.get(State(found.state), 4)


@require_POST
def cancel(request: CompanyRequest, pk: int) -> HttpResponse:
    """Stop: what was written stays."""
    found = find_job(request, pk)
    was_written = found.started_at is not None
    actions.cancel(found, by=request.actor)
    return lead_to("run", request, found) if was_written else lead_to("jobs", request)


@require_GET
def rejected(request: CompanyRequest, pk: int) -> HttpResponse:
    """The rejected rows as a spreadsheet."""
    found = find_job(request, pk)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _download(rejected_file(found), file_name(found), kind)


@require_GET
def file(request: CompanyRequest, pk: int) -> HttpResponse:
    """The file as it was sent; never shown by the browser, whatever it is."""
    found = find_job(request, pk)
    try:
        opened = found.path.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return _download(opened, found.name, "application/octet-stream")


def _download(opened: Any, name: str, kind: str) -> HttpResponse:
    return FileResponse(opened, as_attachment=True, filename=name, content_type=kind)  # type: ignore[return-value]  # a response all the same


def _pace(found: ImportJob) -> dict[str, Any]:
    """Rows a second and seconds left, once there is something to say."""
    is_undoing = found.state == State.UNDOING
    whole = found.to_write if is_undoing else found.rows
    began = found.undone_at if is_undoing else found.started_at
    facts = {"whole": whole, "pace": 0, "left": 0}
    if began is None or not found.to_write:
        return facts
    seconds = max((timezone.now() - began).total_seconds(), 0.001)
    behind = 0 if is_undoing else found.rejected + found.skipped + found.suppressed
    pace = (found.done - behind) / seconds
    return {**facts, "pace": round(pace), "left": round((whole - found.done) / pace) if pace else 0}
