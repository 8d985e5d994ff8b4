"""What tenants do about places: take one, or one in every session of a series, bring a supporter, give it back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.groups.models import Booking, GroupSession, Standing
from tenant_app.groups.places import (
    Full,
    NoPlace,
    NoSecondPlace,
    Started,
    booking_of,
    held,
    held_together,
    require_open,
)
from tenant_app.groups.waiting import give_place, pass_on, release


def book_place(session: Session, tenant: Tenant, group_session: GroupSession, *, supporter: bool = False) -> Booking:
    """A place for this tenant, with its reminders; one that was offered is theirs now. With `supporter`, a second one
    for whoever comes along: both, or neither.

    Whoever has a place keeps it: booking twice changes nothing. An offer whose time is over is still good as long as
    nobody else waits. Raises `Cancelled`, `Started`, `Full`, or `NoSecondPlace` where there is room for one.
    """
    group_session = held(session, group_session)
    booking = booking_of(session, tenant, group_session)
    if booking.has_place:
        return booking
    require_open(group_session)
    pass_on(session, group_session)
    room = group_session.places_left + booking.places
    if room < 1:
        raise Full
    if room < 1 + supporter:
        raise NoSecondPlace
    give_place(session, group_session, booking, supporter=supporter)
    return booking


def bring_supporter(session: Session, tenant: Tenant, group_session: GroupSession, *, comes: bool) -> list[Booking]:
    """Have somebody come along, in a place of their own, or come alone after all.

    Returns to whom the place that came free so is offered. Without a place of one's own nothing changes. Raises
    `NoSecondPlace` if none is left, `Started` or `Cancelled`.
    """
    group_session = held(session, group_session)
    booking = booking_of(session, tenant, group_session)
    if not booking.has_place or booking.supporter is comes:
        return []
    require_open(group_session)
    pass_on(session, group_session)
    if comes and group_session.full:
        raise NoSecondPlace
    booking.supporter = comes
    group_session.take_places(1 if comes else -1)
    session.flush()
    return pass_on(session, group_session)


def cancel_place(session: Session, tenant: Tenant, group_session: GroupSession) -> list[Booking]:
    """Give the place back, a supporter's too, and take back its reminders; what came free is offered to those who wait.

    Returns to whom. Without a place nothing changes. Raises `Started`: from then on the register says who came.
    """
    group_session = held(session, group_session)
    booking = booking_of(session, tenant, group_session)
    if not (booking.has_place or booking.offered):
        return []
    if booking.has_place and group_session.started:
        raise Started
    return release(session, group_session, booking)


@dataclass
class Series:
    """What came of booking a whole series: the sessions one has a place in now, and those that were full."""

    booked: list[GroupSession] = field(default_factory=list)
    full: list[GroupSession] = field(default_factory=list)


def book_series(session: Session, tenant: Tenant, series_id: UUID) -> Series:
    """A place in each session of a series that is still to come. Full ones are left out and named, so that one may
    wait there; those that are called off are left out. Raises `LookupError` for a series with nothing to come."""
    found = Series()
    for group_session in _held_series(session, tenant, series_id):
        try:
            book_place(session, tenant, group_session)
        except Full:
            found.full.append(group_session)
        except NoPlace:
            continue
        else:
            found.booked.append(group_session)
    return found


def cancel_series(session: Session, tenant: Tenant, series_id: UUID) -> list[GroupSession]:
    """Give back every place in a series that is still to come, and wait in none of them. Returns those given back."""
    given_back = []
    for group_session in _held_series(session, tenant, series_id):
        booking = booking_of(session, tenant, group_session)
        if booking.has_place or booking.waiting or booking.offered:
            release(session, group_session, booking)
            given_back.append(group_session)
    return given_back


def booked_between(session: Session, tenant: Tenant, start: datetime, end: datetime) -> list[Booking]:
    """The tenant's places in sessions that start from `start` to before `end` (aware) and are not called off."""
    booked = Booking.of(tenant).where(
        Booking.standing == Standing.PLACE,
        GroupSession.starts_at >= start, GroupSession.starts_at < end, GroupSession.cancelled_at.is_(None),
    )  # fmt: skip
    return list(session.scalars(booked))


def _held_series(session: Session, tenant: Tenant, series_id: UUID) -> list[GroupSession]:
    """What is to come of a series, soonest first, all of it held before the first place is given."""
    ahead = GroupSession.of(tenant).where(
        GroupSession.series_id == series_id, GroupSession.starts_at > clock.now(), GroupSession.cancelled_at.is_(None)
    )
    ids = [group_session.id for group_session in session.scalars(ahead)]
    if not ids:
        raise LookupError(series_id)
    return sorted(held_together(session, ids), key=lambda each: each.starts_at)
