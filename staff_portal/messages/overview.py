"""A worker's threads in a fixed number of questions, however many there are: who waits first, never what they wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant, Worker
from tenant_app.messages.models import Message, threads_of

PAGE = 50


@dataclass(frozen=True)
class Row:
    """One thread."""

    tenant: Tenant
    waits_since: datetime | None
    """When the tenant wrote the first message that is to be answered."""
    last_at: datetime | None
    """When either of them last wrote; None where nothing has been written."""


@dataclass(frozen=True)
class Threads:
    """A page of threads, and how many pages and tenants there are."""

    rows: list[Row]
    page: int
    pages: int
    count: int


def threads(session: Session, worker: Worker, page: int) -> Threads:
    """Whoever waits longest first, then whoever was last in touch, then by name."""
    summed = (
        select(
            Message.tenant_id, func.min(Message.waits_since).label("waits"), func.max(Message.written_at).label("last")
        )
        .where(Message.worker_id == worker.id, Message.held.is_(False))
        .group_by(Message.tenant_id)
        .subquery()
    )
    theirs = threads_of(worker)
    count = session.scalar(select(func.count()).select_from(theirs.subquery())) or 0
    pages = max(-(-count // PAGE), 1)
    page = min(max(page, 1), pages)
    listed = (
        theirs.add_columns(summed.c.waits, summed.c.last)
        .outerjoin(summed, summed.c.tenant_id == Tenant.id)
        .order_by(
            summed.c.waits.is_(None), summed.c.waits, summed.c.last.is_(None), summed.c.last.desc(),
            func.lower(Tenant.name), Tenant.id,
        )
    )  # fmt: skip
    found = session.execute(listed.limit(PAGE).offset((page - 1) * PAGE))
    return Threads([Row(*row) for row in found], page, pages, count)
