"""What a batch registers: customers and opportunities that nobody has written yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from oportuna.accounts.models import Membership
from oportuna.sales.models import Campaign, Customer, Source, Stage


@dataclass(slots=True, eq=False)
class NewCustomer:
    """A customer to be registered, by the fields of `customers.create`; rows that name the same object share it."""

    fields: Mapping[str, Any]


@dataclass(slots=True)
class NewOpportunity:
    """An opportunity to be registered, and what is known of its customer.

    `contact` (name, job_title, cpf) is found at the customer by its name, or added. `emails` and `phones` that the
    customer lacks become the contact's, or the customer's own where there is none. `do_not_contact` is never cleared.
    """

    title: str
    stage: Stage
    customer: Customer | NewCustomer
    contact: Mapping[str, Any] | None = None
    emails: Sequence[str] = ()
    phones: Sequence[str] = ()
    do_not_contact: bool = False
    value: Decimal | None = None
    probability: int | None = None
    owner: Membership | None = None
    source: Source | None = None
    campaign: Campaign | None = None
    expected_close_on: date | None = None
    notes: str = ""
