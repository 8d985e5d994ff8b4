"""A medicine, the times of day it is taken, and what its owner recorded of each dose."""

from __future__ import annotations

import enum
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Select, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.database import Base, Id, one_of


class Answer(enum.StrEnum):
    """What a tenant said of a dose. Nothing said is no row: "not recorded", which is never the same as skipped."""

    TAKEN = "taken"
    SKIPPED = "skipped"


class Medicine(Base):
    """One medicine as its label names it, in the tenant's own record."""

    __tablename__ = "medicine"

    id: Mapped[Id]
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    amount: Mapped[str] = mapped_column(String(120), default="")
    """In the tenant's words: `1 tablet, with food`. Never reckoned with."""
    purpose: Mapped[str] = mapped_column(String(200), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    """Last day of a course; None goes on."""
    stopped_at: Mapped[datetime | None]
    written_at: Mapped[datetime] = mapped_column(default=clock.now)

    tenant: Mapped[Tenant] = relationship()
    times: Mapped[list[DoseTime]] = relationship(
        back_populates="medicine", cascade="all, delete-orphan", order_by="(DoseTime.wall_time, DoseTime.first_day)"
    )

    @classmethod
    def of(cls, tenant: Tenant) -> Select[Medicine]:
        """Everything this tenant takes or took, by name."""
        return (
            select(cls)
            .where(cls.tenant_id == tenant.id)
            .options(selectinload(cls.times))
            .order_by(func.lower(cls.name), cls.id)
        )

    @property
    def wall_times(self) -> list[time]:
        """Times of day from now on; of a stopped medicine, none."""
        return [] if self.stopped_at else [dose.wall_time for dose in self.times if dose.last_day == self.ends_on]

    def goes_on(self, today: date) -> bool:
        """Whether it is still taken, or will be."""
        return self.stopped_at is None and (self.ends_on is None or self.ends_on >= today)

    def reword(self, name: str, amount: str, purpose: str) -> None:
        """Say it as the label does. Times have a rule of their own, because reminders hang on them."""
        self.name, self.amount, self.purpose = name, amount, purpose


class DoseTime(Base):
    """A time of day at which a medicine is taken, and the days on which that held.

    Days are kept because times change: last week's record must still show last week's times.
    """

    __tablename__ = "dose_time"

    id: Mapped[Id]
    medicine_id: Mapped[UUID] = mapped_column(ForeignKey(Medicine.id, ondelete="CASCADE"), index=True)
    wall_time: Mapped[time]
    first_day: Mapped[date]
    last_day: Mapped[date | None]

    medicine: Mapped[Medicine] = relationship(back_populates="times")

    def holds_on(self, day: date) -> bool:
        """Whether the medicine is due at this time on `day`."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


class Dose(Base):
    """What the tenant said of one medicine at one time of one day."""

    __tablename__ = "dose"

    id: Mapped[Id]
    medicine_id: Mapped[UUID] = mapped_column(ForeignKey(Medicine.id, ondelete="CASCADE"))
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"))
    day: Mapped[date]
    wall_time: Mapped[time]
    """When it was planned for, by the tenant's clock."""
    answer: Mapped[Answer] = mapped_column(one_of(Answer, 10))
    taken_at: Mapped[datetime | None]
    """When it was taken; None if it was not, or if the tenant filled it in later and did not say."""
    answered_at: Mapped[datetime] = mapped_column(default=clock.now)

    medicine: Mapped[Medicine] = relationship()

    __table_args__ = (
        UniqueConstraint("medicine_id", "day", "wall_time"),
        Index("ix_dose_tenant", "tenant_id", "day"),
    )

    def correct(self, answer: Answer, taken_at: datetime | None) -> None:
        """Say it differently, or say when it was."""
        self.answer, self.taken_at, self.answered_at = answer, taken_at, clock.now()
