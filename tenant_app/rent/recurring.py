"""Days that come again and again, counted from any one of them: instalments of an agreement, and paydays."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, timedelta

from tenant_app.rent.models import Frequency

DAYS = {Frequency.WEEKLY: 7, Frequency.FORTNIGHTLY: 14, Frequency.FOUR_WEEKLY: 28}

FURTHEST = date(9000, 1, 1)
"""No plan reaches it; it keeps a loop over days from running off the calendar."""


def every(frequency: Frequency, counted_from: date, first: date) -> Iterator[date]:
    """Days from `first` on, without end. `counted_from` is any one of them and may lie after `first`; of a monthly
    rhythm its day of the month counts, and a shorter month has it on its last day."""
    if frequency is Frequency.MONTHLY:
        month = (first.year - counted_from.year) * 12 + first.month - counted_from.month
        while (day := _months_later(counted_from, month)) < FURTHEST:
            if day >= first:
                yield day
            month += 1
        return
    step = DAYS[frequency]
    periods = -((counted_from - first).days // step)
    while (day := counted_from + timedelta(days=step * periods)) < FURTHEST:
        yield day
        periods += 1


def day_before(frequency: Frequency, counted_from: date, day: date) -> date:
    """The last day of the rhythm that lies before `day`."""
    furthest = timedelta(days=DAYS.get(frequency, 31) + 3)
    before = counted_from
    for found in every(frequency, counted_from, day - furthest):
        if found >= day:
            break
        before = found
    return before


def _months_later(counted_from: date, months: int) -> date:
    year, month = divmod(counted_from.year * 12 + counted_from.month - 1 + months, 12)
    return date(year, month + 1, min(counted_from.day, calendar.monthrange(year, month + 1)[1]))
