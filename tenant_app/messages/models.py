"""What a tenant and a keyworker wrote to each other.

Each message remembers between which two it passed. So what a worker may read follows from the message and from whose
keyworker they are at this request: a handover needs nobody to remember to close anything.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, String, Text, and_, or_, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.models import Role, Tenant, Worker
from tenant_app.database import Base, Id

LONGEST = 2000
"""Letters."""

_WAITS = text("waits_since IS NOT NULL")


class Message(Base):
    """One message of a thread. Nobody changes the words; only a tenant can take back their own."""

    __tablename__ = "message"

    id: Mapped[Id]
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"))
    """Whose thread it is in."""
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    """The keyworker who wrote it, or to whom the tenant did."""
    by_tenant: Mapped[bool]
    words: Mapped[str] = mapped_column(Text)
    """As written; empty once taken back."""
    language: Mapped[str] = mapped_column(String(12), default="")
    """What the writer was reading the app in. Which way the words run, they say themselves."""
    written_at: Mapped[datetime] = mapped_column(default=clock.now)
    """When it reached us."""
    held: Mapped[bool] = mapped_column(default=False)
    """Written to somebody who was their keyworker no longer when it arrived: kept for the tenant, read by nobody."""
    seen_on: Mapped[date | None]
    """Of a tenant's message, the day on which it was opened. The hour is not kept: nobody is to count minutes."""
    waits_since: Mapped[datetime | None]
    """Of a tenant's message, since when it is to be answered; None once it was, or needs no answer."""
    taken_back_at: Mapped[datetime | None]

    tenant: Mapped[Tenant] = relationship(foreign_keys=tenant_id)
    worker: Mapped[Worker] = relationship(foreign_keys=worker_id)

    __table_args__ = (
        Index("ix_message_thread", "tenant_id", "written_at", "id"),
        Index("ix_message_worker", "worker_id", "tenant_id", "written_at"),
        Index("ix_message_waits", "worker_id", "tenant_id", postgresql_where=_WAITS, sqlite_where=_WAITS),
    )

    @classmethod
    def of(cls, tenant: Tenant) -> Select[Message]:
        """This tenant's whole thread, newest first: with whomever they wrote, and what nobody read."""
        return select(cls).where(cls.tenant_id == tenant.id).order_by(cls.written_at.desc(), cls.id.desc())

    @classmethod
    def by(cls, tenant: Tenant) -> Select[Message]:
        """What this tenant wrote and did not take back, which is theirs to take back."""
        return cls.of(tenant).where(cls.by_tenant, cls.taken_back_at.is_(None))

    @classmethod
    def read_by(cls, worker: Worker, tenant: Tenant, until: datetime | None) -> Select[Message]:
        """What `worker`, who is this tenant's keyworker, reads of the thread, newest first: what passed between the
        two, and what passed with others up to `until`, where the tenant let them read it then."""
        theirs: ColumnElement[bool] = cls.worker_id == worker.id
        if until is not None:
            theirs = or_(theirs, cls.written_at <= until)
        return cls.of(tenant).where(theirs, cls.held.is_(False))

    def before(self) -> ColumnElement[bool]:
        """Condition of a query: what stands above this message in the thread."""
        cls = Message
        same = and_(cls.written_at == self.written_at, cls.id < self.id)
        return or_(cls.written_at < self.written_at, same)

    @property
    def taken_back(self) -> bool:
        return self.taken_back_at is not None

    def take_back(self) -> None:
        """The words go, for everybody. That there was a message stays. Twice keeps the first moment."""
        self.taken_back_at = self.taken_back_at or clock.now()
        self.words, self.language, self.waits_since = "", "", None


def keyworker_of(tenant: Tenant) -> Worker | None:
    """Who reads what this tenant writes now; None where nobody does: none was named, or who was has left."""
    worker = tenant.keyworker
    return worker if worker is not None and worker.left_at is None and worker.role in _READ else None


def threads_of(worker: Worker) -> Select[Tenant]:
    """Tenants whose keyworker this worker is now. Whoever only stands in for a colleague reads no thread."""
    here = worker.left_at is None and worker.role in _READ
    theirs = select(Tenant).where(Tenant.keyworker_id == worker.id, Tenant.left_at.is_(None))
    return theirs if here else theirs.where(Tenant.id.is_(None))


_READ = (Role.KEYWORKER, Role.COORDINATOR)
