"""Looking a plan over: what is kept of it, when it is asked for again, and whose keyworker should know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.move_on.models import Checklist, MoveOnPlan, MoveOnReview
from tenant_app.move_on.reminding import remind
from tenant_app.move_on.rules import ReviewRhythm
from tenant_app.move_on.standing import snapshot, standing

LATER = timedelta(weeks=2)
"""For how long a review that comes at a bad time is put off."""


def hold_review(
    session: Session, plan: MoveOnPlan, checklist: Checklist, changed: str, rhythm: ReviewRhythm, zone: ZoneInfo, *,
    language: str = "",
) -> MoveOnReview:  # fmt: skip
    """Keep how the plan stands today, with what the tenant says has changed, and ask again in due time. A second one
    with the same words on the same day is a double tap. `plan` is fresh from `begin`."""
    today = clock.today(zone)
    last = session.scalar(MoveOnReview.of(plan.tenant).limit(1))
    if last is not None and last.changed == changed and last.held_at.astimezone(zone).date() == today:
        return last
    wishes = plan.wishes
    review = MoveOnReview(
        plan=plan, held_at=clock.now(), changed=changed, language=language if changed else "",
        wished_in=plan.language, standing=snapshot(standing(checklist, plan.items)), **asdict(wishes),
    )  # fmt: skip
    session.add(review)
    plan.review_on = today + timedelta(weeks=rhythm.weeks)
    session.flush()
    remind(session, plan, zone)
    return review


def put_off(session: Session, plan: MoveOnPlan, zone: ZoneInfo) -> None:
    """Ask again later: nobody has to look ahead in a hard week. What is not due yet stays as it is."""
    today = clock.today(zone)
    if plan.review_on <= today:
        plan.review_on = today + LATER
        session.flush()
        remind(session, plan, zone)


def review_due(session: Session, tenant: Tenant, today: date) -> MoveOnPlan | None:
    """This tenant's plan, where it is time to look it over."""
    return session.scalar(MoveOnPlan.of(tenant).where(MoveOnPlan.review_on <= today))


def move_on_reviews_due(session: Session, worker: Worker, today: date) -> Sequence[MoveOnPlan]:
    """Plans of this worker's tenants who share them, and who are asked to look them over by now: the longest due
    first. Each has its `tenant` at hand; two questions to the database, however many there are."""
    due = MoveOnPlan.shared_with(worker).where(MoveOnPlan.review_on <= today)
    return session.scalars(due.order_by(MoveOnPlan.review_on, MoveOnPlan.id)).all()
