"""Sessions as one tenant sees them: with their own booking and a count of who waits. Nobody else is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant
from tenant_app.groups.models import Booking, GroupSession, Standing


@dataclass(frozen=True)
class Offer:
    """One session as one tenant sees it."""

    group_session: GroupSession
    booking: Booking | None
    """The tenant's own; None before they ever booked."""
    waiting: int
    """How many wait for a place."""

    @property
    def has_place(self) -> bool:
        return self.booking is not None and self.booking.has_place

    @property
    def waits(self) -> bool:
        return self.booking is not None and self.booking.waiting


def offers(session: Session, tenant: Tenant, sessions: Sequence[GroupSession]) -> list[Offer]:
    """Each session as this tenant sees it, in two questions however many there are."""
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
    return [Offer(each, mine.get(each.id), queues.get(each.id, 0)) for each in sessions]
