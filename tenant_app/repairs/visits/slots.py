"""The times on offer for one repair, and whether its visit has begun."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.repairs.models import Repair
from tenant_app.repairs.visits.models import VisitSlot, visit_span


def begun(repair: Repair, zone: ZoneInfo) -> bool:
    """Whether somebody may be at the door by now: the hours of the visit have begun, or are over."""
    if repair.visit_on is None:
        return False
    return visit_span(repair.visit_on, repair.visit_window, zone)[0] <= clock.now()


def close_slots(session: Session, repair: Repair) -> None:
    """Nothing is on offer any longer."""
    session.execute(
        update(VisitSlot).where(VisitSlot.repair_id == repair.id, VisitSlot.closed_at.is_(None))
        .values(closed_at=clock.now())
    )  # fmt: skip
    repair.choose_by = None


def note_offer(session: Session, repair: Repair) -> None:
    """Keep on the repair until when there is something to choose."""
    repair.choose_by = max((slot.starts_at for slot in session.scalars(VisitSlot.open_of(repair))), default=None)
    session.flush()
