"""The ground that every decision about places stands on: one at a time, and never more places than there are."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant
from tenant_app.groups.models import Booking, GroupSession, Standing


class NoPlace(Exception):
    """A place that cannot be had. Nothing of the tenant's was changed."""


class Full(NoPlace):
    """The last place has gone; there is the waiting list."""


class NoSecondPlace(NoPlace):
    """No place is left for a supporter; the tenant may come alone."""


class Started(NoPlace):
    """The session has begun, or is over."""


class Cancelled(NoPlace):
    """The session is called off."""


def held(session: Session, group_session: GroupSession) -> GroupSession:
    """The session as it is at this moment, held until the transaction ends.

    Everything that changes a place asks here first, so that places are given one after the other. On SQLite every
    transaction that may write waits for its turn already.
    """
    return held_together(session, [group_session.id])[0]


def held_together(session: Session, ids: Sequence[UUID]) -> list[GroupSession]:
    """Several sessions, held. Always in the order of their ids: two who each wait for what the other holds would wait
    for ever."""
    return list(
        session.scalars(
            select(GroupSession)
            .where(GroupSession.id.in_(ids))
            .order_by(GroupSession.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def booking_of(session: Session, tenant: Tenant, group_session: GroupSession) -> Booking:
    """The tenant's booking as it is at this moment, or a new one that is kept only if something comes of it."""
    known = session.scalars(
        select(Booking)
        .where(Booking.session_id == group_session.id, Booking.tenant_id == tenant.id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    return known or Booking(
        session_id=group_session.id, tenant_id=tenant.id, standing=Standing.GIVEN_BACK, times_booked=0, supporter=False
    )


def require_open(group_session: GroupSession) -> None:
    """Raise `Cancelled` or `Started` where nobody can be given a place any more."""
    if group_session.cancelled:
        raise Cancelled
    if group_session.started:
        raise Started
