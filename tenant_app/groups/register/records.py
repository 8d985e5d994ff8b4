"""What a register holds beside the marks: marks that lost, names given at the door, notes, and who was reminded."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Select, String, Text, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, contains_eager, mapped_column, relationship, selectinload

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.database import Base, Id, one_of
from tenant_app.groups.models import Attendance, Booking, GroupSession


class OvertakenMark(Base):
    """A mark of one worker that somebody's later mark took the place of. They are told until they have read it."""

    __tablename__ = "overtaken_mark"

    id: Mapped[Id]
    booking_id: Mapped[UUID] = mapped_column(ForeignKey(Booking.id, ondelete="CASCADE"))
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    attendance: Mapped[Attendance] = mapped_column(one_of(Attendance, 12))
    made_at: Mapped[datetime]

    booking: Mapped[Booking] = relationship()

    __table_args__ = (UniqueConstraint("booking_id", "worker_id"),)

    @classmethod
    def told_to(cls, worker: Worker, group_session: GroupSession) -> Select[OvertakenMark]:
        """What this worker should know about one register, by name of the person marked."""
        return (
            select(cls)
            .join(cls.booking)
            .join(Booking.tenant)
            .options(
                contains_eager(cls.booking).contains_eager(Booking.tenant),
                contains_eager(cls.booking).selectinload(Booking.marked_by),
            )
            .where(cls.worker_id == worker.id, Booking.session_id == group_session.id)
            .order_by(Tenant.name, Tenant.id)
        )


class NamedAtDoor(Base):
    """Someone who came, by the name that was written down without signal; whose it is, is found afterwards."""

    __tablename__ = "named_at_door"

    id: Mapped[Id]
    session_id: Mapped[UUID] = mapped_column(ForeignKey(GroupSession.id, ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    """Empty once it is known whose it is, or once the register is no longer kept: it would outlive the record of
    whoever it means."""
    came_at: Mapped[datetime]
    written_by_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    found_at: Mapped[datetime | None]
    """When it was found out who they are, or that they are none of our tenants; or when nobody asked any more."""

    @classmethod
    def open_at(cls, group_session: GroupSession) -> Select[NamedAtDoor]:
        """Names at this session that belong to nobody yet, in the order they came."""
        return (
            select(cls)
            .where(cls.session_id == group_session.id, cls.found_at.is_(None))
            .order_by(cls.came_at, cls.id)
        )

    def find(self) -> None:
        """It is known who they are. Finding twice keeps the first moment."""
        self.found_at, self.name = self.found_at or clock.now(), ""


class SessionNote(Base):
    """What a facilitator wants to remember of a session. About the session: nothing of anyone's health."""

    __tablename__ = "session_note"

    id: Mapped[Id]
    session_id: Mapped[UUID] = mapped_column(ForeignKey(GroupSession.id, ondelete="CASCADE"), index=True)
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    words: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12), default="en")
    written_at: Mapped[datetime]

    worker: Mapped[Worker] = relationship()

    @classmethod
    def of(cls, group_session: GroupSession) -> Select[SessionNote]:
        """The notes of a session, oldest first."""
        return (
            select(cls)
            .options(selectinload(cls.worker))
            .where(cls.session_id == group_session.id)
            .order_by(cls.written_at, cls.id)
        )


class RegisterChase(Base):
    """A register that nobody had finished by the next morning, and when we said so to those who keep it."""

    __tablename__ = "register_chase"

    session_id: Mapped[UUID] = mapped_column(ForeignKey(GroupSession.id, ondelete="CASCADE"), primary_key=True)
    chased_at: Mapped[datetime] = mapped_column(default=clock.now)


_WANTS_CALL = text("wants_call_at IS NOT NULL AND seen_at IS NULL")


class Missed(Base):
    """Someone who did not come twice in a row, whom we asked whether everything is all right."""

    __tablename__ = "missed"

    id: Mapped[Id]
    booking_id: Mapped[UUID] = mapped_column(ForeignKey(Booking.id, ondelete="CASCADE"), unique=True)
    """The second of the two."""
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"), index=True)
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    wants_call_at: Mapped[datetime | None]
    """When the tenant asked for a call from their keyworker."""
    well_at: Mapped[datetime | None]
    """When the tenant said that all is well."""
    seen_at: Mapped[datetime | None]
    """When the keyworker put the note away."""

    tenant: Mapped[Tenant] = relationship()
    booking: Mapped[Booking] = relationship()

    __table_args__ = (
        Index("ix_missed_calls", "tenant_id", postgresql_where=_WANTS_CALL, sqlite_where=_WANTS_CALL),
    )  # fmt: skip

    def say_well(self) -> None:
        """All is well. A call that was asked for before is not wanted any more."""
        self.well_at, self.wants_call_at = clock.now(), None

    def ask_for_call(self) -> None:
        """They would like their keyworker to ring. Asking twice keeps the first moment."""
        self.wants_call_at, self.well_at, self.seen_at = self.wants_call_at or clock.now(), None, None

    def put_away(self) -> None:
        """The keyworker has read it."""
        self.seen_at = self.seen_at or clock.now()
