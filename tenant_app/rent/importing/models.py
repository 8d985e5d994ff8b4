"""Which files were imported, by whom, what came of them, and which of their rows were refused."""

from __future__ import annotations

import enum
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, Select, String, func, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.models import Role, Worker
from tenant_app.database import Base, Id, one_of
from tenant_app.rent.importing.kinds import Kind, Why


class RentImport(Base):
    """One file of accounts, charges or transactions."""

    __tablename__ = "rent_import"

    id: Mapped[Id]
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    worker_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))
    """Who sent it at the desk; None: it came by the command."""
    kind: Mapped[Kind | None] = mapped_column(one_of(Kind, 20))
    """What its rows are; None: it came before that was written down."""
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


class Settled(enum.StrEnum):
    """How a refused row came to an end."""

    LANDED = "landed"
    """A later file brought it in."""
    AGAIN = "again"
    """A later file was refused it again, and keeps it from then on."""
    BY_HAND = "by_hand"
    """A housing officer said that nothing is left to do about it."""


class RentRefusal(Base):
    """One refused row: why, and what it takes to find it in the file that was sent. Neither names nor notes are kept.

    Texts are as the file had them, empty where they hold no digit: a cell in the wrong column may be a name.
    """

    __tablename__ = "rent_refusal"

    id: Mapped[Id]
    import_id: Mapped[UUID] = mapped_column(ForeignKey(RentImport.id, ondelete="CASCADE"))
    line: Mapped[int]
    why: Mapped[Why] = mapped_column(one_of(Why, 20))
    cell: Mapped[str] = mapped_column(String(40), default="")
    """What is amiss with `why`, where that is a day, a sum or an account; empty for what may be a name."""
    heading: Mapped[str] = mapped_column(String(40), default="")
    """The column that it stands in."""
    account: Mapped[str] = mapped_column(String(40), default="")
    day: Mapped[str] = mapped_column(String(40), default="")
    amount: Mapped[str] = mapped_column(String(40), default="")
    identity: Mapped[str] = mapped_column(String(64))
    """A digest of what makes this row the same row in a later file."""
    settled: Mapped[Settled | None] = mapped_column(one_of(Settled, 10))
    """None: it waits to be mended and sent again."""
    settled_at: Mapped[datetime | None]
    settled_import_id: Mapped[UUID | None] = mapped_column(ForeignKey(RentImport.id, ondelete="SET NULL"))
    """The later file."""
    settled_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))

    settled_import: Mapped[RentImport | None] = relationship(foreign_keys=settled_import_id)
    settled_by: Mapped[Worker | None] = relationship()

    __table_args__ = (
        Index("ix_rent_refusal_import", "import_id", "line"),
        Index(
            "ix_rent_refusal_waits", "identity", sqlite_where=text("settled IS NULL"),
            postgresql_where=text("settled IS NULL"),
        ),
        Index("ix_rent_refusal_settled_import", "settled_import_id"),
    )  # fmt: skip

    @classmethod
    def of(cls, sent: RentImport) -> Select[RentRefusal]:
        """Refused rows of one file, as they come in it."""
        return select(cls).where(cls.import_id == sent.id).order_by(cls.line, cls.id)

    @classmethod
    def waiting(cls, files: Select[RentImport]) -> Select[UUID, int]:
        """Of files among `files`: how many of their rows wait to be mended. Those with none are left out."""
        among = files.order_by(None).with_only_columns(RentImport.id)
        waits = select(cls.import_id, func.count()).where(cls.settled.is_(None), cls.import_id.in_(among))
        return waits.group_by(cls.import_id)

    def deal_with(self, worker: Worker, *, done: bool) -> None:
        """Nothing is left to do about it, or there is after all. What a later file settled stays settled."""
        if self.settled not in (None, Settled.BY_HAND) or done == (self.settled is not None):
            return
        self.settled, self.settled_at = (Settled.BY_HAND, clock.now()) if done else (None, None)
        self.settled_by_id = worker.id if done else None
