"""One line of a tenant's timeline, and the place at which a page of it ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from markupsafe import Markup
from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy.orm import InstrumentedAttribute, Session

from tenant_app.accounts.models import Tenant, Worker


@dataclass(frozen=True, order=True)
class Mark:
    """The last line of a page: the next page holds what was before. Of two at the same moment, the id decides."""

    at: datetime
    id: UUID

    def __str__(self) -> str:
        return f"{self.at.astimezone(UTC):%Y%m%dT%H%M%S.%f}.{self.id.hex}"

    @classmethod
    def read(cls, text: str) -> Mark:
        """Raises `ValueError` for what is none."""
        day, fraction, record = text.split(".")
        return cls(datetime.strptime(f"{day}.{fraction}", "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC), UUID(record))


@dataclass(frozen=True)
class Moment:
    """Something that happened, as a whole sentence, and perhaps the page that it leads to."""

    at: datetime
    id: UUID
    icon: str
    words: Markup
    endpoint: str = ""
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def mark(self) -> Mark:
        return Mark(self.at, self.id)


@dataclass(frozen=True)
class Asked:
    """Whose moments, for whom, before what, and how many at most."""

    session: Session
    worker: Worker
    tenant: Tenant
    before: Mark | None
    limit: int

    def page(
        self, query: Select[Any], at: InstrumentedAttribute[Any], record: InstrumentedAttribute[UUID]
    ) -> list[Any]:
        """The newest records of a query by their moment `at`, as many as are asked for: one statement and what it
        loads beside."""
        query = query.where(earlier(at, record, self.before)) if self.before else query
        newest = query.order_by(None).order_by(at.desc(), record.desc()).limit(self.limit)
        return list(self.session.scalars(newest).unique())


Source = Callable[[Asked], list[Moment]]
"""Everything of one kind that this worker may see now, newest first, at most `limit`, in a fixed number of statements.
It asks itself what the worker may see: the timeline does not."""


@dataclass(frozen=True)
class TimelineKind:
    """One kind of moments."""

    slug: str
    """In addresses."""
    words: Any
    """What it is called, in the reader's language."""
    source: Source


def earlier(at: InstrumentedAttribute[Any], record: InstrumentedAttribute[UUID], mark: Mark) -> ColumnElement[bool]:
    """Condition of a query: what stands after a mark."""
    return or_(at < mark.at, and_(at == mark.at, record < mark.id))
