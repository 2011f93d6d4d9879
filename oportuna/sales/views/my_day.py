"""What waits for a person today."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from oportuna.accounts.codes import encode
from oportuna.accounts.http import CompanyRequest
from oportuna.sales.queries.activities import DAYS_AHEAD
from oportuna.sales.queries.activities import my_day as day_of
from oportuna.sales.queries.telling import ICONS

_NOON, _EVENING = 12, 18


@require_GET
def my_day(request: CompanyRequest) -> HttpResponse:
    """One's own activities, new leads, and opportunities that wait."""
    return render(request, "sales/my_day.html", day_context(request))


def day_context(request: CompanyRequest) -> dict[str, Any]:
    """What the page and its part show."""
    today = request.actor.today()
    hour = timezone.localtime().hour
    greeting = (
        _("Good morning") if hour < _NOON else _("Good afternoon") if hour < _EVENING else _("Good evening")
    )
    return {
        "day": day_of(request.actor),
        "greeting": greeting,
        "first_name": request.actor.membership.name.split(" ")[0],
        "today": today,
        "long_day": _("%(weekday)s, %(day)s of %(month)s")
        % {
            "weekday": str(WEEKDAYS[today.weekday()]).capitalize(),
            "day": today.day,
            "month": MONTHS[today.month].lower(),
        },
        "me": encode(request.actor.membership.pk),
        "days_ahead": DAYS_AHEAD,
        "kind_icons": ICONS,
    }
