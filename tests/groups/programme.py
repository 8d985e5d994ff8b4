"""Sessions for tests, planned through the rules, and neighbours to fill them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from tenant_app.accounts.models import Property, Tenant, Worker
from tenant_app.accounts.rules import welcome_tenant
from tenant_app.groups.models import GroupSession
from tenant_app.groups.rules import book_place, plan_session
from tests.cast import Cast
from tests.conftest import THURSDAY

LONDON = ZoneInfo("Europe/London")
TOMORROW = THURSDAY + timedelta(days=1, hours=2)
"""Friday at eleven, when most sessions of the tests start."""


def plan(session: Session, cast: Cast, kind: str = "cooking-together", **changes: Any) -> GroupSession:
    """Joana's session of an hour and a half for eight, tomorrow at eleven, unless `changes` say otherwise."""
    starts_at: datetime = changes.pop("starts_at", TOMORROW)
    given: dict[str, Any] = {
        "starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=90), "zone": LONDON,
        "place": "Kitchen, ground floor", "facilitator": session.get_one(Worker, cast.joana.id), "capacity": 8,
    }  # fmt: skip
    return plan_session(session, kind, **{**given, **changes})


def neighbours(session: Session, cast: Cast, count: int) -> list[Tenant]:
    """More people of Alma Road, with names that no page would show by chance."""
    home = session.get_one(Property, cast.alma_road.id)
    return [
        welcome_tenant(session, f"Quentin{number} Canary{number}", building=home, moved_in_on=date(2026, 9, 1))
        for number in range(count)
    ]


def fill(session: Session, cast: Cast, group_session: GroupSession) -> list[Tenant]:
    """Neighbours take every place that is left."""
    taking = neighbours(session, cast, group_session.places_left)
    for tenant in taking:
        book_place(session, tenant, group_session)
    return taking
