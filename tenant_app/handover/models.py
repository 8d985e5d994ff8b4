"""The handover of one shift in one building, its lines, and who of the next shift acknowledged them."""

from __future__ import annotations

import enum
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, String, Text, UniqueConstraint, false, select, true
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload

from tenant_app import clock
from tenant_app.accounts.models import CARRIERS, Property, Tenant, Worker
from tenant_app.database import Base, Id, one_of

LONGEST = 500
"""Letters of one line."""


class About(enum.StrEnum):
    """What a line is for."""

    HAPPENED = "happened"
    NEEDS = "needs"
    """Somebody of a later shift is to do it, and says so when it is done."""


class Handover(Base):
    """What one shift leaves to the next."""

    __tablename__ = "handover"

    id: Mapped[Id]
    property_id: Mapped[UUID] = mapped_column(ForeignKey(Property.id))
    day: Mapped[date]
    """On which the shift began, by the house's clock."""
    shift: Mapped[str] = mapped_column(String(20))
    """Its id in `content/handover/shifts`."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    """Its hours as they were that day."""

    building: Mapped[Property] = relationship(lazy="joined")
    lines: Mapped[list[HandoverLine]] = relationship(
        back_populates="handover", order_by="(HandoverLine.written_at, HandoverLine.id)", cascade="all, delete-orphan"
    )
    acknowledgements: Mapped[list[Acknowledgement]] = relationship(
        back_populates="handover", order_by="(Acknowledgement.at, Acknowledgement.id)", cascade="all, delete-orphan"
    )

    __table_args__ = (
        UniqueConstraint("property_id", "day", "shift", name="uq_handover_shift"),
        Index("ix_handover_property", "property_id", "starts_at"),
    )

    @classmethod
    def seen_by(cls, worker: Worker) -> Select[Handover]:
        """Those of the buildings that this worker works in, the latest shift first; other roles see none."""
        return select(cls).where(cls.open_to(worker)).order_by(cls.starts_at.desc(), cls.id)

    @classmethod
    def open_to(cls, worker: Worker) -> ColumnElement[bool]:
        """Condition of a query: keyworkers and coordinators of that building, or of all buildings."""
        if worker.left_at is not None or worker.role not in CARRIERS:
            return false()
        return cls.property_id == worker.property_id if worker.property_id else true()

    @classmethod
    def whole(cls, query: Select[Handover]) -> Select[Handover]:
        """The same question, answered with lines and acknowledgements in a fixed number of statements."""
        people = joinedload(HandoverLine.written_by), joinedload(HandoverLine.tenant), joinedload(HandoverLine.done_by)
        return query.options(
            selectinload(cls.lines).options(*people),
            selectinload(cls.acknowledgements).joinedload(Acknowledgement.worker),
        )

    @property
    def acknowledged(self) -> bool:
        return bool(self.acknowledgements)

    def waits_for(self, worker: Worker) -> list[HandoverLine]:
        """Lines by others that this worker has not said they read."""
        mine = [one.read_to for one in self.acknowledgements if one.worker_id == worker.id]
        since = max(mine, default=None)
        return [line for line in self.lines
                if line.written_by_id != worker.id and (since is None or line.written_at > since)]  # fmt: skip


class HandoverLine(Base):
    """One line. One that names a tenant is part of that tenant's record."""

    __tablename__ = "handover_line"

    id: Mapped[Id]
    handover_id: Mapped[UUID] = mapped_column(ForeignKey(Handover.id, ondelete="CASCADE"))
    tenant_id: Mapped[UUID | None] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"))
    about: Mapped[About] = mapped_column(one_of(About, 10))
    words: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12), default="")
    written_by_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    written_at: Mapped[datetime] = mapped_column(default=clock.now)
    corrects_id: Mapped[UUID | None] = mapped_column(ForeignKey("handover_line.id", ondelete="CASCADE"))
    """The line that this one puts right. That one stays as it was."""
    done_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))
    done_at: Mapped[datetime | None]

    handover: Mapped[Handover] = relationship(back_populates="lines")
    tenant: Mapped[Tenant | None] = relationship(foreign_keys=tenant_id)
    written_by: Mapped[Worker] = relationship(foreign_keys=written_by_id)
    done_by: Mapped[Worker | None] = relationship(foreign_keys=done_by_id)

    __table_args__ = (
        Index("ix_handover_line_handover", "handover_id", "written_at"),
        Index("ix_handover_line_tenant", "tenant_id", "written_at"),
        Index("ix_handover_line_corrects", "corrects_id"),
    )

    @classmethod
    def of(cls, tenant: Tenant) -> Select[HandoverLine]:
        """What names this tenant, newest first: part of their record, for whoever hands it to them."""
        return select(cls).where(cls.tenant_id == tenant.id).order_by(cls.written_at.desc(), cls.id)

    @classmethod
    def seen_by(cls, worker: Worker) -> Select[HandoverLine]:
        """Lines of handovers that this worker may see."""
        return select(cls).join(cls.handover).where(Handover.open_to(worker))

    def mark(self, worker: Worker, *, done: bool) -> None:
        """What was needed is done, or not after all. Marking twice keeps who did it first."""
        if done:
            self.done_at, self.done_by_id = self.done_at or clock.now(), self.done_by_id or worker.id
        else:
            self.done_at = self.done_by_id = None


class Acknowledgement(Base):
    """Somebody said that they read a handover, as it stood on their page."""

    __tablename__ = "handover_acknowledgement"

    id: Mapped[Id]
    handover_id: Mapped[UUID] = mapped_column(ForeignKey(Handover.id, ondelete="CASCADE"), index=True)
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    """When they said so."""
    read_to: Mapped[datetime]
    """When the newest line on their page had been written."""

    handover: Mapped[Handover] = relationship(back_populates="acknowledgements")
    worker: Mapped[Worker] = relationship(foreign_keys=worker_id)

    __table_args__ = (Index("ix_handover_acknowledgement_worker", "worker_id", "handover_id", "read_to"),)
