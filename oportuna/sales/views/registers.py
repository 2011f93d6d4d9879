"""The administrator's registers: pipelines, loss reasons, sources, campaigns, tags, products."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from oportuna.accounts import policies
from oportuna.accounts.http import CompanyRequest
from oportuna.sales.actions import registers as actions
from oportuna.sales.forms.refusals import accepted
from oportuna.sales.forms.registers import (
    CampaignForm,
    LossReasonForm,
    OrderForm,
    PipelineForm,
    ProductForm,
    RegisterForm,
    SourceForm,
    TagForm,
)
from oportuna.sales.models import Campaign, LossReason, Pipeline, Product, Source, Tag
from oportuna.sales.queries import registers as queries


@dataclass(frozen=True, slots=True)
class Kind:
    """A register's page: its address, its form, its words."""

    slug: str
    model: Any  # one of the register models; the verbs are generic over them
    form: type[RegisterForm]
    title: Promise
    new: Promise
    uses: Promise


KINDS = {
    kind.slug: kind
    for kind in (
        Kind(
            "pipelines",
            Pipeline,
            PipelineForm,
            gettext_lazy("Pipelines"),
            gettext_lazy("New pipeline"),
            gettext_lazy("Open ones"),
        ),
        Kind(
            "loss-reasons",
            LossReason,
            LossReasonForm,
            gettext_lazy("Loss reasons"),
            gettext_lazy("New loss reason"),
            gettext_lazy("Uses in 12 months"),
        ),
        Kind(
            "sources",
            Source,
            SourceForm,
            gettext_lazy("Sources"),
            gettext_lazy("New source"),
            gettext_lazy("Opportunities"),
        ),
        Kind(
            "campaigns",
            Campaign,
            CampaignForm,
            gettext_lazy("Campaigns"),
            gettext_lazy("New campaign"),
            gettext_lazy("Opportunities"),
        ),
        Kind(
            "tags",
            Tag,
            TagForm,
            gettext_lazy("Tags"),
            gettext_lazy("New tag"),
            gettext_lazy("Opportunities"),
        ),
        Kind(
            "products",
            Product,
            ProductForm,
            gettext_lazy("Products"),
            gettext_lazy("New product"),
            gettext_lazy("Opportunities"),
        ),
    )
}


@require_GET
def register(request: CompanyRequest, kind: str) -> HttpResponse:
    """A register's rows, in use or not."""
    return render(request, "sales/register.html", _context(request, _kind(request, kind)))


@require_http_methods(["GET", "POST"])
def new_register(request: CompanyRequest, kind: str) -> HttpResponse:
    """The form of a row to be added."""
    chosen = _kind(request, kind)
    form = chosen.form(request.POST or None)
    added: Any = accepted(form, lambda: actions.add(chosen.model, form.values, by=request.actor))
    if added is None:
        return _form(request, chosen, form)
    return _done(request, chosen, _("%(name)s was added.") % {"name": added.name})


@require_http_methods(["GET", "POST"])
def edit_register(request: CompanyRequest, kind: str, pk: int) -> HttpResponse:
    """The form of a row to be changed."""
    chosen = _kind(request, kind)
    row = get_object_or_404(queries.rows_of(chosen.model), pk=pk)
    form = chosen.form(request.POST or None, row=row)
    edited = accepted(
        form,
        lambda: actions.edit(row, form.values, seen=form.cleaned_data["revision"], by=request.actor),
        now=form.shown(),
        revision=row.revision,
    )
    if edited is None:
        return _form(request, chosen, form)
    return _done(request, chosen, _("Changes saved."))


@require_POST
def switch_register(request: CompanyRequest, kind: str, pk: int, active: bool) -> HttpResponse:
    """Take a row out of use, or back."""
    chosen = _kind(request, kind)
    row = actions.set_active(
        get_object_or_404(queries.rows_of(chosen.model), pk=pk), active, by=request.actor
    )
    undo = "sales:deactivate_register" if active else "sales:activate_register"
    return _done(request, chosen, switched(row, active), undo=undo, pk=pk)


@require_POST
def arrange_register(request: CompanyRequest, kind: str) -> HttpResponse:
    """The rows were put in another order: dragged, or one sent a place up or down."""
    chosen = _kind(request, kind)
    order = new_order(request)
    if order is None:
        return render(request, "ui/form_errors.html", {"form": OrderForm(request.POST)}, status=422)
    actions.arrange(chosen.model, order, by=request.actor)
    if request.htmx and not stepped(request):
        return HttpResponse(status=204)
    return _done(request, chosen)


def switched(row: Any, active: bool) -> str:
    """What the toast says of a row taken out of use, or back."""
    text = _("%(name)s is in use again.") if active else _("%(name)s is out of use.")
    return text % {"name": row.name}


def new_order(request: CompanyRequest) -> list[int] | None:
    """The order that the form asks for; None when it cannot be read."""
    form = OrderForm(request.POST)
    if not form.is_valid():
        return None
    data = form.cleaned_data
    if data["up"] is not None:
        return queries.moved(data["order"], data["up"], -1)
    if data["down"] is not None:
        return queries.moved(data["order"], data["down"], 1)
    order: list[int] = data["order"]
    return order


def stepped(request: CompanyRequest) -> bool:
    """Whether a button moved one row, so that the page must draw the rows anew; a drag already did."""
    return "up" in request.POST or "down" in request.POST


def _kind(request: CompanyRequest, slug: str) -> Kind:
    request.actor.require(policies.manage_registers)
    if slug not in KINDS:
        raise Http404
    return KINDS[slug]


def _context(request: CompanyRequest, kind: Kind) -> dict[str, Any]:
    return {"kind": kind, "kinds": KINDS, "rows": queries.used_rows(request.actor, kind.model)}


def _done(request: CompanyRequest, kind: Kind, text: str = "", **undo: Any) -> HttpResponse:
    if not request.htmx:
        return redirect("sales:register", request.actor.company.slug, kind.slug)
    return render(request, "sales/_register_changed.html", {**_context(request, kind), "text": text, **undo})


def _form(request: CompanyRequest, kind: Kind, form: RegisterForm) -> HttpResponse:
    """The form in a dialog, or as a page for who has no script; 422 when something in it is wrong."""
    template = "sales/_register_form.html" if request.htmx else "sales/register_form.html"
    context = {"form": form, "kind": kind, "row": form.row, "as_page": not request.htmx}
    return render(request, template, context, status=422 if form.errors else 200)
