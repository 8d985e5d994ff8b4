"""On which days rent falls due. A charge of one of them covers the days up to the next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import takewhile, zip_longest

from tenant_app.rent.models import Frequency, RentAccount
from tenant_app.rent.recurring import day_before, every


def due_days(account: RentAccount, first: date, last: date) -> list[date]:
    """Due days from `first` to `last`, both included, and none before the account's own first."""
    return list(takewhile(lambda day: day <= last, due_from(account, first)))


def due_from(account: RentAccount, first: date) -> Iterator[date]:
    """Due days from `first` on, without end unless the account has one."""
    days, ends = _endless(account, first), account.ended_on
    return days if ends is None else takewhile(lambda day: day <= ends, days)


def due_before(account: RentAccount, day: date) -> date:
    """The due day before `day`; before the first of all, where it would have been."""
    rhythms = _rhythms(account)
    counted_from, frequency = next((one for one in reversed(rhythms) if one[0] < day), rhythms[0])
    return day_before(frequency, counted_from, day)


def _endless(account: RentAccount, first: date) -> Iterator[date]:
    rhythms = _rhythms(account)
    for (begins, frequency), following in zip_longest(rhythms, rhythms[1:]):
        for day in every(frequency, begins, max(first, begins)):
            if following is not None and day >= following[0]:
                break
            yield day


def _rhythms(account: RentAccount) -> list[tuple[date, Frequency]]:
    return [(account.first_due_on, account.frequency), *((one.begins_on, one.frequency) for one in account.rhythms)]
