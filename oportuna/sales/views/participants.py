"""Who takes part in an opportunity."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from oportuna.accounts import policies
from oportuna.accounts.http import CompanyRequest
from oportuna.sales.actions import participants as actions
from oportuna.sales.forms.participants import PartForm, ParticipantForm
from oportuna.sales.forms.refusals import accepted, cut_address
from oportuna.sales.models import Opportunity
from oportuna.sales.queries.participants import choosable_participants, participants_of
from oportuna.sales.views import answers
from oportuna.sales.views.opportunities import changed, find


@require_http_methods(["GET", "POST"])
def add_participant(request: CompanyRequest, number: int) -> HttpResponse:
    """Somebody who is to take part."""
    found = find(request, number)
    request.actor.require(policies.work, found)
    form = ParticipantForm(request.POST or None, opportunity=found, actor=request.actor)
    added = accepted(
        form,
        lambda: actions.add_participant(
            found, form.cleaned_data["member"], part=form.cleaned_data["part"], by=request.actor
        ),
    )
    if added is None:
        context = {"form": form, "opportunity": found, "action": request.path}
        status = 422 if form.errors else 200
        return answers.form(
            request, "sales/_participant_form.html", context, title=_("Add a participant"), status=status
        )
    return _changed(request, found, _("%(name)s takes part.") % {"name": added.member.name})


@require_POST
def remove_participant(request: CompanyRequest, number: int, pk: int) -> HttpResponse:
    """Somebody is to take part no more; the toast's undo lets him again."""
    found = find(request, number)
    participant = next((one for one in participants_of(found.pk) if one.member_id == pk), None)
    if participant is None:
        raise Http404
    actions.remove_participant(found, participant.member, by=request.actor)
    text = _("%(name)s takes part no more.") % {"name": participant.member.name}
    undo_url = reverse("sales:put_back_participant", args=[request.actor.company.slug, number, pk])
    query = f"?{urlencode({'part': participant.part})}" if participant.part else ""
    return _changed(request, found, text, f"{undo_url}{query}")


@require_POST
def put_back_participant(request: CompanyRequest, number: int, pk: int) -> HttpResponse:
    """Undo a removal."""
    found = find(request, number)
    form = PartForm(request.GET)
    if not form.is_valid():
        raise cut_address()
    member = choosable_participants(request.actor.company, found).filter(pk=pk).first()
    if member is None:
        raise Http404
    actions.add_participant(found, member, part=form.cleaned_data["part"], by=request.actor)
    return _changed(request, found, _("%(name)s takes part again.") % {"name": member.name})


def _changed(request: CompanyRequest, found: Opportunity, text: str, undo_url: str = "") -> HttpResponse:
    return changed(request, found, text, toast_text=text, undo_url=undo_url)
