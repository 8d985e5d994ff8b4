"""A medicine that someone began to write down: each answer is kept at once, so that nothing typed is lost."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.ext.mutable import MutableDict
from sqlalchemy.orm import Mapped, Session, mapped_column

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.database import Base, put_if_absent


class MedicineDraft(Base):
    """What was answered so far. One for each tenant: it is a form half filled in, not a record."""

    __tablename__ = "medicine_draft"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"), primary_key=True)
    answers: Mapped[dict[str, Any]] = mapped_column(MutableDict.as_mutable(JSON), default=dict)
    """Names of fields to what was typed: `name`, `form`, `amount`, `food`, `purpose`, `kind`."""
    begun_at: Mapped[datetime] = mapped_column(default=clock.now)

    @property
    def name(self) -> str:
        """What the medicine is called."""
        return str(self.answers.get("name", ""))


def draft_of(session: Session, tenant: Tenant) -> MedicineDraft | None:
    """What this tenant began to write down."""
    return session.get(MedicineDraft, tenant.id)


def keep_draft(session: Session, tenant: Tenant, **answers: Any) -> MedicineDraft:
    """Keep these answers beside those that were there; the first ones begin a draft."""
    put_if_absent(session, MedicineDraft, [{"tenant_id": tenant.id, "answers": {}, "begun_at": clock.now()}])
    draft = session.get_one(MedicineDraft, tenant.id, with_for_update={"of": MedicineDraft})
    draft.answers.update(answers)
    session.flush()
    return draft


def leave_draft(session: Session, tenant: Tenant) -> None:
    """Forget what was begun: it is written down, or not wanted. Twice is once."""
    if draft := draft_of(session, tenant):
        session.delete(draft)
        session.flush()
