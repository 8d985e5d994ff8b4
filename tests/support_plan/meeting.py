"""A review as tests need it: opened by a change, written down, signed."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant, Worker
from tenant_app.support_plan.kinds import Kind, Who
from tenant_app.support_plan.models import PlanReview
from tenant_app.support_plan.recording import Agreed, Draft, sign, write
from tenant_app.support_plan.rules import tell_change

LONDON = ZoneInfo("Europe/London")
THIS_DAY, NEXT_REVIEW = date(2026, 11, 26), date(2027, 2, 18)
TALKED = "Amina cooks twice a week. The oven is still broken."


def opened(session: Session, tenant: Tenant, words: str = "Fewer shifts") -> PlanReview:
    """The tenant says that less money comes in."""
    return tell_change(session, tenant, tenant, Kind.INCOME, words, language="en", zone=LONDON)


def draft(**changes: Any) -> Draft:
    """What Grace writes down."""
    said: dict[str, Any] = {
        "met_on": THIS_DAY, "talked": TALKED, "view": "I think she is proud of it.", "next_on": NEXT_REVIEW,
        "lines": (Agreed(Who.WORKER, "Ring about the oven", date(2026, 12, 1)), Agreed(Who.TENANT, "Ask Linh over")),
    }  # fmt: skip
    return Draft(**{**said, **changes})


def signed(session: Session, tenant: Tenant, worker: Worker, **changes: Any) -> PlanReview:
    """Held, written down and signed by the worker."""
    review = opened(session, tenant)
    write(session, worker, review, draft(**changes), seen=0, language="en")
    sign(session, worker, review, seen=1)
    return review
