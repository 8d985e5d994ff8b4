"""When a tenant's money comes, and on which days they are therefore reminded of a payment."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Select, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.database import Base, Id, one_of, put_if_absent
from tenant_app.rent.models import Frequency, RentAccount
from tenant_app.rent.recurring import every

DAYS_BEFORE = 2
"""Unless the tenant chose otherwise."""
FEWEST, MOST = 1, 7

MOST_PAYDAYS = 10


class Source(enum.StrEnum):
    """Where money comes from."""

    UNIVERSAL_CREDIT = "universal_credit"
    """Monthly, on the same day of the month."""
    WAGES = "wages"
    BENEFIT = "benefit"
    """Another benefit."""


class Payday(Base):
    """A day on which money comes again and again."""

    __tablename__ = "payday"

    id: Mapped[Id]
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"), index=True)
    source: Mapped[Source] = mapped_column(one_of(Source, 20))
    frequency: Mapped[Frequency] = mapped_column(one_of(Frequency, 12))
    counted_from: Mapped[date]
    """Any one of its days. Of a monthly one the day of the month counts, 31 for the last."""

    @classmethod
    def of(cls, tenant: Tenant) -> Select[Payday]:
        """This tenant's, in the order in which they told us."""
        return select(cls).where(cls.tenant_id == tenant.id).order_by(cls.id)


class RentWishes(Base):
    """How long before a payment its reminder comes, and until when reminders are planned."""

    __tablename__ = "rent_wishes"

    account_id: Mapped[UUID] = mapped_column(ForeignKey(RentAccount.id, ondelete="CASCADE"), primary_key=True)
    days_before: Mapped[int] = mapped_column(default=DAYS_BEFORE)
    planned_on: Mapped[date | None] = mapped_column(index=True)
    """The day on which its reminders were last planned. None: they are to be planned again."""

    __table_args__ = (CheckConstraint(f"days_before BETWEEN {FEWEST} AND {MOST}", "days_before"),)


def wishes_of(session: Session, account: RentAccount) -> RentWishes:
    """What this account's tenant chose; written down with the usual choice where there is nothing yet."""
    put_if_absent(session, RentWishes, [{"account_id": account.id, "days_before": DAYS_BEFORE}])
    return session.get_one(RentWishes, account.id)


def money_comes(payday: Payday, first: date, last: date) -> list[date]:
    """Days from `first` to `last` on which the money is there.

    What would come on a weekend or on a bank holiday in England comes on the last working day before.
    """
    found = []
    for day in every(payday.frequency, payday.counted_from, first):
        there = last_working_day(day)
        if there > last:
            break
        if there >= first:
            found.append(there)
    return found


def last_working_day(day: date) -> date:
    """`day` itself if it is a working day in England, else the last one before it."""
    while not clock.is_working_day(day):
        day -= timedelta(days=1)
    return day


def paydays_between(paydays: Iterable[Payday], first: date, last: date) -> list[date]:
    """All days from `first` to `last` on which money comes, in order."""
    return sorted({day for payday in paydays for day in money_comes(payday, first, last)})


def reminder_days(due_days: Sequence[date], paydays: Sequence[date], days_before: int) -> list[date]:
    """On which day each payment is reminded of beforehand, for all of `due_days` but the first.

    The first only says where the period before the second begins. A payment is reminded of on the last payday of its
    own period (after the due day before it, up to its own), because that is when the money is there; without one in
    its period, `days_before` days before it. Raises `ValueError` for due days out of order or a wrong `days_before`.
    """
    if not FEWEST <= days_before <= MOST:
        raise ValueError(f"{FEWEST} to {MOST} days before")
    found = []
    for before, due in pairwise(due_days):
        if due <= before:
            raise ValueError("due days come in order")
        last_payday = max((day for day in paydays if before < day <= due), default=None)
        found.append(last_payday or due - timedelta(days=days_before))
    return found
