"""What a tenant asked about their record, and what was erased."""

from __future__ import annotations

import enum
import hashlib
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, Select, String, Text, false, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.models import Role, Tenant, Worker, supported_by
from tenant_app.accounts.teams import coordinators, once_answered_for_by
from tenant_app.database import Base, Id, one_of


class Asked(enum.StrEnum):
    """What for."""

    CORRECTION = "correction"
    ERASURE = "erasure"


class RequestState(enum.StrEnum):
    """Where a request is."""

    OPEN = "open"
    DONE = "done"
    PARTLY = "partly"
    NOT_DONE = "not-done"
    TAKEN_BACK = "taken-back"


class RecordRequest(Base):
    """A tenant's request that something in their record be put right or erased, and the answer to it.

    UK GDPR Article 12(3): answered within one month of receipt.
    """

    __tablename__ = "record_request"

    id: Mapped[Id]
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"))
    kind: Mapped[Asked] = mapped_column(one_of(Asked, 12))
    parts: Mapped[list[str]] = mapped_column(JSON)
    """Rooms of the house it is about; `everything` for all of it."""
    words: Mapped[str] = mapped_column(Text, default="")
    """What is not right, or what they want to say about it."""
    should: Mapped[str] = mapped_column(Text, default="")
    """What it should say instead."""
    language: Mapped[str] = mapped_column(String(12), default="")
    state: Mapped[RequestState] = mapped_column(one_of(RequestState, 12), default=RequestState.OPEN)
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_on: Mapped[date]
    """The last day for the answer."""
    reply: Mapped[str] = mapped_column(Text, default="")
    reply_language: Mapped[str] = mapped_column(String(12), default="")
    worker_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))
    """Who answered."""
    answered_at: Mapped[datetime | None]

    tenant: Mapped[Tenant] = relationship(foreign_keys=tenant_id)
    worker: Mapped[Worker | None] = relationship(foreign_keys=worker_id)

    __table_args__ = (
        Index("ix_record_request_tenant", "tenant_id", "asked_at"), Index("ix_record_request_due", "state", "due_on"),
    )  # fmt: skip

    @classmethod
    def of(cls, tenant: Tenant) -> Select[RecordRequest]:
        """What this tenant asked, newest first."""
        return select(cls).where(cls.tenant_id == tenant.id).order_by(cls.asked_at.desc(), cls.id)

    @classmethod
    def seen_by(cls, worker: Worker) -> Select[RecordRequest]:
        """Requests this worker sees: a keyworker those of their caseload; coordinators those of their team, of people
        who moved out too; administrators all that something be erased, and corrections, which tell of a record, only
        where no coordinator is here; others none. Those that end soonest first."""
        return (
            select(cls).join(Tenant, Tenant.id == cls.tenant_id).where(cls._open_to(worker))
            .order_by(cls.due_on, cls.id)
        )  # fmt: skip

    @classmethod
    def _open_to(cls, worker: Worker) -> ColumnElement[bool]:
        if worker.left_at is not None:
            return false()
        match worker.role:
            case Role.KEYWORKER:
                return supported_by(worker)
            case Role.COORDINATOR:
                return once_answered_for_by(worker)
            case Role.ADMINISTRATOR:
                return or_(cls.kind == Asked.ERASURE, ~coordinators().order_by(None).exists())
        return false()

    @property
    def open(self) -> bool:
        return self.state is RequestState.OPEN

    @property
    def about_everything(self) -> bool:
        return "everything" in self.parts

    def take_back(self) -> None:
        """The tenant wants it no longer. What was answered stays answered."""
        if self.open:
            self.state, self.answered_at = RequestState.TAKEN_BACK, clock.now()


class Erasure(Base):
    """That a record, or parts of it, were erased. It names nobody: only who has the id can find it again.

    From this list, and its twin in the instance folder, erasures are done again after an older copy was restored.
    """

    __tablename__ = "erasure"

    id: Mapped[Id]
    subject_digest: Mapped[str] = mapped_column(String(64), index=True)
    """`digest_of` the tenant's id."""
    parts: Mapped[list[str]] = mapped_column(JSON)
    files: Mapped[list[str]] = mapped_column(JSON)
    """Names of the pictures that went: a restored folder has them again."""
    erased_at: Mapped[datetime] = mapped_column(default=clock.now)
    worker_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id, ondelete="SET NULL"))
    """Who did it. None where it was done again after a restore."""
    kept_as: Mapped[UUID | None]
    """Id under which the rows that must be kept stand; nobody's."""
    kept_until: Mapped[date | None]
    """When those go too."""
    rows: Mapped[int] = mapped_column(default=0)
    """How many rows went."""


def digest_of(tenant_id: UUID) -> str:
    """SHA-256 of an id, in hex. An id has 74 random bits, so that nobody finds it from this."""
    return hashlib.sha256(tenant_id.bytes).hexdigest()
