"""What people do at the check, before anything is written: answer what is asked, correct rows."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import reswap, retarget

from oportuna.accounts.answers import dialog
from oportuna.accounts.http import CompanyRequest
from oportuna.errors import Refused
from oportuna.imports import actions
from oportuna.imports.check import corrections
from oportuna.imports.check.corrections import texts_of
from oportuna.imports.check.reading import fixes_of
from oportuna.imports.forms.answers import Answers
from oportuna.imports.forms.rows import RowForm
from oportuna.imports.models import ImportJob
from oportuna.imports.queries import becomes, place_words, rows_of_job
from oportuna.imports.rows.understanding import Fix
from oportuna.imports.views.found import check_context, find_job, lead_to, show_check, unsent_answers


@require_POST
def answers(request: CompanyRequest, pk: int) -> HttpResponse:
    """What was asked at the check is answered: the file is checked once more."""
    job = find_job(request, pk)
    sent = Answers(request.POST, job=job, actor=request.actor)
    if sent.is_valid():
        try:
            actions.check(job, sent.options, seen=sent.revision, by=request.actor)
            return lead_to("check", request, job)
        except Refused as refused:
            sent.refuse(refused)
    return show_check(request, job, sent, status=422)


@require_http_methods(["GET", "POST"])
def row(request: CompanyRequest, pk: int, number: int) -> HttpResponse:
    """A row's cells to be corrected, all of them in a dialog; posting some of them checks the row again."""
    job = find_job(request, pk)
    problems = get_object_or_404(rows_of_job(job), number=number).problems
    form = RowForm(request.POST or None, job=job, texts=texts_of(job, number))
    if request.method == "POST" and form.is_valid():
        seen = request.POST.get("seen")
        return _changed(
            request, corrections.correct(job, number, form.texts, seen=seen, by=request.actor), number
        )
    place = place_words(job, number)
    context = {"job": job, "form": form, "number": number, "place": place, "problems": problems}
    context["seen"] = request.POST.get("seen", fixes_of(job, [number]).get(number, Fix()).mark)
    context["shown"] = _shown(request)
    title = _("Correct row %(row)s") % {"row": place}
    answer = dialog(request, "imports/_row.html", context, title=title, status=422 if form.errors else 200)
    return reswap(retarget(answer, "#dialog"), "innerHTML") if request.htmx else answer


@require_POST
def leave_out(request: CompanyRequest, pk: int, number: int) -> HttpResponse:
    """Leave a row out, or take it in again."""
    job = find_job(request, pk)
    get_object_or_404(rows_of_job(job), number=number)
    leaves_out = request.POST.get("leaves_out") == "1"
    return _changed(request, corrections.leave_out(job, number, leaves_out, by=request.actor), number)


def _changed(request: CompanyRequest, job: ImportJob, number: int) -> HttpResponse:
    """The check as it stands now, and what became of the row for those who only hear it; without htmx the page itself."""
    if not request.htmx:
        url = reverse(
            "imports:check", args=[request.actor.company.slug, job.pk], query={"show": _shown(request)}
        )
        return redirect(f"{url}#rows")
    outcome = becomes(rows_of_job(job).get(number=number))
    announcement = _("Row %(row)s: %(outcome)s") % {"row": place_words(job, number), "outcome": outcome}
    context = {**check_context(request, job, unsent_answers(request, job)), "announcement": announcement}
    answer = render(request, "imports/_check.html", context)
    answer["HX-Reswap"] = "outerHTML show:none"  # who corrects row after row stays where he is
    return retarget(answer, "#check")


def _shown(request: CompanyRequest) -> str:
    return request.POST.get("show") or request.GET.get("show") or ""
