"""A caseload put together in a fixed number of questions, however many people are on it: the database chooses, sorts
and counts, and only one page of people is read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from staff_portal.caseload.asked import Asked, Show, Sort
from staff_portal.finding import found_by
from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.bulk import among
from tenant_app.goals.models import Goal, Step
from tenant_app.reminders.reach import dead_channels
from tenant_app.rent.hardship import Hardship, HardshipState
from tenant_app.rent.models import RentAccount
from tenant_app.support.contact import NEVER, last_contact
from tenant_app.support_plan.policy import Policy
from tenant_app.support_plan.rules import next_review_of

PAGE = 50


@dataclass(frozen=True)
class Row:
    """One person on a caseload."""

    tenant: Tenant
    last_contact: datetime | None
    """When the two were last in touch."""
    next_review: date | None
    review_overdue: bool
    goal: Goal | None
    """The goal they share that was moved on last; None where they share none."""
    shared: int
    """How many goals they share."""
    unreached_since: datetime | None = None
    """Since when reminders reach none of their phones, though they let them; never what those are about."""
    cannot_pay: bool = False
    """Whether they let this worker know so, and wait for an answer."""
    sign: bool = False
    """Whether an early sign stands for them."""


@dataclass(frozen=True)
class Caseload:
    """One page of it, and how many there are of what."""

    rows: list[Row]
    page: int
    pages: int
    found: int
    """How many the question finds, on all pages."""
    everyone: int
    counts: dict[Show, int] = field(default_factory=dict)
    """How many each of the choices would show, of everyone."""
    keyworkers: Sequence[tuple[UUID, str]] = ()
    """(id, name) of those whose tenants are on it; empty where they are only this worker's own."""


def caseload_of(
    session: Session, worker: Worker, asked: Asked, zone: ZoneInfo, signs: Collection[UUID], policy: Policy
) -> Caseload:
    """The page that was asked for; the last there is where that is too far. `signs`: of whom an early sign stands."""
    today = clock.today(zone)
    theirs = session.execute(
        worker.caseload.with_only_columns(Tenant.id, Tenant.keyworker_id, maintain_column_froms=True)
    ).all()
    reviews = next_review_of(session, [key for key, _ in theirs], policy)
    overdue = {key for key, day in reviews.items() if day < today}
    chosen = {
        Show.SIGN: among(Tenant.id, signs), Show.REVIEW: among(Tenant.id, overdue),
        Show.COVERED: Tenant.keyworker_id.is_distinct_from(worker.id),
    }  # fmt: skip
    counts = {
        Show.SIGN: len({key for key, _ in theirs} & set(signs)), Show.REVIEW: len(overdue),
        Show.COVERED: sum(keyworker_id != worker.id for _, keyworker_id in theirs),
    }  # fmt: skip
    wanted = worker.caseload.where(_narrowed(asked, chosen))
    found = len(theirs)
    if asked.narrowed:
        counted = wanted.order_by(None).with_only_columns(func.count(), maintain_column_froms=True)
        found = session.scalar(counted) or 0
    pages = max(-(-found // PAGE), 1)
    page = min(asked.page, pages)
    first = (page - 1) * PAGE
    if asked.sort is Sort.REVIEW:
        # Who has none planned comes last; among equals the names decide, which are the order of the question.
        ids = session.scalars(wanted.with_only_columns(Tenant.id, maintain_column_froms=True)).all()
        soonest = sorted(ids, key=lambda key: reviews.get(key, date.max))[first : first + PAGE]
        listed = worker.caseload.where(among(Tenant.id, soonest))
    else:
        listed = wanted.order_by(None).order_by(*_order(asked.sort, worker)).limit(PAGE).offset(first)
    people = [(tenant, at) for tenant, at in session.execute(listed.add_columns(last_contact(worker)))]
    if asked.sort is Sort.REVIEW:
        people.sort(key=lambda one: reviews.get(one[0].id, date.max))
    return Caseload(
        _rows(session, worker, people, reviews, today, signs), page, pages, found, len(theirs), counts,
        _keyworkers(session, {key for _, key in theirs if key}),
    )  # fmt: skip


def _narrowed(asked: Asked, chosen: dict[Show, ColumnElement[bool]]) -> ColumnElement[bool]:
    conditions = [found_by(asked.search)]
    if asked.show:
        conditions.append(chosen[asked.show])
    if asked.stage:
        conditions.append(Tenant.stage == asked.stage)
    if asked.intensity:
        conditions.append(Tenant.intensity == asked.intensity)
    if asked.keyworker_id:
        conditions.append(Tenant.keyworker_id == asked.keyworker_id)
    return and_(*conditions)


def _order(sort: Sort, worker: Worker) -> list[Any]:
    by_name: list[Any] = [Tenant.sought, Tenant.id]
    if sort is Sort.CONTACT:
        return [last_contact(worker), *by_name]
    if sort is Sort.STEP:
        moved = (
            select(func.max(Step.done_at))
            .join(Goal, Goal.id == Step.goal_id)
            .where(Goal.tenant_id == Tenant.id, Goal.shared_at.is_not(None))
            .correlate(Tenant)
            .scalar_subquery()
        )
        return [moved.is_(None), moved.desc(), *by_name]
    return by_name


def _rows(
    session: Session, worker: Worker, people: list[tuple[Tenant, datetime]], reviews: Mapping[UUID, date], today: date,
    signs: Collection[UUID],
) -> list[Row]:  # fmt: skip
    ids = [tenant.id for tenant, _ in people]
    goals: dict[UUID, list[Goal]] = {}
    shared = Goal.shared_with(worker).where(among(Goal.tenant_id, ids)).with_only_columns(Goal.id).order_by(None)
    # The goals alone: years of reviews beside them are not shown here.
    for goal in session.scalars(select(Goal).where(Goal.id.in_(shared)).order_by(Goal.written_at.desc(), Goal.id)):
        goals.setdefault(goal.tenant_id, []).append(goal)
    dead = dead_channels(session, ids)
    waiting = Hardship.told_to(worker).join(RentAccount, RentAccount.id == Hardship.account_id)
    told = {
        key for key, state in session.execute(waiting.with_only_columns(RentAccount.tenant_id, Hardship.state))
        if state is HardshipState.OPEN
    }  # fmt: skip
    return [
        Row(
            tenant, at if at > NEVER else None, reviews.get(tenant.id), reviews.get(tenant.id, today) < today,
            _foremost(goals.get(tenant.id, [])), len(goals.get(tenant.id, [])), dead.get(tenant.id),
            tenant.id in told, tenant.id in signs,
        )
        for tenant, at in people
    ]  # fmt: skip


def _keyworkers(session: Session, ids: Collection[UUID]) -> list[tuple[UUID, str]]:
    if len(ids) < 2:
        return []
    named = select(Worker.id, Worker.name).where(among(Worker.id, ids))
    return [(key, name) for key, name in session.execute(named.order_by(func.lower(Worker.name), Worker.id))]


def _foremost(goals: list[Goal]) -> Goal | None:
    return max(goals, key=lambda goal: goal.last_moved, default=None)
