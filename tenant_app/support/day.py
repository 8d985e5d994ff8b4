"""A tenant's day, put together from the rooms: what is now, what comes later, and the one thing that is lit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.goals.models import Review, Step
from tenant_app.goals.rules import next_step, unseen_reviews


@dataclass(frozen=True)
class Day:
    """What Today shows."""

    now: datetime
    step: Step | None
    reviews: list[Review]


def day_of(session: Session, tenant: Tenant) -> Day:
    """The day of this tenant at this moment."""
    return Day(now=clock.now(), step=next_step(session, tenant), reviews=unseen_reviews(session, tenant))
