"""What a contractor does about the one repair that is theirs. The job is found by `job_behind`, its repair locked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from tenant_app import clock
from tenant_app.database import Pence
from tenant_app.repairs.contractors.links import read_link
from tenant_app.repairs.contractors.models import RepairJob
from tenant_app.repairs.models import Repair, State
from tenant_app.repairs.rules import change_state
from tenant_app.repairs.visits import desk
from tenant_app.repairs.visits.models import VisitSlot
from tenant_app.repairs.visits.rules import TooLate
from tenant_app.repairs.visits.slots import begun, note_offer


def job_behind(session: Session, seal: str, token: str, *, lock: bool = False) -> RepairJob | None:
    """The job that this link leads to: one under way, or one that its contractor has just finished; with `lock` its
    repair is held first. None for every link that leads nowhere, whatever the reason."""
    digest = read_link(seal, token)
    if digest is None:
        return None
    query = select(RepairJob).where(RepairJob.digest == digest).options(joinedload(RepairJob.repair))
    job = session.scalars(query).one_or_none()
    if job is None:
        return None
    if lock:
        # The desk may have taken it back while we waited.
        held = Repair.whole(select(Repair).where(Repair.id == job.repair_id)).with_for_update(of=Repair)
        session.scalars(held, execution_options={"populate_existing": True}).unique().one()
        session.refresh(job)
        if job.digest != digest:
            return None
    return job if job.under_way or job.just_finished else None


def propose(
    session: Session, job: RepairJob, times: Sequence[tuple[date, str]], words: str = "", *, zone: ZoneInfo,
    language: str = "en",
) -> list[VisitSlot]:  # fmt: skip
    """Times from which the tenant chooses, at which this contractor comes. Raises `ValueError` as `desk.offer`."""
    return desk.offer(
        session, job.worker, job.repair, times, words, zone=zone, language=language, contractor=job.contractor
    )


def book(
    session: Session, job: RepairJob, when: tuple[date, str], words: str = "", *, zone: ZoneInfo, language: str = "en"
) -> None:
    """This contractor comes then (`13:00-16:00`), in place of any other visit. Only of a house, where nobody has to be
    in. Raises `ValueError` for a tenant's own, who chooses, and as `change_state`."""
    if job.repair.tenant is not None:
        raise ValueError("a tenant chooses when")
    day, window = when
    change_state(
        session, job.worker, job.repair, State.BOOKED, words, zone=zone, visit_on=day, visit_window=window,
        language=language, contractor=job.contractor,
    )  # fmt: skip


def take_back_time(session: Session, job: RepairJob, slot: VisitSlot) -> None:
    """Offer this time no longer. Twice is once. Raises `desk.Chosen`."""
    desk.take_back(session, slot)


def call_off(
    session: Session, job: RepairJob, visit: tuple[date, str], why: str, zone: ZoneInfo, *, language: str = "en"
) -> None:
    """Call off the visit that their page showed, with a reason that the tenant reads. That time is not on offer any
    more. Raises `TooLate` where it is not the visit, or has begun, and `ValueError` without a reason."""
    repair = job.repair
    if not why:
        raise ValueError("the tenant is told why")
    if repair.state is not State.BOOKED or (repair.visit_on, repair.visit_window) != visit or begun(repair, zone):
        raise TooLate
    change_state(
        session, job.worker, repair, State.SEEN, why, zone=zone, language=language, contractor=job.contractor
    )
    session.execute(
        update(VisitSlot)
        .where(VisitSlot.repair_id == repair.id, VisitSlot.visit_on == visit[0], VisitSlot.visit_window == visit[1],
               VisitSlot.closed_at.is_(None))
        .values(closed_at=clock.now())
    )  # fmt: skip
    note_offer(session, repair)


def no_access(
    session: Session, job: RepairJob, happened_at: datetime, methods: Sequence[str], words: str = "", *,
    zone: ZoneInfo, language: str = "en",
) -> None:  # fmt: skip
    """They came, at `happened_at` (UTC), and could not get in. Raises `ValueError` as `desk.no_access`."""
    desk.no_access(
        session, job.worker, job.repair, happened_at, methods, words, zone=zone, language=language,
        contractor=job.contractor,
    )  # fmt: skip


def finish(
    session: Session, job: RepairJob, words: str, cost: Pence | None = None, *, zone: ZoneInfo, language: str = "en"
) -> None:
    """It is done, and cost so many pence, if they say so. The tenant is asked whether it is fixed; the link shows no
    more than that it is done. What the desk wrote down as cost stays. Raises `ValueError` without words."""
    if not words:
        raise ValueError("the tenant is told what was done")
    repair, digest = job.repair, job.digest
    change_state(
        session, job.worker, repair, State.FIXED, words, zone=zone, language=language, contractor=job.contractor
    )
    session.refresh(job)  # the link ended with the repair, and this one may still say that it is done
    job.digest, job.finished_at, job.cost_pence = digest, clock.now(), cost
    session.flush()
    known = desk.cost_of(session, repair)
    if cost is not None and (known is None or known.actual_pence is None):
        desk.write_cost(
            session, job.worker, repair, estimate=known.estimate_pence if known else None, actual=cost,
            version=known.version if known else 0,
        )  # fmt: skip
