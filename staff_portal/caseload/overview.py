"""A caseload put together in a fixed number of questions, however many people are on it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from staff_portal.finding import matches
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.goals.models import Goal


@dataclass(frozen=True)
class Row:
    """One person on a caseload."""

    tenant: Tenant
    goal: Goal | None
    """The goal they share that was moved on last; None where they share none."""
    shared: int
    """How many goals they share."""


def rows_of(session: Session, worker: Worker) -> list[Row]:
    """The whole caseload, by name."""
    goals: dict[UUID, list[Goal]] = {}
    for goal in session.scalars(Goal.shared_with(worker)):
        goals.setdefault(goal.tenant_id, []).append(goal)
    return [
        Row(tenant, _foremost(goals.get(tenant.id, [])), len(goals.get(tenant.id, [])))
        for tenant in session.scalars(worker.caseload)
    ]


def filtered(rows: list[Row], search: str) -> list[Row]:
    """Rows whose name or flat holds every word of the search, whatever the capitals and accents."""
    return [row for row in rows if matches(search, f"{row.tenant.name} {row.tenant.flat}")]


def _foremost(goals: list[Goal]) -> Goal | None:
    return max(goals, key=lambda goal: goal.last_moved, default=None)
