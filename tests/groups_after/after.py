"""Sessions that were, for the tests of what comes after them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.groups.models import Attendance, Booking, GroupSession
from tenant_app.groups.register.attendance import mark_attendance
from tenant_app.groups.rules import book_place
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups.programme import plan

HTMX = {"HX-Request": "true"}


def booked(session: Session, cast: Cast, *tenants: Tenant, starts_at: datetime, kind: str = "cooking-together",
           **changes: Any) -> GroupSession:  # fmt: skip
    """A session of an hour and a half in which these tenants have places, whenever it is."""
    with clock.stopped_at(starts_at - timedelta(days=3)):
        planned = plan(session, cast, kind, starts_at=starts_at, **changes)
        for tenant in tenants:
            book_place(session, tenant, planned)
    return planned


def marked(session: Session, cast: Cast, tenant: Tenant, group_session: GroupSession,
           mark: Attendance | None = Attendance.HERE) -> Booking:  # fmt: skip
    """What Joana's register says of a tenant; now, or during the session if it is over."""
    joana = session.get_one(Worker, cast.joana.id)
    with clock.stopped_at(max(clock.now(), group_session.starts_at)):
        return mark_attendance(session, joana, group_session, tenant.id, mark)


def came(session: Session, cast: Cast, tenant: Tenant, *, days_ago: int, kind: str = "cooking-together",
         mark: Attendance = Attendance.HERE, **changes: Any) -> GroupSession:  # fmt: skip
    """A session some days before Thursday that the tenant came to, or as `mark` says."""
    planned = booked(session, cast, tenant, starts_at=THURSDAY - timedelta(days=days_ago), kind=kind, **changes)
    marked(session, cast, tenant, planned, mark)
    return planned


def booking_of(session: Session, tenant: Tenant, group_session: GroupSession) -> Booking:
    theirs = select(Booking).where(Booking.tenant_id == tenant.id, Booking.session_id == group_session.id)
    return session.scalars(theirs.execution_options(populate_existing=True)).one()
