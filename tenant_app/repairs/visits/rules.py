"""What a tenant does about a repair that was sent. Each is found in `Repair.of(tenant)` and locked; the same done twice
is done once, and what no longer holds is refused by an exception that changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy import Select, Table, exists, func, select, update
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.chores import apart
from tenant_app.repairs.contractors.ending import end_jobs
from tenant_app.repairs.models import Event, Repair, RepairPhoto, RepairUpdate, State
from tenant_app.repairs.rules import change_state
from tenant_app.repairs.telling import forget
from tenant_app.repairs.visits.models import RepairRating, VisitSlot
from tenant_app.repairs.visits.reminding import drop_reminders, remind
from tenant_app.repairs.visits.slots import begun, close_slots

DOUBLE_TAP = timedelta(minutes=1)
"""The same words again within this time are the line that is there."""

PHOTOS_TOGETHER = timedelta(hours=1)
"""Photos are sent one by one, and the signal comes and goes: those of this time are one line,
if nothing else happened."""


class Gone(Exception):
    """The time was taken back, or has begun."""


class TooLate(Exception):
    """The visit has begun, or the repair has moved on since the page was made."""


def choose(session: Session, repair: Repair, slot: VisitSlot, zone: ZoneInfo) -> None:
    """Take one of the times on offer, or change to it. Raises `TooLate`, `Gone`."""
    if repair.state is State.BOOKED and (repair.visit_on, repair.visit_window) == slot.when:
        return
    if not repair.open or begun(repair, zone):
        raise TooLate
    if slot.repair_id != repair.id or slot.closed_at is not None or slot.starts_at <= clock.now():
        raise Gone
    repair.state, (repair.visit_on, repair.visit_window) = State.BOOKED, slot.when
    line = _line(session, repair, Event.CHOSEN, visit=slot.when)
    remind(session, repair, line, zone)
    for other in session.scalars(Repair.led_by(repair)).all():
        if other.open:
            change_state(session, slot.worker, other, State.BOOKED, zone=zone, visit_on=slot.visit_on,
                         visit_window=slot.visit_window)  # fmt: skip


def cancel(
    session: Session, repair: Repair, visit: tuple[date, str], zone: ZoneInfo, *, why: str = "", language: str = ""
) -> None:
    """Call off the visit that the tenant saw. The desk finds out. Raises `TooLate` where that is not the visit, or it
    has begun."""
    if repair.state is not State.BOOKED or (repair.visit_on, repair.visit_window) != visit:
        last = repair.updates[0]
        if last.event is Event.CANCELLED and (last.visit_on, last.visit_window) == visit:
            return
        raise TooLate
    if begun(repair, zone):
        raise TooLate
    repair.state, repair.visit_on, repair.visit_window = State.SEEN, None, ""
    repair.waits_since = repair.waits_since or clock.now()
    _line(session, repair, Event.CANCELLED, why, language, visit=visit)
    drop_reminders(session, repair)
    for other in session.scalars(Repair.whole(Repair.led_by(repair))).all():
        booker = next((line.worker for line in other.updates if line.worker), None)
        if other.state is State.BOOKED and booker is not None:
            change_state(session, booker, other, State.SEEN, zone=zone)


def none_fits(session: Session, repair: Repair, words: str = "", *, language: str = "") -> None:
    """None of the times suits; `words` say when would. What was on offer is not any more; a visit that is booked stays.
    Raises `TooLate` where nothing was on offer."""
    if _just_now(repair, Event.NONE_FITS, words):
        return
    if not repair.may_choose:
        raise TooLate
    close_slots(session, repair)
    repair.waits_since = repair.waits_since or clock.now()
    _line(session, repair, Event.NONE_FITS, words, language)


def write(session: Session, repair: Repair, words: str, *, language: str = "") -> None:
    """A line to the desk. Raises `ValueError` for a draft, which nobody reads, and for no words."""
    if repair.draft or not words:
        raise ValueError("a message on a repair that was sent says something")
    if _just_now(repair, Event.MESSAGE, words):
        return
    repair.waits_since = repair.waits_since or clock.now()
    _line(session, repair, Event.MESSAGE, words, language)


def photos_came(session: Session, repair: Repair, photos: Sequence[RepairPhoto]) -> None:
    """Put photos to a repair that was sent already: they waited on the phone. Those that come one after the other are
    one line; the desk finds out, as of words. Raises `ValueError` for a draft, whose photos are sent with it."""
    if repair.draft:
        raise ValueError("of a draft nobody hears")
    if not photos:
        return
    last = max(repair.updates, key=lambda line: (line.at, line.id))
    if last.event is not Event.PHOTOS or last.at < clock.now() - PHOTOS_TOGETHER:
        session.add(RepairUpdate(repair=repair, state=repair.state, event=Event.PHOTOS, at=clock.now()))
    repair.waits_since = repair.waits_since or clock.now()
    for photo in photos:
        photo.added_at = clock.now()  # not before the line that tells of it
    repair.photos.extend(photos)
    session.flush()


def opened(session: Session, repair: Repair) -> None:
    """The tenant has read what we told them. It is no change that somebody at the desk would have to hear of."""
    table = cast("Table", Repair.__table__)  # past the mapper, which would count a new version
    session.execute(update(table).where(table.c.id == repair.id).values(unread=False))


def say_fixed(session: Session, repair: Repair) -> None:
    """The tenant says that it is fixed: closed. One that is closed stays so. Raises `TooLate` for one that is open."""
    if repair.state is State.CLOSED:
        return
    if repair.state is not State.FIXED:
        raise TooLate
    repair.state = State.CLOSED
    end_jobs(session, repair)
    _line(session, repair, Event.FIXED_YES)


def rate(session: Session, repair: Repair, stars: int, words: str = "", *, language: str = "") -> RepairRating:
    """How it went, 1 to 5; said again, the newest holds. Raises `TooLate` for what is not closed, `ValueError` for
    other numbers."""
    if not 1 <= stars <= 5:
        raise ValueError("from 1 to 5")
    if repair.state is not State.CLOSED:
        raise TooLate
    said = rating_of(session, repair)
    if said is None:
        said = RepairRating(repair_id=repair.id)
        session.add(said)
    said.stars, said.words, said.language, said.said_at = stars, words, language, clock.now()
    session.flush()
    return said


def rating_of(session: Session, repair: Repair) -> RepairRating | None:
    """How the tenant said it went."""
    return session.scalar(select(RepairRating).where(RepairRating.repair_id == repair.id))


def to_choose(session: Session, tenant: Tenant) -> list[Repair]:
    """The tenant's repairs for which times are on offer and none is chosen, soonest to end first. One question."""
    theirs = Repair.of(tenant).where(Repair.state == State.SEEN, Repair.choose_by > clock.now())
    return list(session.scalars(theirs.order_by(None).order_by(Repair.choose_by, Repair.id)))


def words_waiting(session: Session, worker: Worker) -> int:
    """Of how many repairs something that the tenant wrote waits for the desk, among those this worker sees. One
    question."""
    waiting = Repair.caseload_of(worker).where(Repair.waits_since.is_not(None))
    return session.scalar(select(func.count()).select_from(waiting.subquery())) or 0


def close_by_time(session: Session, days: int, most: int = 200) -> bool:
    """Close what we said is fixed, and of which nobody said otherwise for so many days: one line each, which says so.
    The tenant can still open it again. Returns whether more may wait."""
    lately = exists().where(
        RepairUpdate.repair_id == Repair.id, RepairUpdate.at > clock.now() - timedelta(days=days)
    )
    quiet: Select[Repair] = (
        select(Repair).where(Repair.state == State.FIXED, ~lately).order_by(Repair.id).limit(most)
        .with_for_update(of=Repair, skip_locked=True)
    )  # fmt: skip
    found = session.scalars(quiet).all()
    for repair in found:
        with apart(session, "close_by_time", repair.id):
            repair.state = State.CLOSED
            end_jobs(session, repair)
            session.add(RepairUpdate(repair=repair, state=State.CLOSED, event=Event.TIME, at=clock.now()))
            session.flush()
    return len(found) == most


def _line(
    session: Session, repair: Repair, event: Event, words: str = "", language: str = "", *,
    visit: tuple[date, str] | None = None,
) -> RepairUpdate:  # fmt: skip
    day, window = visit or (None, "")
    line = RepairUpdate(
        repair=repair, state=repair.state, event=event, words=words, language=language, visit_on=day,
        visit_window=window, at=clock.now(),
    )  # fmt: skip
    session.add(line)
    repair.unread = False  # whoever does something about it has its page before them
    forget(session, repair)
    session.flush()
    return line


def _just_now(repair: Repair, event: Event, words: str) -> bool:
    return just_now(repair, lambda line: line.worker_id is None and line.event is event and line.words == words)


def just_now(repair: Repair, same: Callable[[RepairUpdate], bool]) -> bool:
    """Whether such a line was written within `DOUBLE_TAP`."""
    return any(same(line) for line in repair.updates if line.at > clock.now() - DOUBLE_TAP)
