"""What the desk does about contractors. Repairs are found in `Repair.desk_of(worker)` and locked."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Worker
from tenant_app.repairs.contractors.links import LASTS, new_link
from tenant_app.repairs.contractors.models import Contractor, RepairJob, Trade
from tenant_app.repairs.models import Event, Repair, RepairUpdate, State
from tenant_app.repairs.rules import change_state
from tenant_app.repairs.telling import tell
from tenant_app.repairs.visits.models import VisitSlot
from tenant_app.repairs.visits.slots import begun, note_offer


class Stale(Exception):
    """Somebody else changed this contractor since the page was made."""


def write_contractor(
    session: Session, known: Contractor | None, *, name: str, trade: Trade, email: str, phone: str = "",
    version: int = 0,
) -> Contractor:  # fmt: skip
    """A new contractor, or a change of one that is `known`. `version` is that which the page showed. Raises `Stale`."""
    if known is None:
        known = Contractor(active=True)
        session.add(known)
    elif known.version != version:
        raise Stale
    known.name, known.trade, known.email, known.phone = name, trade, email, phone
    session.flush()
    return known


def work_on(session: Session, contractors: Sequence[Contractor]) -> dict[Contractor, int]:
    """How many repairs each of them has in hand. One question."""
    sums = select(RepairJob.contractor_id, func.count()).where(RepairJob.ended_at.is_(None))
    found = {row[0]: row[1] for row in session.execute(sums.group_by(RepairJob.contractor_id))}
    return {each: found.get(each.id, 0) for each in contractors}


def retire(session: Session, worker: Worker, contractor: Contractor, zone: ZoneInfo) -> None:
    """They are given no more work, and what they have is taken back. Twice is once."""
    contractor.active = False
    session.flush()
    theirs = select(Repair.id).join(RepairJob, RepairJob.repair_id == Repair.id).where(
        RepairJob.contractor_id == contractor.id, RepairJob.ended_at.is_(None)
    )  # fmt: skip
    query = Repair.whole(select(Repair).where(Repair.id.in_(theirs)).order_by(Repair.id))
    for repair in session.scalars(query.with_for_update(of=Repair)).all():
        take_back(session, worker, repair, zone)


def bring_back(session: Session, contractor: Contractor) -> None:
    """They can be given work again."""
    contractor.active = True
    session.flush()


def job_of(session: Session, repair: Repair) -> RepairJob | None:
    """Who has it in hand; or had it last, and finished it."""
    newest = session.scalars(RepairJob.of(repair).limit(1)).one_or_none()
    return newest if newest is not None and (newest.ended_at is None or newest.finished_at is not None) else None


def give(
    session: Session, worker: Worker, repair: Repair, contractor: Contractor, *, seal: str, zone: ZoneInfo,
    phone: str = "",
) -> tuple[RepairJob, str]:  # fmt: skip
    """Give a repair to a contractor, in place of any other, or a new link to the one who has it. Older links lead
    nowhere from now on. `phone` is the tenant's number, where they agreed that it is passed on.

    Returns the job and what stands in its link, which is kept nowhere. Raises `ValueError` for a repair that is not
    open or follows another, and for a contractor who is retired.
    """
    if not repair.open or repair.leads_id is not None or not contractor.active:
        raise ValueError("an open repair goes to somebody who takes work")
    token, digest = new_link(seal)
    job = session.scalars(RepairJob.live_of(repair)).one_or_none()
    if job is not None and job.contractor_id != contractor.id:
        _end(session, worker, repair, job, zone)
        job = None
    now = clock.now()
    if job is None:
        job = RepairJob(repair=repair, contractor=contractor, worker=worker, given_at=now)
        _line(session, worker, repair, Event.GIVEN, contractor)
    job.worker, job.digest, job.expires_at, job.phone = worker, digest, now + LASTS, phone
    session.add(job)
    session.flush()
    return job, token


def take_back(session: Session, worker: Worker, repair: Repair, zone: ZoneInfo) -> None:
    """The contractor who has it has it no more. A visit that they were to make is called off, and their times are on
    offer no longer. Without one nothing changes."""
    job = session.scalars(RepairJob.live_of(repair)).one_or_none()
    if job is None:
        return
    _end(session, worker, repair, job, zone)
    _line(session, worker, repair, Event.TAKEN_BACK, job.contractor)


def _end(session: Session, worker: Worker, repair: Repair, job: RepairJob, zone: ZoneInfo) -> None:
    job.ended_at, job.digest, job.phone = clock.now(), None, ""
    session.flush()
    theirs = VisitSlot.of(repair).where(VisitSlot.contractor_id == job.contractor_id, VisitSlot.closed_at.is_(None))
    slots = session.scalars(theirs).all()
    booked = (repair.visit_on, repair.visit_window) in {slot.when for slot in slots} or _booked_by(repair, job)
    if repair.state is State.BOOKED and not begun(repair, zone) and booked:
        change_state(session, worker, repair, State.SEEN, zone=zone, contractor=job.contractor)
    if slots:
        ids = [slot.id for slot in slots]
        session.execute(update(VisitSlot).where(VisitSlot.id.in_(ids)).values(closed_at=clock.now()))
        note_offer(session, repair)


def _booked_by(repair: Repair, job: RepairJob) -> bool:
    """Whether the contractor of this job said last when somebody comes, as they do of a house."""
    said = next((line for line in repair.updates if (line.state, line.event) == (State.BOOKED, Event.CHANGE)), None)
    return said is not None and said.contractor_id == job.contractor_id


def _line(session: Session, worker: Worker, repair: Repair, event: Event, contractor: Contractor) -> None:
    if repair.state is State.REPORTED:
        repair.state = State.SEEN  # whoever gives it to somebody has read it
    line = RepairUpdate(
        repair=repair, state=repair.state, event=event, worker=worker, contractor=contractor, at=clock.now()
    )
    session.add(line)
    session.flush()
    if event is Event.GIVEN:
        tell(session, repair, line)
