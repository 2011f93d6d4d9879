"""The one normalised text of a record in which search looks: written by whatever writes the record, single and bulk."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from oportuna.accounts.one_of import OneOf
from oportuna.accounts.prepared import prepared
from oportuna.brazil.text import search_text
from oportuna.records import search_index
from oportuna.records.rows import update_rows
from oportuna.sales.models import Channel, Contact, Customer, Opportunity

_NAMING = ("name", "trade_name", "cnpj", "cpf", "city")


def of_customer(
    customer: Customer, contacts: Iterable[Contact] = (), channels: Iterable[Channel] = ()
) -> str:
    """Names, documents, city, people, phones and e-mails of a customer."""
    fields = {name: getattr(customer, name) for name in _NAMING}
    return customer_text(fields, [one.name for one in contacts], [one.value for one in channels])


def customer_text(fields: Mapping[str, Any], contacts: Iterable[str], values: Iterable[str]) -> str:
    """As `of_customer`, of a customer's fields, its people's names, and the e-mails and phones that reach it."""
    return search_text(*(fields.get(name) for name in _NAMING), *contacts, *values)


def of_opportunity(opportunity: Opportunity, customer: Customer) -> str:
    """The opportunity's number and title, and its customer's text as it stands."""
    return opportunity_text(opportunity.number, opportunity.title, customer.search_text)


def opportunity_text(number: int, title: str, of_customer: str) -> str:
    """As `of_opportunity`, of the customer's text."""
    return f"{search_text(str(number), title)} {of_customer}"


def index(record: Customer | Opportunity) -> None:
    """Let the search find a record that was saved singly, in the transaction that saved it."""
    search_index.keep(type(record), [(record.pk, record.search_text)])


def refresh(customers: Sequence[int]) -> None:
    """Write the texts of these customers anew, and those of their opportunities."""
    names: dict[int, list[str]] = {pk: [] for pk in customers}
    values: dict[int, list[str]] = {pk: [] for pk in customers}
    theirs = tuple(customers)
    for pk, name in _contacts(theirs):
        names[pk].append(name)
    for pk, value in _channels(theirs):
        values[pk].append(value)
    texts = {
        pk: customer_text(dict(zip(_NAMING, fields, strict=True)), names[pk], values[pk])
        for pk, *fields in _customers(theirs)
    }
    update_rows(Customer, ["search_text"], [(text, pk) for pk, text in texts.items()])
    update_rows(
        Opportunity,
        ["search_text"],
        [
            (opportunity_text(number, title, texts[customer]), pk)
            for pk, number, title, customer in _opportunities(theirs)
        ],
    )


@prepared
def _contacts(customers: tuple[int, ...]) -> QuerySet[Any, tuple[int, str]]:
    return Contact.objects.filter(OneOf("customer_id", customers)).values_list("customer_id", "name")


@prepared
def _channels(customers: tuple[int, ...]) -> QuerySet[Any, tuple[int, str]]:
    return Channel.objects.filter(OneOf("customer_id", customers)).values_list("customer_id", "value")


@prepared
def _customers(ids: tuple[int, ...]) -> QuerySet[Any, tuple[Any, ...]]:
    return Customer.objects.filter(OneOf("pk", ids)).values_list("pk", *_NAMING)


@prepared
def _opportunities(customers: tuple[int, ...]) -> QuerySet[Any, tuple[Any, ...]]:
    theirs = Opportunity.objects.filter(OneOf("customer_id", customers))
    return theirs.values_list("pk", "number", "title", "customer_id")
