"""When a worker and a tenant were last in touch: a column of a question about tenants, so that a list is sorted and cut
to a page by the database, whatever its length."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from tenant_app.accounts.models import Tenant, Worker
from tenant_app.chats.models import Chat
from tenant_app.database import UtcDateTime
from tenant_app.key_work.models import KeyWorkNote
from tenant_app.messages.models import Message

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for no contact at all: the two kinds of database compare nothing with something in different ways."""


def messages(worker: Worker) -> ColumnElement[Any]:
    """When either of the two last wrote to the other. Never what passed with somebody else."""
    last = select(func.max(Message.written_at)).where(
        Message.worker_id == worker.id, Message.tenant_id == Tenant.id, Message.held.is_(False)
    )
    return last.correlate(Tenant).scalar_subquery()


def notes(_worker: Worker) -> ColumnElement[Any]:
    """When the tenant was last met by whoever supported them then, as a note of key work says."""
    last = select(func.max(KeyWorkNote.met_at)).where(KeyWorkNote.tenant_id == Tenant.id)
    return last.correlate(Tenant).scalar_subquery()


def chats(worker: Worker) -> ColumnElement[Any]:
    """When the two last talked in a chat that was asked for."""
    last = select(func.max(Chat.starts_at)).where(
        Chat.worker_id == worker.id, Chat.tenant_id == Tenant.id, Chat.held.is_(True)
    )
    return last.correlate(Tenant).scalar_subquery()


CONTACTS: tuple[Callable[[Worker], ColumnElement[Any]], ...] = (messages, notes, chats)
"""Every kind of contact: for the `Tenant` of the question that asks, the last moment (UTC) or None, by an index."""


def last_contact(worker: Worker) -> ColumnElement[datetime]:
    """The latest of all kinds of contact; `NEVER` where there was none."""
    moments = [func.coalesce(contact(worker), literal(NEVER, UtcDateTime())) for contact in CONTACTS]
    return type_coerce(_latest(*moments) if len(moments) > 1 else moments[0], UtcDateTime())


class _latest(GenericFunction[datetime]):
    type = UtcDateTime()
    name = "greatest"
    inherit_cache = True


@compiles(_latest, "sqlite")
def _largest(element: _latest, compiler: SQLCompiler, **how: Any) -> str:
    return f"max({compiler.process(element.clauses, **how)})"
