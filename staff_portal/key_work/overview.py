"""What the page of one tenant shows of their key work and their home, in a fixed number of questions."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from staff_portal.key_work.awareness_pages import clock_of
from staff_portal.key_work.timeline import timeline_of
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.key_work.awareness import HazardMention
from tenant_app.key_work.tasks import Task
from tenant_app.repairs import words
from tenant_app.repairs.clocks import words as clock_words
from tenant_app.repairs.models import OPEN, Repair
from tenant_app.repairs.visits.raising import may_raise_for

MOST_REPAIRS = 5
MOST_TASKS = 4
MOST_LATELY = 6


def overview_of(session: Session, worker: Worker, tenant: Tenant) -> dict[str, object]:
    """For the template of the page: what was named and waits, what is open at home, what was promised, and what
    happened lately."""
    waiting = select(HazardMention).where(HazardMention.tenant_id == tenant.id, HazardMention.outcome.is_(None))
    repairs = Repair.caseload_of(worker).where(Repair.tenant_id == tenant.id, Repair.state.in_(OPEN))
    return {
        "mentions": session.scalars(waiting.order_by(HazardMention.aware_at)).all(),
        "repairs": session.scalars(repairs.order_by(Repair.aware_at, Repair.id).limit(MOST_REPAIRS)).all(),
        "promised": session.scalars(Task.of(tenant).where(Task.done_at.is_(None)).limit(MOST_TASKS)).all(),
        "lately": timeline_of(session, worker, tenant, most=MOST_LATELY),
        "mention_clock": clock_of, "repair_kind": words.kind_of, "repair_rooms": words.rooms_of,
        "repair_standing": words.standing, "repair_visit": words.tell_visit, "clock_words": clock_words,
        "may_raise": session.scalar(select(may_raise_for(worker).where(Tenant.id == tenant.id).exists())),
    }  # fmt: skip
