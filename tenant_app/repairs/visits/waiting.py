"""What it is that waits for the desk: words of the tenant, or photos that came after the report was sent."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.repairs.models import Event, Repair, RepairUpdate

WAITS = frozenset({Event.CANCELLED, Event.NONE_FITS, Event.MESSAGE, Event.PHOTOS})
"""What a tenant does that somebody at the desk has to read."""


def new_photos(session: Session, repairs: Iterable[Repair]) -> set[UUID]:
    """Those of these repairs of which something waits, and the newest of it is photos. One question however many wait,
    none where nothing does."""
    waiting = [repair.id for repair in repairs if repair.waits_since]
    if not waiting:
        return set()
    lines = session.execute(
        select(RepairUpdate.repair_id, RepairUpdate.event)
        .where(RepairUpdate.repair_id.in_(waiting), RepairUpdate.worker_id.is_(None), RepairUpdate.event.in_(WAITS))
        .order_by(RepairUpdate.at, RepairUpdate.id)
    )
    newest = dict(lines.all())
    return {repair_id for repair_id, event in newest.items() if event is Event.PHOTOS}
