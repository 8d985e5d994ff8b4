"""The one clock of the house: what time it is, and which days are working days in England.

Everything that asks for the time asks here, so that tests and the demo can live through weeks in a moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

_stopped_at: datetime | None = None


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _stopped_at or datetime.now(UTC)


@contextmanager
def stopped_at(moment: datetime) -> Iterator[None]:
    """Hold the clock at `moment` (aware) for the whole process; the innermost hold wins.

    For tests, and for the demo, which lives through six weeks before it opens its doors.
    """
    global _stopped_at
    if moment.tzinfo is None:
        raise ValueError("a moment needs a zone: 01:30 happens twice on one October night")
    before, _stopped_at = _stopped_at, moment.astimezone(UTC)
    try:
        yield
    finally:
        _stopped_at = before


def today(zone: ZoneInfo) -> date:
    """The calendar day at this moment in `zone`."""
    return now().astimezone(zone).date()


def at(day: date, wall_time: time, zone: ZoneInfo) -> datetime:
    """The UTC moment at which clocks in `zone` show `wall_time` on `day`.

    Where spring skips that wall time, the moment the clocks moved on by the skipped hour (01:30 becomes 02:30);
    where autumn repeats it, the first of the two. So each wall time of each day is exactly one moment.
    """
    return datetime.combine(day, wall_time, tzinfo=zone).astimezone(UTC)


@cache
def _england() -> holidays.HolidayBase:
    return holidays.country_holidays("GB", subdiv="ENG")


def is_bank_holiday(day: date) -> bool:
    """Whether banks in England rest on this day by name, weekends among them where the calendar says so."""
    return day in _england()


def is_working_day(day: date) -> bool:
    """Neither a weekend nor a bank holiday in England."""
    return day.weekday() < 5 and not is_bank_holiday(day)


def add_working_days(day: date, count: int) -> date:
    """The `count`-th working day after `day`; `day` itself is day 0 whether or not it is a working day."""
    while count > 0:
        day += timedelta(days=1)
        if is_working_day(day):
            count -= 1
    return day
