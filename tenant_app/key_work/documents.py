"""Papers of a tenant's record: theirs to keep to themselves or show, or put there by whoever supports them."""

from __future__ import annotations

import enum
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Select, String, func, or_, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker, supported_by
from tenant_app.database import Base, Id, one_of

MOST_DOCUMENTS = 200
"""Of one tenant."""

DOUBLE_TAP = timedelta(minutes=1)


class Kind(enum.StrEnum):
    """What kind of paper it is."""

    IDENTITY = "identity"
    AGREEMENT = "agreement"
    """Of the tenancy or licence."""
    BENEFIT = "benefit"
    SUPPORT_PLAN = "support-plan"
    OTHER = "other"


class TooMany(Exception):
    """There are `MOST_DOCUMENTS` already."""


class Document(Base):
    """A photo or a PDF, under a title."""

    __tablename__ = "document"

    id: Mapped[Id]
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"))
    worker_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))
    """Who put it there; None is the tenant."""
    title: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(12), default="")
    kind: Mapped[Kind] = mapped_column(one_of(Kind, 20))
    file: Mapped[str] = mapped_column(String(40), unique=True)
    """Name in its folder; random, and says nothing of what it holds."""
    bytes: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of what is stored."""
    added_at: Mapped[datetime] = mapped_column(default=clock.now)
    shared_at: Mapped[datetime | None]
    """Since when whoever supports the tenant may see what they put there themselves; None is private."""

    tenant: Mapped[Tenant] = relationship(foreign_keys=tenant_id)
    worker: Mapped[Worker | None] = relationship(foreign_keys=worker_id)

    __table_args__ = (Index("ix_document_tenant", "tenant_id", "added_at", "id"),)

    @classmethod
    def of(cls, tenant: Tenant) -> Select[Document]:
        """All papers of this tenant, the newest first, whoever put them there."""
        return (
            select(cls).where(cls.tenant_id == tenant.id).options(joinedload(cls.worker))
            .order_by(cls.added_at.desc(), cls.id.desc())
        )  # fmt: skip

    @classmethod
    def by(cls, tenant: Tenant) -> Select[Document]:
        """What the tenant put there, which is theirs to show and to take away."""
        return cls.of(tenant).where(cls.worker_id.is_(None))

    @classmethod
    def read_by(cls, worker: Worker) -> Select[Document]:
        """What this worker may see now of tenants they support: what staff put there, and what the tenant shows."""
        return (
            select(cls).join(Tenant, Tenant.id == cls.tenant_id).options(joinedload(cls.worker))
            .where(supported_by(worker), or_(cls.worker_id.is_not(None), cls.shared_at.is_not(None)))
            .order_by(cls.added_at.desc(), cls.id.desc())
        )  # fmt: skip

    @property
    def pdf(self) -> bool:
        return self.file.endswith(".pdf")

    @property
    def shared(self) -> bool:
        return self.shared_at is not None

    def share(self, shared: bool) -> None:
        """Let whoever supports the tenant see it, or no longer. Sharing twice keeps the first date."""
        self.shared_at = (self.shared_at or clock.now()) if shared else None


def add_document(
    session: Session, tenant: Tenant, title: str, kind: Kind, *, file: str, size: int, digest: str,
    worker: Worker | None = None, shared: bool = False, language: str = "",
) -> Document:  # fmt: skip
    """Put a stored file into a tenant's record. The same file again within a minute is the one that is there, under its
    own `file`: the caller then takes the second away. Raises `TooMany`, `ValueError` without a title."""
    if not title:
        raise ValueError("a paper has a title")
    people = Tenant.__table__
    session.execute(select(people.c.id).where(people.c.id == tenant.id).with_for_update(key_share=True))
    last = session.scalar(Document.of(tenant).where(Document.digest == digest).limit(1))
    if last is not None and last.added_at > clock.now() - DOUBLE_TAP and last.title == title:
        return last
    there = session.scalar(select(func.count()).select_from(Document).where(Document.tenant_id == tenant.id)) or 0
    if there >= MOST_DOCUMENTS:
        raise TooMany
    document = Document(
        tenant=tenant, worker=worker, title=title, language=language, kind=kind, file=file, bytes=size, digest=digest,
        added_at=clock.now(),
    )  # fmt: skip
    document.share(shared and worker is None)
    session.add(document)
    session.flush()
    return document
