"""Inspections planned on a Thursday in November for the cast's two houses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.inspections.kinds import plans
from tenant_app.inspections.models import Inspection
from tenant_app.inspections.planning import plan_due
from tenant_app.settings import Settings
from tests.cast import Cast

LONDON = ZoneInfo("Europe/London")
Rota = Callable[[], bool]


@pytest.fixture
def rota(session: Session) -> Rota:
    """What the worker does about inspections once a minute."""
    return lambda: plan_due(session, clock.today(LONDON), LONDON, plans(Settings().content))


@pytest.fixture
def alarm_test(session: Session, cast: Cast, rota: Rota) -> Inspection:
    """Of Alma Road, due on Thursday."""
    rota()
    return session.scalars(
        select(Inspection).where(Inspection.kind == "fire-alarm-test", Inspection.property_id == cast.alma_road.id)
    ).one()


@pytest.fixture
def room(session: Session, cast: Cast, rota: Rota) -> Inspection:
    """Amina's, due a quarter after she moved in on 14 September."""
    rota()
    found = session.scalars(select(Inspection).where(Inspection.tenant_id == cast.amina.id)).one()
    assert found.due_on == date(2026, 12, 14)
    return found


@pytest.fixture
def desk(staff_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(staff_door, cast.grace)


@pytest.fixture
def sheet(session: Session, alarm_test: Inspection) -> str:
    session.commit()
    return f"/inspections/{alarm_test.id}"


@pytest.fixture
def room_sheet(session: Session, room: Inspection) -> str:
    session.commit()
    return f"/inspections/{room.id}"


def all_well(desk: FlaskClient, address: str, it: Inspection, *but: str) -> None:
    for item in it.items:
        if item["id"] not in but:
            assert desk.post(f"{address}/items/{item['id']}", data={"outcome": "ok"}).status_code == 303


def anew(session: Session, it: Inspection) -> Inspection:
    """As the database has it now; nothing stays open that would keep a page from writing."""
    session.expire_all()
    found = session.scalars(Inspection.whole(select(Inspection).where(Inspection.id == it.id))).one()
    session.commit()
    return found
