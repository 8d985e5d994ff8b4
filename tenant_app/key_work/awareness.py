"""That a note named damp or mould: from then on the landlord knows, and the law's clock runs (SI 2025/1042).

The moment is kept by itself, so that it outlives what becomes of the note, and waits until a worker says what it was.
"""

from __future__ import annotations

import enum
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, String, Text, false, select, text
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.accounts.teams import once_looked_after_by
from tenant_app.database import Base, Id, one_of
from tenant_app.key_work.mentions import named
from tenant_app.key_work.models import KeyWorkNote


class Outcome(enum.StrEnum):
    """What became of it."""

    RAISED = "raised"
    """A repair was raised for the tenant."""
    REPORTED = "reported"
    """It was reported already; that repair's clock runs from the earlier of the two."""
    NOT_HERE = "not_here"
    """It was not about this home. Says why."""


_WAITS = text("outcome IS NULL")


class HazardMention(Base):
    """A note that names a hazard, and since when we know of it."""

    __tablename__ = "key_work_hazard_mention"

    id: Mapped[Id]
    note_id: Mapped[UUID] = mapped_column(ForeignKey(KeyWorkNote.id, ondelete="CASCADE"), unique=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"))
    aware_at: Mapped[datetime]
    """The contact, or the writing of the note where that was earlier. Moves to an earlier moment only."""
    term: Mapped[str] = mapped_column(String(60))
    """The first word that named it."""
    outcome: Mapped[Outcome | None] = mapped_column(one_of(Outcome, 10))
    """None: nobody has said, and it waits."""
    repair_id: Mapped[UUID | None] = mapped_column(ForeignKey("repair.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it is not about this home."""
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))

    note: Mapped[KeyWorkNote] = relationship()
    tenant: Mapped[Tenant] = relationship(foreign_keys=tenant_id)
    settled_by: Mapped[Worker | None] = relationship(foreign_keys=settled_by_id)

    __table_args__ = (
        Index("ix_key_work_hazard_mention_waits", "tenant_id", postgresql_where=_WAITS, sqlite_where=_WAITS),
    )

    @classmethod
    def seen_by(cls, worker: Worker) -> Select[HazardMention]:
        """Those this worker may settle, the longest known first: of tenants they support. A coordinator's are those of
        their team, also of tenants whom nobody supports or who have left: the wall is still wet."""
        return (
            select(cls).join(Tenant, Tenant.id == cls.tenant_id)
            .where(_of_concern_to(worker)).order_by(cls.aware_at, cls.id)
        )  # fmt: skip

    @classmethod
    def told_to(cls, tenant: Tenant) -> Select[HazardMention]:
        """Those of notes that this tenant may read now."""
        readable = KeyWorkNote.told_to(tenant).with_only_columns(KeyWorkNote.id).order_by(None)
        return select(cls).where(cls.tenant_id == tenant.id, cls.note_id.in_(readable)).order_by(cls.aware_at, cls.id)

    @property
    def waits(self) -> bool:
        return self.outcome is None

    def settle(self, worker: Worker, outcome: Outcome, *, repair_id: UUID | None = None, reason: str = "") -> None:
        """Say what it was. What was said first stands. Raises `ValueError` where it is not about this home and nobody
        says why, or where a repair is missing."""
        if (outcome is Outcome.NOT_HERE) != bool(reason) or (outcome is Outcome.NOT_HERE) == bool(repair_id):
            raise ValueError("a repair, or a reason why there is none")
        if not self.waits:
            return
        self.outcome, self.repair_id, self.reason = outcome, repair_id, reason
        self.settled_at, self.settled_by_id = clock.now(), worker.id


def _of_concern_to(worker: Worker) -> ColumnElement[bool]:
    if worker.left_at is not None:
        return false()
    return once_looked_after_by(worker)


def awareness_open(session: Session, worker: Worker) -> list[HazardMention]:
    """What was named in a note and nobody has answered yet, the longest known first, with tenant and note. For the
    desk's Today: of a keyworker's own tenants, of their team for a coordinator. One statement."""
    waiting = HazardMention.seen_by(worker).where(HazardMention.outcome.is_(None))
    return list(session.scalars(
        waiting.options(joinedload(HazardMention.tenant), joinedload(HazardMention.note).joinedload(KeyWorkNote.worker))
    ))  # fmt: skip


def take_note(session: Session, note: KeyWorkNote, terms: list[str]) -> HazardMention | None:
    """Keep that this note names one of `terms`, if it does. Written again, an open mention moves to an earlier moment
    at most, and stays although the words may be gone: what was known once was known."""
    found = named(note.whole_text, terms)
    mention = session.scalar(select(HazardMention).where(HazardMention.note_id == note.id))
    aware_at = min(note.met_at, clock.now())
    if mention is None and found:
        mention = HazardMention(note=note, tenant_id=note.tenant_id, aware_at=aware_at, term=found[0][:60])
        session.add(mention)
    elif mention is not None and mention.waits:
        mention.aware_at = min(mention.aware_at, aware_at)
    session.flush()
    return mention
