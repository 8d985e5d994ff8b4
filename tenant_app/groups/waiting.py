"""The waiting list: a freed place is offered to the first who waits, and goes on to the next if they do not want it.

Whoever has waited longest is first (`waiting_since`), and each of them sees how many stand before them, and no name.
An offer holds the place: it counts as taken, so that nobody can book it away. Declining it, or not answering, costs
nothing: one stops waiting for this session, and may wait again. While somebody waits, no place is free for others, with
one exception: in the last hour there is no time left to ask one after the other, and a freed place is for whoever
takes it first. Those who wait are told of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.groups.models import Booking, GroupSession, Standing
from tenant_app.groups.places import booking_of, held, held_together, require_open
from tenant_app.groups.reminding import remind, tell_free, tell_offer
from tenant_app.reminders.rules import withdraw

LAST_HOUR = timedelta(hours=1)
"""So close to the start, a freed place is offered to nobody and free for anybody."""
SHARE = 4
"""An offer lasts one part in so many of the time left until the session starts."""
LONGEST, SHORTEST = timedelta(hours=24), timedelta(minutes=15)
NIGHT, MORNING = time(22), time(9)
"""Wall times between which no offer runs out: most people sleep, or have their phones silent."""


def answer_by(group_session: GroupSession, now: datetime) -> datetime:
    """Until when (UTC) a place that comes free at `now` is held for whom it is offered to.

    A quarter of the time left until the session starts, at most 24 hours and at least 15 minutes, so that it is
    shorter the nearer the session is. What would run out at night is held until nine in the morning, by the session's
    own clocks, as long as an hour is left then for the next. Never past the start.
    """
    left = group_session.starts_at - now
    until = now + min(max(left / SHARE, SHORTEST), LONGEST)
    zone = ZoneInfo(group_session.zone)
    there = until.astimezone(zone)
    if there.time() >= NIGHT or there.time() < MORNING:
        morning = clock.at(there.date() + timedelta(days=there.time() >= NIGHT), MORNING, zone)
        until = max(until, min(morning, group_session.starts_at - LAST_HOUR))
    return min(until, group_session.starts_at)


def join_waiting_list(session: Session, tenant: Tenant, group_session: GroupSession) -> Booking:
    """Wait for a place, behind those who wait already; if one is free, have it.

    One waits for oneself: a supporter is asked for once there is a place. Joining twice keeps one's turn. Raises
    `Cancelled` or `Started`.
    """
    group_session = held(session, group_session)
    booking = booking_of(session, tenant, group_session)
    if booking.has_place or booking.waiting:
        return booking
    require_open(group_session)
    pass_on(session, group_session)
    if booking.offered:
        return booking
    session.add(booking)
    if group_session.full:
        booking.wait()
        session.flush()
    else:
        give_place(session, group_session, booking)
    return booking


def leave_waiting_list(session: Session, tenant: Tenant, group_session: GroupSession) -> list[Booking]:
    """Wait no longer, or decline the place that is held: it goes to the next, whose booking is returned.

    For someone who does not wait, nothing changes.
    """
    group_session = held(session, group_session)
    booking = booking_of(session, tenant, group_session)
    if not (booking.waiting or booking.offered):
        return []
    return release(session, group_session, booking)


def release(session: Session, group_session: GroupSession, booking: Booking) -> list[Booking]:
    """Give back what a booking holds, of a session that is held, take back what would be said about it, and offer what
    came free to those who wait. Returns whom it is offered to now."""
    withdraw(session, booking.source)
    freed = booking.places
    booking.give_back()
    group_session.take_places(-freed)
    session.flush()
    return pass_on(session, group_session)


def give_place(session: Session, group_session: GroupSession, booking: Booking, *, supporter: bool = False) -> None:
    """A place for this booking in a session that is held and has room. One that was offered is counted already."""
    withdraw(session, booking.source)
    counted = booking.places
    session.add(booking)
    booking.hold()
    booking.supporter = supporter
    group_session.take_places(booking.places - counted)
    session.flush()
    remind(session, booking)


def pass_on(session: Session, group_session: GroupSession) -> list[Booking]:
    """Put a session that is held in order: offers whose time is over end, and what is free is offered to those who
    wait, first come, first asked. Returns to whom."""
    if group_session.cancelled:
        return []
    _let_lapse(session, group_session)
    if group_session.started or group_session.full:
        return []
    now = clock.now()
    if group_session.starts_at - now <= LAST_HOUR:
        for booking in _in_turn(session, group_session):
            tell_free(session, booking)
        return []
    asked = _in_turn(session, group_session, most=group_session.places_left)
    for booking in asked:
        booking.offer(answer_by(group_session, now))
        tell_offer(session, booking)
    if asked:
        group_session.take_places(len(asked))
        session.flush()
    return asked


def pass_on_all(session: Session, most: int = 20) -> bool:
    """The worker's part, each minute: put in order every session in which an offer's time is over, or which has both
    a free place and somebody waiting. Returns whether more of them remain."""
    # Those that somebody else is at are left to them: a session is in order when they are done.
    ids = session.scalars(_out_of_order().limit(most).with_for_update(skip_locked=True, of=GroupSession)).all()
    for group_session in held_together(session, ids):
        pass_on(session, group_session)
    return len(ids) == most


def offers_to(session: Session, tenant: Tenant) -> list[Booking]:
    """Places that are held for this tenant and wait for an answer, with their sessions, soonest first."""
    held_now = Booking.of(tenant).where(
        Booking.standing == Standing.OFFERED,
        Booking.offered_until > clock.now(),
        GroupSession.cancelled_at.is_(None),
    )
    return list(session.scalars(held_now))


def turns(session: Session, tenant: Tenant, ids: Collection[UUID]) -> dict[UUID, int]:
    """By session, which turn this tenant has among those who wait there: 1 is first. Counts those before, and says
    nothing of those after."""
    places = (
        _waiting()
        .where(Booking.session_id.in_(ids))
        .with_only_columns(
            Booking.session_id,
            Booking.tenant_id,
            func.row_number()
            .over(partition_by=Booking.session_id, order_by=(Booking.waiting_since, Booking.id))
            .label("turn"),
        )
        .subquery()
    )
    mine = session.execute(select(places.c.session_id, places.c.turn).where(places.c.tenant_id == tenant.id))
    return {session_id: turn for session_id, turn in mine}  # noqa: C416 - rows are not plain pairs to mypy


def _waiting() -> Select[Booking]:
    """Everyone who waits, anywhere. Who moved out waits no more."""
    return (
        select(Booking)
        .join(Tenant, Tenant.id == Booking.tenant_id)
        .where(Booking.standing == Standing.WAITING, Tenant.left_at.is_(None))
    )


def _in_turn(session: Session, group_session: GroupSession, most: int | None = None) -> list[Booking]:
    first = _waiting().where(Booking.session_id == group_session.id).order_by(Booking.waiting_since, Booking.id)
    return list(session.scalars(first.limit(most).execution_options(populate_existing=True)))


def _let_lapse(session: Session, group_session: GroupSession) -> None:
    unanswered: Iterable[Booking] = session.scalars(
        select(Booking)
        .where(
            Booking.session_id == group_session.id,
            Booking.standing == Standing.OFFERED,
            Booking.offered_until <= clock.now(),
        )
        .execution_options(populate_existing=True)
    ).all()
    lapsed = 0
    for booking in unanswered:
        withdraw(session, booking.source)
        booking.lapse()
        lapsed += 1
    if lapsed:
        group_session.take_places(-lapsed)
        session.flush()


def _out_of_order() -> Select[UUID]:
    now = clock.now()
    here = Booking.session_id == GroupSession.id
    unanswered = exists().where(here, Booking.standing == Standing.OFFERED, Booking.offered_until <= now)
    wanted = _waiting().where(here).correlate(GroupSession).exists()
    free = and_(GroupSession.places_taken < GroupSession.capacity, GroupSession.starts_at > now + LAST_HOUR, wanted)
    return (
        select(GroupSession.id)
        .where(GroupSession.cancelled_at.is_(None), or_(unanswered, free))
        .order_by(GroupSession.id)
    )
