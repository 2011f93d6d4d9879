"""Customers: the list, a customer's page, its form, the trash."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from oportuna.accounts import policies
from oportuna.accounts.codes import encode
from oportuna.accounts.http import CompanyRequest
from oportuna.brazil.address import format_cep
from oportuna.brazil.document import parse_document
from oportuna.brazil.errors import Unreadable
from oportuna.brazil.text import clean
from oportuna.sales.actions import customers as actions
from oportuna.sales.forms.customers import (
    CustomerForm,
    CustomersQuery,
    EditCustomerForm,
    NewCustomerForm,
    read_so_far,
    shown_customer,
)
from oportuna.sales.forms.refusals import accepted, merged
from oportuna.sales.models import Customer
from oportuna.sales.queries import customers as queries
from oportuna.sales.queries.authors import of_customer
from oportuna.sales.queries.customer_history import told
from oportuna.sales.queries.customer_page import channels_of, customer_page
from oportuna.sales.queries.duplicates import likely
from oportuna.sales.views.lists import export_keys


@require_GET
@vary_on_headers("HX-Request")
def customers(request: CompanyRequest) -> HttpResponse:
    """The list; for htmx its table alone, unless it goes back to a page of its history."""
    query = CustomersQuery(request.GET)
    query.is_valid()
    alone = bool(request.htmx) and not request.htmx.history_restore_request
    found = queries.found(request.actor, query.text, query.chosen_view)
    listed = queries.listed(request.actor, found, after=query.edge("after"), before=query.edge("before"))
    context = {
        "list": listed,
        "text": query.text,
        "view": query.chosen_view,
        "views": queries.VIEWS,
        "may_create": policies.create(request.actor),
        "may_import": policies.import_rows(request.actor),
        "may_export": policies.export(request.actor),
        "export_keys": export_keys(),
        "alone": alone,
    }
    return render(request, "sales/_customers.html" if alone else "sales/customers.html", context)


@require_GET
def customer(request: CompanyRequest, pk: int) -> HttpResponse:
    """A customer's page; in the trash it offers to restore it."""
    found = get_object_or_404(queries.known(), pk=pk)
    return render(request, "sales/customer.html", page_context(request, found))


def page_context(request: CompanyRequest, found: Customer) -> dict[str, Any]:
    """What `_customer.html` shows, with what the actor may do here."""
    page = customer_page(request.actor, found)
    alive = found.deleted_at is None
    return {
        "page": page,
        "customer": found,
        "code": encode(found.pk),
        "cep": format_cep(found.cep),
        "history": told(page.history),
        "today": request.actor.today(),
        "may_edit": alive and policies.create(request.actor),
        "may_delete": policies.delete_customer(request.actor, found),
    }


def fragment(request: CompanyRequest, found: Customer, **said: Any) -> HttpResponse:
    """The customer's page anew beside whatever htmx swaps, with a toast when `text` is given."""
    return render(request, "sales/_customer_changed.html", {**page_context(request, found), **said})


@require_http_methods(["GET", "POST"])
def new_customer(request: CompanyRequest) -> HttpResponse:
    """The form of a customer to be registered; `name` in the address begins it."""
    request.actor.require(policies.create)
    form = NewCustomerForm(request.POST or None, initial=_begin(request.GET.get("q", "")))
    made = accepted(form, lambda: actions.create(form.values, **form.sent, by=request.actor))
    if made is None:
        return _form(request, form)
    messages.success(request, _("%(customer)s was registered.") % {"customer": made.shown_name})
    return redirect("sales:customer", request.actor.company.slug, made.pk)


@require_http_methods(["GET", "POST"])
def edit_customer(request: CompanyRequest, pk: int) -> HttpResponse:
    """The form of a customer to be changed."""
    request.actor.require(policies.create)
    found = get_object_or_404(queries.known(), pk=pk, deleted_at__isnull=True)
    shown = shown_customer(found, *channels_of(found))
    form = EditCustomerForm(request.POST or None, now=shown, row_revision=found.revision)
    edited = merged(
        form,
        lambda: actions.edit(found, form.values, **form.sent, by=request.actor),
        lambda: of_customer(found),
    )
    if edited is None:
        return _form(request, form, found)
    messages.success(request, _("Changes saved."))
    return redirect("sales:customer", request.actor.company.slug, pk)


@require_POST
def delete_customer(request: CompanyRequest, pk: int) -> HttpResponse:
    """Put it in the trash; the toast and the page offer to take it back."""
    found = actions.delete(get_object_or_404(queries.known(), pk=pk), by=request.actor)
    if not request.htmx:
        return redirect("sales:customer", request.actor.company.slug, pk)
    text = _("%(customer)s was deleted.") % {"customer": found.shown_name}
    return fragment(request, found, text=text, undo="sales:restore_customer")


@require_POST
def restore_customer(request: CompanyRequest, pk: int) -> HttpResponse:
    """Take it out of the trash."""
    found = actions.restore(get_object_or_404(queries.known(), pk=pk), by=request.actor)
    text = _("%(customer)s is back.") % {"customer": found.shown_name}
    if request.htmx:
        return fragment(request, found, text=text)
    messages.success(request, text)
    return redirect("sales:customer", request.actor.company.slug, pk)


@require_POST
def mark_do_not_contact(request: CompanyRequest, pk: int) -> HttpResponse:
    """Note that a customer asked for no contact, or that it may be contacted again."""
    marked = {"1": True, "0": False}.get(request.POST.get("marked", ""))
    if marked is None:
        raise Http404
    found = get_object_or_404(queries.known(), pk=pk)
    found = actions.edit(found, {"do_not_contact": marked}, by=request.actor)
    if request.htmx:
        return fragment(request, found)
    return redirect("sales:customer", request.actor.company.slug, pk)


@require_GET
def customer_options(request: CompanyRequest) -> JsonResponse:
    """The 20 customers that fit what is typed into a picker, as [{value, text, note}]."""
    return JsonResponse(queries.options(clean(request.GET.get("q", ""))), safe=False)


@require_GET
def customer_duplicates(request: CompanyRequest) -> HttpResponse:
    """Who may be the customer being typed; `but` is the code of the one being changed."""
    form = CustomersQuery({"after": request.GET.get("but", "")})
    form.is_valid()
    found = likely(read_so_far(request.GET), but=form.edge("after"))
    return render(request, "sales/_customer_duplicates.html", {"likely": found})


def _form(request: CompanyRequest, form: CustomerForm, found: Customer | None = None) -> HttpResponse:
    """The form, 422 when something in it is wrong; who may be the same customer stands above it."""
    same = likely(read_so_far(form.data), but=found.pk if found else None) if form.is_bound else []
    context = {"form": form, "customer": found, "code": encode(found.pk) if found else "", "likely": same}
    return render(request, "sales/customer_form.html", context, status=422 if form.errors else 200)


def _begin(typed: str) -> dict[str, Any]:
    """What a search that found nothing says about the new customer: its document or its name."""
    kind = Customer.Kind.ORGANISATION
    try:
        document, value = parse_document(typed)
    except Unreadable:
        return {"kind": kind, "name": clean(typed)[:160]}
    return {"kind": kind if document == "cnpj" else Customer.Kind.PERSON, document: value}
