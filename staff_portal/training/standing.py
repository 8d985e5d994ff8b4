"""How training stands: a worker's own, and a team's, in a fixed number of questions however large it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Footing, Worker
from tenant_app.bulk import among
from tenant_app.groups.models import GroupSession
from tenant_app.groups.programme.series import SessionFacilitator
from tenant_app.training.models import Course, Duty, overseen_by
from tenant_app.training.rules import Line, held, lines


@dataclass
class Ahead:
    """What somebody is to do at sessions that are still to come."""

    duties: set[Duty] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Member:
    """One of the team, and how each course stands for them."""

    id: UUID
    name: str
    footing: Footing
    lines: list[Line]

    @property
    def to_do(self) -> bool:
        return any(line.to_do for line in self.lines)

    @property
    def initials(self) -> str:
        """As a person's, of whom this is only what the table shows."""
        return Worker(name=self.name).initials


def lines_of(session: Session, worker: Worker, courses: list[Course], today: date) -> list[Line]:
    """Each course, as it stands for this worker."""
    ahead = _ahead(session, {worker.id})[worker.id]
    duties = ahead.duties | {Duty.of(worker.footing)}
    return lines(courses, duties, ahead.kinds, held(session, {worker.id}).get(worker.id, {}), today)


def team_of(
    session: Session, worker: Worker, courses: list[Course], today: date, only: Collection[UUID] | None = None
) -> list[Member]:
    """Everyone whose training this worker sees, by name; or those of them who are among `only`."""
    overseen = overseen_by(worker) if only is None else overseen_by(worker).where(among(Worker.id, only))
    # Columns and not people: of a thousand, only what the table shows is read.
    found = session.execute(
        overseen.with_only_columns(Worker.id, Worker.name, Worker.footing, maintain_column_froms=True)
    ).all()
    ahead, done = _ahead(session, only), held(session, only)
    return [
        Member(key, name, footing, lines(
            courses, ahead[key].duties | {Duty.of(footing)}, ahead[key].kinds, done.get(key, {}), today
        ))
        for key, name, footing in found
    ]  # fmt: skip


def _ahead(session: Session, worker_ids: Collection[UUID] | None = None) -> dict[UUID, Ahead]:
    coming = GroupSession.ahead().order_by(None)
    led = coming.with_only_columns(GroupSession.facilitator_id, GroupSession.kind).distinct()
    beside = (
        select(SessionFacilitator.worker_id, GroupSession.kind, SessionFacilitator.part)
        .join(GroupSession, GroupSession.id == SessionFacilitator.session_id)
        .where(SessionFacilitator.session_id.in_(coming.with_only_columns(GroupSession.id)))
        .distinct()
    )
    if worker_ids is not None:
        led = led.where(GroupSession.facilitator_id.in_(worker_ids))
        beside = beside.where(SessionFacilitator.worker_id.in_(worker_ids))
    found: dict[UUID, Ahead] = defaultdict(Ahead)
    for worker_id, kind in session.execute(led):
        found[worker_id].kinds.add(kind)
    for worker_id, kind, part in session.execute(beside):
        found[worker_id].kinds.add(kind)
        found[worker_id].duties.add(Duty(part.value))
    return found
