"""What a worker wrote after a contact with a tenant, how it was changed, and what the tenant answered.

A note belongs to the tenant's record and not to its writer: whoever supports the tenant now reads it, nobody else at
the desk does, and the tenant does at once, unless it is held back for somebody's safety and for a time.
"""

from __future__ import annotations

import enum
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, String, Text, and_, exists, false, or_, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload

from tenant_app import clock
from tenant_app.accounts.models import Role, Tenant, Worker, supported_by
from tenant_app.accounts.teams import answered_for_by
from tenant_app.database import Base, Id, one_of

CAN_BE_CHANGED = timedelta(hours=24)
"""From when a note was written. Afterwards it is put right by a new one that points at it."""


class How(enum.StrEnum):
    """How a worker and a tenant were in touch."""

    VISIT = "visit"
    CALL = "call"
    HERE = "here"
    """They came to the office."""
    MESSAGE = "message"
    OTHER = "other"


class KeyWorkNote(Base):
    """What happened, apart from what the writer thinks of it; and what was agreed."""

    __tablename__ = "key_work_note"

    id: Mapped[Id]
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"))
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id), index=True)
    met_at: Mapped[datetime]
    """When they were in touch, which may be long before it was written."""
    how: Mapped[How] = mapped_column(one_of(How, 10))
    minutes: Mapped[int | None]
    """How long it took."""
    happened: Mapped[str] = mapped_column(Text)
    """Fact: what was seen, said and done."""
    opinion: Mapped[str] = mapped_column(Text, default="")
    """What the writer thinks of it."""
    agreed: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(12), default="")
    corrects_id: Mapped[UUID | None] = mapped_column(ForeignKey("key_work_note.id", ondelete="CASCADE"), index=True)
    """The note that this one puts right. Both stay."""
    edition: Mapped[int] = mapped_column(default=1)
    """Counts its changes, so that a form can tell which one it showed."""
    written_at: Mapped[datetime] = mapped_column(default=clock.now)
    changed_at: Mapped[datetime | None]

    tenant: Mapped[Tenant] = relationship(foreign_keys=tenant_id)
    worker: Mapped[Worker] = relationship(foreign_keys=worker_id)
    corrects: Mapped[KeyWorkNote | None] = relationship(remote_side="KeyWorkNote.id", back_populates="corrections")
    corrections: Mapped[list[KeyWorkNote]] = relationship(
        back_populates="corrects", order_by="KeyWorkNote.written_at", viewonly=True
    )
    editions: Mapped[list[NoteEdition]] = relationship(
        back_populates="note", order_by="NoteEdition.edition.desc()", cascade="all, delete-orphan"
    )
    """How it read before, newest first."""
    holds: Mapped[list[NoteHold]] = relationship(
        back_populates="note", order_by="NoteHold.at.desc()", cascade="all, delete-orphan"
    )
    answers: Mapped[list[NoteAnswer]] = relationship(
        back_populates="note", order_by="(NoteAnswer.said_at, NoteAnswer.id)", cascade="all, delete-orphan"
    )

    __table_args__ = (Index("ix_key_work_note_tenant", "tenant_id", "met_at", "id"),)

    @classmethod
    def of(cls, tenant: Tenant) -> Select[KeyWorkNote]:
        """Everything written about this tenant, the latest contact first."""
        return select(cls).where(cls.tenant_id == tenant.id).order_by(cls.met_at.desc(), cls.id.desc())

    @classmethod
    def told_to(cls, tenant: Tenant) -> Select[KeyWorkNote]:
        """What this tenant may read now: all of it, but for what is held back."""
        return cls.of(tenant).where(cls.open_to_tenant())

    @classmethod
    def read_by(cls, worker: Worker) -> Select[KeyWorkNote]:
        """What this worker may read now: notes about tenants they support, whoever wrote them."""
        return (
            select(cls).join(Tenant, Tenant.id == cls.tenant_id).where(supported_by(worker))
            .order_by(cls.met_at.desc(), cls.id.desc())
        )  # fmt: skip

    @classmethod
    def held_back(cls, coordinator: Worker) -> Select[KeyWorkNote]:
        """What is kept from its tenant just now, whoever wrote it: of tenants this coordinator answers for or supports;
        nothing for other roles."""
        theirs = or_(answered_for_by(coordinator), supported_by(coordinator))
        if coordinator.role is not Role.COORDINATOR:
            theirs = false()
        held = select(cls).join(Tenant, Tenant.id == cls.tenant_id).where(~cls.open_to_tenant(), theirs)
        return held.order_by(cls.written_at, cls.id)

    @classmethod
    def whole(cls, query: Select[KeyWorkNote]) -> Select[KeyWorkNote]:
        """The same question, answered with everything that stands beside a note in a fixed number of statements."""
        return query.options(
            joinedload(cls.worker), selectinload(cls.answers), selectinload(cls.editions),
            selectinload(cls.holds).joinedload(NoteHold.worker), selectinload(cls.corrects).joinedload(cls.worker),
            selectinload(cls.corrections),
        )  # fmt: skip

    @classmethod
    def open_to_tenant(cls) -> ColumnElement[bool]:
        """Condition of a query: whether it is not held back just now."""
        return ~exists().where(NoteHold.note_id == cls.id, NoteHold.in_force())

    @classmethod
    def before(cls, at: datetime, note_id: UUID) -> ColumnElement[bool]:
        """Condition of a query: what stands further down the list than the note `note_id` of the contact at `at`."""
        return or_(cls.met_at < at, and_(cls.met_at == at, cls.id < note_id))

    @property
    def backdated(self) -> bool:
        """Whether it was written later than the day of the contact, so that both moments are worth telling."""
        return self.written_at - self.met_at > timedelta(hours=24)

    @property
    def can_be_changed(self) -> bool:
        return clock.now() < self.written_at + CAN_BE_CHANGED

    @property
    def hold(self) -> NoteHold | None:
        """Why the tenant does not read it just now; None where they do."""
        return next((hold for hold in self.holds if hold.stands), None)

    @property
    def whole_text(self) -> str:
        """Everything its writer wrote."""
        return "\n".join((self.happened, self.opinion, self.agreed))


class NoteEdition(Base):
    """How a note read before it was changed."""

    __tablename__ = "key_work_note_edition"

    id: Mapped[Id]
    note_id: Mapped[UUID] = mapped_column(ForeignKey(KeyWorkNote.id, ondelete="CASCADE"), index=True)
    edition: Mapped[int]
    met_at: Mapped[datetime]
    how: Mapped[How] = mapped_column(one_of(How, 10))
    minutes: Mapped[int | None]
    happened: Mapped[str] = mapped_column(Text)
    opinion: Mapped[str] = mapped_column(Text, default="")
    agreed: Mapped[str] = mapped_column(Text, default="")
    until: Mapped[datetime]
    """When it was changed."""

    note: Mapped[KeyWorkNote] = relationship(back_populates="editions")

    @classmethod
    def as_it_stands(cls, note: KeyWorkNote) -> NoteEdition:
        """A copy of the note as it reads now, to be kept before it is changed."""
        return cls(
            note=note, edition=note.edition, met_at=note.met_at, how=note.how, minutes=note.minutes,
            happened=note.happened, opinion=note.opinion, agreed=note.agreed, until=clock.now(),
        )  # fmt: skip


class NoteHold(Base):
    """That a note is kept from the tenant, why, by whom and until when. Only ever for somebody's safety."""

    __tablename__ = "key_work_note_hold"

    id: Mapped[Id]
    note_id: Mapped[UUID] = mapped_column(ForeignKey(KeyWorkNote.id, ondelete="CASCADE"), index=True)
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    until: Mapped[date]
    """The last day, by the house's clock."""
    ends_at: Mapped[datetime]
    """The end of that day."""
    ended_at: Mapped[datetime | None]
    """When somebody let the tenant read it earlier."""
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))

    note: Mapped[KeyWorkNote] = relationship(back_populates="holds")
    worker: Mapped[Worker] = relationship(foreign_keys=worker_id)

    @classmethod
    def in_force(cls) -> ColumnElement[bool]:
        """Condition of a query."""
        return and_(cls.ended_at.is_(None), cls.ends_at > clock.now())

    @property
    def stands(self) -> bool:
        return self.ended_at is None and self.ends_at > clock.now()


class NoteAnswer(Base):
    """What the tenant says beside a note. It stays as they wrote it."""

    __tablename__ = "key_work_answer"

    id: Mapped[Id]
    note_id: Mapped[UUID] = mapped_column(ForeignKey(KeyWorkNote.id, ondelete="CASCADE"), index=True)
    words: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12), default="")
    said_at: Mapped[datetime] = mapped_column(default=clock.now)
    seen_at: Mapped[datetime | None]
    """When a worker who supports them said that they have read it."""

    note: Mapped[KeyWorkNote] = relationship(back_populates="answers")
