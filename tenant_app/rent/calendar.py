"""On which days rent falls due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import takewhile

from tenant_app.rent.models import RentAccount
from tenant_app.rent.recurring import every


def due_days(account: RentAccount, first: date, last: date) -> list[date]:
    """Due days from `first` to `last`, both included, and none before the account's own first."""
    return list(takewhile(lambda day: day <= last, due_from(account, first)))


def due_from(account: RentAccount, first: date) -> Iterator[date]:
    """Due days from `first` on, without end unless the account has one."""
    days = every(account.frequency, account.first_due_on, max(first, account.first_due_on))
    ends = account.ended_on
    return days if ends is None else takewhile(lambda day: day <= ends, days)
