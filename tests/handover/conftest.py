"""The night at Alma Road, which Grace hands over to Marek."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Property, Tenant, Worker
from tenant_app.handover.models import About, Handover, HandoverLine
from tenant_app.handover.rules import ShiftHours, open_handover, write_line
from tests.cast import Cast

NIGHT = ShiftHours(
    "night", date(2026, 11, 25), datetime(2026, 11, 25, 21, 30, tzinfo=UTC), datetime(2026, 11, 26, 7, 30, tzinfo=UTC)
)
Say = Callable[..., HandoverLine]


@pytest.fixture
def marek(session: Session, cast: Cast) -> Worker:
    return session.get_one(Worker, cast.marek.id)


@pytest.fixture
def night(session: Session, cast: Cast) -> Handover:
    """Of Alma Road, where everybody but Salma lives and works."""
    return open_handover(session, session.get_one(Property, cast.alma_road.id), NIGHT)


@pytest.fixture
def say(session: Session, night: Handover, grace: Worker) -> Say:
    """Grace writes a line."""

    def write(words: str, about: About = About.HAPPENED, tenant: Tenant | None = None, by: Worker = grace):
        return write_line(session, by, night, about, words, tenant_id=tenant.id if tenant else None, language="en")

    return write


@pytest.fixture
def desk(session: Session, staff_door: Flask, cast: Cast) -> FlaskClient:
    session.commit()  # or it would keep the door from writing
    return cast.at(staff_door, cast.marek)
