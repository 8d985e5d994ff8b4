"""Decisions across goals, people and reminders."""

from __future__ import annotations

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.goals.models import Goal, Review, Step
from tenant_app.reminders.rules import announce

REVIEWED = "goals.review"
"""Kind of notice: your keyworker wrote about a goal."""

TAP_LASTS = timedelta(hours=12)
"""How long an encouragement that is sent again is taken for the same."""

NEWS_LASTS = timedelta(days=3)
"""How long a push about a review is worth delivering to a phone that was off."""


def write_goal(
    session: Session, tenant: Tenant, words: str, *, why: str = "", area: str = "", first_step: str = "",
    shared: bool = False,
) -> Goal:  # fmt: skip
    """A new goal in the tenant's own words, private unless they say otherwise, perhaps with a first step."""
    goal = Goal(tenant=tenant, words=words, why=why, area=area, language=tenant.language)
    goal.share(shared)
    if first_step:
        goal.add_step(first_step)
    session.add(goal)
    session.flush()
    return goal


def next_step(session: Session, tenant: Tenant) -> Step | None:
    """The step that Today shows: the next one of the goal that was moved on most recently and does not rest."""
    goals = session.scalars(Goal.of(tenant).where(Goal.paused_at.is_(None), Goal.reached_at.is_(None))).all()
    waiting = [goal for goal in goals if goal.progress.next]
    return max(waiting, key=lambda goal: goal.last_moved).progress.next if waiting else None


def review_goal(
    session: Session, worker: Worker, goal: Goal, words: str, *, suggested_step: str = ""
) -> Review:
    """A keyworker's words about a goal that was found among `Goal.shared_with(worker)`, and a notice to the tenant.

    Raises `ValueError` if there is nothing in it.
    """
    if not words and not suggested_step:
        raise ValueError("a review says something, or suggests a step")
    review = Review(goal=goal, worker=worker, words=words, suggested_step=suggested_step, written_at=clock.now())
    session.add(review)
    session.flush()
    announce(
        session, goal.tenant, REVIEWED, source=f"review:{review.id}",
        facts={"goal": str(goal.id), "from": worker.known_as}, lasts=NEWS_LASTS,
    )  # fmt: skip
    return review


def encourage(session: Session, worker: Worker, goal: Goal, words: str) -> Review:
    """A kind sentence about a goal that was found among `Goal.shared_with(worker)`. The same one said again by the same
    worker within `TAP_LASTS` is the same one: a double tap tells the tenant once."""
    same = Review.worker_id == worker.id, Review.words == words, Review.suggested_step == ""
    since = Review.written_at > clock.now() - TAP_LASTS
    there = session.scalars(select(Review).where(Review.goal_id == goal.id, since, *same).limit(1)).first()
    return there or review_goal(session, worker, goal, words)


def reached_unsaid(session: Session, worker: Worker) -> list[Goal]:
    """For the keyworker's day: goals shared with them that were reached, and to which nobody has said a word since.

    Longest reached first; two questions to the database, however many there are.
    """
    said = select(Review.id).where(Review.goal_id == Goal.id, Review.written_at >= Goal.reached_at).exists()
    reached = Goal.shared_with(worker).where(Goal.reached_at.is_not(None), ~said)
    return list(session.scalars(reached.order_by(None).order_by(Goal.reached_at, Goal.id)))


def unseen_reviews(session: Session, tenant: Tenant) -> list[Review]:
    """Reviews the tenant has not read yet, newest first."""
    return list(session.scalars(Review.of(tenant).where(Review.seen_at.is_(None))))


def steps_done_on(session: Session, tenant: Tenant, day: date, zone: ZoneInfo) -> list[Step]:
    """Steps that the tenant marked as done on this day by the clock of `zone`, in that order."""
    begins = clock.at(day, time(), zone)
    ends = clock.at(day + timedelta(days=1), time(), zone)
    done = Step.of(tenant).where(Step.done_at >= begins, Step.done_at < ends).order_by(Step.done_at, Step.id)
    return list(session.scalars(done))
