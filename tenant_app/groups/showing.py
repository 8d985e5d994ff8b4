"""Sessions as one tenant sees them: with their own booking and a count of who waits. Nobody else is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant
from tenant_app.groups.models import Booking, GroupSession, Standing
from tenant_app.groups.waiting import turns


@dataclass(frozen=True)
class Shown:
    """One session as one tenant sees it."""

    group_session: GroupSession
    booking: Booking | None
    """The tenant's own; None before they ever booked."""
    waiting: int
    """How many wait for a place."""
    turn: int = 0
    """Which turn the tenant has among them: 1 is first; 0 for who does not wait."""

    @property
    def has_place(self) -> bool:
        return self.booking is not None and self.booking.has_place

    @property
    def waits(self) -> bool:
        return self.booking is not None and self.booking.waiting

    @property
    def offered_until(self) -> datetime | None:
        """Until when a place is held for the tenant; None if none is."""
        return self.booking.offered_until if self.booking is not None and self.booking.offered else None

    @property
    def let_pass(self) -> bool:
        """Whether a place was held for the tenant, and went on because they did not answer."""
        return self.booking is not None and self.booking.let_pass


def shown(session: Session, tenant: Tenant, sessions: Sequence[GroupSession]) -> list[Shown]:
    """Each session as this tenant sees it, in three questions however many there are."""
    ids = [group_session.id for group_session in sessions]
    mine = {
        booking.session_id: booking
        for booking in session.scalars(
            select(Booking).where(Booking.tenant_id == tenant.id, Booking.session_id.in_(ids))
        )
    }
    waiting = session.execute(
        select(Booking.session_id, func.count())
        .where(Booking.session_id.in_(ids), Booking.standing == Standing.WAITING)
        .group_by(Booking.session_id)
    )
    queues = {session_id: count for session_id, count in waiting}  # noqa: C416 - rows are not plain pairs to mypy
    mine_in = turns(session, tenant, [each for each, booking in mine.items() if booking.waiting])
    return [Shown(each, mine.get(each.id), queues.get(each.id, 0), mine_in.get(each.id, 0)) for each in sessions]
