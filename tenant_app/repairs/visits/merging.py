"""Several reports of one shared part: one leads, and the others are told the same news. No tenant hears of another."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy import Select, literal
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Worker
from tenant_app.repairs.contractors.ending import end_jobs
from tenant_app.repairs.models import OPEN, Repair, State
from tenant_app.repairs.rules import MOVES, change_state
from tenant_app.repairs.visits.slots import begun, close_slots


def may_be_the_same(worker: Worker, repair: Repair) -> Select[Repair]:
    """Open repairs of shared parts of the same building that this worker sees and that stand by themselves, those of
    the same kind first, then the newest. None for a repair in somebody's own home."""
    return (
        Repair.desk_of(worker)
        .where(Repair.property_id == repair.property_id, Repair.id != repair.id, Repair.leads_id.is_(None),
               Repair.state.in_(OPEN), Repair.shared, literal(repair.shared))
        .order_by((Repair.kind == repair.kind).desc(), Repair.reported_at.desc(), Repair.id)
    )  # fmt: skip


def merge(session: Session, worker: Worker, lead: Repair, other: Repair, zone: ZoneInfo) -> None:
    """`other` follows `lead` from now on, with those that it led itself, and stands where `lead` stands. Twice is once.
    Both are locked.

    Raises `ValueError` for repairs of two buildings, of which one is not open or not in a shared part, or where `lead`
    follows another.
    """
    if other.leads_id == lead.id:
        return
    if lead.id == other.id or lead.property_id != other.property_id or lead.leads_id or other.leads_id:
        raise ValueError("two reports of one building, of which neither follows another")
    if not lead.shared or not other.shared:
        raise ValueError("what is in a home of one's own is nobody else's")
    if not lead.open or not other.open:
        raise ValueError("what is done leads nothing")
    for each in (other, *session.scalars(Repair.led_by(other)).all()):
        each.leads_id = lead.id
        session.flush()
        _catch_up(session, worker, lead, each, zone)


def part(session: Session, other: Repair) -> None:
    """It stands by itself again, where it stands now."""
    other.leads_id = None
    session.flush()


def _catch_up(session: Session, worker: Worker, lead: Repair, other: Repair, zone: ZoneInfo) -> None:
    close_slots(session, other)
    end_jobs(session, other)
    state = State.SEEN if begun(lead, zone) else lead.state
    same = (other.state, other.visit_on, other.visit_window) == (state, lead.visit_on, lead.visit_window)
    if same or state not in MOVES[other.state] or other.state is state is State.SEEN:
        return
    booked = state is State.BOOKED
    change_state(session, worker, other, state, zone=zone, visit_on=lead.visit_on if booked else None,
                 visit_window=lead.visit_window if booked else "")  # fmt: skip
