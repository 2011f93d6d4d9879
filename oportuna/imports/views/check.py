"""What people do at the check, before anything is written: choose what becomes of known customers, correct rows."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import reswap, retarget

from oportuna.accounts.answers import dialog
from oportuna.accounts.http import CompanyRequest
from oportuna.errors import Refused
from oportuna.imports import actions, corrections
from oportuna.imports.check_forms import ChoicesForm, RowForm
from oportuna.imports.corrections import texts_of
from oportuna.imports.models import ImportJob
from oportuna.imports.queries import rows_of_job
from oportuna.imports.reading import fixes_of
from oportuna.imports.reading_form import ReadingsForm
from oportuna.imports.understanding import Fix
from oportuna.imports.views.found import check_context, find_job, lead_to
from oportuna.imports.word_form import WordsForm
from oportuna.sales.forms.refusals import refuse


@require_POST
def choices(request: CompanyRequest, pk: int) -> HttpResponse:
    """What becomes of rows whose customer was met: the file is checked once more with these choices."""
    job = find_job(request, pk)
    form = ChoicesForm(request.POST, job=job)
    return _checked_again(request, job, form) or _wrong(request, job, choices=form)


@require_POST
def words(request: CompanyRequest, pk: int) -> HttpResponse:
    """What words mean that no register has: the file is checked once more."""
    job = find_job(request, pk)
    form = WordsForm(request.POST, job=job, actor=request.actor)
    return _checked_again(request, job, form) or _wrong(request, job, words=form)


@require_POST
def readings(request: CompanyRequest, pk: int) -> HttpResponse:
    """How columns are read that can be read in two ways: the file is checked once more."""
    job = find_job(request, pk)
    form = ReadingsForm(request.POST, job=job)
    return _checked_again(request, job, form) or _wrong(request, job, readings=form)


def _checked_again(
    request: CompanyRequest, job: ImportJob, form: ChoicesForm | WordsForm | ReadingsForm
) -> HttpResponse | None:
    """To the check that begins with what the form says; None for one that is wrong, or refused, which it then tells."""
    if form.is_valid():
        try:
            actions.check(job, form.options, seen=form.cleaned_data["revision"], by=request.actor)
            return lead_to("check", request, job)
        except Refused as refused:
            refuse(form, refused, revision=job.revision)
    return None


def _wrong(request: CompanyRequest, job: ImportJob, **forms: Any) -> HttpResponse:
    return render(request, "imports/check.html", check_context(request, job, **forms), status=422)


@require_http_methods(["GET", "POST"])
def row(request: CompanyRequest, pk: int, number: int) -> HttpResponse:
    """A row's cells to be corrected, all of them in a dialog; posting some of them checks the row again."""
    job = find_job(request, pk)
    problems = get_object_or_404(rows_of_job(job), number=number).problems
    form = RowForm(request.POST or None, job=job, texts=texts_of(job, number))
    if request.method == "POST" and form.is_valid():
        seen = request.POST.get("seen")
        return _changed(
            request, job, corrections.correct(job, number, form.texts, seen=seen, by=request.actor)
        )
    context = {"job": job, "form": form, "number": number, "problems": problems, "shown": _shown(request)}
    context["seen"] = request.POST.get("seen", fixes_of(job, [number]).get(number, Fix()).mark)
    title = _("Correct row %(row)s") % {"row": number}
    answer = dialog(request, "imports/_row.html", context, title=title, status=422 if form.errors else 200)
    return reswap(retarget(answer, "#dialog"), "innerHTML") if request.htmx else answer


@require_POST
def leave_out(request: CompanyRequest, pk: int, number: int) -> HttpResponse:
    """Leave a row out, or take it in again."""
    job = find_job(request, pk)
    get_object_or_404(rows_of_job(job), number=number)
    leaves_out = request.POST.get("leaves_out") == "1"
    return _changed(request, job, corrections.leave_out(job, number, leaves_out, by=request.actor))


def _changed(request: CompanyRequest, job: ImportJob, changed: ImportJob) -> HttpResponse:
    """The check as it stands now; without htmx the page itself."""
    if not request.htmx:
        url = reverse(
            "imports:check", args=[request.actor.company.slug, job.pk], query={"show": _shown(request)}
        )
        return redirect(f"{url}#rows")
    answer = render(
        request, "imports/_check.html", {**check_context(request, changed), "closes_dialog": True}
    )
    answer["HX-Reswap"] = "outerHTML show:none"  # who corrects row after row stays where he is
    return retarget(answer, "#check")


def _shown(request: CompanyRequest) -> str:
    return request.POST.get("show") or request.GET.get("show") or ""
