"""The stages of a pipeline."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from oportuna.accounts import policies
from oportuna.accounts.http import CompanyRequest
from oportuna.sales.actions import registers as actions
from oportuna.sales.forms.refusals import accepted
from oportuna.sales.forms.registers import OrderForm, StageForm
from oportuna.sales.models import Pipeline, Stage
from oportuna.sales.queries import registers as queries
from oportuna.sales.views.registers import KINDS, new_order, stepped, switched


@require_GET
def registers(request: CompanyRequest) -> HttpResponse:
    """The first page of the registers: the stages of the first pipeline in use."""
    request.actor.require(policies.manage_registers)
    first = get_object_or_404(queries.pipelines()[:1])
    return _page(request, first)


@require_GET
def pipeline(request: CompanyRequest, pk: int) -> HttpResponse:
    """A pipeline's stages, in use or not."""
    return _page(request, _pipeline(request, pk))


@require_http_methods(["GET", "POST"])
def new_stage(request: CompanyRequest, pk: int) -> HttpResponse:
    """The form of a stage to be added at the end of a pipeline."""
    found = _pipeline(request, pk)
    form = StageForm(request.POST or None)
    added = accepted(form, lambda: actions.add_stage(found, form.values, by=request.actor))
    if added is None:
        return _form(request, form, found)
    return _done(request, found, _("%(name)s was added.") % {"name": added.name})


@require_http_methods(["GET", "POST"])
def edit_stage(request: CompanyRequest, pk: int) -> HttpResponse:
    """The form of a stage to be changed."""
    stage = _stage(request, pk)
    form = StageForm(request.POST or None, row=stage)
    edited = accepted(
        form,
        lambda: actions.edit_stage(stage, form.values, seen=form.cleaned_data["revision"], by=request.actor),
        now=form.shown(),
        revision=stage.revision,
    )
    if edited is None:
        return _form(request, form, stage.pipeline)
    return _done(request, stage.pipeline, _("Changes saved."))


@require_POST
def switch_stage(request: CompanyRequest, pk: int, active: bool) -> HttpResponse:
    """Take a stage out of use, or back."""
    stage = _stage(request, pk)
    actions.set_stage_active(stage, active, by=request.actor)
    undo = "sales:deactivate_stage" if active else "sales:activate_stage"
    return _done(request, stage.pipeline, switched(stage, active), undo=undo, pk=pk)


@require_POST
def arrange_stages(request: CompanyRequest, pk: int) -> HttpResponse:
    """The stages were put in another order: dragged, or one sent a place up or down."""
    found = _pipeline(request, pk)
    order = new_order(request)
    if order is None:
        return render(request, "ui/form_errors.html", {"form": OrderForm(request.POST)}, status=422)
    actions.arrange_stages(found, order, by=request.actor)
    if request.htmx and not stepped(request):
        return HttpResponse(status=204)
    return _done(request, found)


def _pipeline(request: CompanyRequest, pk: int) -> Pipeline:
    request.actor.require(policies.manage_registers)
    return get_object_or_404(queries.pipelines(), pk=pk)


def _stage(request: CompanyRequest, pk: int) -> Stage:
    request.actor.require(policies.manage_registers)
    return get_object_or_404(queries.stages(), pk=pk)


def _context(request: CompanyRequest, found: Pipeline) -> dict[str, Any]:
    return {
        "kinds": KINDS,
        "kind": None,
        "pipelines": queries.pipelines(),
        "page": queries.pipeline_stages(request.actor, found),
    }


def _page(request: CompanyRequest, found: Pipeline) -> HttpResponse:
    return render(request, "sales/stages.html", _context(request, found))


def _done(request: CompanyRequest, found: Pipeline, text: str = "", **undo: Any) -> HttpResponse:
    if not request.htmx:
        return redirect("sales:pipeline", request.actor.company.slug, found.pk)
    return render(request, "sales/_stages_changed.html", {**_context(request, found), "text": text, **undo})


def _form(request: CompanyRequest, form: StageForm, found: Pipeline) -> HttpResponse:
    """The form in a dialog, or as a page for who has no script; 422 when something in it is wrong."""
    template = "sales/_stage_form.html" if request.htmx else "sales/stage_form.html"
    context = {"form": form, "stage": form.row, "pipeline": found, "as_page": not request.htmx}
    return render(request, template, context, status=422 if form.errors else 200)
