"""The month's count of someone's medicines, the second person's word on it, and how far the tenant looks after them."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    Text,
    UniqueConstraint,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload
from sqlalchemy.types import TypeDecorator

from tenant_app import clock
from tenant_app.accounts.consent import Category, GivenAs, shares_with, tenants_sharing
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.accounts.safeguarding import overridden_by
from tenant_app.database import Base, Id, one_of
from tenant_app.medication.models import Medicine
from tenant_app.medication.stock.supply import expected

AUDITORS = (GivenAs.KEYWORKER, GivenAs.COORDINATOR)
"""As what a worker counts with the tenant and agrees on a level. A second person only confirms a count."""

MOST_COUNTED = Decimal("9999.99")


class Quantity(TypeDecorator[Decimal]):
    """Tablets, millilitres or puffs, to two places; kept in hundredths, because SQLite would make it a float."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        hundredths = value * 100
        if hundredths != int(hundredths):
            raise ValueError("a quantity has at most two places")
        return int(hundredths)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else (Decimal(value) / 100).quantize(Decimal("0.01"))


class Standing(enum.StrEnum):
    """Where an audit is."""

    WAITING = "waiting"
    """Counted; a second person has still to look."""
    DISAGREED = "disagreed"
    """A second person saw something else: it is open again."""
    SIGNED = "signed"


class MedicationAudit(Base):
    """One tenant's audit of one calendar month: its counts, the first and what followed, and the tenant's own words."""

    __tablename__ = "medication_audit"

    id: Mapped[Id]
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"))
    month: Mapped[date]
    """Its first day."""
    tenant_words: Mapped[str] = mapped_column(Text, default="")
    tenant_language: Mapped[str] = mapped_column(String(12), default="")
    tenant_wrote_at: Mapped[datetime | None]

    tenant: Mapped[Tenant] = relationship()
    entries: Mapped[list[AuditEntry]] = relationship(
        back_populates="audit", cascade="all, delete-orphan", order_by="AuditEntry.number.desc()", lazy="selectin"
    )
    """Newest first; never empty."""

    __table_args__ = (UniqueConstraint("tenant_id", "month"),)

    @classmethod
    def of(cls, tenant: Tenant) -> Select[MedicationAudit]:
        """This tenant's audits, newest first."""
        return select(cls).where(cls.tenant_id == tenant.id).order_by(cls.month.desc())

    @classmethod
    def shared_with(cls, worker: Worker) -> Select[MedicationAudit]:
        """Audits of tenants who share their medicines with this worker now, in whatever capacity, newest first."""
        sharing = tenants_sharing(worker, Category.MEDICATION).with_only_columns(Tenant.id).order_by(None)
        return (
            select(cls)
            .where(cls.tenant_id.in_(sharing))
            .options(selectinload(cls.tenant))
            .order_by(cls.month.desc(), cls.id)
        )

    @property
    def latest(self) -> AuditEntry:
        """The count that holds now."""
        return self.entries[0]

    @property
    def standing(self) -> Standing:
        return self.latest.standing

    def add_words(self, words: str, language: str) -> None:
        """What the tenant says of it, beside what staff wrote and never mixed with it."""
        self.tenant_words, self.tenant_language, self.tenant_wrote_at = words, language, clock.now()


class AuditEntry(Base):
    """One count of the shelf by one worker, and what a second person said of it. A later count is another entry."""

    __tablename__ = "medication_audit_entry"

    id: Mapped[Id]
    audit_id: Mapped[UUID] = mapped_column(ForeignKey(MedicationAudit.id, ondelete="CASCADE"))
    number: Mapped[int]
    """1 for the first; one that follows corrects the one before it."""
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    counted_at: Mapped[datetime] = mapped_column(default=clock.now)
    because: Mapped[str] = mapped_column(Text, default="")
    """Why it was counted once more: what it puts right."""
    found: Mapped[str] = mapped_column(Text, default="")
    action: Mapped[str] = mapped_column(Text, default="")
    """What was done about a difference."""
    language: Mapped[str] = mapped_column(String(12), default="")
    second_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))
    second_at: Mapped[datetime | None]
    agreed: Mapped[bool | None]
    second_words: Mapped[str] = mapped_column(Text, default="")

    audit: Mapped[MedicationAudit] = relationship(back_populates="entries")
    worker: Mapped[Worker] = relationship(foreign_keys=worker_id, lazy="joined")
    second: Mapped[Worker | None] = relationship(foreign_keys=second_id, lazy="joined")
    counts: Mapped[list[MedicineCount]] = relationship(
        back_populates="entry", cascade="all, delete-orphan", order_by="MedicineCount.name", lazy="selectin"
    )

    __table_args__ = (
        UniqueConstraint("audit_id", "number"),
        CheckConstraint("second_id IS NULL OR second_id <> worker_id", name="second_person"),
        CheckConstraint("(second_id IS NULL) = (agreed IS NULL)", name="said"),
    )

    @property
    def standing(self) -> Standing:
        if self.agreed is None:
            return Standing.WAITING
        return Standing.SIGNED if self.agreed else Standing.DISAGREED


class MedicineCount(Base):
    """One medicine in one count."""

    __tablename__ = "medicine_count"

    id: Mapped[Id]
    entry_id: Mapped[UUID] = mapped_column(ForeignKey(AuditEntry.id, ondelete="CASCADE"))
    medicine_id: Mapped[UUID] = mapped_column(ForeignKey(Medicine.id, ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    """As it stood in the record then: the tenant may word it differently later."""
    counted: Mapped[Decimal] = mapped_column(Quantity)
    expected: Mapped[Decimal | None] = mapped_column(Quantity)
    """What the record led one to expect at that moment; None where that is not known. Never guessed."""

    entry: Mapped[AuditEntry] = relationship(back_populates="counts")

    __table_args__ = (UniqueConstraint("entry_id", "medicine_id"), CheckConstraint("counted >= 0", name="not_negative"))

    @property
    def discrepancy(self) -> Decimal | None:
        """Counted less expected: more than expected is above nought. None where nothing was known to expect."""
        return None if self.expected is None else self.counted - self.expected


class Level(enum.StrEnum):
    """How far a tenant looks after their medicines themselves, as fields of support number it: 0 to 3."""

    STAFF_HOLD = "0"
    """Staff hold the medicines and offer each dose."""
    DAILY_CHECK = "1"
    """The tenant holds them; both look together every day."""
    WEEKLY_CHECK = "2"
    """The tenant holds them; both look together every week."""
    SELF_MANAGED = "3"
    """The tenant looks after them alone; the month's count is all."""


class SelfAdministration(Base):
    """A level that a tenant and a worker agreed on, in both their words, until it is next looked at together."""

    __tablename__ = "self_administration"

    id: Mapped[Id]
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"))
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    level: Mapped[Level] = mapped_column(one_of(Level, 4))
    tenant_words: Mapped[str] = mapped_column(Text, default="")
    worker_words: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(12), default="")
    agreed_at: Mapped[datetime] = mapped_column(default=clock.now)
    review_on: Mapped[date]
    ended_at: Mapped[datetime | None]
    """When the next agreement took its place; None for the one that holds."""

    tenant: Mapped[Tenant] = relationship(foreign_keys=tenant_id)
    worker: Mapped[Worker] = relationship(foreign_keys=worker_id, lazy="joined")

    __table_args__ = (
        Index("ix_self_administration_now", "tenant_id", unique=True,
              postgresql_where=text("ended_at IS NULL"), sqlite_where=text("ended_at IS NULL")),
        Index("ix_self_administration_tenant", "tenant_id", "agreed_at"),
    )  # fmt: skip

    @classmethod
    def of(cls, tenant: Tenant) -> Select[SelfAdministration]:
        """Every level this tenant agreed on, the present one first."""
        return select(cls).where(cls.tenant_id == tenant.id).order_by(cls.agreed_at.desc(), cls.id.desc())


def tenants_shared_with(worker: Worker) -> Select[Tenant]:
    """Tenants with whom this worker may count and agree on a level: by consent, as keyworker or coordinator."""
    return tenants_sharing(worker, Category.MEDICATION, *AUDITORS)


def tenants_readable_by(worker: Worker) -> Select[Tenant]:
    """Tenants whose medicines this worker may read now, by name: shared with them as keyworker or coordinator, or
    opened for someone's safety within the last day."""
    readable = or_(
        shares_with(worker, Category.MEDICATION, *AUDITORS), overridden_by(worker, Category.MEDICATION)
    )
    return select(Tenant).where(readable).order_by(func.lower(Tenant.name), Tenant.id)


def medicines_shared_with(worker: Worker) -> Select[Medicine]:
    """Medicines of `tenants_readable_by(worker)`, by name. Each question asks afresh."""
    tenants = tenants_readable_by(worker).with_only_columns(Tenant.id).order_by(None)
    return (
        select(Medicine)
        .where(Medicine.tenant_id.in_(tenants))
        .options(selectinload(Medicine.times))
        .order_by(func.lower(Medicine.name), Medicine.id)
    )


def to_count(medicines: Sequence[Medicine], today: date) -> list[Medicine]:
    """Those of a tenant's medicines that a month's count is about: what is still taken, or will be."""
    return [medicine for medicine in medicines if medicine.goes_on(today)]


def expected_stock(session: Session, medicine: Medicine, at: datetime) -> Decimal | None:
    """How much of a medicine there should be at a moment (UTC), by what came in and what was recorded as taken; None
    where the record does not reach."""
    found = expected(session, medicine, at)
    return None if found is None else found.quantize(Decimal("0.01"))
