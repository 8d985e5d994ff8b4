"""When a tenant is told that a review is due: on the day, once more if nothing happened, and then no more."""

from __future__ import annotations

from datetime import time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from tenant_app.move_on.models import MoveOnPlan
from tenant_app.reminders.rules import schedule

REVIEW = "move-on.review"
"""Kind of notice: it is time to look over your plan. Nobody is told whose phone is not to speak of plans."""
SUGGESTED = "move-on.suggested"
"""Kind of notice: your keyworker suggests something for your list."""

AT = time(11)
"""By the tenant's clock: nobody's sleep, and a day ahead to talk it over."""
AGAIN_AFTER = timedelta(weeks=2)
LASTS = timedelta(hours=9)
"""In the evening it still makes sense, and no longer at night."""


def remind(session: Session, plan: MoveOnPlan, zone: ZoneInfo) -> None:
    """Plan the two reminders of the next review, in place of whatever was planned before."""
    schedule(
        session, plan.tenant, REVIEW, source=f"move-on:{plan.tenant_id}", wall_time=AT, zone=zone,
        starts_on=plan.review_on, ends_on=plan.review_on + AGAIN_AFTER, lasts=LASTS,
        recurrence=f"FREQ=WEEKLY;INTERVAL={AGAIN_AFTER.days // 7}",
    )  # fmt: skip
