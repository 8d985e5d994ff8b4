"""Whose team is whose: a coordinator sees the caseloads of those they supervise.

A worker without a coordinator, or whose coordinator has left, is in every coordinator's team, and so are tenants whom
nobody supports. So a house that never says who supervises whom works as one team, and nobody falls between two.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, and_, false, func, literal, or_, select, union_all

from tenant_app.accounts.models import CARRIERS, Person, Role, Tenant, Worker, carried_by, supported_by

SUPERVISED_UNNAMED = (Role.KEYWORKER, Role.FACILITATOR)
"""Roles that are in everybody's team where no coordinator is named. Others are supervised only where one is."""
WORKERS, PEOPLE = Worker.__table__, Person.__table__


def team_of(coordinator: Worker) -> Select[Worker]:
    """Who works here and is supervised by this coordinator, by name; without themselves. Other roles have none."""
    return select(Worker).where(in_team_of(coordinator)).order_by(func.lower(Worker.name), Worker.id)


def in_team_of(coordinator: Worker) -> ColumnElement[bool]:
    """Condition of a query that has `Worker` in it: the same."""
    if not _coordinates(coordinator):
        return false()
    return and_(
        Worker.left_at.is_(None), Worker.id != coordinator.id,
        or_(WORKERS.c.coordinator_id == coordinator.id, WORKERS.c.coordinator_id.is_(None),
            WORKERS.c.coordinator_id.not_in(_coordinators_here())),
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
    if not _coordinates(coordinator):
        return false()
    return _kept_by(*_answers_for(coordinator))


def looked_after_by(worker: Worker) -> ColumnElement[bool]:
    """Condition of a query that has `Tenant` in it: whether this worker supports them now, or answers for them."""
    # SQLite reads every tenant where two conditions are joined by `or`, even where one of them is never true.
    if not _coordinates(worker):
        return supported_by(worker)
    return and_(Tenant.left_at.is_(None), _kept_by(*carried_by(worker), *_answers_for(worker)))


def once_looked_after_by(worker: Worker) -> ColumnElement[bool]:
    """Condition of a query that has `Tenant` in it: the same, and those who have left, for whom they answered."""
    if not _coordinates(worker):
        return supported_by(worker)
    return or_(_kept_by(*_answers_for(worker)), supported_by(worker))


def unsupported(coordinator: Worker) -> ColumnElement[bool]:
    """Condition of a query that has `Tenant` in it: of those this coordinator answers for, who has nobody."""
    if not _coordinates(coordinator):
        return false()
    return and_(Tenant.left_at.is_(None), _kept_by(*_carrying_nobody()))


def _kept_by(*keyworkers: Select[UUID]) -> ColumnElement[bool]:
    return or_(Tenant.keyworker_id.is_(None), Tenant.keyworker_id.in_(union_all(*keyworkers)))


def _coordinates(worker: Worker) -> bool:
    return worker.left_at is None and worker.role is Role.COORDINATOR


def _answers_for(coordinator: Worker) -> list[Select[UUID]]:
    """Questions for ids of those whose tenants they answer for: their own, the team's, and of who carries nobody."""
    # A question each, answered by an index. Asked as one condition, all who ever worked here are read, on each page.
    staff = WORKERS.alias()
    unsupervised = staff.c.coordinator_id.is_(None), staff.c.coordinator_id.in_(_coordinators_gone())
    team = [select(staff.c.id).where(named) for named in (staff.c.coordinator_id == coordinator.id, *unsupervised)]
    return [select(literal(coordinator.id, Uuid())), *team, *_carrying_nobody()]


def _carrying_nobody() -> list[Select[UUID]]:
    """Questions for ids of those who have left, or whose role has no caseload."""
    staff, people = WORKERS.alias(), PEOPLE.alias()
    others = [role for role in Role if role not in CARRIERS]
    return [
        select(people.c.id).where(people.c.left_at.is_not(None), people.c.kind == "worker"),
        select(staff.c.id).where(staff.c.role.in_(others)),
    ]


def _coordinators_gone() -> Select[UUID]:
    """Ids of those who are named as somebody's coordinator and are none."""
    staff = WORKERS.alias()
    return select(staff.c.coordinator_id).where(staff.c.coordinator_id.not_in(_coordinators_here())).distinct()


def _coordinators_here() -> Select[UUID]:
    staff, people = WORKERS.alias(), PEOPLE.alias()
    here = select(staff.c.id).join(people, people.c.id == staff.c.id)
    return here.where(people.c.left_at.is_(None), staff.c.role == Role.COORDINATOR)
