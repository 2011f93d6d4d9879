"""The items of an opportunity."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from oportuna.accounts import policies
from oportuna.accounts.http import CompanyRequest
from oportuna.sales.actions import items as actions
from oportuna.sales.forms.items import ItemForm, PutBackForm
from oportuna.sales.forms.refusals import accepted, cut_address
from oportuna.sales.models import Opportunity, OpportunityItem
from oportuna.sales.queries.items import visible_items
from oportuna.sales.views import answers
from oportuna.sales.views.opportunities import changed, find


@require_http_methods(["GET", "POST"])
def new_item(request: CompanyRequest, number: int) -> HttpResponse:
    """An item to be added."""
    found = find(request, number)
    request.actor.require(policies.work, found)
    form = ItemForm(request.POST or None)
    added = accepted(
        form,
        lambda: actions.add_item(found, form.values, key=form.cleaned_data["key"], by=request.actor),
    )
    if added is None:
        return _form(request, found, form)
    return _changed(request, found, _("Item added."))


@require_http_methods(["GET", "POST"])
def edit_item(request: CompanyRequest, pk: int) -> HttpResponse:
    """An item to be changed."""
    item = _find(request, pk)
    request.actor.require(policies.work, item.opportunity)
    form = ItemForm(request.POST or None, item=item)
    edited = accepted(
        form,
        lambda: actions.change_item(item, form.values, seen=form.cleaned_data["revision"], by=request.actor),
        now=form.initial,
        revision=item.revision,
    )
    if edited is None:
        return _form(request, item.opportunity, form, item)
    return _changed(request, item.opportunity, _("Item saved."))


@require_POST
def remove_item(request: CompanyRequest, pk: int) -> HttpResponse:
    """Take an item away; the toast's undo puts it back as it was."""
    item = _find(request, pk)
    actions.remove_item(item, by=request.actor)
    undo_url = reverse("sales:put_back_item", args=[request.actor.company.slug, item.opportunity.number])
    return _changed(
        request, item.opportunity, _("Item removed."), f"{undo_url}?{PutBackForm(item=item).query}"
    )


@require_POST
def put_back_item(request: CompanyRequest, number: int) -> HttpResponse:
    """Undo a removal: the address says what the item was."""
    found = find(request, number)
    form = PutBackForm(request.GET)
    if not form.is_valid():
        raise cut_address()
    actions.add_item(found, form.values, key=form.cleaned_data["key"], by=request.actor)
    return _changed(request, found, _("Item put back."))


def _find(request: CompanyRequest, pk: int) -> OpportunityItem:
    known = visible_items(request.actor).select_related("opportunity", "product")
    return get_object_or_404(known, pk=pk)


def _changed(request: CompanyRequest, found: Opportunity, text: str, undo_url: str = "") -> HttpResponse:
    return changed(request, found, text, toast_text=text, undo_url=undo_url)


def _form(
    request: CompanyRequest, found: Opportunity, form: ItemForm, item: OpportunityItem | None = None
) -> HttpResponse:
    context = {"form": form, "opportunity": found, "item": item, "action": request.path}
    title = _("Edit the item") if item else _("Add an item")
    return answers.form(
        request, "sales/_item_form.html", context, title=title, status=422 if form.errors else 200
    )
