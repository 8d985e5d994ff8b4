"""Which files were imported, by whom, and what came of them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, Select, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.models import Role, Worker
from tenant_app.database import Base, Id


class RentImport(Base):
    """One file of accounts or transactions."""

    __tablename__ = "rent_import"

    id: Mapped[Id]
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    worker_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))
    """Who sent it at the desk; None: it came by the command."""
    sent_at: Mapped[datetime] = mapped_column(default=clock.now)
    finished_at: Mapped[datetime | None]
    """None: it waits to be confirmed, or was stopped halfway; sending it again lands what is missing."""
    new: Mapped[int] = mapped_column(default=0)
    known: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """What waits to be confirmed at the desk, compressed; gone as soon as it is."""

    worker: Mapped[Worker | None] = relationship()

    __table_args__ = (Index("ix_rent_import_sent", "sent_at"),)

    @classmethod
    def desk_of(cls, worker: Worker) -> Select[RentImport]:
        """Files that this worker may see, the newest first: a housing officer everybody's, others none."""
        mine = select(cls).order_by(cls.sent_at.desc(), cls.id.desc())
        return mine if worker.role is Role.HOUSING_OFFICER else mine.where(cls.id.is_(None))
