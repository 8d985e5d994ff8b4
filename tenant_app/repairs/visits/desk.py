"""What the desk does about a repair beside changing its state. Repairs are found in `Repair.desk_of(worker)` and
locked; the tenant is told, and what they wrote waits no longer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Worker
from tenant_app.database import Pence
from tenant_app.repairs.contractors.models import Contractor
from tenant_app.repairs.models import Event, Repair, RepairUpdate, State
from tenant_app.repairs.telling import tell
from tenant_app.repairs.visits.models import RepairCost, VisitSlot, visit_span
from tenant_app.repairs.visits.reminding import drop_reminders
from tenant_app.repairs.visits.rules import just_now
from tenant_app.repairs.visits.slots import begun, note_offer

METHODS = ("knocked", "rang", "phoned", "text", "card")
"""How one tries to be let in, in the order asked."""

MOST_SLOTS = 12
"""Times on offer for one repair. From more than that nobody chooses."""
FURTHEST = timedelta(days=180)
"""How far off a visit is offered."""


class Chosen(Exception):
    """The tenant has chosen this time: the visit is called off first."""


class Stale(Exception):
    """Somebody else wrote the costs since the page was made."""


def offer(
    session: Session, worker: Worker, repair: Repair, times: Sequence[tuple[date, str]], words: str = "", *,
    zone: ZoneInfo, language: str = "en", contractor: Contractor | None = None,
) -> list[VisitSlot]:  # fmt: skip
    """Days and hours (`13:00-16:00`) from which the tenant chooses, at which this `contractor` comes, if any; those on
    offer already are not offered twice, and nothing new says nothing. Somebody has looked at a repair for which times
    are on offer.

    Raises `ValueError` for a repair that is not open, no times, one that has begun or is too far off, and too many.
    """
    now = clock.now()
    spans = {(day, window): visit_span(day, window, zone) for day, window in times}
    if not repair.open or not spans:
        raise ValueError("times are offered for what is to be done")
    if any(not now < starts_at <= now + FURTHEST for starts_at, _ in spans.values()):
        raise ValueError("a time to come")
    there = {slot.when for slot in session.scalars(VisitSlot.open_of(repair))}
    new = [when for when in spans if when not in there]
    if len(there) + len(new) > MOST_SLOTS:
        raise ValueError("too many")
    if not new:
        return []
    made = [
        VisitSlot(repair_id=repair.id, visit_on=day, visit_window=window, starts_at=spans[day, window][0],
                  worker=worker, contractor_id=contractor.id if contractor else None, offered_at=now)
        for day, window in new
    ]  # fmt: skip
    session.add_all(made)
    session.flush()
    if begun(repair, zone):
        _without_visit(session, repair)
    note_offer(session, repair)
    _say(session, worker, repair, Event.OFFERED, words, language, contractor=contractor)
    return made


def take_back(session: Session, slot: VisitSlot) -> None:
    """Offer this time no longer. Twice is once. Raises `Chosen`."""
    repair = slot.repair
    if slot.closed_at is not None:
        return
    if repair.state is State.BOOKED and (repair.visit_on, repair.visit_window) == slot.when:
        raise Chosen
    slot.closed_at = clock.now()
    session.flush()
    note_offer(session, repair)


def answer(session: Session, worker: Worker, repair: Repair, words: str, *, language: str = "en") -> None:
    """A line to the tenant. A double tap is one. Raises `ValueError` for no words."""
    if repair.draft or not words:
        raise ValueError("a message says something")
    if just_now(repair, lambda line: line.worker_id == worker.id and line.words == words and _written(line)):
        return
    _say(session, worker, repair, Event.MESSAGE, words, language)


def needs_no_answer(session: Session, repair: Repair) -> None:
    """What the tenant wrote waits no longer, though nobody writes back."""
    repair.waits_since = None
    session.flush()


def no_access(
    session: Session, worker: Worker, repair: Repair, happened_at: datetime, methods: Sequence[str], words: str = "", *,
    zone: ZoneInfo, language: str = "en", contractor: Contractor | None = None,
) -> RepairUpdate:  # fmt: skip
    """Somebody came, at `happened_at` (UTC), and could not get in. A visit whose hours had begun is over with that, and
    another can be found. The same attempt written twice is one.

    Raises `ValueError` for a way nobody knows or none at all, and for a moment to come or before it was reported.
    """
    known = [each for each in METHODS if each in methods]
    if not known or set(methods) - set(METHODS):
        raise ValueError("how one tried is one of METHODS")
    if not (repair.reported_at or happened_at) <= happened_at <= clock.now() or not repair.open:
        raise ValueError("an attempt was made since it was reported, and not in days to come")
    for line in repair.updates:
        if (line.event, line.happened_at, line.methods) == (Event.NO_ACCESS, happened_at, known):
            return line
    visit = (repair.visit_on, repair.visit_window)
    over = repair.visit_on is not None and visit_span(repair.visit_on, repair.visit_window, zone)[0] <= happened_at
    if over:
        _without_visit(session, repair)
    return _say(session, worker, repair, Event.NO_ACCESS, words, language, happened_at=happened_at, methods=known,
                visit=visit if over else (None, ""), contractor=contractor)  # fmt: skip


def cost_of(session: Session, repair: Repair) -> RepairCost | None:
    """What it costs, as far as somebody wrote it down."""
    return session.scalar(select(RepairCost).where(RepairCost.repair_id == repair.id))


def write_cost(
    session: Session, worker: Worker, repair: Repair, *, estimate: Pence | None, actual: Pence | None, version: int = 0
) -> RepairCost:
    """What it is thought to cost and what it did, in pence; None where nobody knows. `version` is that of the costs
    which the page showed, 0 for none. Raises `Stale` if they are others by now, `ValueError` below nothing."""
    if min(estimate or 0, actual or 0) < 0:
        raise ValueError("a cost is a sum of money")
    cost = cost_of(session, repair)
    if cost is not None and (cost.estimate_pence, cost.actual_pence) == (estimate, actual):
        return cost
    if version != (cost.version if cost else 0):
        raise Stale
    if cost is None:
        cost = RepairCost(repair_id=repair.id)
        session.add(cost)
    cost.estimate_pence, cost.actual_pence, cost.worker, cost.written_at = estimate, actual, worker, clock.now()
    session.flush()
    return cost


def _without_visit(session: Session, repair: Repair) -> None:
    repair.state, repair.visit_on, repair.visit_window = State.SEEN, None, ""
    drop_reminders(session, repair)


def _written(line: RepairUpdate) -> bool:
    return line.event is Event.MESSAGE


def _say(
    session: Session, worker: Worker, repair: Repair, event: Event, words: str, language: str, *,
    happened_at: datetime | None = None, methods: list[str] | None = None,
    visit: tuple[date | None, str] = (None, ""), contractor: Contractor | None = None,
) -> RepairUpdate:  # fmt: skip
    if repair.state is State.REPORTED:
        repair.state = State.SEEN  # whoever says something about it has read it
    line = RepairUpdate(
        repair=repair, state=repair.state, event=event, words=words, language=language, worker=worker,
        contractor=contractor, happened_at=happened_at, methods=methods, visit_on=visit[0], visit_window=visit[1],
        at=clock.now(),
    )  # fmt: skip
    repair.waits_since = None
    session.add(line)
    session.flush()
    tell(session, repair, line)
    return line
