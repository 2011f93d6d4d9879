"""What the screens of an import begin and end with: the import itself, its rows, and where it leads to."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from oportuna.accounts import policies
from oportuna.accounts.http import CompanyRequest
from oportuna.imports import queries
from oportuna.imports.check.reading import matches_of
from oportuna.imports.forms.answers import Answers
from oportuna.imports.forms.rows import correctable
from oportuna.imports.models import ImportJob

ANSWERED = "import_answered"


def find_job(request: CompanyRequest, pk: int) -> ImportJob:
    """The import of this code, if the actor may see it, or 404."""
    request.actor.require(policies.import_rows)
    return get_object_or_404(queries.visible_jobs(request.actor), pk=pk)


def lead_to(route: str, request: CompanyRequest, job: ImportJob | None = None) -> HttpResponseRedirect:
    """To another screen of imports, or of this one."""
    args: list[Any] = [request.actor.company.slug]
    return redirect(reverse(f"imports:{route}", args=[*args, job.pk] if job else args))


def rows_of(request: CompanyRequest, job: ImportJob) -> dict[str, Any]:
    """The rows behind the figure that the address names."""
    shown = request.POST.get("show") or request.GET.get("show", "")
    if shown not in queries.SHOWN:
        shown = queries.first_shown(job)
    after = request.GET.get("after", "")
    page = queries.rows_shown(
        request.actor, job, shown, after=int(after) if after.isdecimal() and len(after) < 9 else 0
    )
    owner = next((match.header for match in matches_of(job) if match.field == "owner"), "")
    return {"shown": shown, "page": page, "fields_to_correct": correctable(job), "owner_header": owner}


def check_context(request: CompanyRequest, job: ImportJob, answers: Answers | None = None) -> dict[str, Any]:
    """What the check shows; the answers are as the import stands, unless others are given."""
    answers = answers or Answers(job=job, actor=request.actor)
    return {"job": job, "answers": answers, **rows_of(request, job)}


def show_check(
    request: CompanyRequest, job: ImportJob, answers: Answers | None = None, *, status: int = 200
) -> HttpResponse:
    """The page of the check; it says once that it was made anew in the place of an import."""
    was_asked = request.session.pop(ANSWERED, None) == job.pk
    context = {**check_context(request, job, answers), "was_asked_to_import": was_asked}
    return render(request, "imports/check.html", context, status=status)


def unsent_answers(request: CompanyRequest, job: ImportJob) -> Answers:
    """The answers as the page has them that asks for another part of it: what was chosen there is not lost."""
    sent = request.POST or request.GET
    return Answers(job=job, actor=request.actor, unsent=sent.dict())
