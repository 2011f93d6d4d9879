"""Customers taken out: what an import understands of them, and the figures of the list."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from oportuna.accounts.actor import Actor
from oportuna.accounts.one_of import OneOf
from oportuna.imports.exports.cells import Column, Values
from oportuna.imports.exports.opportunities import contact_columns, customer_columns
from oportuna.imports.exports.people import channels, reached
from oportuna.sales.models import Channel, Contact, Customer
from oportuna.sales.queries.customers import known, listed_rows

_FIELDS = (
    *("pk", "kind", "name", "trade_name", "cnpj", "cpf", "ie", "segment", "site", "address", "district"),
    *("city", "uf", "cep", "do_not_contact", "status", "notes", "created_at"),
)


def rows(actor: Actor, ids: Sequence[int]) -> list[Values]:
    """The customers of these ids in their order, as their columns take them; the contact is the list's: the first by name."""
    customers = {one.pk: one for one in known().filter(OneOf("id", ids)).only(*_FIELDS)}
    figures = {row.pk: row for row in listed_rows(actor, list(customers.values()))}
    contacts: dict[int, Contact] = {}
    for contact in Contact.objects.filter(OneOf("customer_id", ids)).order_by("name_folded", "id"):
        contacts.setdefault(contact.customer_id, contact)
    emails, phones = channels(Channel.Kind.EMAIL, customers), channels(Channel.Kind.PHONE, customers)
    zone = actor.company.zone
    found: list[Values] = []
    for pk in ids:
        if pk not in customers:
            continue
        customer, person, figure = customers[pk], contacts.get(pk), figures[pk]
        person_id = person.pk if person else None
        found.append(
            {
                **{name: getattr(customer, name) for name in _FIELDS},
                "contact__name": person.name if person else "",
                "contact__job_title": person.job_title if person else "",
                "contact__cpf": person.cpf if person else None,
                "emails": reached(emails, pk, person_id),
                "phones": reached(phones, pk, person_id),
                "open_count": figure.open_count,
                "open_value": figure.open_value,
                "won_value": figure.won_value,
                "last_contact": figure.last_contact and figure.last_contact.astimezone(zone).date(),
                "created_on": customer.created_at.astimezone(zone).date(),
            }
        )
    return found


def columns() -> list[Column]:
    """The columns of a customer in their order; notes stand for reading: those of an import's row are an opportunity's."""
    statuses = {value: str(label) for value, label in Customer.Status.choices}
    return [
        *customer_columns(""),
        *contact_columns("contact__"),
        Column(_("Customer's status (read only)"), lambda row: statuses[row["status"]], width=12),
        Column(_("Open opportunities (read only)"), lambda row: row["open_count"], width=10),
        Column(_("Open value (read only)"), lambda row: row["open_value"]),
        Column(_("Bought (read only)"), lambda row: row["won_value"]),
        Column(_("Last contact (read only)"), lambda row: row["last_contact"]),
        Column(_("Registered on (read only)"), lambda row: row["created_on"]),
        Column(_("Notes (read only)"), lambda row: row["notes"], width=60),
    ]
