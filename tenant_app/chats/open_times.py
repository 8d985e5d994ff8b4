"""The times that a worker keeps open for chats, and those that are taken."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Worker
from tenant_app.chats.models import Chat, OpenTime, State

MOST_WEEKS = 12
MOST_TIMES = 200
"""Open times that one worker may have ahead."""
SHORTEST, LONGEST = 10, 180
"""Minutes."""


class Taken(Exception):
    """The open time is somebody else's by now, taken back, or too near."""


def keep_open(
    session: Session, worker: Worker, day: date, begins: time, ends: time, minutes: int, zone: ZoneInfo, *,
    weeks: int = 1,
) -> list[OpenTime]:  # fmt: skip
    """Open times of `minutes` each between two wall times of a day, and of the same day in the following weeks. Those
    that are past, on a bank holiday, or overlap with what the worker has already are left out.

    Raises `ValueError` where nothing fits between, or more than `MOST_TIMES` would be ahead.
    """
    if begins >= ends or not SHORTEST <= minutes <= LONGEST or not 1 <= weeks <= MOST_WEEKS:
        raise ValueError("nothing fits")
    session.execute(select(Worker.id).where(Worker.id == worker.id).with_for_update())
    known = [(each.starts_at, each.ends_at) for each in session.scalars(OpenTime.of(worker))]
    busy = known + [(a, b) for a, b in taken_times(session, worker)]
    made: list[OpenTime] = []
    for on in (day + timedelta(weeks=week) for week in range(weeks)):
        if clock.is_bank_holiday(on):
            continue
        starts_at, last = clock.at(on, begins, zone), clock.at(on, ends, zone)
        while (ends_at := starts_at + timedelta(minutes=minutes)) <= last:
            if starts_at > clock.now() and not any(a < ends_at and starts_at < b for a, b in busy):
                made.append(OpenTime(worker=worker, starts_at=starts_at, ends_at=ends_at, zone=zone.key))
            starts_at = ends_at
    if len(known) + len(made) > MOST_TIMES:
        raise ValueError("too many")
    session.add_all(made)
    session.flush()
    return made


def close_time(session: Session, open_time: OpenTime) -> None:
    """Keep it open no longer. Raises `Taken` where somebody has it: a chat is called off first."""
    session.execute(select(OpenTime.id).where(OpenTime.id == open_time.id).with_for_update())
    if session.scalar(select(Chat.id).where(Chat.open_time_id == open_time.id)) is not None:
        raise Taken
    session.delete(open_time)
    session.flush()


def taken_times(session: Session, worker: Worker, but: Chat | None = None) -> list[tuple[datetime, datetime]]:
    held = select(Chat.id, Chat.starts_at, Chat.ends_at).where(
        Chat.worker_id == worker.id, Chat.state.in_((State.AGREED, State.PROPOSED)), Chat.ends_at > clock.now()
    )
    found = [row for row in session.execute(held) if but is None or row.id != but.id]
    return [(row.starts_at, row.ends_at) for row in found if row.starts_at and row.ends_at]
