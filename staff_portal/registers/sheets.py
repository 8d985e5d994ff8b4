"""One register as its page shows it: who is in it, what others changed, names to be found, notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_
from sqlalchemy.orm import Session

from staff_portal.registers.overview import Register, register_of
from tenant_app.accounts.models import Look, Worker
from tenant_app.groups.models import Booking, GroupSession
from tenant_app.groups.register.records import NamedAtDoor, OvertakenMark, SessionNote

OVERLAP = timedelta(seconds=10)
"""What was kept by somebody else at the very moment a page was made may not have been on it yet."""


@dataclass(frozen=True)
class Sheet:
    """One register, whole."""

    register: Register
    bookings: Sequence[Booking]
    overtaken: Sequence[OvertakenMark]
    """Marks of the reader's that somebody else's later ones took the place of."""
    named: Sequence[NamedAtDoor]
    notes: Sequence[SessionNote]


def sheet_of(session: Session, worker: Worker, group_session: GroupSession) -> Sheet:
    """The register as `worker` reads it. That they read it is written down for everyone in it."""
    bookings = session.scalars(Booking.expected_at(group_session)).all()
    # At once and not one by one: a register of thirty people is still one page.
    session.add_all(Look(worker_id=worker.id, tenant_id=booking.tenant_id, what="register") for booking in bookings)
    session.flush()
    return Sheet(
        register_of(session, group_session),
        bookings,
        session.scalars(OvertakenMark.told_to(worker, group_session)).all(),
        session.scalars(NamedAtDoor.open_at(group_session)).all(),
        session.scalars(SessionNote.of(group_session)).all(),
    )


def changed_since(
    session: Session, worker: Worker, group_session: GroupSession, since: datetime
) -> Sequence[Booking]:
    """Who was marked by anybody but `worker` since a page of theirs was made."""
    by_others = or_(Booking.marked_by_id.is_(None), Booking.marked_by_id != worker.id)
    return session.scalars(
        Booking.expected_at(group_session).where(Booking.mark_kept_at >= since - OVERLAP, by_others)
    ).all()
