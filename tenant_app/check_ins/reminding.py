"""The weekly reminder, which rests until a tenant asks for it, and says nothing on a day that has its check-in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.check_ins.models import CheckIn
from tenant_app.reminders.models import Schedule
from tenant_app.reminders.rules import schedule, unschedule, withdraw

ASKED = "check-ins.asked"
"""The kind of its notices."""
LASTS = timedelta(hours=12)
"""The evening's reminder still makes sense at night, and no longer the next day."""
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Weekly:
    """When a tenant wants to be reminded: a weekday (0 is Monday) and a time by the clock on the wall."""

    weekday: int
    at: time


def weekly(session: Session, tenant: Tenant) -> Weekly | None:
    """When this tenant is reminded; None while they did not ask for it."""
    plan = session.scalar(select(Schedule).where(Schedule.source == _source(tenant)))
    return Weekly(_DAYS.index(plan.recurrence[-2:]), plan.wall_time) if plan else None


def remind(session: Session, tenant: Tenant, wanted: Weekly, zone: ZoneInfo) -> None:
    """Remind them every week from now on; asked again, at the new time."""
    if weekly(session, tenant) == wanted:
        return  # a double tap; planning anew would say again what was said today
    today = clock.today(zone)
    schedule(
        session, tenant, ASKED, source=_source(tenant), wall_time=wanted.at, zone=zone, starts_on=today, lasts=LASTS,
        recurrence=f"FREQ=WEEKLY;BYDAY={_DAYS[wanted.weekday]}",
    )  # fmt: skip
    if session.scalar(CheckIn.of(tenant).where(CheckIn.day == today)) is not None:
        say_no_more(session, tenant, today)


def stop(session: Session, tenant: Tenant) -> None:
    """Remind them no longer."""
    unschedule(session, _source(tenant))


def say_no_more(session: Session, tenant: Tenant, day: date) -> None:
    """That day has its check-in."""
    withdraw(session, _source(tenant), occurrence=day.isoformat())


def _source(tenant: Tenant) -> str:
    return f"check-in:{tenant.id}"
