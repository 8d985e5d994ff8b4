"""Inspections planned on a Thursday in November for the cast's two houses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

import pytest
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
