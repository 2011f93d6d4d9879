"""How values look on a page: filters of the templates, beside those of `oportuna.brazil`. None is nothing."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from oportuna.brazil.dates import format_date
from oportuna.brazil.money import NO_BREAK


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def date_br(value: date | None) -> str:
    """dd/mm/yyyy, a moment by the day it has in the active time zone; nothing for None."""
    return format_date(_local(value) if isinstance(value, datetime) else value)


def datetime_br(value: datetime | None) -> str:
    """dd/mm/yyyy HH:MM in the active time zone; nothing for None."""
    return "" if value is None else f"{_local(value):%d/%m/%Y %H:%M}"


def time_br(value: datetime | None) -> str:
    """HH:MM in the active time zone; nothing for None."""
    return "" if value is None else f"{_local(value):%H:%M}"


def near_date(value: date | None, today: date | None = None) -> str:
    """A date as one says it: "Today 14:30", "Thu 26/11" within six days, "30/11" in this year, else whole.

    A moment shows its time from yesterday to six days ahead. `today` is a date in the active zone.
    """
    if value is None:
        return ""
    day: date = value
    hour = ""
    if isinstance(value, datetime):
        moment = _local(value)
        day, hour = moment.date(), f" {moment:%H:%M}"
    today = today or timezone.localdate()
    ahead = (day - today).days
    if ahead == 0:
        return _("Today") + hour
    if ahead == 1:
        return _("Tomorrow") + hour
    if ahead == -1:
        return _("Yesterday") + hour
    if 0 < ahead < 7:
        return f"{WEEKDAYS_ABBR[day.weekday()]} {day:%d/%m}{hour}"
    return f"{day:%d/%m}" if day.year == today.year else f"{day:%d/%m/%Y}"


def days(count: int) -> str:
    """A count of days, short: "16 d"."""
    return f"{thousands(count)}{NO_BREAK}d"


def ago(value: datetime | None, now: datetime | None = None) -> str:
    """How long ago in one unit: now, minutes, hours, days of the calendar, and the date itself from the thirtieth on."""
    if value is None:
        return ""
    now = now or timezone.now()
    minutes = int((now - value).total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return _("%(count)d min ago") % {"count": minutes}
    if minutes < 24 * 60:
        return _("%(count)d h ago") % {"count": minutes // 60}
    days = (timezone.localdate(now) - timezone.localdate(value)).days
    if days < 30:
        return _("%(count)d d ago") % {"count": days}
    return date_br(value)


def percent(permille: int | None) -> str:
    """Tenths of a percent as a percentage, without a decimal that is zero: 125 is "12,5%", 600 is "60%"."""
    if permille is None:
        return ""
    whole, tenth = divmod(abs(permille), 10)
    sign = "-" if permille < 0 else ""
    return f"{sign}{thousands(whole)},{tenth}%" if tenth else f"{sign}{thousands(whole)}%"


def file_size(size: int) -> str:
    """A file's size in bytes as one says it: "812 B", "3,4 kB", "25,1 MB"."""
    amount, unit = float(size), "B"
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            break
        amount /= 1000
    number = f"{amount:.1f}".replace(".", ",") if unit != "B" else str(size)
    return f"{number}{NO_BREAK}{unit}"


def thousands(count: int | None) -> str:
    """A whole number with dots between thousands: 10000 is "10.000"."""
    return "" if count is None else f"{count:,d}".replace(",", ".")


def reais(value: Decimal | None) -> str:
    """An amount in whole reais, "R$ 389.000", for cards and columns; rounded half up."""
    if value is None:
        return ""
    whole = int(value.to_integral_value(ROUND_HALF_UP))
    return f"{'-' if whole < 0 else ''}R${NO_BREAK}{thousands(abs(whole))}"
