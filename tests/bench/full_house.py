"""A house of many tenants, each with a browser, written straight into PostgreSQL: a measurement's own seed."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Property, Tenant
from tenant_app.database import Database, new_id
from tenant_app.reminders.models import Schedule, Subscription
from tests.bench.browsers import Browsers

CHUNK = 5000
MOVED_IN_ON = date(2026, 1, 5)


def move_in(database: Database, browsers: Browsers, *, kind: str, wall_time: time, facts: dict[str, Any]) -> None:
    """A tenant for each browser, reminded daily at `wall_time` (UTC) of what `kind` and `facts` say."""
    subscriptions = browsers.subscriptions()
    with database.step() as session:
        home = _building(session)
    for first in range(0, len(subscriptions), CHUNK):
        chunk = subscriptions[first : first + CHUNK]
        tenants = [new_id() for _ in chunk]
        with database.step() as session:
            session.execute(insert(Tenant), [
                {"id": one, "name": f"Tenant {first + number}", "known_as": "", "sign_in_name": f"tenant{first + number}",
                 "property_id": home, "moved_in_on": MOVED_IN_ON}
                for number, one in enumerate(tenants)
            ])  # fmt: skip
            session.execute(insert(Subscription), [
                {"person_id": one, "endpoint": browser["endpoint"], **browser["keys"]}
                for one, browser in zip(tenants, chunk, strict=True)
            ])  # fmt: skip
            session.execute(insert(Schedule), [
                {"tenant_id": one, "kind": kind, "source": f"medication:{one}:09:00", "wall_time": wall_time,
                 "zone": "UTC", "recurrence": "FREQ=DAILY", "starts_on": MOVED_IN_ON, "lasts_minutes": 240,
                 "facts": facts}
                for one in tenants
            ])  # fmt: skip


def one_tenant(session: Session) -> UUID:
    """Somebody for whom notices may wait."""
    tenant = Tenant(
        name="Amina", known_as="Amina", sign_in_name="amina", property_id=_building(session), moved_in_on=MOVED_IN_ON
    )
    session.add(tenant)
    session.flush()
    return tenant.id


def _building(session: Session) -> UUID:
    building = Property(name="The full house")
    session.add(building)
    session.flush()
    return building.id
