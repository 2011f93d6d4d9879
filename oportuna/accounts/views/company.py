"""The company's settings."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from oportuna.accounts import actions, policies
from oportuna.accounts.answers import saved
from oportuna.accounts.forms import CompanyForm
from oportuna.accounts.http import CompanyRequest
from oportuna.errors import Refused


@require_http_methods(["GET", "POST"])
def settings(request: CompanyRequest) -> HttpResponse:
    """Name, time zone, who sees what, and whether a loss needs its reason."""
    request.actor.require(policies.manage_people)
    if request.method == "GET":
        return render(request, "accounts/settings.html", {"form": CompanyForm.showing(request.actor.company)})
    form = CompanyForm(request.POST)
    if form.is_valid():
        try:
            actions.change_company(form.changes(), seen=form.cleaned_data["revision"], by=request.actor)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            url = reverse("company:settings", args=[request.actor.company.slug])
            return saved(request, url, _("Company saved."))
    return render(request, "accounts/settings.html", {"form": form}, status=422)
