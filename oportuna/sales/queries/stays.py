"""How long an opportunity has been in its stage, and when it moved last."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Max

from oportuna.sales.models import Activity, HistoryEntry, Opportunity, OpportunityVersion, Verb

_BACK_WITHIN = timedelta(minutes=10)
_MOVEMENTS = (Verb.CREATED, Verb.MOVED, Verb.WON, Verb.LOST, Verb.REOPENED)


def days_since(instant: datetime, today: date, zone: ZoneInfo) -> int:
    """Days of the calendar from an instant to `today`, both in the zone: what card, list and page say."""
    return max(0, (today - instant.astimezone(zone).date()).days)


def stood_since(opportunity: Opportunity, at: datetime) -> datetime | None:
    """Since when it stood in the stage that it enters, if it left it a moment ago: a slip taken back costs no days.

    As when it is reopened, the time in which it was closed does not count.
    """
    since, begins, closed = None, at, timedelta()
    versions = OpportunityVersion.objects.filter(opportunity=opportunity, stage_id=opportunity.stage_id)
    for begin, end, status in versions.order_by("-valid_from").values_list(
        "valid_from", "valid_to", "status"
    ):
        if end is None or begins - end > _BACK_WITHIN:
            break
        since = begins = begin
        if status != Opportunity.Status.OPEN:
            closed += end - begin
    return since and since + closed


def moved_last(opportunity: Opportunity) -> datetime:
    """When it was last registered, moved, closed, reopened or spoken of with the customer; a note alone is no movement."""
    acts = HistoryEntry.objects.filter(opportunity=opportunity, verb__in=_MOVEMENTS)
    contacts = Activity.objects.filter(opportunity=opportunity).exclude(kind=Activity.Kind.NOTE)
    moved, spoken = acts.aggregate(last=Max("at"))["last"], contacts.aggregate(last=Max("done_at"))["last"]
    last: datetime = max(filter(None, (opportunity.created_at, moved, spoken)))
    return last
