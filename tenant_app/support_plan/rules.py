"""When reviews open and fall due, by time and by a change of circumstances; and what waits for whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Person, Tenant, Worker, supported_by
from tenant_app.bulk import among
from tenant_app.chores import apart
from tenant_app.support_plan.kinds import Kind, Stage
from tenant_app.support_plan.models import Change, PlanReview
from tenant_app.support_plan.policy import DEFAULT, Policy
from tenant_app.support_plan.reminding import remind, remind_now

MOST_AT_ONCE = 200
WITH_WORKER = (Stage.WRITTEN, Stage.ANSWERED)
"""Where the next thing is for the worker to do: to sign, or to answer and close."""


def current(session: Session, tenant: Tenant) -> PlanReview | None:
    """The tenant's review that is not closed, if any."""
    return session.scalars(PlanReview.of(tenant).where(PlanReview.closed_at.is_(None))).one_or_none()


def open_reviews(session: Session, today: date, zone: ZoneInfo, policy: Policy = DEFAULT) -> bool:
    """A step of the worker: open the reviews that can be prepared from today on. Returns whether more remain.

    Whoever moved in long before anybody kept reviews here is given time: nobody is late on the first day.
    """
    soon = today + timedelta(days=policy.opens_days)
    has_open = exists().where(PlanReview.tenant_id == Tenant.id, PlanReview.closed_at.is_(None))
    ever = exists().where(PlanReview.tenant_id == Tenant.id)
    again = select(PlanReview.tenant_id).where(PlanReview.due_again_on <= soon)
    first = and_(~ever, Tenant.moved_in_on <= soon - timedelta(weeks=policy.first_weeks))
    tenants = session.scalars(
        select(Tenant)
        .where(Tenant.left_at.is_(None), ~has_open, or_(Tenant.id.in_(again), first))
        .order_by(Tenant.id)
        .limit(MOST_AT_ONCE)
    ).all()
    for tenant in tenants:
        with apart(session, "open_reviews", tenant.id):
            due_on = next_review_of(session, [tenant.id], policy)[tenant.id]
            _open(session, tenant, due_on if due_on >= today else soon, zone, policy)
    return len(tenants) == MOST_AT_ONCE


def tell_change(
    session: Session, person: Person, tenant: Tenant, kind: Kind, words: str, *, language: str, zone: ZoneInfo,
    policy: Policy = DEFAULT,
) -> PlanReview:  # fmt: skip
    """The tenant, or a worker who supports them, says what changed: a review is due within days. One that is open
    already is due sooner; the same told twice is told once."""
    soon = clock.today(zone) + timedelta(days=policy.change_days)
    review = _open(session, tenant, soon, zone, policy)
    if any((it.kind, it.words, it.told_by_id) == (kind, words, person.id) for it in review.changes):
        return review
    review.changes.append(
        Change(kind=kind, words=words, language=language if words else "", told_by=person, told_at=clock.now())
    )
    session.flush()
    if soon < review.due_on and not review.met:
        review.due_on = soon
        session.flush()
        remind(session, review, policy, zone)
    if isinstance(person, Worker) and not review.met:
        remind_now(session, review, policy)
    return review


def next_review_of(
    session: Session, tenant_ids: Collection[UUID], policy: Policy = DEFAULT
) -> dict[UUID, date]:
    """When each tenant's next review is due: of the one that is open, else what was agreed at the last, else by when
    they moved in. A fixed number of questions, however many tenants."""
    moved_in = select(Tenant.id, Tenant.moved_in_on).where(among(Tenant.id, tenant_ids))
    again = select(PlanReview.tenant_id, PlanReview.due_again_on).where(
        among(PlanReview.tenant_id, tenant_ids), PlanReview.due_again_on.is_not(None)
    )
    waiting = select(PlanReview.tenant_id, PlanReview.due_on).where(
        among(PlanReview.tenant_id, tenant_ids), PlanReview.closed_at.is_(None)
    )
    found = {tenant_id: policy.first_due(day) for tenant_id, day in session.execute(moved_in)}
    found |= {tenant_id: day for tenant_id, day in session.execute(again) if day is not None}
    for tenant_id, day in session.execute(waiting):
        found[tenant_id] = day
    return found


def reviews_due(
    session: Session, worker: Worker, today: date, policy: Policy = DEFAULT
) -> list[PlanReview]:
    """Reviews that this worker has still to hold: overdue, or due within `policy.told_days`, the first due first; each
    with its `tenant` and its `changes`. Two questions, however many there are."""
    soon = today + timedelta(days=policy.told_days)
    waiting = PlanReview.seen_by(worker).where(PlanReview.stage == Stage.AHEAD, PlanReview.due_on <= soon)
    return list(session.scalars(waiting).unique())


def awaiting_worker(session: Session, worker: Worker) -> list[PlanReview]:
    """Reviews that wait for this worker's signature (`Stage.WRITTEN`), or for their answer to a tenant who sees it
    otherwise (`Stage.ANSWERED`); each with its `tenant`. Two questions, however many there are."""
    waiting = PlanReview.seen_by(worker).where(PlanReview.stage.in_(WITH_WORKER))
    return list(session.scalars(waiting).unique())


def waiting_reviews(session: Session, worker: Worker) -> int:
    """How many reviews wait for this worker's signature or answer: the number beside the place in the sidebar."""
    theirs = select(Tenant.id).where(supported_by(worker))
    waiting = select(func.count()).where(PlanReview.stage.in_(WITH_WORKER), PlanReview.tenant_id.in_(theirs))
    return session.scalar(waiting) or 0


def reviews_overdue_of(session: Session, worker_ids: Sequence[UUID], today: date) -> dict[UUID, int]:
    """How many tenants of each of these keyworkers have a review whose day has passed and which is still to be held;
    those with none are missing. One question."""
    counted = session.execute(
        select(Tenant.keyworker_id, func.count())
        .join(PlanReview, PlanReview.tenant_id == Tenant.id)
        .where(
            Tenant.keyworker_id.in_(worker_ids), Tenant.left_at.is_(None), PlanReview.stage == Stage.AHEAD,
            PlanReview.due_on < today,
        )
        .group_by(Tenant.keyworker_id)
    )  # fmt: skip
    return {row[0]: row[1] for row in counted if row[0] is not None}


def for_today(session: Session, tenant: Tenant, today: date, policy: Policy = DEFAULT) -> PlanReview | None:
    """The review that the tenant's Today mentions: one to sign, or one that is near and still to be held."""
    review = current(session, tenant)
    if review is None:
        return None
    near = review.stage is Stage.AHEAD and review.due_on <= today + timedelta(days=policy.told_days)
    return review if near or review.stage is Stage.SIGNED else None


def _open(session: Session, tenant: Tenant, due_on: date, zone: ZoneInfo, policy: Policy) -> PlanReview:
    # Two who open one at the same moment queue here; the second finds what the first wrote.
    people = Tenant.__table__
    session.execute(select(people.c.id).where(people.c.id == tenant.id).with_for_update(key_share=True))
    known = current(session, tenant)
    if known is not None:
        return known
    for earlier in session.scalars(PlanReview.of(tenant).where(PlanReview.due_again_on.is_not(None))):
        earlier.due_again_on = None
    review = PlanReview(tenant=tenant, due_on=due_on, opened_at=clock.now())
    session.add(review)
    session.flush()
    remind(session, review, policy, zone)
    return review
