"""On which days rent falls due, and how the reminder engine is told the same days."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import takewhile

from tenant_app.rent.models import Frequency, RentAccount

_DAYS = {Frequency.WEEKLY: 7, Frequency.FORTNIGHTLY: 14, Frequency.FOUR_WEEKLY: 28}

FURTHEST = date(9000, 1, 1)
"""No account reaches it; it keeps a loop over due days from running off the calendar."""


def due_days(account: RentAccount, first: date, last: date) -> list[date]:
    """Due days from `first` to `last`, both included, and none before the account's own first."""
    return list(takewhile(lambda day: day <= last, due_from(account, first)))


def due_from(account: RentAccount, first: date) -> Iterator[date]:
    """Due days from `first` on, without end unless the account has one."""
    days = _from(account, first)
    ends = account.ended_on
    return days if ends is None else takewhile(lambda day: day <= ends, days)


def _from(account: RentAccount, first: date) -> Iterator[date]:
    begins = account.first_due_on
    if account.frequency is Frequency.MONTHLY:
        month = max((first.year - begins.year) * 12 + first.month - begins.month, 0)
        while (day := _in_month(begins, month)) < FURTHEST:
            if day >= first:
                yield day
            month += 1
        return
    step = _DAYS[account.frequency]
    periods = max(-((begins - first).days // step), 0)
    while (day := begins + timedelta(days=step * periods)) < FURTHEST:
        yield day
        periods += 1


def recurrence(account: RentAccount, days_before: int) -> str:
    """The RFC 5545 rule of the days that are `days_before` (0 or 2) due days, counted from any one of them."""
    if account.frequency is not Frequency.MONTHLY:
        return f"FREQ=WEEKLY;INTERVAL={_DAYS[account.frequency] // 7}"
    day = account.first_due_on.day
    if days_before == 0:
        if day <= 28:
            return f"FREQ=MONTHLY;BYMONTHDAY={day}"
        return f"FREQ=MONTHLY;BYMONTHDAY={','.join(map(str, range(28, day + 1)))};BYSETPOS=-1"
    if day in (29, 30):
        # February has neither: there it is the last but two. One rule cannot say both, and a set of two may.
        months = ",".join(str(month) for month in range(1, 13) if month != 2)
        return (
            f"RRULE:FREQ=MONTHLY;BYMONTH={months};BYMONTHDAY={day - 2}\nRRULE:FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=-3"
        )
    # Two days before the 1st and the 2nd are the last days of the month before; before the 31st, its last but two.
    return f"FREQ=MONTHLY;BYMONTHDAY={ {1: -2, 2: -1, 31: -3}.get(day, day - 2)}"


def _in_month(begins: date, months_later: int) -> date:
    year, month = divmod(begins.year * 12 + begins.month - 1 + months_later, 12)
    return date(year, month + 1, min(begins.day, calendar.monthrange(year, month + 1)[1]))
