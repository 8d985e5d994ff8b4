"""One alert, not thirty, where a worker opens many people's records in little time.

**The rule.** Within the last ten minutes, a worker opened what tenants let only some people see, of thirty different
tenants (`HOMEWARD_READ_ALERT`). Counted are tenants and not pages: to read one person's plan ten times is care. Not
counted is what a role opens anyway and what lists open for many at once (`ORDINARY`): the page of each of a caseload of
forty before supervision, a register, a morning at the rent desk. What needs consent or a broken glass counts on one's
own caseload too, because thirty plans for hard days in ten minutes are not read for anybody's good. A kind of reading
that is not named here counts: whoever adds a page has to say that it is ordinary.

An alert that is open grows; the next one begins to count after the last.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    ForeignKey,
    Index,
    ScalarSelect,
    Select,
    String,
    Table,
    Text,
    and_,
    exists,
    false,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, aliased, joinedload, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.models import Look, Role, Worker
from tenant_app.accounts.telling_log import once_kept
from tenant_app.database import Base, Id, new_id

MOST = 30
"""Different tenants' records that raise an alert, where the settings say nothing else."""
WITHIN = timedelta(minutes=10)
ORDINARY = frozenset({
    "overview", "goal", "register", "needs", "missed", "repair", "inspection", "rent", "code", "withheld", "told",
    "signs", "requests", "tasks", "handover",
})  # fmt: skip
"""Kinds of reading (`Look.what`) that are not counted."""
THRESHOLD = "read_alert"
"""Where a session holds another threshold than `MOST`."""

_OPEN = text("seen_at IS NULL")


class ReadAlert(Base):
    """A worker opened many people's records in little time."""

    __tablename__ = "read_alert"

    id: Mapped[Id]
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    raised_at: Mapped[datetime]
    last_at: Mapped[datetime]
    """When it last grew."""
    tenants: Mapped[int]
    """How many different people's records, each time counted anew."""
    seen_at: Mapped[datetime | None]
    seen_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))
    seen_words: Mapped[str | None] = mapped_column(Text)
    """What whoever put it away found it to be."""
    language: Mapped[str | None] = mapped_column(String(12))

    worker: Mapped[Worker] = relationship(foreign_keys=worker_id)
    seen_by: Mapped[Worker | None] = relationship(foreign_keys=seen_by_id)

    __table_args__ = (
        Index("ix_read_alert_open", "worker_id", unique=True, postgresql_where=_OPEN, sqlite_where=_OPEN),
    )

    @classmethod
    def shown_to(cls, worker: Worker) -> Select[ReadAlert]:
        """Alerts about others, for a coordinator or an administrator, the latest first; about themselves too where
        they are the only one."""
        shown = select(cls).options(joinedload(cls.worker), joinedload(cls.seen_by))
        return shown.where(_shown_to(worker)).order_by(cls.last_at.desc(), cls.id)

    def see(self, worker: Worker, words: str, language: str = "") -> None:
        """Put it away, saying what it was. Said twice, the first stands."""
        if self.seen_at is None:
            self.seen_at, self.seen_by, self.seen_words, self.language = clock.now(), worker, words, language


def open_alerts(session: Session, worker: Worker) -> int:
    """How many wait for this worker. One query."""
    waiting = select(func.count()).select_from(ReadAlert).where(_shown_to(worker), ReadAlert.seen_at.is_(None))
    return session.scalar(waiting) or 0


def _shown_to(worker: Worker) -> ColumnElement[bool]:
    watching = (Role.COORDINATOR, Role.ADMINISTRATOR)
    if worker.left_at is not None or worker.role not in watching:
        return false()
    other = aliased(Worker)
    somebody_else = exists().where(other.role.in_(watching), other.left_at.is_(None), other.id != worker.id)
    return or_(ReadAlert.worker_id != worker.id, ~somebody_else)


def opened_lately(worker_id: UUID, but_for: Collection[UUID]) -> ScalarSelect[int]:
    """How many other tenants' records this worker opened within `WITHIN` and since their last alert."""
    last = select(func.max(ReadAlert.last_at)).where(ReadAlert.worker_id == worker_id).scalar_subquery()
    return (
        select(func.count(Look.tenant_id.distinct()))
        .where(
            Look.worker_id == worker_id, Look.looked_at > clock.now() - WITHIN, Look.what.not_in(ORDINARY),
            Look.tenant_id.not_in(but_for), or_(last.is_(None), Look.looked_at > last),
        )
        .scalar_subquery()
    )  # fmt: skip


def counted(looks: Collection[Look]) -> set[UUID]:
    """Of readings that are about to be written, all of one worker's, the tenants that count."""
    return {look.tenant_id for look in looks if look.what not in ORDINARY}


def weigh(session: Session, worker_id: UUID, tenants: int) -> None:
    """Raise an alert where so many records are too many, or let the open one grow."""
    if tenants < session.info.get(THRESHOLD, MOST):
        return
    now, table = clock.now(), cast("Table", ReadAlert.__table__)
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {"id": new_id(), "worker_id": worker_id, "raised_at": now, "last_at": now, "tenants": tenants}
    connection = session.connection().execution_options(preserve_rowcount=True)
    raised = cast("CursorResult[object]", connection.execute(insert(table).on_conflict_do_nothing(), [values]))
    if raised.rowcount < 1:
        grows = and_(table.c.worker_id == worker_id, table.c.seen_at.is_(None))
        connection.execute(update(table).where(grows).values(last_at=now, tenants=table.c.tenants + tenants))
    once_kept(session, "many records opened", worker=str(worker_id), records=tenants)
