"""Pure counting: when a limit that began at some moment is over, in working days of England, hours or weeks.

Day 0 is the day on which a clock begins (SI 2025/1042), and a limit counted in days ends with the last moment of its
last day. Hours are hours that pass: a night in which clocks are changed has 23 or 25 of them on the wall, and the limit
does not care.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tenant_app import clock


class Unit(enum.StrEnum):
    """What a limit is counted in."""

    HOURS = "hours"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"


@dataclass(frozen=True)
class Limit:
    """How long something may take."""

    amount: int
    unit: Unit


@dataclass(frozen=True)
class Span:
    """A time that does not count. Aware moments; `until` None is a time that still lasts."""

    since: datetime
    until: datetime | None = None


def due_at(began: datetime, limit: Limit, zone: ZoneInfo, pauses: Iterable[Span] = ()) -> datetime:
    """The last moment (UTC) that is in time; for days the midnight with which their last one ends.

    A pause that still lasts moves nothing yet. Of a pause in days, the day on which it began counts and the day on
    which it ended does not, so that one which begins and ends on the same day costs nobody a day.
    """
    rests = _joined(pauses)
    if limit.unit is Unit.HOURS:
        last = began + timedelta(hours=limit.amount)
        for since, until in rests:
            if since < last:
                last += max(until - max(since, began), timedelta())
        return last
    day, resting = began.astimezone(zone).date(), _days(rests, zone)
    left = limit.amount * 7 if limit.unit is Unit.WEEKS else limit.amount
    while left > 0:
        day += timedelta(days=1)
        if day not in resting and (limit.unit is Unit.WEEKS or clock.is_working_day(day)):
            left -= 1
    return clock.at(day + timedelta(days=1), time(), zone)


def last_day(due: datetime, zone: ZoneInfo) -> date:
    """The calendar day that a due moment belongs to: midnight belongs to the day that it ends."""
    return (due - timedelta(microseconds=1)).astimezone(zone).date()


def gone(began: datetime, until: datetime, limit: Limit, zone: ZoneInfo, pauses: Sequence[Span] = ()) -> int:
    """How much of a limit has passed by `until`, in its own unit, whole ones only; more than the limit where it is
    over. Time in a pause, one that still lasts among them, has not passed."""
    rests = _joined(pauses, until)
    if limit.unit is Unit.HOURS:
        rested = sum(
            (max(min(end, until) - max(since, began), timedelta()) for since, end in rests), start=timedelta()
        )
        return max(until - began - rested, timedelta()) // timedelta(hours=1)
    first, last, resting = began.astimezone(zone).date(), until.astimezone(zone).date(), _days(rests, zone)
    days = (first + timedelta(days=ahead) for ahead in range(1, (last - first).days + 1))
    working = limit.unit is Unit.WORKING_DAYS
    passed = sum(day not in resting and (not working or clock.is_working_day(day)) for day in days)
    return passed if working else passed // 7


def _joined(pauses: Iterable[Span], now: datetime | None = None) -> list[tuple[datetime, datetime]]:
    """Pauses in order, overlapping ones as one. Those that still last end `now`, or are left out."""
    ends = [(each.since, each.until or now) for each in pauses]
    found: list[tuple[datetime, datetime]] = []
    for since, until in sorted((since, until) for since, until in ends if until is not None and until > since):
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((since, until))
    return found


def _days(rests: Iterable[tuple[datetime, datetime]], zone: ZoneInfo) -> set[date]:
    resting: set[date] = set()
    for since, until in rests:
        first, last = since.astimezone(zone).date(), until.astimezone(zone).date()
        resting |= {first + timedelta(days=ahead) for ahead in range(1, (last - first).days + 1)}
    return resting
