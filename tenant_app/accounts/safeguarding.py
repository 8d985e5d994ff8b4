"""The way into a record without consent: for someone's safety, with a reason, for a day, and never unseen."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, String, Text, and_, exists, false, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.consent import Category
from tenant_app.accounts.models import Role, Tenant, Worker, keyworker_is
from tenant_app.accounts.rules import look_at
from tenant_app.accounts.teams import answered_for_by
from tenant_app.database import Base, Id, one_of

OVERRIDE_LASTS = timedelta(hours=24)
"""After that it takes a reason anew."""
LEAST_REASON = 20
"""Letters. A word such as `worried` tells the tenant, and whoever asks later, nothing."""


class SafeguardingOverride(Base):
    """A worker's reason for reading what the tenant did not share with them. The tenant sees it."""

    __tablename__ = "safeguarding_override"

    id: Mapped[Id]
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"))
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    category: Mapped[Category] = mapped_column(one_of(Category, 20))
    reason: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12), default="")
    opened_at: Mapped[datetime] = mapped_column(default=clock.now)
    ends_at: Mapped[datetime]

    worker: Mapped[Worker] = relationship(foreign_keys=worker_id)

    __table_args__ = (Index("ix_safeguarding_override_tenant", "tenant_id", "worker_id", "ends_at"),)

    @classmethod
    def in_force(cls, tenant: Tenant, category: Category, worker: Worker) -> Select[SafeguardingOverride]:
        """By which reason this worker may read the tenant's record now, the latest first."""
        return (
            select(cls)
            .join(Tenant, Tenant.id == cls.tenant_id)
            .where(cls.tenant_id == tenant.id, cls._lets_in(worker, category), _answers_for(worker))
            .order_by(cls.opened_at.desc())
        )

    @classmethod
    def _lets_in(cls, worker: Worker, category: Category) -> ColumnElement[bool]:
        return and_(cls.worker_id == worker.id, cls.category == category, cls.ends_at > clock.now())


def tenants_answered_for(worker: Worker) -> Select[Tenant]:
    """Tenants for whose safety this worker answers, by name: a keyworker's own caseload; a coordinator's team's
    and nobody's; for others, nobody."""
    return select(Tenant).where(_answers_for(worker)).order_by(func.lower(Tenant.name), Tenant.id)


def overridden_by(worker: Worker, category: Category) -> ColumnElement[bool]:
    """Condition of a query that has `Tenant` in it: whether this worker gave a reason to read such a record of theirs
    within the last `OVERRIDE_LASTS`, and still answers for them."""
    opened = exists().where(
        SafeguardingOverride.tenant_id == Tenant.id, SafeguardingOverride._lets_in(worker, category)
    )
    return and_(_answers_for(worker), opened)


def override_for_safety(
    session: Session, worker: Worker, tenant: Tenant, category: Category, reason: str, language: str = ""
) -> SafeguardingOverride:
    """Open a record of one of `tenants_answered_for(worker)` for `OVERRIDE_LASTS`; the reason stands among those who
    looked at it. Raises `ValueError` for a reason of under `LEAST_REASON` letters."""
    if len(reason.strip()) < LEAST_REASON:
        raise ValueError("a reason says what you are worried about")
    now = clock.now()
    override = SafeguardingOverride(
        tenant_id=tenant.id, worker=worker, category=category, reason=reason.strip(), language=language,
        opened_at=now, ends_at=now + OVERRIDE_LASTS,
    )  # fmt: skip
    session.add(override)
    look_at(session, worker, tenant, "override", reason=override.reason)
    return override


def _answers_for(worker: Worker) -> ColumnElement[bool]:
    """Condition of a query that has `Tenant` in it."""
    if worker.left_at is not None or worker.role not in (Role.KEYWORKER, Role.COORDINATOR):
        return false()
    return answered_for_by(worker) if worker.role is Role.COORDINATOR else keyworker_is(worker)
