"""The people at a customer."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from oportuna.accounts import policies
from oportuna.accounts.http import CompanyRequest
from oportuna.sales.actions import customers as actions
from oportuna.sales.forms.customers import ContactForm, EditContactForm, NewContactForm, shown_contact
from oportuna.sales.forms.refusals import accepted, merged
from oportuna.sales.models import Contact, Customer
from oportuna.sales.queries import customers as queries
from oportuna.sales.queries.authors import of_contact
from oportuna.sales.queries.customer_page import channels_of, contact_of
from oportuna.sales.views.customers import fragment


@require_http_methods(["GET", "POST"])
def new_contact(request: CompanyRequest, pk: int) -> HttpResponse:
    """A person to be registered at the customer."""
    request.actor.require(policies.create)
    customer = get_object_or_404(queries.known(), pk=pk, deleted_at__isnull=True)
    form = NewContactForm(request.POST or None)
    added = accepted(form, lambda: actions.add_contact(customer, form.values, **form.sent, by=request.actor))
    if added is None:
        return _form(request, form, customer)
    return _done(request, customer, _("Contact registered."))


@require_http_methods(["GET", "POST"])
def edit_contact(request: CompanyRequest, pk: int) -> HttpResponse:
    """A person at a customer, to be changed."""
    request.actor.require(policies.create)
    contact = get_object_or_404(contact_of(pk), customer__deleted_at__isnull=True)
    customer = contact.customer
    shown = shown_contact(contact, *channels_of(customer, contact))
    form = EditContactForm(request.POST or None, now=shown, row_revision=contact.revision)
    edited = merged(
        form,
        lambda: actions.edit_contact(contact, form.values, **form.sent, by=request.actor),
        lambda: of_contact(contact),
    )
    if edited is None:
        return _form(request, form, customer, contact)
    return _done(request, customer, _("Changes saved."))


def _done(request: CompanyRequest, customer: Customer, text: str) -> HttpResponse:
    if not request.htmx:
        return redirect("sales:customer", request.actor.company.slug, customer.pk)
    return fragment(request, get_object_or_404(queries.known(), pk=customer.pk), text=text)


def _form(
    request: CompanyRequest, form: ContactForm, customer: Customer, contact: Contact | None = None
) -> HttpResponse:
    """The form in a dialog, or as a page for who has no script; 422 when something in it is wrong."""
    template = "sales/_contact_form.html" if request.htmx else "sales/contact_form.html"
    context = {"form": form, "customer": customer, "contact": contact, "as_page": not request.htmx}
    return render(request, template, context, status=422 if form.errors else 200)
