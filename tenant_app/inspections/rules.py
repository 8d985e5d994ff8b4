"""Doing an inspection: answers as they come, signing off, and what may be added after that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Role, Worker
from tenant_app.database import new_id, put_if_absent
from tenant_app.inspections.models import INSPECTORS, Addition, Finding, Inspection, ItemAnswer
from tenant_app.inspections.outcomes import Outcome
from tenant_app.inspections.planning import local_day, source_of, tell_visit
from tenant_app.reminders.rules import announce, withdraw

FOUND = "inspections.found"
"""Kind of notice: what was found in your room."""

FOUND_LASTS = timedelta(days=3)


class Finished(Exception):
    """It was signed off. What is known now is added to it, and changes nothing."""


class TooEarly(Exception):
    """The tenant has been told of another day. `visit_on` is that day."""

    def __init__(self, visit_on: date) -> None:
        super().__init__(visit_on)
        self.visit_on = visit_on


class Unanswered(Exception):
    """Nobody has said anything of these items."""

    def __init__(self, items: Sequence[str]) -> None:
        super().__init__(items)
        self.items = items


def answer(
    session: Session, worker: Worker, inspection: Inspection, item_id: str, outcome: Outcome, words: str = "", *,
    language: str = "", made_at: datetime | None = None, zone: ZoneInfo,
) -> Finding | None:  # fmt: skip
    """Keep what `worker` says of one item, at once. Of their own answers the later tap counts, whichever arrives last;
    a colleague's stands beside it.

    `made_at` (UTC) is when it was tapped, if it waited on a phone. What was tapped before the inspection was signed
    off and arrives after is added to it; the finding that comes of it is returned. Raises `LookupError` for an item
    that it does not ask, `Finished`, `TooEarly`.
    """
    item = inspection.item(item_id)
    if item is None:
        raise LookupError(item_id)
    _hold(session, inspection)
    at = min(made_at or clock.now(), clock.now())
    if inspection.finished_at is not None:
        if made_at is None or at > inspection.finished_at:
            raise Finished
        return _arrived_late(session, worker, inspection, item_id, outcome, words, language, at)
    if inspection.visit_on is not None and local_day(at, zone) < inspection.visit_on:
        raise TooEarly(inspection.visit_on)
    said = {"outcome": outcome, "words": words, "language": language if words else "", "answered_at": at}
    key = {"inspection_id": inspection.id, "item": item_id, "worker_id": worker.id}
    if not put_if_absent(session, ItemAnswer, [{"id": new_id(), **key, **said}]):
        known = session.scalars(select(ItemAnswer).filter_by(**key)).one()
        if known.answered_at <= at:
            for name, value in said.items():
                setattr(known, name, value)
    session.flush()
    session.expire(inspection, ["answers"])
    return None


def finish(
    session: Session, worker: Worker, inspection: Inspection, words: str = "", *, language: str = "",
    made_at: datetime | None = None, zone: ZoneInfo,
) -> Sequence[Finding]:  # fmt: skip
    """Sign it off: from now on it is a record. Returns what failed, a finding each. Signing off twice is once.

    Raises `Unanswered`.
    """
    _hold(session, inspection)
    if inspection.finished_at is not None:
        return inspection.findings
    if inspection.unanswered:
        raise Unanswered(inspection.unanswered)
    inspection.finished_at = min(made_at or clock.now(), clock.now())
    inspection.done_on = local_day(inspection.finished_at, zone)
    inspection.finished_by, inspection.words, inspection.language = worker, words, language if words else ""
    session.flush()
    for each in inspection.items:
        counts = inspection.counting(each["id"])
        if counts is not None and counts.outcome is Outcome.FAILED:
            _find(session, inspection, each["id"], counts.worker_id, counts.words, counts.language, counts.answered_at)
    withdraw(session, source_of(inspection))
    if inspection.tenant is not None and inspection.tenant.left_at is None:
        announce(
            session, inspection.tenant, FOUND, source=source_of(inspection), occurrence="found", lasts=FOUND_LASTS,
            facts={"inspection": str(inspection.id), "kind": inspection.kind, "from": worker.known_as},
        )  # fmt: skip
    session.expire(inspection, ["findings"])
    return inspection.findings


def correct(
    session: Session, worker: Worker, inspection: Inspection, words: str, language: str = "", *, item: str = "",
    outcome: Outcome | None = None,
) -> Addition:  # fmt: skip
    """Add to an inspection that was signed off; what it says stays. The same again by the same person is once.

    Raises `ValueError` for one that is still being done: there, one changes one's answer.
    """
    if not inspection.finished:
        raise ValueError("what is not signed off is changed, not corrected")
    _hold(session, inspection)
    said = {"inspection_id": inspection.id, "item": item, "outcome": outcome, "words": words, "worker_id": worker.id}
    same = session.scalars(select(Addition).filter_by(**said).limit(1)).first()
    if same is not None:
        return same
    addition = Addition(**said, language=language, at=clock.now())
    session.add(addition)
    session.flush()
    session.expire(inspection, ["additions"])
    return addition


def arrange(
    session: Session, inspection: Inspection, *, assigned_to: Worker | None, visit_on: date | None, zone: ZoneInfo
) -> None:
    """Say who does it and, of a room, on which day its tenant is told that somebody comes.

    Raises `Finished`; `ValueError` for somebody who may not, a day that a tenant cannot be told of before, and a day
    for what is no room.
    """
    _hold(session, inspection)
    if inspection.finished:
        raise Finished
    is_new = assigned_to is not None and assigned_to.id != inspection.assigned_to_id
    if assigned_to is not None and is_new and assigned_to not in session.scalars(may_do(inspection)).all():
        raise ValueError("somebody who works there")
    if (visit_on is None) != (inspection.tenant_id is None):
        raise ValueError("a room has a day, and a building has none")
    moves = visit_on != inspection.visit_on
    if moves and visit_on is not None and visit_on <= clock.today(zone):
        raise ValueError("they are told the day before")
    inspection.assigned_to, inspection.visit_on = assigned_to, visit_on
    session.flush()
    if moves:
        tell_visit(session, inspection, zone)


def may_do(inspection: Inspection) -> Select[Worker]:
    """Who can be asked to do it, by name: those who inspect and work in that building or everywhere."""
    here = or_(Worker.property_id == inspection.property_id, Worker.property_id.is_(None))
    inspects = or_(Worker.role.in_(INSPECTORS) & here, Worker.role == Role.HOUSING_OFFICER)
    return select(Worker).where(Worker.left_at.is_(None), inspects).order_by(func.lower(Worker.name), Worker.id)


def to_do(worker: Worker) -> Select[Inspection]:
    """What this worker may see and is still to do, by the planned day."""
    return Inspection.seen_by(worker).where(Inspection.done_on.is_(None))


def inspections_overdue(session: Session, worker: Worker, today: date) -> Sequence[Inspection]:
    """What waits for `worker` on the page they start from, the longest first: for a coordinator all that is overdue
    where they answer for it; for others what was given to them and is due by `today`, and what is overdue at their
    property and given to nobody. One question."""
    late = Inspection.due_on < today
    if worker.role is not Role.COORDINATOR:
        late = or_(
            Inspection.assigned_to_id == worker.id, late & Inspection.assigned_to_id.is_(None)
        ) & (Inspection.due_on <= today)  # fmt: skip
    return session.scalars(to_do(worker).where(late)).all()


def _arrived_late(
    session: Session, worker: Worker, inspection: Inspection, item: str, outcome: Outcome, words: str, language: str,
    at: datetime,
) -> Finding | None:  # fmt: skip
    mine = next((each for each in inspection.answers if each.item == item and each.worker_id == worker.id), None)
    if mine is not None and (mine.outcome, mine.words) == (outcome, words):
        return None
    if mine is not None and mine.answered_at > at:
        return None
    correct(session, worker, inspection, words, language if words else "", item=item, outcome=outcome)
    if outcome is not Outcome.FAILED:
        return None
    found = _find(session, inspection, item, worker.id, words, language if words else "", at)
    session.expire(inspection, ["findings"])
    return found


def _find(
    session: Session, inspection: Inspection, item_id: str, worker_id: UUID, words: str, language: str, at: datetime
) -> Finding:
    item = inspection.item(item_id) or {}
    key = {"inspection_id": inspection.id, "item": item_id}
    put_if_absent(session, Finding, [{
        "id": new_id(), **key, "kind": item.get("repair", "other"), "rooms": list(item.get("rooms", ())),
        "words": words or item.get("failed", ""), "language": language if words else "en", "worker_id": worker_id,
        "aware_at": at,
    }])  # fmt: skip
    return session.scalars(select(Finding).filter_by(**key)).one()


def _hold(session: Session, inspection: Inspection) -> None:
    """Whoever answers and whoever signs off queue here, so that nothing is signed off under an answer."""
    table = Inspection.__table__
    session.flush()
    session.execute(select(table.c.id).where(table.c.id == inspection.id).with_for_update())
    session.refresh(inspection, ["finished_at", "done_on", "visit_on", "version", "answers"])
