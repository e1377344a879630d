from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5
OFFICE_OPENS = time(8)
OFFICE_MINUTES = 8 * 60


class Diary:
    """Office hours on the working days before `at`, in a city's own time."""

    def __init__(self, at: datetime, zone: ZoneInfo) -> None:
        self.zone = zone
        self.today = at.astimezone(zone).date()

    def moment(self, days_ago: int, number: int) -> datetime:
        """A time on the working day that many before today; `number` fixes the minute."""
        opens = datetime.combine(self.working_day(days_ago), OFFICE_OPENS, self.zone)
        return opens + timedelta(minutes=number * 37 % OFFICE_MINUTES)

    def working_day(self, days_ago: int) -> date:
        day = self.today
        while days_ago:
            day -= timedelta(days=1)
            days_ago -= day.weekday() < SATURDAY
        return day
