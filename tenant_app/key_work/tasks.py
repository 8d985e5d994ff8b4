"""Small things that a worker does for a tenant or with them, by a day. The tenant sees what was promised."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Index, Select, String, and_, exists, func, or_, select, text
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, object_session, relationship

from tenant_app import clock
from tenant_app.accounts.cover import stand_in_of
from tenant_app.accounts.models import Tenant, Worker, supported_by
from tenant_app.bulk import among
from tenant_app.database import Base, Id
from tenant_app.key_work.models import NoteHold

LONGEST = 300
"""Letters of a task."""

MOST_AHEAD = timedelta(days=366)

MOST_OPEN = 100
"""Of one tenant. More than that is no list that anybody keeps."""

_OPEN = text("done_at IS NULL")


class TooMany(Exception):
    """There are `MOST_OPEN` open tasks for this tenant."""


class Task(Base):
    """One thing to do, who does it, and by when."""

    __tablename__ = "key_work_task"

    id: Mapped[Id]
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"))
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    """Who does it."""
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    note_id: Mapped[UUID | None] = mapped_column(ForeignKey("key_work_note.id", ondelete="SET NULL"), index=True)
    """The note in which it was agreed."""
    words: Mapped[str] = mapped_column(String(LONGEST))
    language: Mapped[str] = mapped_column(String(12), default="")
    due_on: Mapped[date]
    """By the house's clock."""
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))

    tenant: Mapped[Tenant] = relationship(foreign_keys=tenant_id)
    worker: Mapped[Worker] = relationship(foreign_keys=worker_id)
    done_by: Mapped[Worker | None] = relationship(foreign_keys=done_by_id)

    __table_args__ = (
        Index("ix_key_work_task_tenant", "tenant_id", "done_at"),
        Index("ix_key_work_task_open", "worker_id", "due_on", postgresql_where=_OPEN, sqlite_where=_OPEN),
    )

    @classmethod
    def of(cls, tenant: Tenant) -> Select[Task]:
        """Everything promised to this tenant, what is due soonest first."""
        return (
            select(cls).where(cls.tenant_id == tenant.id).options(joinedload(cls.worker), joinedload(cls.done_by))
            .order_by(cls.due_on, cls.id)
        )  # fmt: skip

    @classmethod
    def told_to(cls, tenant: Tenant) -> Select[Task]:
        """What this tenant sees of it: all, but for what was agreed in a note that is held back."""
        held = exists().where(NoteHold.note_id == cls.note_id, NoteHold.in_force())
        return cls.of(tenant).where(or_(cls.note_id.is_(None), ~held))

    @classmethod
    def seen_by(cls, worker: Worker) -> Select[Task]:
        """Tasks for tenants whom this worker supports now, whoever does them."""
        return (
            select(cls).join(Tenant, Tenant.id == cls.tenant_id).where(supported_by(worker))
            .order_by(cls.due_on, cls.id)
        )  # fmt: skip

    @property
    def done(self) -> bool:
        return self.done_at is not None

    def mark(self, worker: Worker, done: bool) -> None:
        """Done, or not after all. Marking twice keeps the first moment and who it was."""
        if done and not self.done:
            self.done_at, self.done_by_id = clock.now(), worker.id
        elif not done:
            self.done_at, self.done_by_id = None, None

    def take_over(self, worker: Worker) -> None:
        """This worker does it from now on."""
        self.worker_id = worker.id


def who_may_do(tenant: Tenant, worker: Worker) -> list[Worker]:
    """Whom `worker`, who supports this tenant, can give a task for them: themselves first, then the tenant's
    keyworker, and whoever stands in for that one now."""
    session = object_session(tenant)
    cover = stand_in_of(session, tenant) if session else None
    others = [tenant.keyworker, cover.covered_by if cover else None]
    return [worker, *(one for one in others if one and one.id != worker.id and one.left_at is None)]


def add_task(
    session: Session, worker: Worker, tenant: Tenant, words: str, due_on: date, *, zone: ZoneInfo,
    who: Worker | None = None, note_id: UUID | None = None, language: str = "en",
) -> Task:  # fmt: skip
    """Promise something to a tenant found in `worker.caseload`. The same words by the same day that are open already
    are that task. Raises `ValueError` for no words, a day that has passed or over `MOST_AHEAD`, or a worker who is none
    of `who_may_do`; `TooMany`."""
    today = clock.today(zone)
    if not words or not today <= due_on <= today + MOST_AHEAD:
        raise ValueError("a task says what, by a day to come")
    does = who or worker
    if does.id not in {one.id for one in who_may_do(tenant, worker)}:
        raise ValueError("somebody who supports this tenant")
    people = Tenant.__table__
    session.execute(select(people.c.id).where(people.c.id == tenant.id).with_for_update(key_share=True))
    there = session.scalars(Task.of(tenant).where(Task.done_at.is_(None)).limit(MOST_OPEN)).all()
    for task in there:
        if (task.words, task.due_on, task.note_id) == (words, due_on, note_id):
            return task
    if len(there) == MOST_OPEN:
        raise TooMany
    task = Task(
        tenant=tenant, worker=does, made_by_id=worker.id, note_id=note_id, words=words, language=language,
        due_on=due_on, made_at=clock.now(),
    )  # fmt: skip
    session.add(task)
    session.flush()
    return task


def tasks_due(session: Session, worker: Worker, today: date) -> list[Task]:
    """What this worker has promised by today, the longest overdue first, with tenants; only for tenants whom they
    support now. For the desk's Today. One statement."""
    due = Task.seen_by(worker).where(Task.worker_id == worker.id, Task.done_at.is_(None), Task.due_on <= today)
    return list(session.scalars(due.options(joinedload(Task.tenant))))


def open_tasks_of(session: Session, worker_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many tasks each of these workers has still to do, for tenants who live here; those with none are missing.
    One statement."""
    counted = session.execute(
        select(Task.worker_id, func.count())
        .join(Tenant, Tenant.id == Task.tenant_id)
        .where(and_(among(Task.worker_id, worker_ids), Task.done_at.is_(None), Tenant.left_at.is_(None)))
        .group_by(Task.worker_id)
    )  # fmt: skip
    return {row[0]: row[1] for row in counted}
