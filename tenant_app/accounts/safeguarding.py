"""The way into a record without consent: for someone's safety, with a reason, for a day, and never unseen."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, String, Text, and_, exists, false, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.consent import Category
from tenant_app.accounts.models import Role, Tenant, Worker, supported_by
from tenant_app.accounts.rules import look_at
from tenant_app.accounts.teams import answered_for_by
from tenant_app.accounts.telling_log import once_kept
from tenant_app.database import Base, Id, one_of

WATCHERS = (Role.COORDINATOR, Role.ADMINISTRATOR)
"""Those who may open anybody's record for their safety, and who are alerted when somebody else does."""
OVERRIDE_LASTS = timedelta(hours=24)
"""After that it takes a reason anew."""
DECISION_WITHIN = timedelta(hours=24)
"""Without a decision by then, the tenant is told."""
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
    seen_at: Mapped[datetime | None]
    """When a coordinator or an administrator said that they know of it."""
    seen_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))
    withhold_reason: Mapped[str | None] = mapped_column(Text)
    """Why the tenant should not be told yet, in the words of whoever opened it; None where that was not asked."""
    withheld_until: Mapped[datetime | None]
    """Until then the tenant is not told. None: told at once."""
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))
    decision_reason: Mapped[str | None] = mapped_column(Text)
    told_at: Mapped[datetime | None]
    """When the tenant was told of what had been withheld from them."""

    tenant: Mapped[Tenant] = relationship(foreign_keys=tenant_id)
    worker: Mapped[Worker] = relationship(foreign_keys=worker_id)
    seen_by: Mapped[Worker | None] = relationship(foreign_keys=seen_by_id)

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
    def of_worker(cls, worker: Worker) -> Select[SafeguardingOverride]:
        """What this worker holds open now, the latest first."""
        return (
            select(cls)
            .join(Tenant, Tenant.id == cls.tenant_id)
            .where(cls.worker_id == worker.id, cls.ends_at > clock.now(), _answers_for(worker))
            .order_by(cls.opened_at.desc())
        )

    @classmethod
    def told_to(cls, tenant: Tenant) -> Select[SafeguardingOverride]:
        """Openings of this tenant's record that they may know of by now, the latest first: every page and copy of
        theirs asks this. What is withheld for now is told when that is over."""
        told = or_(cls.withheld_until.is_(None), cls.withheld_until <= clock.now())
        return select(cls).where(cls.tenant_id == tenant.id, told).order_by(cls.opened_at.desc(), cls.id)

    @property
    def withheld(self) -> bool:
        """Whether the tenant is not to know of it yet."""
        return self.withheld_until is not None and self.withheld_until > clock.now()

    @property
    def undecided(self) -> bool:
        """Whether somebody still has to say if the tenant is told."""
        return self.withheld and self.decided_at is None

    @classmethod
    def _lets_in(cls, worker: Worker, category: Category) -> ColumnElement[bool]:
        return and_(cls.worker_id == worker.id, cls.category == category, cls.ends_at > clock.now())


def tenants_answered_for(worker: Worker) -> Select[Tenant]:
    """Tenants for whose safety this worker answers, by name: a keyworker's own caseload, and that of a colleague while
    standing in; a coordinator's team's, and those without a keyworker; for an administrator, everyone who lives here;
    for others, nobody. An administrator sees records in no other way."""
    return select(Tenant).where(_answers_for(worker)).order_by(func.lower(Tenant.name), Tenant.id)


def overridden_by(worker: Worker, category: Category) -> ColumnElement[bool]:
    """Condition of a query that has `Tenant` in it: whether this worker gave a reason to read such a record of theirs
    within the last `OVERRIDE_LASTS`, and still answers for them."""
    opened = exists().where(
        SafeguardingOverride.tenant_id == Tenant.id, SafeguardingOverride._lets_in(worker, category)
    )
    return and_(_answers_for(worker), opened)


def override_for_safety(
    session: Session, worker: Worker, tenant: Tenant, category: Category, reason: str, language: str = "",
    *, withhold_because: str = "",
) -> SafeguardingOverride:  # fmt: skip
    """Open a record of one of `tenants_answered_for(worker)` for `OVERRIDE_LASTS`; the reason stands among those who
    looked at it. Raises `ValueError` for a reason of under `LEAST_REASON` letters.

    With `withhold_because`, which is a reason of its own, the tenant is not told before somebody else decides
    (`withholding.decide`), and at most for `DECISION_WITHIN`.
    """
    withhold_because = withhold_because.strip()
    if len(reason.strip()) < LEAST_REASON or 0 < len(withhold_because) < LEAST_REASON:
        raise ValueError("a reason says what you are worried about")
    now = clock.now()
    override = SafeguardingOverride(
        tenant_id=tenant.id, worker=worker, category=category, reason=reason.strip(), language=language,
        opened_at=now, ends_at=now + OVERRIDE_LASTS, withhold_reason=withhold_because or None,
        withheld_until=now + DECISION_WITHIN if withhold_because else None,
    )  # fmt: skip
    session.add(override)
    session.flush()
    look_at(session, worker, tenant, "override", reason=override.reason, override_id=override.id)
    once_kept(session, "opened for safety", opening=str(override.id), worker=str(worker.id))
    return override


def _answers_for(worker: Worker) -> ColumnElement[bool]:
    """Condition of a query that has `Tenant` in it."""
    if worker.left_at is not None or worker.role not in (Role.KEYWORKER, *WATCHERS):
        return false()
    if worker.role is Role.ADMINISTRATOR:
        return Tenant.left_at.is_(None)
    return answered_for_by(worker) if worker.role is Role.COORDINATOR else supported_by(worker)
