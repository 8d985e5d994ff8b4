"""What the page of one tenant shows of their key work and their home, in a fixed number of questions."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from staff_portal.key_work.awareness_pages import clock_of
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.key_work.awareness import HazardMention
from tenant_app.repairs import words
from tenant_app.repairs.models import OPEN, Repair

MOST_REPAIRS = 5


def overview_of(session: Session, worker: Worker, tenant: Tenant) -> dict[str, object]:
    """For the template of the page: what was named and waits, and what is open at home."""
    waiting = select(HazardMention).where(HazardMention.tenant_id == tenant.id, HazardMention.outcome.is_(None))
    repairs = Repair.desk_of(worker).where(Repair.tenant_id == tenant.id, Repair.state.in_(OPEN))
    return {
        "mentions": session.scalars(waiting.order_by(HazardMention.aware_at)).all(),
        "repairs": session.scalars(repairs.order_by(Repair.aware_at, Repair.id).limit(MOST_REPAIRS)).all(),
        "mention_clock": clock_of, "repair_kind": words.kind_of, "repair_rooms": words.rooms_of,
        "repair_standing": words.standing, "repair_visit": words.tell_visit, "repair_clock": words.clock_of,
    }  # fmt: skip
