"""What people do at the check, before anything is written: choose what becomes of rows whose customer was met."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from oportuna.accounts.http import CompanyRequest
from oportuna.errors import Refused
from oportuna.imports import actions
from oportuna.imports.check_forms import ChoicesForm
from oportuna.imports.models import ImportJob
from oportuna.imports.views.found import check_context, find_job, lead_to
from oportuna.sales.forms.refusals import refuse


@require_POST
def choices(request: CompanyRequest, pk: int) -> HttpResponse:
    """What becomes of rows whose customer was met: the file is checked once more with these choices."""
    job = find_job(request, pk)
    form = ChoicesForm(request.POST, job=job)
    if form.is_valid():
        try:
            actions.check(job, form.options, seen=form.cleaned_data["revision"], by=request.actor)
            return lead_to("check", request, job)
        except Refused as refused:
            refuse(form, refused, revision=job.revision)
    return _again(request, job, form)


def _again(request: CompanyRequest, job: ImportJob, form: ChoicesForm) -> HttpResponse:
    return render(request, "imports/check.html", check_context(request, job, choices=form), status=422)
