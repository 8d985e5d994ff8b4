"""When a tenant is reminded of a visit. How it is worded stands in `notices.py`."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.reminders.ahead import EVENING_LASTS, evening_before
from tenant_app.reminders.rules import withdraw
from tenant_app.repairs.models import Repair, RepairUpdate, State
from tenant_app.repairs.telling import announce_to_reporter
from tenant_app.repairs.visits.models import visit_span

DAY_BEFORE = "repairs.day_before"
SAME_MORNING = "repairs.same_morning"

MORNING = time(8)
"""Wall time of the reminder on the day itself."""
AT_LEAST = timedelta(hours=1)
"""How long before an early visit it comes instead."""


def remind(session: Session, repair: Repair, booked: RepairUpdate, zone: ZoneInfo) -> None:
    """Plan both reminders of the visit that this line booked, as far as they are still to come; those of any other
    visit are taken back. A repair without a visit has none."""
    drop_reminders(session, repair)
    if repair.state is not State.BOOKED or repair.visit_on is None:
        return
    starts_at, _ = visit_span(repair.visit_on, repair.visit_window, zone)
    now, evening = clock.now(), evening_before(starts_at, zone)
    morning = min(clock.at(repair.visit_on, MORNING, zone), starts_at - AT_LEAST)
    if now < evening:
        _say(session, repair, booked, DAY_BEFORE, due_at=evening, lasts=EVENING_LASTS)
    if now < morning:
        _say(session, repair, booked, SAME_MORNING, due_at=morning, lasts=starts_at - morning)


def drop_reminders(session: Session, repair: Repair) -> None:
    """Nobody comes, or at another time."""
    withdraw(session, _source(repair))


def _say(
    session: Session, repair: Repair, booked: RepairUpdate, kind: str, *, due_at: datetime, lasts: timedelta
) -> None:
    assert repair.visit_on is not None
    facts: dict[str, Any] = {
        "repair": str(repair.id), "kind": repair.kind, "visit_on": repair.visit_on.isoformat(),
        "visit_window": repair.visit_window,
    }  # fmt: skip
    # The line's id: the same hours booked again, after they were called off, are to be said again. The column takes 40.
    which = f"{booked.id.hex}:{'eve' if kind == DAY_BEFORE else 'day'}"
    announce_to_reporter(
        session, repair, kind, source=_source(repair), occurrence=which, due_at=due_at, lasts=lasts, facts=facts
    )


def _source(repair: Repair) -> str:
    return f"repair-visit:{repair.id}"
