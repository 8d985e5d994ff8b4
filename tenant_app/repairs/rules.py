"""Decisions across repairs, people and reminders."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Property, Tenant, Worker
from tenant_app.database import new_id, put_if_absent
from tenant_app.repairs.clocks.listing import in_states
from tenant_app.repairs.clocks.rules import begin_again, course_of, keep_clocks
from tenant_app.repairs.contractors.ending import end_jobs
from tenant_app.repairs.contractors.models import Contractor
from tenant_app.repairs.models import OPEN, Event, Repair, RepairUpdate, State
from tenant_app.repairs.telling import forget, tell
from tenant_app.repairs.visits.reminding import remind
from tenant_app.repairs.visits.slots import begun as visit_begun
from tenant_app.repairs.visits.slots import close_slots

MOVES: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset(),
    State.REPORTED: frozenset({State.SEEN, State.BOOKED, State.FIXED, State.CLOSED}),
    State.SEEN: frozenset({State.SEEN, State.BOOKED, State.FIXED, State.CLOSED}),
    State.BOOKED: frozenset({State.SEEN, State.BOOKED, State.FIXED, State.CLOSED}),
    State.FIXED: frozenset({State.BOOKED, State.CLOSED}),
    State.CLOSED: frozenset(),
}
"""What a worker may make of a repair. Seen again is news without a visit; booked again is another day."""


def steps_of(repair: Repair) -> frozenset[State]:
    """What a worker may make of this one. Of a house, where no tenant says that it is not fixed, they open it again."""
    again = repair.tenant is None and repair.state in (State.FIXED, State.CLOSED)
    return MOVES[repair.state] | ({State.REPORTED} if again else frozenset())


def start_draft(session: Session, tenant: Tenant, *, urgent: str = "") -> Repair:
    """The report that this tenant has begun, or a new one. `urgent` is what they said is happening now, if anything."""
    put_if_absent(session, Repair, [{
        "id": new_id(), "tenant_id": tenant.id, "property_id": tenant.property_id, "flat": tenant.flat,
        "state": State.DRAFT, "begun_at": clock.now(), "version": 1,
    }])  # fmt: skip
    draft = session.scalars(Repair.of(tenant).where(Repair.state == State.DRAFT).with_for_update(of=Repair)).one()
    draft.urgent = urgent
    return draft


def begun(session: Session, tenant: Tenant) -> Repair | None:
    """The report that this tenant has begun and not sent."""
    return session.scalars(Repair.of(tenant).where(Repair.state == State.DRAFT)).one_or_none()


def report(session: Session, repair: Repair, *, access: str = "", aware_at: datetime | None = None) -> None:
    """Send a draft: from now on the desk sees it, and the landlord knows. Sending it twice sends it once.

    `aware_at` (UTC) is when the landlord knew, if a worker's note named it earlier. Raises `ValueError` for a draft
    that does not say where and what.
    """
    if not repair.draft:
        return
    if not repair.complete:
        raise ValueError("a report says where and what")
    now = clock.now()
    repair.state, repair.reported_at, repair.access = State.REPORTED, now, access
    repair.aware_at = min(aware_at, now) if aware_at else now
    if repair.tenant is not None:  # they may have moved since they began
        repair.flat, repair.building = repair.tenant.flat, repair.tenant.building
    session.add(RepairUpdate(repair=repair, state=State.REPORTED, at=now))
    session.flush()
    keep_clocks(session, repair)


def raise_for(
    session: Session, worker: Worker, tenant: Tenant, kind: str, *, rooms: list[str], words: str, hazard: bool,
    aware_at: datetime, language: str = "en", shared: bool = False,
) -> Repair:  # fmt: skip
    """What a worker reports for a tenant, in the worker's words: it is at the desk at once, and the tenant is told. A
    report that the tenant has begun stays theirs.

    `aware_at` (UTC) is since when we know; `shared` is whether those rooms are a shared part of the building. Raises
    `ValueError` without a kind or a room.
    """
    return _raise(session, worker, Repair(
        tenant=tenant, building=tenant.building, flat=tenant.flat, kind=kind, rooms=rooms, shared=shared, words=words,
        language=language, hazard=hazard, aware_at=aware_at,
    ))  # fmt: skip


def raise_in_house(
    session: Session, worker: Worker, building: Property, kind: str, *, rooms: list[str], words: str, hazard: bool,
    aware_at: datetime, language: str = "en", flat: str = "",
) -> Repair:  # fmt: skip
    """What a worker found in a shared part of a house, or in a `flat` where nobody lives. Whoever lives in the house
    sees of a shared part how it stands; the same clocks run. Otherwise as `raise_for`."""
    return _raise(session, worker, Repair(
        tenant=None, building=building, flat=flat, kind=kind, rooms=rooms, shared=not flat, words=words,
        language=language, hazard=hazard, aware_at=aware_at,
    ))  # fmt: skip


def _raise(session: Session, worker: Worker, repair: Repair) -> Repair:
    if not repair.complete:
        raise ValueError("a report says where and what")
    now = clock.now()
    repair.state, repair.begun_at, repair.reported_at = State.REPORTED, now, now
    repair.aware_at = min(repair.aware_at or now, now)
    update = RepairUpdate(repair=repair, state=State.REPORTED, worker=worker, at=now)
    session.add_all([repair, update])
    session.flush()
    keep_clocks(session, repair)
    tell(session, repair, update)
    return repair


def known_since(session: Session, repair: Repair, moment: datetime) -> None:
    """A worker's note named the hazard: its clock runs from that moment (UTC), if that was earlier."""
    repair.hazard, repair.aware_at = True, min(moment, repair.aware_at or moment)
    keep_clocks(session, repair)


def change_state(
    session: Session, worker: Worker, repair: Repair, state: State, words: str = "", *, zone: ZoneInfo,
    visit_on: date | None = None, visit_window: str = "", language: str = "en",
    contractor: Contractor | None = None,
) -> RepairUpdate:  # fmt: skip
    """What a worker made of a repair that was found in `Repair.desk_of(worker)`, or a `contractor` to whom they gave
    it: one line of its story, and a notice. Repairs that it leads come along, as far as they can. No link leads to what
    is fixed or closed.

    `visit_on` and `visit_window` (`13:00-16:00`) belong to `State.BOOKED`. Days are those of `zone`. Raises
    `ValueError` for a step that `MOVES` does not know, a visit without day or hours or in the past, and news that says
    nothing. What clocks ask for beside it is noted by `clocks.rules`.
    """
    if state not in MOVES[repair.state]:
        raise ValueError(f"from {repair.state} there is no way to {state}")
    today = clock.today(zone)
    if (state is State.BOOKED) != bool(visit_on and visit_window):
        raise ValueError("a booked visit has a day and hours, and nothing else has")
    if visit_on is not None and visit_on < today:
        raise ValueError("a visit is booked for a day to come")
    if state is repair.state is State.SEEN and not words:
        raise ValueError("news says something")
    if state is State.FIXED and (repair.hazard or course_of(session, repair).emergency):
        # What is mended was looked into, at the latest on the day it was mended.
        repair.investigated_on = repair.investigated_on or today
    update = RepairUpdate(
        repair=repair, state=state, words=words, language=language, worker=worker, contractor=contractor,
        visit_on=visit_on, visit_window=visit_window, at=clock.now(),
    )  # fmt: skip
    session.add(update)
    if state is State.SEEN and repair.state is State.BOOKED and not visit_begun(repair, zone):
        update.event, update.visit_on, update.visit_window = Event.CALLED_OFF, repair.visit_on, repair.visit_window
    if state is not State.SEEN:
        close_slots(session, repair)
    if state in (State.FIXED, State.CLOSED):
        end_jobs(session, repair)
    repair.state, repair.visit_on, repair.visit_window, repair.waits_since = state, visit_on, visit_window, None
    session.flush()
    keep_clocks(session, repair)
    remind(session, repair, update, zone)
    tell(session, repair, update)
    for other in session.scalars(Repair.led_by(repair)).all():
        if state in MOVES[other.state]:
            change_state(
                session, worker, other, state, words, zone=zone, visit_on=visit_on, visit_window=visit_window,
                language=language, contractor=contractor,
            )  # fmt: skip
    return update


def not_fixed(
    session: Session, repair: Repair, words: str = "", *, language: str = "", worker: Worker | None = None
) -> None:
    """The tenant, or of a house a `worker`, says that it is not mended after all: it is open again. Saying so twice
    says it once.

    A hazard that had been looked into is a new one to look into, and an ordinary repair a new one to mend: clocks start
    again with this day. A hazard that was closed unseen keeps the clock that it had.
    """
    if repair.state not in (State.FIXED, State.CLOSED):
        return
    now = clock.now()
    repair.state, repair.visit_on, repair.visit_window = State.REPORTED, None, ""
    repair.leads_id, repair.unread = None, False
    unseen = repair.investigated_on is None and (repair.hazard or course_of(session, repair).emergency)
    if repair.investigated_on is not None:
        repair.aware_at, repair.investigated_on = now, None
    session.add(
        RepairUpdate(repair=repair, state=State.REPORTED, words=words, language=language, worker=worker, at=now)
    )
    forget(session, repair)
    session.flush()
    if unseen:
        keep_clocks(session, repair)
    else:
        begin_again(session, repair)


def open_repairs(session: Session, tenant: Tenant) -> list[Repair]:
    """The tenant's repairs in which something is still to do, newest first; no drafts."""
    return list(session.scalars(Repair.of(tenant).where(Repair.state.in_(OPEN))))


def in_house_of(session: Session, tenant: Tenant) -> list[Repair]:
    """What staff reported of shared parts of the house this tenant lives in, until it is closed; newest first."""
    theirs = Repair.read_by(tenant).where(Repair.tenant_id.is_(None), Repair.state != State.CLOSED)
    return list(session.scalars(theirs.order_by(Repair.reported_at.desc(), Repair.id)))


def visits_between(session: Session, tenant: Tenant, start_day: date, end_day: date) -> list[Repair]:
    """The tenant's repairs for which somebody comes from `start_day` to `end_day`, both included, soonest first."""
    return list(session.scalars(
        Repair.of(tenant).order_by(None)
        .where(Repair.state == State.BOOKED, Repair.visit_on.between(start_day, end_day))
        .order_by(Repair.visit_on, Repair.visit_window, Repair.id)
    ))  # fmt: skip


def desk(worker: Worker, states: Collection[State]) -> Select[Repair]:
    """The worker's repairs in these states: what is over or due next first, those without a clock last."""
    return in_states(worker, states)


def delete_draft(session: Session, repair: Repair) -> list[str]:
    """Throw a draft away, with its photos. Returns the names of their files, which the door removes once this is kept.

    Raises `ValueError` for what was sent already: it is the landlord's record too.
    """
    if not repair.draft:
        raise ValueError("what was sent cannot be taken back")
    files = [photo.file for photo in repair.photos]
    session.delete(repair)
    session.flush()
    return files
