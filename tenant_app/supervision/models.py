"""What a coordinator and a worker write down about the worker's practice: facts, agreed actions, and the answer.

Nobody else reads it, and nothing in it is a tenant's record.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Select, String, Text, or_, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload

from tenant_app import clock
from tenant_app.accounts.models import Worker
from tenant_app.accounts.teams import team_of
from tenant_app.database import Base, Id

LONGEST = 4000
"""Letters of a note or an answer."""
MOST_ACTIONS = 5
"""What two people agree on in one meeting. More of it would be a list that nobody looks at."""


class SupervisionNote(Base):
    """One meeting about one worker's practice, as their coordinator wrote it down. Nobody changes the words."""

    __tablename__ = "supervision_note"

    id: Mapped[Id]
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    """Whom it is about."""
    coordinator_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    """Who wrote it."""
    met_on: Mapped[date]
    words: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12), default="")
    written_at: Mapped[datetime] = mapped_column(default=clock.now)
    read_at: Mapped[datetime | None]
    """When the worker first opened it."""

    worker: Mapped[Worker] = relationship(foreign_keys=worker_id)
    coordinator: Mapped[Worker] = relationship(foreign_keys=coordinator_id)
    actions: Mapped[list[AgreedAction]] = relationship(
        back_populates="note", order_by="(AgreedAction.by_on, AgreedAction.id)", cascade="all, delete-orphan"
    )
    answers: Mapped[list[SupervisionAnswer]] = relationship(
        back_populates="note", order_by="(SupervisionAnswer.written_at, SupervisionAnswer.id)",
        cascade="all, delete-orphan",
    )  # fmt: skip

    __table_args__ = (Index("ix_supervision_note_worker", "worker_id", "met_on"),)

    @classmethod
    def about(cls, worker: Worker) -> Select[SupervisionNote]:
        """What was written about this worker's practice, for their own eyes; the latest meeting first."""
        return cls._whole().where(cls.worker_id == worker.id)

    @classmethod
    def kept_by(cls, coordinator: Worker) -> Select[SupervisionNote]:
        """What this coordinator reads: all about those whom they supervise by name, and what they wrote themselves
        about others of their team. Of somebody who went to another coordinator, nothing more."""
        team = team_of(coordinator).with_only_columns(Worker.id).order_by(None)
        named = select(Worker.id).where(Worker.coordinator_id == coordinator.id)
        return cls._whole().where(
            cls.worker_id.in_(team), or_(cls.worker_id.in_(named), cls.coordinator_id == coordinator.id)
        )  # fmt: skip

    @classmethod
    def _whole(cls) -> Select[SupervisionNote]:
        parts = joinedload(cls.coordinator), selectinload(cls.actions), selectinload(cls.answers)
        return select(cls).options(*parts).order_by(cls.met_on.desc(), cls.written_at.desc(), cls.id)

    def read(self) -> None:
        """The worker has it in front of them. The first time is kept."""
        self.read_at = self.read_at or clock.now()

    def answer(self, words: str, language: str) -> None:
        """What the worker says to it, beside the note. The same words again are one answer: a double tap."""
        if not self.answers or self.answers[-1].words != words:
            self.answers.append(SupervisionAnswer(words=words, language=language, written_at=clock.now()))


class AgreedAction(Base):
    """Something that the two agreed on, and by when."""

    __tablename__ = "agreed_action"

    id: Mapped[Id]
    note_id: Mapped[UUID] = mapped_column(ForeignKey(SupervisionNote.id, ondelete="CASCADE"), index=True)
    words: Mapped[str] = mapped_column(String(200))
    by_on: Mapped[date]
    done_at: Mapped[datetime | None]

    note: Mapped[SupervisionNote] = relationship(back_populates="actions")

    def mark(self, *, done: bool) -> None:
        """It is done, or not after all. Marking twice keeps the first moment."""
        self.done_at = (self.done_at or clock.now()) if done else None


class SupervisionAnswer(Base):
    """What the worker says to a note."""

    __tablename__ = "supervision_answer"

    id: Mapped[Id]
    note_id: Mapped[UUID] = mapped_column(ForeignKey(SupervisionNote.id, ondelete="CASCADE"), index=True)
    words: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12), default="")
    written_at: Mapped[datetime] = mapped_column(default=clock.now)

    note: Mapped[SupervisionNote] = relationship(back_populates="answers")
