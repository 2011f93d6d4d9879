"""The screens of analytics."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from oportuna.accounts.http import CompanyRequest
from oportuna.analytics.drawing import bars
from oportuna.analytics.forms import FunnelForm
from oportuna.analytics.links import links_to_the_list
from oportuna.analytics.menus import menus
from oportuna.analytics.queries import funnel as queries


@require_safe
def funnel(request: CompanyRequest) -> HttpResponse:
    """The funnel drawn and as a table; a filter that is not understood shows no figures, and says so."""
    actor = request.actor
    today = timezone.now().astimezone(actor.company.zone).date()
    form = FunnelForm(request.GET, actor=actor, today=today)
    if not form.is_valid():
        nothing = {"form": form, "menus": menus(form), "funnel": None, "period": None}
        return render(request, "analytics/funnel.html", nothing, status=422)
    found = queries.funnel(actor, form.days, form.narrowing)
    context = {
        "form": form,
        "menus": menus(form),
        "period": form.days,
        "funnel": found,
        "bars": bars([stage.open.count for stage in found.stages]),
        "links": links_to_the_list(actor.company.slug, form.days, form.shared),
    }
    return render(request, "analytics/funnel.html", context)
