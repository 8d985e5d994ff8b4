"""The story of a goal: what happened to it and what was said of it, in one row, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tenant_app.goals.history import GoalEvent, Happened
from tenant_app.goals.models import Goal, Review, Step

SHOWN = 100
"""How much of a story stands on one page."""

Kind = Happened | Literal["written", "reviewed"]


@dataclass(frozen=True)
class Moment:
    """One thing in it."""

    at: datetime
    kind: Kind
    number: int | None = None
    """Of a confidence: 1 to 10."""
    step: Step | None = None
    review: Review | None = None


@dataclass(frozen=True)
class Story:
    """What stands on one page of it."""

    moments: list[Moment]
    """Newest first."""
    earlier: datetime | None = None
    """Ask for what lies before this; None where there is nothing more."""


def story_of(session: Session, goal: Goal, *, since: datetime | None = None, until: datetime | None = None,
             most: int = SHOWN) -> Story:  # fmt: skip
    """What happened from `since` on and before `until` (aware), the newest of it.

    Steps that were done before histories were kept have no row; they are told from the step itself.
    """
    events = GoalEvent.goal_id == goal.id
    rows = select(GoalEvent).where(events).options(selectinload(GoalEvent.step))
    reviews = select(Review).where(Review.goal_id == goal.id)
    if until is not None:
        rows, reviews = rows.where(GoalEvent.at < until), reviews.where(Review.written_at < until)
    if since is not None:
        rows, reviews = rows.where(GoalEvent.at >= since), reviews.where(Review.written_at >= since)
    rows = rows.order_by(GoalEvent.at.desc(), GoalEvent.id.desc()).limit(most + 1)
    reviews = reviews.order_by(Review.written_at.desc(), Review.id.desc()).limit(most + 1)
    found = [Moment(row.at, row.kind, row.number, row.step) for row in session.scalars(rows)]
    found += [Moment(review.written_at, "reviewed", review=review) for review in session.scalars(reviews)]
    told = set(session.scalars(select(GoalEvent.step_id).where(events, GoalEvent.kind == Happened.STEP_DONE)))
    found += [
        Moment(step.done_at, Happened.STEP_DONE, step=step)
        for step in goal.steps if step.done_at and step.id not in told and _within(step.done_at, since, until)
    ]  # fmt: skip
    if _within(goal.written_at, since, until):
        found.append(Moment(goal.written_at, "written"))
    # Sorting keeps the order of what happened at one moment; that it was written comes before all else.
    found.sort(key=lambda moment: moment.at, reverse=True)
    if len(found) <= most:
        return Story(found)
    # What happened at one moment is not torn apart, or the next page could not begin where this one ends.
    kept = [moment for moment in found if moment.at > found[most].at] or found[:most]
    return Story(kept, kept[-1].at)


def shared_story(session: Session, goal: Goal, *, until: datetime | None = None) -> Story:
    """The story as the keyworker sees it: from the day the goal was shared on.

    What lies before stays the tenant's. They decided about the goal as it stood on that day, and its steps, plans and
    notes are all there to be seen; how sure or unsure they were in the weeks when it was theirs alone, what they took
    back, when it rested, they have shown nobody. Kept private for a while and shared again, it begins again.
    """
    return story_of(session, goal, since=goal.shared_at, until=until)


def _within(at: datetime, since: datetime | None, until: datetime | None) -> bool:
    return (since is None or at >= since) and (until is None or at < until)
