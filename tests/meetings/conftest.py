"""Alma Road's meeting, before it and ten minutes in, and who looks at it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.groups.meetings.minuting import open_meeting
from tenant_app.groups.meetings.models import AgendaItem
from tenant_app.groups.models import GroupSession
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.meetings.house import DURING, bins, meeting


@pytest.fixture
def during(thursday: None) -> Iterator[None]:
    """Ten minutes into Alma Road's meeting, unless a test says otherwise."""
    with clock.stopped_at(DURING):
        yield


@pytest.fixture
def phone(tenant_door: Flask, cast: Cast) -> FlaskClient:
    """Amina's."""
    return cast.at(tenant_door, cast.amina)


@pytest.fixture
def desk(staff_door: Flask, cast: Cast) -> FlaskClient:
    """Joana's, who runs the groups."""
    return cast.at(staff_door, cast.joana)


@pytest.fixture
def friday(session: Session, cast: Cast) -> GroupSession:
    planned = meeting(session, cast)
    session.commit()
    return planned


@pytest.fixture
def item(session: Session, amina: Tenant) -> AgendaItem:
    """Put on the day before."""
    with clock.stopped_at(THURSDAY):
        return bins(session, amina)


@pytest.fixture
def opened(session: Session, cast: Cast, item: AgendaItem, joana: Worker) -> GroupSession:
    """Alma Road's, ten minutes in."""
    it = meeting(session, cast)
    open_meeting(session, joana, it)
    session.commit()
    return it
