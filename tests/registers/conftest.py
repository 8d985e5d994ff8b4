"""A group with two places taken, and who keeps its register."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tenant_app.accounts.models import Tenant
from tenant_app.groups.models import Attendance, Booking, GroupSession
from tenant_app.groups.rules import book_place
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups.programme import plan

HTMX = {"HX-Request": "true"}


@pytest.fixture
def phone(staff_door: Flask, cast: Cast) -> FlaskClient:
    """Joana's, who runs the groups."""
    return cast.at(staff_door, cast.joana)


@pytest.fixture
def cooking(session: Session, cast: Cast, amina: Tenant, tomasz: Tenant) -> GroupSession:
    """Starts in half an hour; Amina and Tomasz have a place."""
    planned = plan(session, cast, starts_at=THURSDAY + timedelta(minutes=30))
    for tenant in (amina, tomasz):
        book_place(session, tenant, planned)
    session.commit()
    return planned


def tap(
    phone: FlaskClient, group_session: GroupSession, tenant: Tenant, mark: str, **more: str
) -> TestResponse:
    """One tap on a phone that runs scripts."""
    path = f"/registers/{group_session.id}/people/{tenant.id}"
    return phone.post(path, data={f"mark-{tenant.id}": mark, **more}, headers=HTMX)


def _marks(session: Session, group_session: GroupSession) -> dict[str, Attendance | None]:
    bookings = session.scalars(Booking.expected_at(group_session).execution_options(populate_existing=True)).all()
    session.commit()  # on SQLite a transaction left open would keep the door waiting
    return {booking.tenant.known_as: booking.attendance for booking in bookings}
