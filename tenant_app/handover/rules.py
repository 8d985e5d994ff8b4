"""Writing a handover, putting it right, and saying that one has read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Property, Tenant, Worker
from tenant_app.accounts.teams import looked_after_by
from tenant_app.database import put_if_absent
from tenant_app.handover.models import About, Acknowledgement, Handover, HandoverLine

UNREAD_FOR = timedelta(days=3)
"""Whoever was off for longer reads the earlier ones if they like; they are not asked to."""

WRITTEN_WITHIN = timedelta(hours=24)
"""How long after its end a shift still gets new lines. After that it can only be put right."""


class Read(Exception):
    """Somebody acknowledged the handover, so its lines stay as they are. A correction is a line of its own."""


class TooLate(Exception):
    """The shift has been over for longer than `WRITTEN_WITHIN`."""


class NotToBeNamed(ValueError):
    """A tenant of another building, or one whom the writer does not support."""


@dataclass(frozen=True)
class ShiftHours:
    """One shift of one day."""

    id: str
    day: date
    starts_at: datetime
    ends_at: datetime


def buildings_of(worker: Worker) -> Select[Property]:
    """Where this worker's shifts are, by name."""
    everywhere = select(Property).order_by(Property.name, Property.id)
    return everywhere.where(Property.id == worker.property_id) if worker.property_id else everywhere


def open_handover(session: Session, building: Property, hours: ShiftHours) -> Handover:
    """The handover of this shift, begun if nobody has. Two who begin it at once find the same."""
    key = {"property_id": building.id, "day": hours.day, "shift": hours.id}
    put_if_absent(session, Handover, [{**key, "starts_at": hours.starts_at, "ends_at": hours.ends_at}])
    return session.scalars(select(Handover).filter_by(**key)).one()


def may_be_named(worker: Worker, handover: Handover) -> Select[Tenant]:
    """Tenants whom this worker may name in it, by name: they live in that building, and the worker supports them,
    stands in for their keyworker or answers for them."""
    theirs = looked_after_by(worker)
    here = select(Tenant).where(Tenant.property_id == handover.property_id, Tenant.left_at.is_(None), theirs)
    return here.order_by(func.lower(Tenant.name), Tenant.id)


def write_line(
    session: Session, worker: Worker, handover: Handover, about: About, words: str, *,
    tenant_id: UUID | None = None, language: str = "",
) -> HandoverLine:  # fmt: skip
    """Add a line to a handover that `worker` may see. The same words again, by the same person, are one line.

    Raises `TooLate`, or `NotToBeNamed`.
    """
    _hold(session, handover)
    if clock.now() >= handover.ends_at + WRITTEN_WITHIN:
        raise TooLate
    if tenant_id is not None and session.scalar(may_be_named(worker, handover).where(Tenant.id == tenant_id)) is None:
        raise NotToBeNamed(tenant_id)
    return _add(session, HandoverLine(
        handover_id=handover.id, about=about, words=words, language=language, tenant_id=tenant_id,
        written_by_id=worker.id, written_at=clock.now(),
    ))  # fmt: skip


def reword(session: Session, worker: Worker, line: HandoverLine, words: str, language: str) -> None:
    """The writer says it better, as long as nobody has acknowledged the handover. Raises `Read` after that, and
    `LookupError` for a line of somebody else."""
    _hold(session, line.handover)
    if line.written_by_id != worker.id:
        raise LookupError(line.id)
    if session.scalar(select(exists().where(Acknowledgement.handover_id == line.handover_id))):
        raise Read
    line.words, line.language = words, language
    session.flush()


def correct(session: Session, worker: Worker, line: HandoverLine, words: str, language: str) -> HandoverLine:
    """Put a line right by a later one, which names whom that one names. Both stay. What was needed stays needed in the
    later line alone."""
    _hold(session, line.handover)
    return _add(session, HandoverLine(
        handover_id=line.handover_id, about=line.about, words=words, language=language, tenant_id=line.tenant_id,
        written_by_id=worker.id, written_at=clock.now(), corrects_id=line.id,
    ))  # fmt: skip


def acknowledge(session: Session, worker: Worker, handover: Handover, seen: datetime) -> None:
    """The worker says that they read all lines written up to `seen`, when the newest on their page had been. Saying it
    twice is saying it once."""
    _hold(session, handover)
    session.refresh(handover, ["lines", "acknowledgements"])
    if any(line.written_at <= seen for line in handover.waits_for(worker)):
        handover.acknowledgements.append(Acknowledgement(
            worker_id=worker.id, at=clock.now(), read_to=min(seen, clock.now())
        ))  # fmt: skip
    session.flush()


def handovers_unread(session: Session, worker: Worker) -> Sequence[Handover]:
    """Handovers of the last `UNREAD_FOR` in which others wrote something that this worker has not acknowledged, the
    latest shift first; without their lines. One question, for the pages that somebody starts from."""
    return session.scalars(_unread(worker)).all()


def count_unread(session: Session, worker: Worker) -> int:
    """How many those are."""
    return session.scalar(select(func.count()).select_from(_unread(worker).order_by(None).subquery())) or 0


def _unread(worker: Worker) -> Select[Handover]:
    said = Acknowledgement.handover_id == Handover.id, Acknowledgement.worker_id == worker.id
    waits = exists().where(
        HandoverLine.handover_id == Handover.id, HandoverLine.written_by_id != worker.id,
        ~exists().where(*said, Acknowledgement.read_to >= HandoverLine.written_at),
    )  # fmt: skip
    recent = Handover.ends_at > clock.now() - UNREAD_FOR
    return Handover.seen_by(worker).where(recent, waits)


def _hold(session: Session, handover: Handover) -> None:
    """Whoever writes in it and whoever acknowledges it queue here, so that no line changes under a reader."""
    table = Handover.__table__
    session.execute(select(table.c.id).where(table.c.id == handover.id).with_for_update())


def _add(session: Session, line: HandoverLine) -> HandoverLine:
    same = session.scalar(select(HandoverLine).where(
        HandoverLine.handover_id == line.handover_id, HandoverLine.written_by_id == line.written_by_id,
        HandoverLine.about == line.about, HandoverLine.words == line.words,
        HandoverLine.tenant_id.is_not_distinct_from(line.tenant_id),
        HandoverLine.corrects_id.is_not_distinct_from(line.corrects_id),
    ).limit(1))  # fmt: skip
    if same is not None:
        return same
    session.add(line)
    session.flush()
    return line
