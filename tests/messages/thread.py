"""A thread as the database has it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.messages.models import Message


def kept(session: Session) -> list[Message]:
    """Every message, oldest first."""
    session.rollback()
    found = list(session.scalars(
        select(Message).order_by(Message.written_at, Message.id).execution_options(populate_existing=True)
    ))  # fmt: skip
    session.commit()  # or it would keep the doors from writing
    return found
