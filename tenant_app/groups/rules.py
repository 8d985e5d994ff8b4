"""Decisions about places: who gets one, who waits. Never more places than there are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Property, Tenant, Worker
from tenant_app.groups.models import Booking, GroupSession, Standing
from tenant_app.groups.reminding import remind, tell_called_off, tell_place
from tenant_app.reminders.rules import withdraw


class NoPlace(Exception):
    """A place that cannot be had. Nothing was changed."""


class Full(NoPlace):
    """The last place has gone; there is the waiting list."""


class Started(NoPlace):
    """The session has begun, or is over."""


class Cancelled(NoPlace):
    """The session is called off."""


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


def book_place(session: Session, tenant: Tenant, group_session: GroupSession) -> Booking:
    """A place for this tenant, with its reminders. Whoever has one keeps it: booking twice changes nothing.

    Raises `Cancelled`, `Started` or `Full`.
    """
    group_session = _held(session, group_session)
    booking = _booking_of(session, tenant, group_session)
    if booking.has_place:
        return booking
    _require_open(group_session)
    if group_session.full:
        raise Full
    _give_place(session, group_session, booking)
    return booking


def cancel_place(session: Session, tenant: Tenant, group_session: GroupSession) -> Booking | None:
    """Give the place back and take back its reminders; the first who waits has it now, and is told.

    Returns who was given it: their booking, or None. Without a place nothing changes. Raises `Started`: from then on
    the register says who came.
    """
    group_session = _held(session, group_session)
    booking = _booking_of(session, tenant, group_session)
    if not booking.has_place:
        return None
    if group_session.started:
        raise Started
    booking.give_back()
    withdraw(session, booking.source)
    group_session.take_places(-1)
    session.flush()
    following = None if group_session.cancelled else _first_waiting(session, group_session)
    if following is not None:
        _give_place(session, group_session, following)
        tell_place(session, following)
    return following


def join_waiting_list(session: Session, tenant: Tenant, group_session: GroupSession) -> Booking:
    """Wait for a place, behind those who wait already; if one has come free meanwhile, have it.

    Joining twice keeps one's turn. Raises `Cancelled` or `Started`.
    """
    group_session = _held(session, group_session)
    booking = _booking_of(session, tenant, group_session)
    if booking.has_place or booking.waiting:
        return booking
    _require_open(group_session)
    if group_session.full:
        session.add(booking)
        booking.wait()
        session.flush()
    else:
        _give_place(session, group_session, booking)
    return booking


def leave_waiting_list(session: Session, tenant: Tenant, group_session: GroupSession) -> None:
    """Wait no longer. For someone who does not wait, nothing changes."""
    booking = _booking_of(session, tenant, _held(session, group_session))
    if booking.waiting:
        booking.give_back()
        session.flush()


def call_off(session: Session, group_session: GroupSession) -> None:
    """The session will not take place: reminders are taken back, and everyone with a place or waiting is told, once."""
    group_session = _held(session, group_session)
    if group_session.cancelled:
        return
    group_session.cancelled_at = clock.now()
    concerned = select(Booking).where(
        Booking.session_id == group_session.id, Booking.standing.in_((Standing.PLACE, Standing.WAITING))
    )
    for booking in session.scalars(concerned):
        withdraw(session, booking.source)
        if not group_session.started:
            tell_called_off(session, booking)
    session.flush()


def booked_between(session: Session, tenant: Tenant, start: datetime, end: datetime) -> list[Booking]:
    """The tenant's places in sessions that start from `start` to before `end` (aware) and are not called off."""
    booked = Booking.of(tenant).where(
        Booking.standing == Standing.PLACE,
        GroupSession.starts_at >= start, GroupSession.starts_at < end, GroupSession.cancelled_at.is_(None),
    )  # fmt: skip
    return list(session.scalars(booked))


def _held(session: Session, group_session: GroupSession) -> GroupSession:
    """The session as it is at this moment, held until the transaction ends.

    Everything that changes a place asks here first, so that places are given one after the other. On SQLite every
    transaction that may write waits for its turn already.
    """
    return session.scalars(
        select(GroupSession)
        .where(GroupSession.id == group_session.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _booking_of(session: Session, tenant: Tenant, group_session: GroupSession) -> Booking:
    """The tenant's booking as it is at this moment, or a new one that is kept only if something comes of it."""
    known = session.scalars(
        select(Booking)
        .where(Booking.session_id == group_session.id, Booking.tenant_id == tenant.id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    return known or Booking(
        session_id=group_session.id, tenant_id=tenant.id, standing=Standing.GIVEN_BACK, times_booked=0
    )


def _require_open(group_session: GroupSession) -> None:
    if group_session.cancelled:
        raise Cancelled
    if group_session.started:
        raise Started


def _give_place(session: Session, group_session: GroupSession, booking: Booking) -> None:
    session.add(booking)
    booking.hold()
    group_session.take_places(1)
    session.flush()
    remind(session, booking)


def _first_waiting(session: Session, group_session: GroupSession) -> Booking | None:
    return session.scalars(
        select(Booking)
        .join(Tenant, Tenant.id == Booking.tenant_id)
        .where(
            Booking.session_id == group_session.id,
            Booking.standing == Standing.WAITING,
            Tenant.left_at.is_(None),
        )
        .order_by(Booking.waiting_since, Booking.id)
        .limit(1)
        .execution_options(populate_existing=True)
    ).one_or_none()
