"""What the screens of an import begin and end with: the import itself, its rows, and where it leads to."""

from typing import Any

from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from oportuna.accounts import policies
from oportuna.accounts.http import CompanyRequest
from oportuna.imports import queries
from oportuna.imports.check_forms import ChoicesForm
from oportuna.imports.forms import name_of
from oportuna.imports.models import ImportJob
from oportuna.imports.reading import matches_of
from oportuna.imports.reading_form import ReadingsForm
from oportuna.imports.word_form import WordsForm


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
    names = {match.column: name_of(match) for match in matches_of(job)}
    owner = next((match.header for match in matches_of(job) if match.field == "owner"), "")
    return {"shown": shown, "page": page, "cell_names": names, "owner_header": owner}


def check_context(
    request: CompanyRequest,
    job: ImportJob,
    *,
    choices: ChoicesForm | None = None,
    words: WordsForm | None = None,
    readings: ReadingsForm | None = None,
) -> dict[str, Any]:
    """What the check shows; forms that were not sent are as the import stands."""
    return {
        "job": job,
        "choices": choices or ChoicesForm(job=job),
        "words": words or WordsForm(job=job, actor=request.actor),
        "readings": readings or ReadingsForm(job=job),
        **rows_of(request, job),
    }
