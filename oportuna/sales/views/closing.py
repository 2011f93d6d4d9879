"""Winning, losing, reopening; deleting and taking back."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from oportuna.accounts import policies
from oportuna.accounts.http import CompanyRequest
from oportuna.brazil.money import format_money
from oportuna.errors import Refused
from oportuna.sales.actions import opportunities
from oportuna.sales.forms.opportunities import LossForm, RevisionForm
from oportuna.sales.models import Opportunity
from oportuna.sales.queries.reasons import reasons_on_offer
from oportuna.sales.queries.visible import visible_opportunities, with_trash
from oportuna.sales.views import answers


@require_POST
@answers.refreshes_board
def win(request: CompanyRequest, number: int) -> HttpResponse:
    """Close a sale as won."""
    opportunity = _find(request, number)
    won = opportunities.win(opportunity, seen=_seen(request), by=request.actor)
    parts = [_("Won!") + f" {won.title}", format_money(won.value)]
    return answers.done(
        request,
        " · ".join(part for part in parts if part),
        stages=[won.stage_id],
        kind="won",
        undo_url=_undo(request, "reopen", opportunity, won),
    )


@require_http_methods(["GET", "POST"])
def lose(request: CompanyRequest, number: int) -> HttpResponse:
    """Close a sale as lost, with the reason."""
    opportunity = _find(request, number)
    request.actor.require(policies.work, opportunity)
    reasons = reasons_on_offer(request.actor)
    if request.method != "POST":
        return _loss_form(
            request, opportunity, LossForm(reasons=reasons, initial={"revision": opportunity.revision})
        )
    form = LossForm(request.POST, reasons=reasons)
    if not form.is_valid():
        return _loss_form(request, opportunity, form)
    typed = form.cleaned_data
    try:
        lost = opportunities.lose(
            opportunity,
            reason=typed["reason"],
            competitor=typed["competitor"],
            comment=typed["comment"],
            seen=typed["revision"],
            by=request.actor,
        )
    except Refused as error:
        # What was typed stays; sent again, it is about the opportunity as it is now shown.
        form = LossForm({**request.POST.dict(), "revision": str(opportunity.revision)}, reasons=reasons)
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _loss_form(request, opportunity, form)
    text = _("%(title)s marked as lost") % {"title": lost.title}
    return answers.done(
        request, text, stages=[lost.stage_id], undo_url=_undo(request, "reopen", opportunity, lost)
    )


@require_POST
@answers.refreshes_board
def reopen(request: CompanyRequest, number: int) -> HttpResponse:
    """Return a won or lost sale to its stage; also what the toast's «undo» does."""
    opportunity = _find(request, number)
    reopened = opportunities.reopen(opportunity, seen=_seen(request), by=request.actor)
    text = _("%(title)s is open again") % {"title": reopened.title}
    return answers.done(request, text, stages=[reopened.stage_id])


@require_POST
@answers.refreshes_board
def delete(request: CompanyRequest, number: int) -> HttpResponse:
    """Put an opportunity in the trash."""
    opportunity = get_object_or_404(with_trash(request.actor), number=number)
    deleted = opportunities.delete(opportunity, by=request.actor)
    return answers.done(
        request,
        _("%(title)s deleted") % {"title": deleted.title},
        stages=[deleted.stage_id],
        undo_url=_undo(request, "restore", opportunity, deleted),
        gone=answers.opportunity_url(request, deleted),
    )


@require_POST
@answers.refreshes_board
def restore(request: CompanyRequest, number: int) -> HttpResponse:
    """Take an opportunity out of the trash."""
    restored = opportunities.restore(
        get_object_or_404(with_trash(request.actor), number=number), seen=_seen(request), by=request.actor
    )
    text = _("%(title)s restored") % {"title": restored.title}
    return answers.done(request, text, stages=[restored.stage_id])


def _find(request: CompanyRequest, number: int) -> Opportunity:
    seen = visible_opportunities(request.actor).select_related("customer")
    return get_object_or_404(seen, number=number)


def _seen(request: CompanyRequest) -> int | None:
    """The revision with which a button was shown, or which an undo takes back."""
    return RevisionForm({**request.GET.dict(), **request.POST.dict()}).seen()


def _undo(request: CompanyRequest, verb: str, before: Opportunity, done: Opportunity) -> str:
    """The address that takes back what was just done, and nothing that somebody does after it; none for nothing done."""
    if done.revision == before.revision:
        return ""
    return f"{_address(request, verb, done.number)}?revision={done.revision}"


def _address(request: CompanyRequest, verb: str, number: int) -> str:
    return reverse(f"sales:{verb}", args=[request.actor.company.slug, number])


def _loss_form(request: CompanyRequest, opportunity: Opportunity, form: LossForm) -> HttpResponse:
    context = {
        "form": form,
        "opportunity": opportunity,
        "action": _address(request, "lose", opportunity.number),
        "required": request.actor.company.loss_reason_required,
    }
    status = 422 if form.errors else 200
    return answers.form(request, "sales/_lose.html", context, title=_("Mark as lost"), status=status)
