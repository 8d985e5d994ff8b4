"""The registers a worker keeps, sorted by what there is to do, in a fixed number of questions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Worker
from tenant_app.groups.models import CAME, Booking, GroupSession

LATELY = timedelta(days=14)
"""How long a finished register stays in the list, for putting a mistake right."""
AHEAD = timedelta(days=28)
UNFINISHED = timedelta(days=90)
"""How far back registers are asked to be finished. Older ones stand in the programme: a list that only grows is read
by nobody, and a phone keeps what is listed."""


@dataclass(frozen=True)
class Register:
    """One session and how far its register has come."""

    group_session: GroupSession
    expected: int
    """People in the register: with a place, or let in without."""
    marked: int
    here: int
    """Of those marked, who came, in time or late."""

    @property
    def finished(self) -> bool:
        return self.marked >= self.expected


@dataclass
class Registers:
    """What a worker's list shows."""

    unfinished: list[Register] = field(default_factory=list)
    """Over since `UNFINISHED` ago or less, and someone is not marked yet."""
    today: list[Register] = field(default_factory=list)
    coming: list[Register] = field(default_factory=list)
    lately: list[Register] = field(default_factory=list)
    """Finished, newest first."""


def registers_of(session: Session, worker: Worker, today: date) -> Registers:
    """What `worker` has to do and has done, as seen on the calendar day `today`."""
    now = clock.now()
    unmarked = exists().where(
        Booking.session_id == GroupSession.id, Booking.in_register(), Booking.attendance.is_(None)
    )
    sessions = session.scalars(
        GroupSession.run_by(worker).where(
            GroupSession.cancelled_at.is_(None),
            GroupSession.starts_at < now + AHEAD,
            or_(
                GroupSession.ends_at > now - LATELY,
                and_(GroupSession.ends_at.between(now - UNFINISHED, now), unmarked),
            ),
        )
    ).all()
    sorted_in = Registers()
    for register in _counted(session, list(sessions)):
        day = register.group_session.day
        if day == today:
            sorted_in.today.append(register)
        elif day > today:
            sorted_in.coming.append(register)
        elif register.finished:
            sorted_in.lately.insert(0, register)
        else:
            sorted_in.unfinished.append(register)
    return sorted_in


def register_of(session: Session, group_session: GroupSession) -> Register:
    """One session's register, counted."""
    return _counted(session, [group_session])[0]


def _counted(session: Session, sessions: list[GroupSession]) -> list[Register]:
    expected, marked, here = Counter[object](), Counter[object](), Counter[object]()
    counts = session.execute(
        select(Booking.session_id, Booking.attendance, func.count())
        .where(Booking.session_id.in_([each.id for each in sessions]), Booking.in_register())
        .group_by(Booking.session_id, Booking.attendance)
    )
    for session_id, attendance, count in counts:
        expected[session_id] += count
        marked[session_id] += count if attendance else 0
        here[session_id] += count if attendance in CAME else 0
    return [Register(each, expected[each.id], marked[each.id], here[each.id]) for each in sessions]
