"""What a tenant is told about reviews of their plan: that one comes, that one is there to sign, and how it ended."""

from __future__ import annotations

from datetime import time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Worker
from tenant_app.reminders.rules import announce, withdraw
from tenant_app.support_plan.models import PlanReview
from tenant_app.support_plan.policy import Policy

DUE = "support-plan.due"
"""Kind of notice: a review is near; you may prepare it."""
SIGN = "support-plan.sign"
"""Kind of notice: there is a text to read, and to say what you think of it."""
ENDED = "support-plan.ended"
"""Kind of notice: a review that you see otherwise was answered and closed."""

MORNING = time(10)
LASTS = timedelta(days=2)
"""How long each is worth delivering to a phone that was off."""


def remind(session: Session, review: PlanReview, policy: Policy, zone: ZoneInfo) -> None:
    """Say some days before it is due that it can be prepared, and on the day that it is due, unless that is past."""
    withdraw(session, source_of(review), kinds=[DUE])
    for days in (policy.told_days, 0):
        due_at = clock.at(review.due_on - timedelta(days=days), MORNING, zone)
        if due_at > clock.now():
            announce(
                session, review.tenant, DUE, source=source_of(review), occurrence=f"due:{review.due_on}:{days}",
                due_at=due_at, lasts=LASTS, facts={"day": review.due_on.isoformat()},
            )  # fmt: skip


def remind_now(session: Session, review: PlanReview, policy: Policy) -> None:
    """Somebody else said that the plan is to be looked at sooner: the tenant hears of it at once, and not once more
    before the day."""
    withdraw(session, source_of(review), occurrence=f"due:{review.due_on}:{policy.told_days}")
    announce(
        session, review.tenant, DUE, source=source_of(review), occurrence=f"due:{review.due_on}:now", lasts=LASTS,
        facts={"day": review.due_on.isoformat()},
    )  # fmt: skip


def remind_no_more(session: Session, review: PlanReview) -> None:
    """They have met, or it is closed."""
    withdraw(session, source_of(review), kinds=[DUE])


def ask_to_sign(session: Session, review: PlanReview, worker: Worker) -> None:
    """There is a text to read."""
    announce(
        session, review.tenant, SIGN, source=source_of(review), occurrence=f"sign:{review.version}", lasts=LASTS,
        facts={"review": str(review.id), "from": worker.known_as},
    )  # fmt: skip


def ask_no_more(session: Session, review: PlanReview) -> None:
    """It was answered, or the text is being changed."""
    withdraw(session, source_of(review), kinds=[SIGN])


def say_ended(session: Session, review: PlanReview, worker: Worker) -> None:
    """It is closed, and not by the tenant's own signature."""
    announce(
        session, review.tenant, ENDED, source=source_of(review), lasts=LASTS,
        facts={"review": str(review.id), "from": worker.known_as},
    )  # fmt: skip


def source_of(review: PlanReview) -> str:
    """What its notices are about."""
    return f"plan-review:{review.id}"
