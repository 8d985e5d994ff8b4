"""When a worker and a tenant were last in touch, and when they look at the plan again. The first is a column of a
question about tenants, so that a list is sorted and cut to a page by the database, whatever its length."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, select, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from tenant_app.accounts.models import Tenant, Worker
from tenant_app.database import UtcDateTime
from tenant_app.messages.models import Message

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for no contact at all: the two kinds of database compare nothing with something in different ways."""


def messages(worker: Worker) -> ColumnElement[Any]:
    """When either of the two last wrote to the other. Never what passed with somebody else."""
    last = select(func.max(Message.written_at)).where(
        Message.worker_id == worker.id, Message.tenant_id == Tenant.id, Message.held.is_(False)
    )
    return last.correlate(Tenant).scalar_subquery()


CONTACTS: tuple[Callable[[Worker], ColumnElement[Any]], ...] = (messages,)
"""Every kind of contact: for the `Tenant` of the question that asks, the last moment (UTC) or None, by an index."""


def last_contact(worker: Worker) -> ColumnElement[datetime]:
    """The latest of all kinds of contact; `NEVER` where there was none."""
    moments = [func.coalesce(contact(worker), literal(NEVER, UtcDateTime())) for contact in CONTACTS]
    return type_coerce(_latest(*moments) if len(moments) > 1 else moments[0], UtcDateTime())


def next_reviews(session: Session, tenant_ids: Collection[UUID]) -> dict[UUID, date]:
    """The day on which each tenant's support plan is looked at next; who has none planned is not in it. A fixed number
    of questions."""
    return {}


class _latest(GenericFunction[datetime]):
    type = UtcDateTime()
    name = "greatest"
    inherit_cache = True


@compiles(_latest, "sqlite")
def _largest(element: _latest, compiler: SQLCompiler, **how: Any) -> str:
    return f"max({compiler.process(element.clauses, **how)})"
