"""Writing down that Today or another list was read: once a day of each tenant, because it is opened all day long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Look, Tenant, Worker
from tenant_app.bulk import among
from tenant_app.web.house import house


def look_once_a_day(session: Session, worker: Worker, tenants: Sequence[Tenant], what: str) -> None:
    """Write down that `worker` reads this of each of these tenants, unless it was today already."""
    if not tenants:
        return
    zone = house().settings.zone
    midnight = clock.at(clock.today(zone), time(), zone)
    known = set(session.scalars(select(Look.tenant_id).where(
        among(Look.tenant_id, [tenant.id for tenant in tenants]), Look.worker_id == worker.id, Look.what == what,
        Look.looked_at >= midnight,
    )))  # fmt: skip
    unread = dict.fromkeys(tenant.id for tenant in tenants if tenant.id not in known)
    # At once, so that a list of any length costs as many statements as a short one.
    session.add_all(Look(tenant_id=key, worker_id=worker.id, what=what) for key in unread)
    session.flush()
