"""Reminders of payments: two days before, and on the morning of the day. They tell the day and never a sum."""

from __future__ import annotations

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.reminders.models import Notice
from tenant_app.reminders.rules import schedule, unschedule, withdraw
from tenant_app.rent.calendar import recurrence
from tenant_app.rent.models import RentAccount

DUE = "rent.due"
"""Kind of notice: a payment is due soon, or today."""

MORNING = time(9)
LASTS = timedelta(hours=12)
"""After nine in the evening nobody is woken for rent."""

DAYS_BEFORE = {"before": 2, "due": 0}
"""By the last part of a reminder's source, how many days before the due day it comes."""


def source_of(account: RentAccount, which: str) -> str:
    """What a reminder is about, for the reminder engine: `rent:<account>:before`, `rent:<account>:due`."""
    return f"rent:{account.id}:{which}"


def remind_from(session: Session, account: RentAccount, day: date | None) -> None:
    """Remind of due days from `day` on, not of those before it: they are paid. None: nothing is to be paid."""
    for which, days in DAYS_BEFORE.items():
        source = source_of(account, which)
        if day is None:
            unschedule(session, source)
            continue
        first = day - timedelta(days=days)
        _take_back_before(session, source, first)
        schedule(
            session, account.tenant, DUE, source=source, wall_time=MORNING, zone=ZoneInfo(account.zone),
            starts_on=first, lasts=LASTS, recurrence=recurrence(account, days), facts={"days": days},
            ends_on=account.ended_on - timedelta(days=days) if account.ended_on else None,
        )  # fmt: skip


def _take_back_before(session: Session, source: str, first: date) -> None:
    paid = session.scalars(
        select(Notice.occurrence).where(
            Notice.source == source, Notice.waits(), Notice.occurrence < first.isoformat()
        )
    )
    for occurrence in paid.all():
        withdraw(session, source, occurrence)
