"""A caseload put together in a fixed number of questions, however many people are on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from staff_portal.finding import matches
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.goals.models import Goal
from tenant_app.reminders.reach import dead_channels


@dataclass(frozen=True)
class Row:
    """One person on a caseload."""

    tenant: Tenant
    goal: Goal | None
    """The goal they share that was moved on last; None where they share none."""
    shared: int
    """How many goals they share."""
    unreached_since: datetime | None = None
    """Since when reminders reach none of their phones, though they let them; never what those are about."""


def rows_of(session: Session, worker: Worker) -> list[Row]:
    """The whole caseload, by name."""
    goals: dict[UUID, list[Goal]] = {}
    for goal in session.scalars(Goal.shared_with(worker)):
        goals.setdefault(goal.tenant_id, []).append(goal)
    tenants = session.scalars(worker.caseload).all()
    dead = dead_channels(session, [tenant.id for tenant in tenants])
    return [
        Row(tenant, _foremost(goals.get(tenant.id, [])), len(goals.get(tenant.id, [])), dead.get(tenant.id))
        for tenant in tenants
    ]


def filtered(rows: list[Row], search: str) -> list[Row]:
    """Rows whose name or flat holds every word of the search, whatever the capitals and accents."""
    return [row for row in rows if matches(search, f"{row.tenant.name} {row.tenant.flat}")]


def _foremost(goals: list[Goal]) -> Goal | None:
    return max(goals, key=lambda goal: goal.last_moved, default=None)
