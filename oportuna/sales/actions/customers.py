"""Registering and changing customers, the people at them, and the ways to reach them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oportuna.accounts import policies
from oportuna.accounts.actor import Actor
from oportuna.accounts.changes import fill
from oportuna.accounts.models import OneTimeKey
from oportuna.errors import Refused
from oportuna.sales import search_text
from oportuna.sales.actions.trash import require_kept
from oportuna.sales.history import record_customer
from oportuna.sales.models import Channel, Contact, Customer, DataOrigin, Opportunity, Verb

CUSTOMER_FIELDS = frozenset(
    "kind name trade_name cnpj cpf ie segment site address district city uf cep notes do_not_contact".split()
)
CONTACT_FIELDS = frozenset({"name", "job_title", "cpf", "notes"})


@transaction.atomic
def create(
    fields: Mapping[str, Any],
    *,
    emails: Sequence[str] = (),
    phones: Sequence[str] = (),
    key: UUID | None = None,
    by: Actor,
) -> Customer:
    """Register a customer with its own e-mails and phones (E.164); a prospect until its first sale is won.

    Raises Refused when another customer outside the trash holds the CNPJ or CPF.
    """
    by.require(policies.create)
    made = OneTimeKey.claim(key, Customer)
    if made is not None:
        return Customer.objects.get(pk=made)
    customer = Customer(created_by=by.membership)
    _fill(customer, fields, CUSTOMER_FIELDS)
    _require_free_documents(customer)
    channels = _channels(customer, None, emails, phones)
    customer.search_text = search_text.of_customer(customer, (), channels)
    try:
        with transaction.atomic():
            customer.save(force_insert=True)
    except IntegrityError as error:
        _require_free_documents(customer)
        raise error
    search_text.index(customer)
    Channel.objects.bulk_create(channels)
    OneTimeKey.keep(key, customer)
    record_customer(Verb.CREATED, customer, by=by)
    return customer


@transaction.atomic
def edit(
    customer: Customer,
    fields: Mapping[str, Any],
    *,
    emails: Sequence[str] | None = None,
    phones: Sequence[str] | None = None,
    seen: int | None = None,
    by: Actor,
) -> Customer:
    """Change a customer; None leaves its own e-mails or phones as they are."""
    customer = _locked(customer, by)
    customer.require_revision(seen)
    changes = _fill(customer, fields, CUSTOMER_FIELDS)
    changes |= _replace_channels(customer, None, emails, phones)
    if not changes:
        return customer
    _require_free_documents(customer)
    customer.revision += 1
    customer.save()
    refresh_search(customer)
    record_customer(Verb.EDITED, customer, by=by, changes=changes)
    return customer


@transaction.atomic
def add_contact(
    customer: Customer,
    fields: Mapping[str, Any],
    *,
    emails: Sequence[str] = (),
    phones: Sequence[str] = (),
    key: UUID | None = None,
    origin: DataOrigin | None = None,
    by: Actor,
) -> Contact:
    """Register a person at a customer; `origin` says where the data came from, when nobody gave them himself."""
    made = OneTimeKey.claim(key, Contact)
    if made is not None:
        return Contact.objects.get(pk=made)
    customer = _locked(customer, by)
    contact = Contact(customer=customer, created_by=by.membership)
    _fill(contact, fields, CONTACT_FIELDS)
    if origin is not None:
        contact.data_source, contact.data_list = origin.source, origin.list_name
        contact.data_supplier, contact.legal_basis = origin.supplier, origin.legal_basis
        contact.data_since = timezone.now()
    contact.save(force_insert=True)
    Channel.objects.bulk_create(_channels(customer, contact, emails, phones))
    OneTimeKey.keep(key, contact)
    refresh_search(customer)
    record_customer(Verb.EDITED, customer, by=by, changes={"contact": [None, contact.name]})
    return contact


@transaction.atomic
def edit_contact(
    contact: Contact,
    fields: Mapping[str, Any],
    *,
    emails: Sequence[str] | None = None,
    phones: Sequence[str] | None = None,
    seen: int | None = None,
    by: Actor,
) -> Contact:
    """Change a person at a customer."""
    customer = _locked(contact.customer, by)
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    contact.require_revision(seen)
    changes = _fill(contact, fields, CONTACT_FIELDS)
    changes |= _replace_channels(customer, contact, emails, phones)
    if not changes:
        return contact
    contact.revision += 1
    contact.save()
    refresh_search(customer)
    named = {f"contact.{name}": change for name, change in changes.items()}
    record_customer(Verb.EDITED, customer, by=by, changes={"contact": [contact.name, contact.name], **named})
    return contact


@transaction.atomic
def delete(customer: Customer, *, by: Actor) -> Customer:
    """Put a customer without opportunities in the trash, for 30 days."""
    customer = held_customer(customer.pk)
    by.require(policies.delete_customer, customer)
    if customer.deleted_at is not None:
        return customer
    if Opportunity.objects.filter(customer=customer, deleted_at__isnull=True).exists():
        raise Refused(_("This customer has opportunities. Delete them first."))
    customer.deleted_at, customer.deleted_by = timezone.now(), by.membership
    customer.revision += 1
    customer.save(update_fields=["deleted_at", "deleted_by", "revision"])
    record_customer(Verb.DELETED, customer, by=by)
    return customer


@transaction.atomic
def restore(customer: Customer, *, by: Actor) -> Customer:
    """Take a customer out of the trash within 30 days, unless another one holds its CNPJ or CPF by now."""
    customer = held_customer(customer.pk)
    by.require(policies.delete_customer, customer)
    if customer.deleted_at is None:
        return customer
    require_kept(customer.deleted_at)
    _require_free_documents(customer)
    customer.deleted_at = customer.deleted_by = None
    customer.revision += 1
    customer.save(update_fields=["deleted_at", "deleted_by", "revision"])
    record_customer(Verb.RESTORED, customer, by=by)
    return customer


def refresh_search(customer: Customer) -> None:
    """Write the customer's search text anew, and that of its opportunities."""
    theirs = Opportunity.objects.filter(customer=customer).order_by("pk")
    list(theirs.select_for_update(no_key=True).values_list("pk", flat=True))
    search_text.refresh([customer.pk])
    customer.refresh_from_db(fields=["search_text"])


def held_customer(pk: int) -> Customer:
    """The fresh customer: until the transaction ends nobody else changes it. It is held before any of its opportunities.

    FOR NO KEY UPDATE: whoever works on an opportunity refers to its customer when he commits, and need not wait.
    """
    return Customer.objects.select_for_update(no_key=True).get(pk=pk)


def _locked(customer: Customer, by: Actor) -> Customer:
    by.require(policies.create)
    fresh = held_customer(customer.pk)
    if fresh.deleted_at is not None:
        raise Refused(_("This customer was deleted. Restore it before you go on."))
    return fresh


def _fill(
    row: Customer | Contact, fields: Mapping[str, Any], editable: frozenset[str]
) -> dict[str, list[Any]]:
    """Set the fields that differ; a document that is empty is none, since only those there are must be unique."""
    documents = {name: fields[name] or None for name in ("cnpj", "cpf") if name in fields}
    return fill(row, {**fields, **documents}, editable)


def _require_free_documents(customer: Customer) -> None:
    for name in ("cnpj", "cpf"):
        document = getattr(customer, name)
        if not document:
            continue
        other = (
            Customer.objects.filter(**{name: document}, deleted_at__isnull=True)
            .exclude(pk=customer.pk)
            .first()
        )
        if other is not None:
            text = _("%(customer)s already has this document. Open that customer instead.")
            raise Refused(text % {"customer": other.shown_name}, field=name)


def _channels(
    customer: Customer, contact: Contact | None, emails: Sequence[str], phones: Sequence[str]
) -> list[Channel]:
    return [
        Channel(customer=customer, contact=contact, kind=kind, value=value, position=position)
        for kind, values in ((Channel.Kind.EMAIL, emails), (Channel.Kind.PHONE, phones))
        for position, value in enumerate(dict.fromkeys(values))
    ]


def _replace_channels(
    customer: Customer, contact: Contact | None, emails: Sequence[str] | None, phones: Sequence[str] | None
) -> dict[str, list[Any]]:
    """Write the e-mails and phones anew where they differ; one that is not named any more is gone from this row alone."""
    changes: dict[str, list[Any]] = {}
    for kind, name, wanted in (("email", "emails", emails), ("phone", "phones", phones)):
        if wanted is None:
            continue
        mine = Channel.objects.filter(customer=customer, contact=contact, kind=kind)
        before, after = list(mine.values_list("value", flat=True)), list(dict.fromkeys(wanted))
        if before != after:
            mine.delete()
            both = (after, ()) if kind == "email" else ((), after)
            Channel.objects.bulk_create(_channels(customer, contact, *both))
            changes[name] = [", ".join(before), ", ".join(after)]
    return changes
