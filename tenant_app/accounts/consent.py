"""What a tenant lets one worker see of one kind of record, and until when. Health is seen by consent, never by role."""

from __future__ import annotations

import enum
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from sqlalchemy import ColumnElement, ForeignKey, Index, Select, and_, exists, false, func, or_, select, text, true
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.models import Role, Tenant, Worker
from tenant_app.database import Base, Id, one_of

USUAL_MONTHS = 6
"""How long a consent lasts where the tenant says nothing else."""
MOST_MONTHS = 12
"""Nobody agrees for longer than a year ahead: circumstances change, and nobody remembers."""


class Category(enum.StrEnum):
    """Kinds of record that a role alone opens to nobody (DESIGN section 4)."""

    MEDICATION = "medication"
    CHECK_INS = "check-ins"
    SAFETY_PLAN = "safety-plan"
    GROUPS = "groups"
    """That they were missed at a group; never what happens there."""
    STRENGTHS = "strengths"
    MOVE_ON = "move-on"
    MESSAGES = "messages"
    """What passed with an earlier keyworker, up to the moment of agreeing. What passes between the two needs none."""


class GivenAs(enum.StrEnum):
    """What the worker was to the tenant when they agreed. It counts only while the worker still is that."""

    KEYWORKER = "keyworker"
    COORDINATOR = "coordinator"
    SECOND_PERSON = "second-person"
    """A keyworker of other tenants in the same building, who confirms a count and sees nothing else."""


class NotToBeChosen(ValueError):
    """A worker whom this tenant cannot let see such a record."""


_OPEN = text("withdrawn_at IS NULL AND renewed_at IS NULL")


class Consent(Base):
    """A tenant's word that one worker may see one kind of their record. Rows are closed, never changed or deleted."""

    __tablename__ = "consent"

    id: Mapped[Id]
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"))
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    category: Mapped[Category] = mapped_column(one_of(Category, 20))
    given_as: Mapped[GivenAs] = mapped_column(one_of(GivenAs, 20))
    given_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_on: Mapped[date]
    """Last day on which it holds, as the tenant was told."""
    expires_at: Mapped[datetime]
    """The end of that day by the house's clock."""
    withdrawn_at: Mapped[datetime | None]
    renewed_at: Mapped[datetime | None]
    """When the tenant agreed anew, and another row took its place."""

    tenant: Mapped[Tenant] = relationship(foreign_keys=tenant_id)
    worker: Mapped[Worker] = relationship(foreign_keys=worker_id)

    __table_args__ = (
        Index("ix_consent_open", "tenant_id", "category", "worker_id", unique=True,
              postgresql_where=_OPEN, sqlite_where=_OPEN),
        Index("ix_consent_worker", "worker_id", "category"),
    )  # fmt: skip

    @classmethod
    def of(cls, tenant: Tenant, category: Category) -> Select[Consent]:
        """Everything this tenant ever agreed to of this kind, newest first."""
        theirs = select(cls).where(cls.tenant_id == tenant.id, cls.category == category)
        return theirs.order_by(cls.given_at.desc(), cls.id)

    @classmethod
    def open_of(cls, tenant: Tenant, category: Category) -> Select[Consent]:
        """What the tenant would have to withdraw: neither withdrawn nor run out, even where it rests just now because
        the worker is no longer what they were."""
        return cls.of(tenant, category).where(cls._stands())

    @classmethod
    def in_force(
        cls, tenant: Tenant, category: Category, worker: Worker, *given_as: GivenAs
    ) -> Select[Consent]:
        """The one row, if any, by which this worker may see this tenant's record now. `given_as` narrows it.

        Asked of the database on every request: what was withdrawn, has run out, or was given to a keyworker who is
        no longer theirs, opens nothing from the next request on.
        """
        return (
            select(cls)
            .join(Tenant, Tenant.id == cls.tenant_id)
            .where(cls.tenant_id == tenant.id, cls._lets_in(worker, category, given_as))
        )

    @classmethod
    def all_in_force(cls, tenant: Tenant, keyworker: Worker) -> Select[Consent]:
        """All by which this tenant's keyworker sees something of theirs now, whatever kind it is."""
        lets_in = or_(*(cls._lets_in(keyworker, one, (GivenAs.KEYWORKER,)) for one in Category))
        return select(cls).join(Tenant, Tenant.id == cls.tenant_id).where(cls.tenant_id == tenant.id, lets_in)

    @classmethod
    def _stands(cls) -> ColumnElement[bool]:
        return and_(cls.withdrawn_at.is_(None), cls.renewed_at.is_(None), cls.expires_at > clock.now())

    @classmethod
    def _lets_in(cls, worker: Worker, category: Category, given_as: tuple[GivenAs, ...]) -> ColumnElement[bool]:
        """Condition of a query that has `Tenant` and `Consent` in it."""
        still: list[ColumnElement[bool]] = []
        if worker.left_at is None and worker.role in (Role.KEYWORKER, Role.COORDINATOR):
            still.append(and_(cls.given_as == GivenAs.KEYWORKER, Tenant.keyworker_id == worker.id))
        if worker.left_at is None and worker.role is Role.COORDINATOR:
            still.append(cls.given_as == GivenAs.COORDINATOR)
        if worker.left_at is None and worker.role is Role.KEYWORKER:
            here = Tenant.property_id == worker.property_id if worker.property_id else true()
            still.append(and_(cls.given_as == GivenAs.SECOND_PERSON, here))
        return and_(
            cls.worker_id == worker.id, cls.category == category, cls._stands(), Tenant.left_at.is_(None),
            or_(false(), *still), cls.given_as.in_(given_as or tuple(GivenAs)),
        )  # fmt: skip

    @property
    def rests(self) -> bool:
        """Whether it lets nobody in just now, although it stands: the worker is no longer what they were."""
        return self.given_as not in _is_now(self.worker, self.tenant)

    def withdraw(self) -> None:
        """No longer, from this moment on. Withdrawing twice keeps the first moment."""
        self.withdrawn_at = self.withdrawn_at or clock.now()


def _is_now(worker: Worker, tenant: Tenant) -> set[GivenAs]:
    """What `Consent._lets_in` asks of the database, for rows that are at hand."""
    found = set()
    if worker.left_at is None and worker.role in (Role.KEYWORKER, Role.COORDINATOR):
        if tenant.keyworker_id == worker.id:
            found.add(GivenAs.KEYWORKER)
        if worker.role is Role.COORDINATOR:
            found.add(GivenAs.COORDINATOR)
        elif worker.property_id in (None, tenant.property_id):
            found.add(GivenAs.SECOND_PERSON)
    return found


def shares_with(worker: Worker, category: Category, *given_as: GivenAs) -> ColumnElement[bool]:
    """Condition of a query that has `Tenant` in it: whether they let this worker see such records now, by consent."""
    return exists().where(Consent.tenant_id == Tenant.id, Consent._lets_in(worker, category, given_as))


def tenants_sharing(worker: Worker, category: Category, *given_as: GivenAs) -> Select[Tenant]:
    """Tenants whose record of this kind the worker may see now by consent, by name."""
    agreed = shares_with(worker, category, *given_as)
    return select(Tenant).where(agreed).order_by(func.lower(Tenant.name), Tenant.id)


def may_be_chosen(tenant: Tenant) -> Select[Worker]:
    """Workers whom this tenant can let see such records, by name: their keyworker, coordinators, and keyworkers of the
    same building, one of whom may be the second person at a count."""
    nearby = and_(
        Worker.role == Role.KEYWORKER, or_(Worker.property_id.is_(None), Worker.property_id == tenant.property_id)
    )
    theirs = and_(Worker.id == tenant.keyworker_id, Worker.role.in_((Role.KEYWORKER, Role.COORDINATOR)))
    return (
        select(Worker)
        .where(Worker.left_at.is_(None), or_(theirs, Worker.role == Role.COORDINATOR, nearby))
        .order_by(func.lower(Worker.name), Worker.id)
    )


def part_of(worker: Worker, tenant: Tenant) -> GivenAs:
    """What a worker, found among `may_be_chosen(tenant)`, is to the tenant."""
    if worker.id == tenant.keyworker_id:
        return GivenAs.KEYWORKER
    return GivenAs.COORDINATOR if worker.role is Role.COORDINATOR else GivenAs.SECOND_PERSON


def give_consent(
    session: Session, tenant: Tenant, category: Category, worker: Worker, zone: ZoneInfo, *,
    expires_on: date | None = None,
) -> Consent:  # fmt: skip
    """Let a worker see this kind of record until the end of `expires_on`, or for `USUAL_MONTHS` from today.

    Given again, it lasts as long as was said last; the same again is one consent: a double tap. Raises `NotToBeChosen`
    for a worker who is none of the tenant's, `ValueError` for a day that is not to come or over `MOST_MONTHS` ahead.
    """
    # Two taps at the same moment queue here; the second then finds what the first wrote.
    people = Tenant.__table__
    session.execute(select(people.c.id).where(people.c.id == tenant.id).with_for_update(key_share=True))
    session.refresh(tenant, ["keyworker_id", "keyworker"])  # who may have got another keyworker while this one waited
    today = clock.today(zone)
    last = today + relativedelta(months=MOST_MONTHS)
    expires_on = expires_on or today + relativedelta(months=USUAL_MONTHS)
    if not today < expires_on <= last:
        raise ValueError(f"until a day after {today} and by {last}")
    if session.scalar(may_be_chosen(tenant).where(Worker.id == worker.id)) is None:
        raise NotToBeChosen(worker.id)
    given_as, now = part_of(worker, tenant), clock.now()
    before = session.scalar(
        Consent.of(tenant, category)
        .where(Consent.worker_id == worker.id, Consent.withdrawn_at.is_(None), Consent.renewed_at.is_(None))
        .execution_options(populate_existing=True)
    )
    if before is not None:
        if before.given_as is given_as and before.expires_on == expires_on:
            return before
        before.renewed_at = now
        session.flush()
    consent = Consent(
        tenant=tenant, worker=worker, category=category, given_as=given_as, given_at=now, expires_on=expires_on,
        expires_at=clock.at(expires_on + timedelta(days=1), time(), zone),
    )  # fmt: skip
    session.add(consent)
    session.flush()
    return consent


def withdraw_consent(session: Session, tenant: Tenant, category: Category, worker: Worker) -> Consent | None:
    """The worker sees this kind of record no longer. Returns what was withdrawn; None if there was nothing."""
    consent = session.scalar(Consent.open_of(tenant, category).where(Consent.worker_id == worker.id).with_for_update())
    if consent is not None:
        consent.withdraw()
        session.flush()
    return consent
