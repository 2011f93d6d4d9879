"""The one normalised text of a record in which search looks: written by whatever writes the record, single and bulk."""

from collections.abc import Iterable

from oportuna.brazil.text import search_text
from oportuna.sales.models import Channel, Contact, Customer, Opportunity


def of_customer(
    customer: Customer, contacts: Iterable[Contact] = (), channels: Iterable[Channel] = ()
) -> str:
    """Names, documents, city, people, phones and e-mails of a customer."""
    return search_text(
        customer.name,
        customer.trade_name,
        customer.cnpj,
        customer.cpf,
        customer.city,
        *(contact.name for contact in contacts),
        *(channel.value for channel in channels),
    )


def of_opportunity(opportunity: Opportunity, customer: Customer) -> str:
    """The opportunity's number and title, and its customer's text as it stands."""
    return f"{search_text(str(opportunity.number), opportunity.title)} {customer.search_text}"
