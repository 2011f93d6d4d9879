"""The board, and moving its cards."""

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from oportuna.accounts import policies
from oportuna.accounts.codes import encode
from oportuna.accounts.http import CompanyRequest
from oportuna.sales import changes
from oportuna.sales.actions import opportunities
from oportuna.sales.forms.board import ChangesForm, MoreForm, MoveBackForm, MoveForm
from oportuna.sales.forms.opportunities import RevisionForm
from oportuna.sales.forms.refusals import cut_address
from oportuna.sales.models import Opportunity
from oportuna.sales.queries import board as boards
from oportuna.sales.queries import cards, registers
from oportuna.sales.queries.card_order import CardOrder
from oportuna.sales.queries.visible import visible_opportunities
from oportuna.sales.views import answers, filters


@require_GET
def board(request: CompanyRequest) -> HttpResponse:
    """The open opportunities of a pipeline, a column for each stage."""
    pipelines = boards.pipelines()
    selection = answers.selection_of(request, request.GET, pipelines)
    members = boards.owners_on_offer(request.actor)
    number = changes.number()  # before what it stands for
    context = answers.column_context(request, selection, None)
    context |= {
        "fixed": True,
        "oob": False,
        "by_hand": selection.order == CardOrder.HAND,
        "number": number,
        "closed": filters.closed_lately(request.actor, selection),
        "may_win": policies.close_own(request.actor),
        "pipelines": filters.pipeline_choices(selection, pipelines),
        "menus": [
            filters.owner_menu(request.actor, selection, members),
            filters.source_menu(selection, boards.sources_on_offer()),
            filters.order_menu(selection),
        ],
    }
    return render(request, "sales/board.html", context)


@require_GET
def more_cards(request: CompanyRequest, pk: int) -> HttpResponse:
    """The next 40 cards of a column."""
    stage = get_object_or_404(registers.stages(), pk=pk)
    form = MoreForm(request.GET)
    if not form.is_valid():
        return render(request, "ui/form_errors.html", {"form": form}, status=422)
    selection = answers.selection_of(request, request.GET, boards.pipelines())
    page = boards.more_cards(request.actor, stage, selection, form.cleaned_data["after"])
    context = answers.column_context(request, selection, ())
    left = max(0, (form.cleaned_data["left"] or 0) - len(page.cards))
    context |= {"page": page, "remaining": left, "stage": stage, "stage_code": encode(pk)}
    return render(request, "sales/_cards.html" if request.htmx else "sales/cards_page.html", context)


@require_GET
def board_changes(request: CompanyRequest) -> HttpResponse:
    """What looks otherwise on a board since its change number was `number`: nothing, or the columns that do."""
    form = ChangesForm(request.GET)
    number = changes.number()
    if not form.is_valid() or form.cleaned_data["number"] == number:
        return HttpResponse(status=204)
    selection = answers.selection_of(request, request.GET, boards.pipelines())
    context = answers.column_context(request, selection, None)
    seen = form.cleaned_data["columns"]
    columns: list[boards.Column] = context["board"].columns
    if [column.pk for column in columns] != list(seen):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    changed = [
        boards.shown_as_far(request.actor, column, selection, seen[column.pk].cards)
        for column in columns
        if column.mark != seen[column.pk].mark
    ]
    context |= {"board": replace(context["board"], loaded=changed), "number": number}
    return render(request, "sales/_board_changes.html", context)


@require_http_methods(["GET", "POST"])
@answers.refreshes_board
def move(request: CompanyRequest, number: int) -> HttpResponse:
    """A card was dropped on a stage, or the stage chosen in a dialog."""
    opportunity = _find(request, number)
    request.actor.require(policies.work, opportunity)
    form = MoveForm(
        request.POST if request.method == "POST" else None, initial={"revision": opportunity.revision}
    )
    if not form.is_valid():
        return _move_form(request, opportunity, form)
    left, entered = opportunity.stage, form.cleaned_data["stage"]
    came_from = cards.below(request.actor, opportunity)
    moved = opportunities.move_to(
        opportunity,
        entered,
        **form.neighbours(request.actor),
        seen=form.cleaned_data["revision"],
        by=request.actor,
    )
    if left == entered:
        return answers.done(request, "", stages=[entered.pk])
    text = _("%(title)s moved to %(stage)s") % {"title": moved.title, "stage": entered.name}
    undo_url = reverse("sales:move_back", args=[request.actor.company.slug, number, left.pk])
    undo_url += f"?revision={moved.revision}" + (f"&before={came_from}" if came_from else "")
    return answers.done(request, text, stages=[left.pk, entered.pk], kind="moved", undo_url=undo_url)


@require_POST
@answers.refreshes_board
def move_back(request: CompanyRequest, number: int, pk: int) -> HttpResponse:
    """Undo a move: the card returns to its former stage, above the card that stood below it there."""
    opportunity = _find(request, number)
    left, entered = opportunity.stage, get_object_or_404(registers.stages(), pk=pk)
    form = MoveBackForm(request.GET)
    if not form.is_valid():
        raise cut_address()
    opportunities.move_to(
        opportunity,
        entered,
        **form.neighbours(request.actor),
        seen=form.cleaned_data["revision"],
        by=request.actor,
    )
    text = _("%(title)s is back in %(stage)s") % {"title": opportunity.title, "stage": entered.name}
    return answers.done(request, text, stages=[left.pk, entered.pk], kind="moved")


def _find(request: CompanyRequest, number: int) -> Opportunity:
    seen = visible_opportunities(request.actor).select_related("stage__pipeline", "customer")
    return get_object_or_404(seen, number=number)


def _move_form(request: CompanyRequest, opportunity: Opportunity, form: MoveForm) -> HttpResponse:
    if form.is_bound and request.htmx:
        answer = render(request, "ui/form_errors.html", {"form": form}, status=422)
        answer["HX-Reswap"] = "none"
        return answer
    stages = registers.stages_in_use().filter(pipeline_id=opportunity.stage.pipeline_id)
    form.fields["stage"].queryset = stages  # type: ignore[attr-defined]  # a ModelChoiceField has one
    form.initial["stage"] = opportunity.stage_id
    context = {
        "form": form,
        "opportunity": opportunity,
        "action": reverse("sales:move", args=[request.actor.company.slug, opportunity.number]),
        "may_delete": policies.delete(request.actor, opportunity),
        "may_win": policies.close(request.actor, opportunity),
        "revision_form": RevisionForm(initial={"revision": opportunity.revision}),
    }
    status = 422 if form.is_bound else 200
    return answers.form(request, "sales/_move.html", context, title=_("Change stage"), status=status)
