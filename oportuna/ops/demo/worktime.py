"""Working time: the demo's people work from 8 to 18 h, Monday to Friday, for two years up to the day before today."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = 10 * 3600
YEARS = timedelta(days=730)
_SATURDAY = 5


class WorkTime:
    """Counts working seconds from the first morning; every instant of the demo is one of them.

    Nothing depends on the hour at which the demo is made: of one day it is always the same.
    """

    def __init__(self, today: date, zone: ZoneInfo) -> None:
        self.today, self.zone = today, zone
        days = (today - YEARS + timedelta(days=number) for number in range(YEARS.days))
        self.days = [day for day in days if day.weekday() < _SATURDAY]
        self._mornings = [self.hour(day, 8) for day in self.days]
        self.end = len(self.days) * DAY - 2 * 3600  # room for the last acts, minutes apart

    def at(self, second: int) -> datetime:
        """The instant of a working second, in UTC."""
        return self._mornings[second // DAY] + timedelta(seconds=second % DAY)

    def day(self, second: int) -> date:
        """The day of a working second, in the company's zone."""
        return self.days[second // DAY]

    def hour(self, day: date, hour: int) -> datetime:
        """The instant of a full hour of a day, in UTC."""
        return datetime.combine(day, time(hour), self.zone).astimezone(UTC)

    def workday(self, day: date) -> date:
        """The day itself, or the Monday after it."""
        return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() >= _SATURDAY else day
