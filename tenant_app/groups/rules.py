"""Decisions about sessions: putting them on, calling them off. Who gets a place is decided in `booking.py`, who waits
in `waiting.py`, who came in `attendance.py`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Property, Worker
from tenant_app.groups.booking import book_place, booked_between, cancel_place
from tenant_app.groups.models import CAME, Booking, GroupSession, Standing
from tenant_app.groups.places import Cancelled, Full, NoPlace, Started, held
from tenant_app.groups.register.listening import tell_listeners
from tenant_app.groups.reminding import tell_called_off
from tenant_app.groups.waiting import join_waiting_list, leave_waiting_list
from tenant_app.reminders.rules import withdraw

__all__ = [
    "Cancelled", "Full", "NoPlace", "Started", "book_place", "booked_between", "call_off", "cancel_place",
    "join_waiting_list", "leave_waiting_list", "plan_session", "plan_weekly",
]  # fmt: skip


def plan_session(
    session: Session, kind: str, *, starts_at: datetime, ends_at: datetime, zone: ZoneInfo, place: str,
    facilitator: Worker, capacity: int, building: Property | None = None, step_free: bool = False,
    languages: Sequence[str] = (),
) -> GroupSession:  # fmt: skip
    """Put one session on, from `starts_at` to `ends_at` (aware), for `capacity` people.

    Raises `ValueError` if it ends before it starts or has no place for anyone.
    """
    if ends_at <= starts_at:
        raise ValueError("a session ends after it starts")
    if capacity < 1:
        raise ValueError("a session has a place for someone")
    planned = GroupSession(
        kind=kind, starts_at=starts_at, ends_at=ends_at, zone=zone.key, place=place, facilitator=facilitator,
        capacity=capacity, places_taken=0, building=building, step_free=step_free,
        languages=",".join(code for code in languages if code != "en"),
    )  # fmt: skip
    session.add(planned)
    session.flush()
    return planned


def plan_weekly(
    session: Session, kind: str, *, first: date, starts: time, ends: time, weeks: int, zone: ZoneInfo, place: str,
    facilitator: Worker, capacity: int, building: Property | None = None, step_free: bool = False,
    languages: Sequence[str] = (),
) -> list[GroupSession]:  # fmt: skip
    """The same session once a week, from the day `first` on, at the same wall times. Raises as `plan_session`."""
    return [
        plan_session(
            session, kind, starts_at=clock.at(day, starts, zone), ends_at=clock.at(day, ends, zone), zone=zone,
            place=place, facilitator=facilitator, capacity=capacity, building=building, step_free=step_free,
            languages=languages,
        )
        for day in (first + timedelta(weeks=week) for week in range(weeks))
    ]  # fmt: skip


def call_off(session: Session, group_session: GroupSession, *, tell: bool = True) -> None:
    """The session will not take place: reminders are taken back, and everyone with a place or waiting is told, once.

    Without `tell`, whoever calls several off tells them.
    """
    group_session = held(session, group_session)
    if group_session.cancelled:
        return
    group_session.cancelled_at = clock.now()
    concerned = select(Booking).where(
        Booking.session_id == group_session.id,
        Booking.standing.in_((Standing.PLACE, Standing.WAITING, Standing.OFFERED)),
    )
    for booking in session.scalars(concerned):
        withdraw(session, booking.source)
        if tell and not group_session.started:
            tell_called_off(session, booking)
    session.flush()
    # Somebody may have checked in already: nobody came to what did not take place.
    for booking in session.scalars(Booking.expected_at(group_session).where(Booking.attendance.in_(CAME))).all():
        tell_listeners(session, booking)


