"""Registering an opportunity: in the dialog, on its own page, or in a column."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from oportuna.accounts import policies
from oportuna.accounts.http import CompanyRequest
from oportuna.sales.actions import opening
from oportuna.sales.forms.opportunities import BeginningForm, OpportunityForm
from oportuna.sales.forms.refusals import accepted
from oportuna.sales.models import Opportunity, Stage
from oportuna.sales.views import answers


@require_http_methods(["GET", "POST"])
def new_opportunity(request: CompanyRequest) -> HttpResponse:
    """Register an opportunity; title and customer suffice."""
    request.actor.require(policies.create)
    if request.method != "POST":
        return _empty_form(request)
    form = OpportunityForm(request.POST, actor=request.actor)
    made = accepted(form, lambda: opening.open_opportunity(**form.cleaned_data, by=request.actor))
    return _form(request, form) if made is None else _made(request, made)


def _empty_form(request: CompanyRequest) -> HttpResponse:
    beginning = BeginningForm(request.GET).values()
    form = OpportunityForm(actor=request.actor, initial=beginning)
    if "quick" in request.GET and request.htmx and "stage" in beginning:
        return render(request, "sales/_quick.html", _quick(request, beginning["stage"]))
    return _form(request, form)


def _quick(request: CompanyRequest, stage: Stage) -> dict[str, Any]:
    """What the form inside a column needs."""
    return {**_addresses(request), "form": OpportunityForm(actor=request.actor), "stage": stage}


def _form(request: CompanyRequest, form: OpportunityForm) -> HttpResponse:
    context = {**_addresses(request), "form": form}
    status = 422 if form.errors else 200
    return answers.form(
        request, "sales/_new_opportunity.html", context, title=_("New opportunity"), status=status
    )


def _addresses(request: CompanyRequest) -> dict[str, Any]:
    slug = request.actor.company.slug
    return {
        "action": reverse("sales:new_opportunity", args=[slug]),
        "customers_url": reverse("sales:customer_options", args=[slug]),
    }


def _made(request: CompanyRequest, made: Opportunity) -> HttpResponse:
    """Where it was added in a column, the next one may be typed at once."""
    text = _("%(title)s created for %(customer)s") % {
        "title": made.title,
        "customer": made.customer.shown_name,
    }
    page = answers.opportunity_url(request, made)
    again = {**_quick(request, made.stage), "adding": made.stage_id} if "quick" in request.POST else {}
    return answers.done(
        request, text, stages=[made.stage_id], link=(page, _("Open it")), back=page, beside=again
    )
