"""What a checked row registers: its values, by the names of the report, as the verbs of sales take them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from oportuna.accounts.one_of import OneOf
from oportuna.accounts.prepared import prepared
from oportuna.imports.models import ImportJob
from oportuna.imports.writing.places import Place
from oportuna.sales.actions.customers import CUSTOMER_FIELDS
from oportuna.sales.actions.newcomers import Closing, NewCustomer, NewOpportunity
from oportuna.sales.models import Customer, DataOrigin, Opportunity, Stage

_OF_CUSTOMER = CUSTOMER_FIELDS - {"notes"}


def customer_fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says of its customer, by the fields of `customers.create`."""
    return {name: value for name, value in values.items() if name in _OF_CUSTOMER and value}


def opportunity_of(
    values: Mapping[str, Any],
    stage: Stage,
    place: Place,
    customer: Customer | NewCustomer,
    origin: DataOrigin,
) -> NewOpportunity:
    """The opportunity that a checked row registers, in its place, for a known customer or one that the row brings.

    `origin` is where the row's data came from.
    """
    contact = None
    if values.get("contact"):
        contact = {
            "name": values["contact"],
            "job_title": values.get("job_title") or "",
            "cpf": values.get("contact_cpf"),
        }
    probability = values.get("probability")
    return NewOpportunity(
        title=values["title"],
        stage=stage,
        customer=customer,
        contact=contact,
        emails=values.get("emails") or (),
        phones=values.get("phones") or (),
        do_not_contact=bool(values.get("do_not_contact")),
        value=Decimal(values["value"]) if values.get("value") else None,
        probability=None if probability is None else round(probability * 10),
        owner=place.owner,
        source=place.source,
        campaign=place.campaign,
        expected_close_on=day_of_row(values, "expected_close_on"),
        notes=values.get("notes") or "",
        number=values.get("number"),
        created_on=day_of_row(values, "created_on"),
        closing=_closing(values, place),
        next_contact_on=day_of_row(values, "next_contact_on"),
        tags=place.tags,
        origin=origin,
    )


def day_of_row(values: Mapping[str, Any], name: str) -> date | None:
    """A day of a row, which is a date, or ISO text where the row was kept."""
    day = values.get(name)
    return date.fromisoformat(day) if isinstance(day, str) else day


def _closing(values: Mapping[str, Any], place: Place) -> Closing | None:
    status, on = values.get("status"), day_of_row(values, "closed_on")
    if status == Opportunity.Status.WON:
        return Closing(status, on)
    if status == Opportunity.Status.LOST:
        said = (values.get("competitor") or "", values.get("loss_comment") or "")
        return Closing(status, on, place.loss_reason, *said)
    return None


def keep_numbers(job: ImportJob, news: Sequence[NewOpportunity]) -> None:
    """Let opportunities keep the numbers that their rows bring where room was made for them and nobody has them yet."""
    room = range(job.kept_numbers_from or 0, job.highest_number + 1)
    asked = {new.number for new in news if new.number is not None and new.number in room}
    free = asked - set(_given(tuple(asked))) if asked else asked
    for new in news:
        if new.number is not None and new.number in free:
            free.remove(new.number)
        else:
            new.number = None


@prepared
def _given(numbers: tuple[int, ...]) -> QuerySet[Opportunity, int]:
    return Opportunity.objects.filter(OneOf("number", numbers)).values_list("number", flat=True)
