"""What tenants are told about their places, and when. How it is worded stands in `notices.py`."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.groups.models import Booking, GroupSession
from tenant_app.reminders.rules import announce

DAY_BEFORE = "groups.day_before"
HOUR_BEFORE = "groups.hour_before"
OFFERED = "groups.offered"
"""Kind of notice: a place came free, and is held for you for a time."""
FREE = "groups.free"
"""Kind of notice: a place came free in the last hour, for whoever takes it first."""
CALLED_OFF = "groups.called_off"

EVENING = time(18)
"""Wall time of the reminder on the day before."""
EVENING_LASTS = timedelta(hours=4)
"""After ten nobody is woken for tomorrow."""
HOUR = timedelta(hours=1)


def remind(session: Session, booking: Booking) -> None:
    """Plan the two reminders of a place: the evening before and an hour before, as far as they are still to come."""
    group_session = booking.group_session
    now, evening = clock.now(), _evening_before(group_session)
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


def _say(session: Session, booking: Booking, kind: str, *, due_at: datetime, lasts: timedelta,
         until: datetime | None = None) -> None:  # fmt: skip
    group_session = booking.group_session
    facts: dict[str, Any] = {
        "session": str(group_session.id),
        "kind": group_session.kind,
        "starts_at": group_session.starts_at.isoformat(),
        "place": group_session.place,
    }
    occurrence = kind
    if until is not None:
        facts["until"] = until.isoformat()
        occurrence = f"{kind}:{until:%Y%m%d%H%M%S}"  # each offer is said, and each but once
    announce(
        session, booking.tenant, kind, source=booking.source, occurrence=occurrence, due_at=due_at, lasts=lasts,
        facts=facts,
    )  # fmt: skip


def _evening_before(group_session: GroupSession) -> datetime:
    return clock.at(group_session.day - timedelta(days=1), EVENING, ZoneInfo(group_session.zone))
