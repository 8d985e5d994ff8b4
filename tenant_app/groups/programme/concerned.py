"""Whom a change of plan concerns: everyone with a place, everyone to whom one is offered, everyone who waits."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, contains_eager

from tenant_app.accounts.models import Tenant
from tenant_app.groups.models import Booking, GroupSession, Standing


def how_many_told(session: Session, sessions: Sequence[GroupSession]) -> int:
    """How many people have a place in these sessions or wait for one: each counts once."""
    counted = (
        select(func.count(Booking.tenant_id.distinct()))
        .join(Booking.tenant)
        .where(*_concerned(sessions), Tenant.left_at.is_(None))
    )
    return session.scalar(counted) or 0


def _concerned(sessions: Sequence[GroupSession]) -> tuple[ColumnElement[bool], ...]:
    """Conditions of a query: has a place in one of these, waits for one, or is offered one."""
    return (
        Booking.session_id.in_([each.id for each in sessions]),
        Booking.standing.not_in((Standing.GIVEN_BACK, Standing.WALKED_IN)),
    )


def bookings_of(session: Session, group_session: GroupSession) -> list[Booking]:
    """The bookings of one session that it concerns, with their tenants."""
    concerned = (
        select(Booking)
        .join(Booking.tenant)
        .options(contains_eager(Booking.tenant))
        .where(*_concerned([group_session]), Tenant.left_at.is_(None))
        .order_by(Booking.id)
    )
    return list(session.scalars(concerned))
