"""What tenants are told about their places, and when. How it is worded stands in `notices.py`."""

from __future__ import annotations

import enum
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.groups.models import Booking
from tenant_app.reminders.ahead import EVENING_LASTS, evening_before
from tenant_app.reminders.rules import announce, withdraw

DAY_BEFORE = "groups.day_before"
HOUR_BEFORE = "groups.hour_before"
OFFERED = "groups.offered"
"""Kind of notice: a place came free, and is held for you for a time."""
FREE = "groups.free"
"""Kind of notice: a place came free in the last hour, for whoever takes it first."""
CALLED_OFF = "groups.called_off"
ALL_CALLED_OFF = "groups.all_called_off"
"""Kind of notice: several sessions of a series, in one sentence."""
CHANGED = "groups.changed"
"""Kind of notice: another time, place or link, of one session or of several."""


class What(enum.StrEnum):
    """What about a session has changed, for those who mean to come."""

    TIME = "time"
    PLACE = "place"
    LINK = "link"


HOUR = timedelta(hours=1)


def remind(session: Session, booking: Booking) -> None:
    """Plan the two reminders of a place: the evening before and an hour before, as far as they are still to come."""
    group_session = booking.group_session
    now, evening = clock.now(), evening_before(group_session.starts_at, ZoneInfo(group_session.zone))
    if now < evening:
        _say(session, booking, DAY_BEFORE, due_at=evening, lasts=EVENING_LASTS)
    if now < group_session.starts_at - HOUR:
        _say(session, booking, HOUR_BEFORE, due_at=group_session.starts_at - HOUR, lasts=HOUR)


def tell_offer(session: Session, booking: Booking) -> None:
    """A place is held for someone who waited; worth saying as long as it is."""
    assert booking.offered_until is not None
    until = booking.offered_until
    _say(session, booking, OFFERED, due_at=clock.now(), lasts=until - clock.now(), until=until)


def tell_free(session: Session, booking: Booking) -> None:
    """A place came free for whoever takes it first; said once to each who waits, and worth it until the start."""
    _say(session, booking, FREE, due_at=clock.now(), lasts=booking.group_session.starts_at - clock.now())


def tell_called_off(session: Session, booking: Booking) -> None:
    """The session will not take place; worth saying until it would have started."""
    _say(session, booking, CALLED_OFF, due_at=clock.now(), lasts=booking.group_session.starts_at - clock.now())


def plan_anew(session: Session, booking: Booking) -> None:
    """The session is at another time or place: what was to be said of the old one is taken back, and the reminders of
    a place are planned for the new one."""
    withdraw(session, booking.source, kinds=(DAY_BEFORE, HOUR_BEFORE, CHANGED, OFFERED))
    if booking.has_place:
        remind(session, booking)
    elif booking.offered:
        tell_offer(session, booking)


def tell_changed(session: Session, bookings: Sequence[Booking], what: Collection[What]) -> None:
    """One tenant's sessions have changed: said once, however many there are, until the first of them starts."""
    first = _first(bookings)
    if not first.group_session.started:
        _say(
            session, first, CHANGED, due_at=clock.now(), lasts=first.group_session.starts_at - clock.now(),
            what=sorted(what), count=len(bookings),
        )  # fmt: skip


def tell_all_called_off(session: Session, bookings: Sequence[Booking]) -> None:
    """Several of one tenant's sessions will not take place: said once."""
    first = _first(bookings)
    if len(bookings) == 1:
        tell_called_off(session, first)
    elif not first.group_session.started:
        lasts = first.group_session.starts_at - clock.now()
        _say(session, first, ALL_CALLED_OFF, due_at=clock.now(), lasts=lasts, count=len(bookings))


def _first(bookings: Sequence[Booking]) -> Booking:
    return min(bookings, key=lambda booking: booking.group_session.starts_at)


def _say(
    session: Session, booking: Booking, kind: str, *, due_at: datetime, lasts: timedelta,
    until: datetime | None = None, **more: Any,
) -> None:  # fmt: skip
    group_session = booking.group_session
    facts: dict[str, Any] = {
        "session": str(group_session.id),
        "kind": group_session.kind,
        "starts_at": group_session.starts_at.isoformat(),
        "place": group_session.place,
        **more,
    }
    # What was said of an earlier plan must not keep the same from being said of this one.
    occurrence = kind if group_session.version == 1 else f"{kind}:{group_session.version}"
    if until is not None:
        facts["until"] = until.isoformat()
        occurrence = f"{occurrence}:{until:%Y%m%d%H%M%S}"  # each offer is said, and each but once
    announce(
        session, booking.tenant, kind, source=booking.source, occurrence=occurrence, due_at=due_at, lasts=lasts,
        facts=facts,
    )  # fmt: skip
