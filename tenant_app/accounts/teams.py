"""Whose team is whose: a coordinator sees the caseloads of those they supervise.

A worker without a coordinator, or whose coordinator has left, is in every coordinator's team, and so are tenants whom
nobody supports. So a house that never says who supervises whom works as one team, and nobody falls between two.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select

from tenant_app.accounts.models import CARRIERS, Person, Role, Tenant, Worker

SUPERVISED_UNNAMED = (Role.KEYWORKER, Role.FACILITATOR)
"""Roles that are in everybody's team where no coordinator is named. Others are supervised only where one is."""


def team_of(coordinator: Worker) -> Select[Worker]:
    """Who works here and is supervised by this coordinator, by name; without themselves. Other roles have none."""
    return select(Worker).where(in_team_of(coordinator)).order_by(func.lower(Worker.name), Worker.id)


def in_team_of(coordinator: Worker) -> ColumnElement[bool]:
    """Condition of a query that has `Worker` in it: the same."""
    if coordinator.left_at is not None or coordinator.role is not Role.COORDINATOR:
        return false()
    return and_(
        Worker.left_at.is_(None), Worker.id != coordinator.id,
        _supervised_by(coordinator, Worker.__table__.c.coordinator_id),
        or_(Worker.coordinator_id == coordinator.id, Worker.role.in_(SUPERVISED_UNNAMED)),
    )  # fmt: skip


def coordinators() -> Select[Worker]:
    """Who can supervise others now, by name."""
    here = select(Worker).where(Worker.role == Role.COORDINATOR, Worker.left_at.is_(None))
    return here.order_by(func.lower(Worker.name), Worker.id)


def answered_for_by(coordinator: Worker) -> ColumnElement[bool]:
    """Condition of a query that has `Tenant` in it: whether this coordinator answers for them. Their keyworker is in
    the team or is the coordinator, or they have nobody: none is named, or whoever was has left or changed role."""
    return and_(Tenant.left_at.is_(None), once_answered_for_by(coordinator))


def once_answered_for_by(coordinator: Worker) -> ColumnElement[bool]:
    """Condition of a query that has `Tenant` in it: the same, and those who have left, by who was their keyworker. For
    what the law still asks of us then."""
    if coordinator.left_at is not None or coordinator.role is not Role.COORDINATOR:
        return false()
    staff, people = Worker.__table__.alias(), Person.__table__.alias()
    ours = select(staff.c.id).join(people, people.c.id == staff.c.id).where(or_(
        people.c.left_at.is_not(None), staff.c.role.not_in(CARRIERS),
        _supervised_by(coordinator, staff.c.coordinator_id),
    ))  # fmt: skip
    return or_(Tenant.keyworker_id.is_(None), Tenant.keyworker_id == coordinator.id, Tenant.keyworker_id.in_(ours))


def _supervised_by(coordinator: Worker, named: ColumnElement[UUID | None]) -> ColumnElement[bool]:
    """By name, or because nobody who is here is named."""
    staff, people = Worker.__table__.alias(), Person.__table__.alias()
    here = select(staff.c.id).join(people, people.c.id == staff.c.id).where(
        people.c.left_at.is_(None), staff.c.role == Role.COORDINATOR
    )  # fmt: skip
    return or_(named == coordinator.id, named.is_(None), named.not_in(here))
