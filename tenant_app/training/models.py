"""Courses, as the association words them, and the record of who has done which."""

from __future__ import annotations

import enum
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dateutil.relativedelta import relativedelta
from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, false, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from tenant_app import clock
from tenant_app.accounts.models import Footing, Role, Worker
from tenant_app.database import Base, Id


class Duty(enum.StrEnum):
    """As what somebody works, which decides what they need to have learned."""

    WORKER = "worker"
    """Everyone who is employed here."""
    CO = "co"
    """Runs sessions beside the lead."""
    PEER = "peer"
    VOLUNTEER = "volunteer"

    @classmethod
    def of(cls, footing: Footing) -> Duty:
        """What somebody's footing comes to, whatever they do at a session."""
        return {Footing.PEER: cls.PEER, Footing.VOLUNTEER: cls.VOLUNTEER}.get(footing, cls.WORKER)


UNPAID = frozenset({Duty.PEER, Duty.VOLUNTEER})
"""Those who do not run a session at all without a course that `refuses`."""


@dataclass(frozen=True)
class Course:
    """One course of `content/training`."""

    slug: str
    months: int | None
    """How long it holds; None where it does not run out."""
    needed_for: frozenset[Duty]
    at: frozenset[str] = frozenset()
    """Kinds of session (`content/groups`) for which alone it is needed; empty for everything."""
    refuses: bool = False
    """Whether a peer or a volunteer without it runs no session."""

    def needed(self, duties: Collection[Duty], kinds: Collection[str]) -> bool:
        """Whether somebody with these duties, at sessions of these kinds, needs it."""
        return bool(self.needed_for & set(duties)) and (not self.at or bool(self.at & set(kinds)))

    def holds_until(self, done_on: date) -> date | None:
        """The last day on which it holds: the same day of the month; of a month that has none such, its last."""
        return done_on + relativedelta(months=self.months) if self.months else None


class TrainingRecord(Base):
    """One course that somebody has done. A renewal is a new record, and this one stays.

    A record that was written by mistake is set aside; it stays too, and counts for nothing.
    """

    __tablename__ = "training_record"

    id: Mapped[Id]
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    course: Mapped[str] = mapped_column(String(60))
    """Folder in `content/training`."""
    done_on: Mapped[date]
    valid_until: Mapped[date | None]
    """The last day on which it holds; None where it does not run out."""
    checked_by_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    """Who saw the certificate: never the person themselves."""
    written_at: Mapped[datetime] = mapped_column(default=clock.now)
    version: Mapped[int] = mapped_column(default=1)
    """Counts corrections: who corrects it has seen the newest."""
    changed_at: Mapped[datetime | None]
    changed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))
    set_aside_at: Mapped[datetime | None]

    worker: Mapped[Worker] = relationship(foreign_keys=worker_id)
    checked_by: Mapped[Worker] = relationship(foreign_keys=checked_by_id)
    changed_by: Mapped[Worker | None] = relationship(foreign_keys=changed_by_id)

    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR valid_until >= done_on", name="order"),
        # Two taps on one button, or two coordinators with the same certificate: one record.
        Index("ix_training_record_until", "valid_until", "worker_id"),
        Index(
            "uq_training_record_done", "worker_id", "course", "done_on", unique=True,
            sqlite_where=text("set_aside_at IS NULL"), postgresql_where=text("set_aside_at IS NULL"),
        ),
    )  # fmt: skip

    @classmethod
    def of(cls, worker: Worker) -> Select[TrainingRecord]:
        """All of one person's, renewed and set aside ones too, newest first."""
        return (
            select(cls)
            .options(selectinload(cls.checked_by), selectinload(cls.changed_by))
            .where(cls.worker_id == worker.id)
            .order_by(cls.done_on.desc(), cls.written_at.desc(), cls.id)
        )

    @classmethod
    def overseen_by(cls, worker: Worker, *, set_aside: bool = False) -> Select[TrainingRecord]:
        """Records that this worker may correct: those of their team, apart from their own. With `set_aside`, also
        those that count no more."""
        team = overseen_by(worker).with_only_columns(Worker.id).order_by(None)
        found = select(cls).options(selectinload(cls.worker)).where(cls.worker_id.in_(team), cls.worker_id != worker.id)
        return found if set_aside else found.where(cls.set_aside_at.is_(None))

    def set_aside(self, worker: Worker) -> None:
        """It was written by mistake. Said twice, the first stands."""
        if self.set_aside_at is None:
            self.set_aside_at, self.changed_by, self.version = clock.now(), worker, self.version + 1


def overseen_by(worker: Worker) -> Select[Worker]:
    """Whose training this worker sees, by name: coordinators and administrators everyone's who works here, themselves
    included; others nobody's."""
    everyone = select(Worker).where(Worker.left_at.is_(None)).order_by(Worker.name, Worker.id)
    return everyone if worker.role in (Role.COORDINATOR, Role.ADMINISTRATOR) else everyone.where(false())
