"""When tenants were last in touch with whoever supports them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenant_app.bulk import among
from tenant_app.key_work.rules import last_notes
from tenant_app.messages.models import Message


def last_contacts(session: Session, tenant_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """The last contact (UTC) of each of these tenants, by a note or a message; those who had none are missing. Two
    statements, however many there are. It says when, never what: whose tenants they are is the caller's to know."""
    found = last_notes(session, tenant_ids)
    written = session.execute(
        select(Message.tenant_id, func.max(Message.written_at))
        .where(among(Message.tenant_id, tenant_ids), Message.held.is_(False)).group_by(Message.tenant_id)
    )  # fmt: skip
    for tenant_id, at in written:
        found[tenant_id] = max(at, found.get(tenant_id, at))
    return found
