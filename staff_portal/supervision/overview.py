"""A team put together in a fixed number of questions, however many people are in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from tenant_app import clock
from tenant_app.accounts.models import CARRIERS, Cover, Tenant, Worker
from tenant_app.accounts.teams import team_of
from tenant_app.bulk import among
from tenant_app.key_work.tasks import open_tasks_of
from tenant_app.supervision.rules import last_met
from tenant_app.support_plan.rules import reviews_overdue_of
from tenant_app.web.house import house

Counting = Callable[[Session, Sequence[UUID]], Mapping[UUID, int]]


@dataclass(frozen=True)
class Column:
    """A number beside each of the team: what it is called, and one question that answers for all of them."""

    words: object
    """A lazy string, or it would be read before anyone's language is known: `_("Open tasks")`."""
    count: Counting
    """(session, ids of workers) -> how many, by worker; who has none may be left out."""


def _overdue(session: Session, worker_ids: Sequence[UUID]) -> Mapping[UUID, int]:
    return reviews_overdue_of(session, worker_ids, clock.today(house().settings.zone))


COLUMNS: list[Column] = [Column(_("Open tasks"), open_tasks_of), Column(_("Reviews overdue"), _overdue)]
"""What else a coordinator sees of each caseload: a room with something to count adds its column here, in the order of
the table."""


@dataclass(frozen=True)
class Member:
    """One of the team."""

    worker: Worker
    tenants: int
    """How many they are the keyworker of."""
    usual: int
    """How many that would be by the association's policy."""
    met_on: date | None
    """When they last had supervision, as far as whoever reads may know."""
    away: Cover | None
    """By which somebody stands in for them now."""
    counts: list[int] = field(default_factory=list)
    """In the order of `COLUMNS`."""

    @property
    def above(self) -> int:
        """How many more than usual; 0 where it is not more."""
        return max(self.tenants - self.usual, 0)

    @property
    def carries(self) -> bool:
        """Whether they have a caseload by their role."""
        return self.worker.role in CARRIERS


def team(session: Session, coordinator: Worker, usual: int) -> list[Member]:
    """The team by name, and the coordinator first where they have a caseload too."""
    workers = list(session.scalars(team_of(coordinator)))
    ids = [coordinator.id, *(one.id for one in workers)]
    carried = caseload_sizes(session, ids)
    if carried.get(coordinator.id):
        workers.insert(0, coordinator)
    met = last_met(session, coordinator)
    away = {cover.worker_id: cover for cover in session.scalars(
        select(Cover).options(joinedload(Cover.covered_by)).where(among(Cover.worker_id, ids), Cover.now())
    )}  # fmt: skip
    columns = [column.count(session, ids) for column in COLUMNS]
    return [
        Member(one, carried.get(one.id, 0), usual, met.get(one.id), away.get(one.id),
               [column.get(one.id, 0) for column in columns])
        for one in workers
    ]  # fmt: skip


def caseload_sizes(session: Session, worker_ids: Sequence[UUID]) -> Mapping[UUID, int]:
    """How many tenants each of these is the keyworker of now. One question."""
    found = session.execute(
        select(Tenant.keyworker_id, func.count(Tenant.id))
        .where(Tenant.keyworker_id.in_(worker_ids), Tenant.left_at.is_(None)).group_by(Tenant.keyworker_id)
    )  # fmt: skip
    return {worker_id: count for worker_id, count in found if worker_id is not None}
