"""Who was whose keyworker when. Rows are closed and never changed; the tenant reads them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Select, or_, select, text
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.database import Base, Id

NEWS_FOR = timedelta(days=7)
"""How long both workers find the change on the page they start from."""

_OPEN = text("until_at IS NULL")


class Keyworking(Base):
    """One worker was one tenant's keyworker, from one moment to another."""

    __tablename__ = "keyworking"

    id: Mapped[Id]
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"))
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    from_at: Mapped[datetime | None]
    """None: from before this was written down."""
    until_at: Mapped[datetime | None]
    """None: still."""
    begun_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))
    """Who gave the tenant to them; None where they were welcomed with this keyworker."""
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))
    after_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))
    """Whose tenant it was before; None where nobody's."""

    tenant: Mapped[Tenant] = relationship(foreign_keys=tenant_id)
    worker: Mapped[Worker] = relationship(foreign_keys=worker_id)
    after: Mapped[Worker | None] = relationship(foreign_keys=after_id)

    __table_args__ = (
        Index("ix_keyworking_open", "tenant_id", unique=True, postgresql_where=_OPEN, sqlite_where=_OPEN),
        Index("ix_keyworking_tenant", "tenant_id", "from_at"),
        Index("ix_keyworking_worker", "worker_id", "from_at"),
        Index("ix_keyworking_after", "after_id", "from_at"),
    )

    @classmethod
    def of(cls, tenant: Tenant) -> Select[Keyworking]:
        """This tenant's keyworkers, the present one first."""
        theirs = select(cls).options(joinedload(cls.worker)).where(cls.tenant_id == tenant.id)
        return theirs.order_by(cls.until_at.is_not(None), cls.until_at.desc(), cls.id.desc())

    @classmethod
    def news_for(cls, worker: Worker) -> Select[Keyworking]:
        """Tenants who came to this worker or went from them within `NEWS_FOR` and are still where they went, newest
        first; names, and no record."""
        people = joinedload(cls.tenant), joinedload(cls.worker), joinedload(cls.after)
        met = or_(cls.worker_id == worker.id, cls.after_id == worker.id)
        lately = cls.from_at > clock.now() - NEWS_FOR
        return (
            select(cls).join(cls.tenant).options(*people)
            .where(met, lately, cls.begun_by_id.is_not(None), cls.until_at.is_(None), Tenant.left_at.is_(None))
            .order_by(cls.from_at.desc(), cls.id.desc())
        )  # fmt: skip


def begin_keyworking(session: Session, tenant: Tenant, worker: Worker | None, by: Worker | None) -> Keyworking | None:
    """`worker` is this tenant's keyworker from now on, or nobody is. Closes what was, and writes down who was before
    even where no row said so. The caller holds the tenant's row, and has left `tenant.keyworker` as it was until now.
    """
    now, before = clock.now(), tenant.keyworker_id
    still = session.scalar(select(Keyworking).where(Keyworking.tenant_id == tenant.id, Keyworking.until_at.is_(None)))
    if still is not None:
        still.until_at, still.ended_by_id = now, by.id if by else None
    if before is not None and (still is None or still.worker_id != before):
        # Kept as known as it is: until when, but not since when.
        session.add(Keyworking(
            tenant_id=tenant.id, worker_id=before, until_at=now, ended_by_id=by.id if by else None
        ))  # fmt: skip
    session.flush()
    tenant.keyworker = worker
    if worker is None:
        session.flush()
        return None
    begun = Keyworking(
        tenant=tenant, worker=worker, from_at=now, begun_by_id=by.id if by else None, after_id=before
    )  # fmt: skip
    session.add(begun)
    session.flush()
    return begun
