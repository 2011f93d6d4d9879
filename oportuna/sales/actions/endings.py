"""When an opportunity that is registered began and ended, where that was before today."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from oportuna.accounts.changes import shown
from oportuna.accounts.one_of import OneOf
from oportuna.errors import Refused
from oportuna.sales.actions.newcomers import Closing, NewOpportunity
from oportuna.sales.history import INSTANT, day_of, noon_of, seconds_between
from oportuna.sales.models import Customer, Opportunity

ENDING_COLUMNS = (
    *("status", "closed_at", "closed_on", "seconds_open"),
    *("loss_reason_id", "competitor", "loss_comment"),
)
NOT_ENDED = (Opportunity.Status.OPEN.value, None, None, None, None, "", "")


def lifetime(
    row: NewOpportunity, at: datetime, today: date, zone: ZoneInfo
) -> tuple[datetime, datetime | None]:
    """When it was registered and when it ended: now, or at noon of the day that is all one knows.

    Of what ended on the day it began, or on a day before now without a beginning, the end comes an instant later.
    Raises Refused for days to come, and for an end before the beginning.
    """
    born_on, ended_on = row.created_on or today, None
    if row.closing is not None:
        ended_on = row.closing.on or today
        born_on = min(born_on, ended_on) if row.created_on is None else born_on
        if ended_on < born_on:
            raise Refused(_("It cannot have ended before it began."), field="closed_on")
    if max(born_on, ended_on or born_on) > today:
        raise Refused(_("What is still to come can neither have begun nor ended."), field="created_on")
    born = at if born_on == today else noon_of(born_on, zone)
    if ended_on is None:
        return born, None
    return born, max(at if ended_on == today else noon_of(ended_on, zone), born + INSTANT)


def ending(closing: Closing, born: datetime, ended: datetime, zone: ZoneInfo) -> tuple[Any, ...]:
    """How an opportunity ended, in the order of `ENDING_COLUMNS`."""
    when = (ended, day_of(ended, zone), seconds_between(born, ended))
    reason_id = closing.reason.pk if closing.reason else None
    return (closing.status, *when, reason_id, closing.competitor, closing.comment)


def said_of(closing: Closing) -> dict[str, list[Any]]:
    """What the history says of an ending besides its verb."""
    said = (
        ("loss_reason", closing.reason),
        ("competitor", closing.competitor),
        ("loss_comment", closing.comment),
    )
    return {name: [None, shown(value)] for name, value in said if value}


def welcome(customers: Collection[int]) -> None:
    """Customers who bought, by their ids, are prospects no more."""
    if customers:
        prospects = Customer.objects.filter(OneOf("pk", customers), status=Customer.Status.PROSPECT)
        prospects.update(status=Customer.Status.CUSTOMER)
