"""What tenants are told about their repairs at once. How it is worded stands in `notices.py`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from tenant_app.reminders.rules import announce, withdraw
from tenant_app.repairs.models import Repair, RepairUpdate

NEWS = "repairs.news"
"""Kind of notice: something changed about a repair you reported."""

NEWS_LASTS = timedelta(days=3)
"""How long a push about a repair is worth delivering to a phone that was off."""


def announce_to_reporter(
    session: Session, repair: Repair, kind: str, *, source: str, occurrence: str, lasts: timedelta,
    facts: dict[str, Any], due_at: datetime | None = None,
) -> None:  # fmt: skip
    """Say one thing once to the tenant whose report it is. Of a house nobody is rung up: whoever lives there finds it
    among the repairs. Times as in `announce`."""
    if repair.tenant is not None:
        announce(
            session, repair.tenant, kind, source=source, occurrence=occurrence, lasts=lasts, due_at=due_at, facts=facts
        )


def tell(session: Session, repair: Repair, update: RepairUpdate) -> None:
    """Tell the tenant of a line that a worker wrote, and remember that they have not opened it."""
    # An older line that still waits would tell the tenant of a day that no longer holds.
    forget(session, repair)
    repair.unread = repair.tenant is not None
    session.flush()
    announce_to_reporter(
        session, repair, NEWS, source=_source(repair), occurrence=update.id.hex, lasts=NEWS_LASTS,
        facts={
            "repair": str(repair.id), "kind": repair.kind, "state": update.state.value, "event": update.event.value,
            "from": update.by.known_as if update.by else "", "words": bool(update.words),
            "visit_on": update.visit_on.isoformat() if update.visit_on else "", "visit_window": update.visit_window,
        },
    )  # fmt: skip


def forget(session: Session, repair: Repair) -> None:
    """Take back the news that still waits to be told."""
    withdraw(session, _source(repair))


def _source(repair: Repair) -> str:
    return f"repair:{repair.id}"
