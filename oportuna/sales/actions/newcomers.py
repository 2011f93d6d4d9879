"""What a batch registers: customers and opportunities that nobody has written yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from oportuna.accounts.models import Membership
from oportuna.sales.models import Campaign, Customer, DataOrigin, LossReason, Source, Stage, Tag


@dataclass(slots=True, eq=False)
class NewCustomer:
    """A customer to be registered, by the fields of `customers.create`; rows that name the same object share it.

    `origin` says where its data came from, None when a person gave them.
    """

    fields: Mapping[str, Any]
    origin: DataOrigin | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """How a sale ended before it was registered: "won" or "lost", on which day (None: now), and why it was lost."""

    status: str
    on: date | None = None
    reason: LossReason | None = None
    competitor: str = ""
    comment: str = ""


@dataclass(slots=True)
class NewOpportunity:
    """An opportunity to be registered, and what is known of its customer.

    `contact` (name, job_title, cpf) is found at the customer by its name, or added. `emails` and `phones` that the
    customer lacks become the contact's, or the customer's own where there is none. `do_not_contact` is never cleared.
    `origin` is where the data of a contact came from that is added.

    `number` is its own, beyond all that the company has given; None takes the next of the batch's block. What began
    before today says so by `created_on`, what has ended by `closing`; a call is planned for `next_contact_on`.
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
    number: int | None = None
    created_on: date | None = None
    closing: Closing | None = None
    next_contact_on: date | None = None
    tags: Sequence[Tag] = ()
    origin: DataOrigin | None = None
