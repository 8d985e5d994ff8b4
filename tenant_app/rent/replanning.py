"""What moves the reminders of payments beside money: paydays, the tenant's choice of days, and a new day itself."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant
from tenant_app.chores import apart
from tenant_app.rent.models import Frequency, RentAccount
from tenant_app.rent.paydays import FEWEST, MOST, MOST_PAYDAYS, Payday, RentWishes, Source, wishes_of
from tenant_app.rent.rules import keep_reminding


class TooMany(ValueError):
    """Nobody has money coming from more places than `MOST_PAYDAYS`."""


def add_payday(
    session: Session, tenant: Tenant, source: Source, frequency: Frequency, counted_from: date
) -> Payday:
    """The tenant says when money comes. The same again is the same. Raises `TooMany`, and `ValueError` for Universal
    Credit that is not monthly."""
    if source is Source.UNIVERSAL_CREDIT and frequency is not Frequency.MONTHLY:
        raise ValueError("Universal Credit comes monthly")
    known = session.scalars(Payday.of(tenant)).all()
    for payday in known:
        if (payday.source, payday.frequency, payday.counted_from) == (source, frequency, counted_from):
            return payday
    if len(known) >= MOST_PAYDAYS:
        raise TooMany
    payday = Payday(tenant_id=tenant.id, source=source, frequency=frequency, counted_from=counted_from)
    session.add(payday)
    session.flush()
    _replan(session, tenant)
    return payday


def remove_payday(session: Session, tenant: Tenant, payday: Payday) -> None:
    """Money comes on it no longer."""
    session.delete(payday)
    session.flush()
    _replan(session, tenant)


def remind_days_before(session: Session, account: RentAccount, days: int) -> None:
    """The tenant chooses how long before a payment its reminder comes. Raises `ValueError` outside 1 to 7."""
    if not FEWEST <= days <= MOST:
        raise ValueError(f"{FEWEST} to {MOST} days before")
    wishes_of(session, account).days_before = days
    session.flush()
    keep_reminding(session, account)


def replan_reminders(session: Session, today: date, most: int = 200) -> bool:
    """A step of the worker: announce the next payments of accounts that were not looked at today. Returns whether more
    remain. Stopped at any point, it goes on where it was."""
    accounts = session.scalars(
        select(RentAccount)
        .join(RentWishes, RentWishes.account_id == RentAccount.id, isouter=True)
        .where(or_(RentWishes.planned_on.is_(None), RentWishes.planned_on < today))
        .order_by(RentAccount.id)
        .limit(most)
        .with_for_update(skip_locked=True, of=RentAccount)
    ).all()
    for account in accounts:
        with apart(session, "replan_reminders", account.id):
            keep_reminding(session, account)
        # By the caller's day: an account whose own clock is still in yesterday would be taken again and again.
        wishes = wishes_of(session, account)
        wishes.planned_on = max(wishes.planned_on or today, today)
    return len(accounts) == most


def _replan(session: Session, tenant: Tenant) -> None:
    account = session.scalar(RentAccount.of(tenant))
    if account is not None:
        keep_reminding(session, account)
