"""Taking an import back: what that means, and then doing it."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from oportuna.accounts.answers import dialog, saved
from oportuna.accounts.http import CompanyRequest
from oportuna.errors import Refused
from oportuna.imports import actions
from oportuna.imports.views.found import find_job


@require_http_methods(["GET", "POST"])
def undo(request: CompanyRequest, pk: int) -> HttpResponse:
    """Say what goes and what stays; posting takes the import back."""
    job = find_job(request, pk)
    address = reverse("imports:run", args=[request.actor.company.slug, job.pk])
    refusal = ""
    if request.method == "POST":
        try:
            actions.undo(job, by=request.actor)
            return saved(request, address)
        except Refused as refused:
            refusal = str(refused)
    context = {"job": job, "refusal": refusal, "back_url": address}
    return dialog(
        request, "imports/_undo.html", context, title=_("Undo the import"), status=409 if refusal else 200
    )
