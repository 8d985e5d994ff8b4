"""A medicine, the times of day it is taken, and what its owner recorded of each dose."""

from __future__ import annotations

import enum
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Index, Numeric, Select, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.database import Base, Id, one_of
from tenant_app.medication.patterns import EVERY_DAY, Pattern


class MedicineForm(enum.StrEnum):
    """What a medicine comes as."""

    TABLET = "tablet"
    CAPSULE = "capsule"
    LIQUID = "liquid"
    INJECTION = "injection"
    PATCH = "patch"
    INHALER = "inhaler"
    DROPS = "drops"
    CREAM = "cream"
    OTHER = "other"


class Food(enum.StrEnum):
    """What the label says of food."""

    NO_MATTER = "no-matter"
    BEFORE = "before"
    WITH = "with"
    AFTER = "after"


class SkipReason(enum.StrEnum):
    """Why a dose was not taken, where its owner wants to remember it. Theirs alone, and never asked for twice."""

    UNWELL = "unwell"
    SIDE_EFFECTS = "side-effects"
    NONE_LEFT = "none-left"
    NOT_WITH_ME = "not-with-me"
    ASLEEP = "asleep"
    FORGOT = "forgot"
    TOLD_NOT_TO = "told-not-to"
    CHOSE_NOT_TO = "chose-not-to"
    OTHER = "other"


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
    form: Mapped[MedicineForm] = mapped_column(one_of(MedicineForm, 12), default=MedicineForm.OTHER)
    food: Mapped[Food] = mapped_column(one_of(Food, 12), default=Food.NO_MATTER)
    quantity: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    """Units (tablets, ml) of one dose as it stands now; None is not counted. What was due on a day stands in its
    `DoseTime`, what was taken as needed in its `AsNeededDose`, and where the amount changes in the phases."""
    as_needed: Mapped[bool] = mapped_column(default=False)
    """Taken when it is needed (PRN): it has no times, and nobody is reminded of it."""
    gap_minutes: Mapped[int | None]
    """Of an as-needed medicine: least minutes between two, as the label says; None where it does not."""
    most_in_24h: Mapped[int | None]
    """Most doses in any 24 hours, as the label says; None where it does not. A medicine with times has no more of
    them."""
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    """Last day of a course; None goes on."""
    stopped_at: Mapped[datetime | None]
    written_at: Mapped[datetime] = mapped_column(default=clock.now)

    tenant: Mapped[Tenant] = relationship()
    times: Mapped[list[DoseTime]] = relationship(
        back_populates="medicine", cascade="all, delete-orphan", order_by="(DoseTime.wall_time, DoseTime.first_day)"
    )
    phases: Mapped[list[MedicinePhase]] = relationship(
        back_populates="medicine", cascade="all, delete-orphan", order_by="MedicinePhase.first_day"
    )
    """Of a course whose amount changes: each amount with its first day. Empty: `amount` all along."""

    @classmethod
    def of(cls, tenant: Tenant) -> Select[Medicine]:
        """Everything this tenant takes or took, by name."""
        return (
            select(cls)
            .where(cls.tenant_id == tenant.id)
            .options(selectinload(cls.times), selectinload(cls.phases))
            .order_by(func.lower(cls.name), cls.id)
        )

    @property
    def wall_times(self) -> list[time]:
        """Times of day from now on; of a stopped medicine, none."""
        return sorted({dose.wall_time for dose in self._lasting})

    @property
    def pattern(self) -> Pattern:
        """On which days it is taken from now on."""
        return self._lasting[0].pattern if self._lasting else EVERY_DAY

    @property
    def _lasting(self) -> list[DoseTime]:
        return [] if self.stopped_at else [dose for dose in self.times if dose.last_day == self.ends_on]

    def phase_on(self, day: date) -> MedicinePhase | None:
        """Which part of a course whose amount changes `day` is in; before the course, its first."""
        begun = [phase for phase in self.phases if phase.first_day <= day]
        return begun[-1] if begun else self.phases[0] if self.phases else None

    def amount_on(self, day: date) -> str:
        """How much is taken at a time on `day`, in the label's words."""
        phase = self.phase_on(day)
        return phase.amount if phase else self.amount

    def next_due(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """The next moment (UTC) at which it is planned, paused or not; None if there is none."""
        today = now.astimezone(zone).date()
        moments = []
        for dose in self.times:
            for begins in (today, today + timedelta(days=1)):
                day = dose.pattern.first_from(max(begins, dose.first_day))
                if day and dose.holds_on(day) and (moment := clock.at(day, dose.wall_time, zone)) > now:
                    moments.append(moment)
        return min(moments, default=None)

    def goes_on(self, today: date) -> bool:
        """Whether it is still taken, or will be."""
        return self.stopped_at is None and (self.ends_on is None or self.ends_on >= today)

    def reword(
        self, name: str, amount: str, purpose: str, form: MedicineForm | None = None, food: Food | None = None
    ) -> None:
        """Say it as the label does; None leaves a form or food note as it is. Times have a rule of their own, because
        reminders hang on them."""
        self.name, self.amount, self.purpose = name, amount, purpose
        self.form, self.food = form or self.form, food or self.food


class MedicinePhase(Base):
    """One part of a course whose amount changes: from this day on, this much at a time."""

    __tablename__ = "medicine_phase"

    id: Mapped[Id]
    medicine_id: Mapped[UUID] = mapped_column(ForeignKey(Medicine.id, ondelete="CASCADE"))
    first_day: Mapped[date]
    amount: Mapped[str] = mapped_column(String(120))
    """In the label's words: `2 tablets`."""
    quantity: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))

    medicine: Mapped[Medicine] = relationship(back_populates="phases")

    __table_args__ = (UniqueConstraint("medicine_id", "first_day"),)


class DoseTime(Base):
    """A time of day at which a medicine is taken, the days on which that held, and how much it was.

    Days are kept because times, patterns and amounts change: last week's record must still show last week's. A
    change ends one row and begins another.
    """

    __tablename__ = "dose_time"

    id: Mapped[Id]
    medicine_id: Mapped[UUID] = mapped_column(ForeignKey(Medicine.id, ondelete="CASCADE"), index=True)
    wall_time: Mapped[time]
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    weekdays: Mapped[int] = mapped_column(default=EVERY_DAY.weekdays)
    """Days of the week as bits, Monday the lowest: 127 is all of them."""
    every_days: Mapped[int] = mapped_column(default=1)
    """Every so many days, counted from `anchor_day`."""
    anchor_day: Mapped[date | None]
    """A day on which it is due, for `every_days` above 1; kept when times change, so that the count goes on."""
    amount: Mapped[str] = mapped_column(String(120), default="")
    """In the label's words, where this part of a course has an amount of its own; empty: the medicine's."""
    quantity: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    """Units (tablets, ml) that one dose at this time uses; None is not counted."""

    medicine: Mapped[Medicine] = relationship(back_populates="times")

    @property
    def pattern(self) -> Pattern:
        """On which days between its first and its last it is due."""
        return Pattern(self.weekdays, self.every_days, self.anchor_day)

    def holds_on(self, day: date) -> bool:
        """Whether the medicine is due at this time on `day`."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day) and self.pattern.meets(day)

    @property
    def amount_said(self) -> str:
        """How much is taken, in the label's words."""
        return self.amount or self.medicine.amount


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
    reason: Mapped[SkipReason | None] = mapped_column(one_of(SkipReason, 20))
    reason_words: Mapped[str] = mapped_column(String(300), default="")
    """Why it was not taken, in the tenant's own words. Shown to nobody else."""

    medicine: Mapped[Medicine] = relationship()

    __table_args__ = (
        UniqueConstraint("medicine_id", "day", "wall_time"),
        Index("ix_dose_tenant", "tenant_id", "day"),
    )

    def correct(self, answer: Answer, taken_at: datetime | None) -> None:
        """Say it differently, or say when it was. A reason belongs to the answer it was given for."""
        if answer is not self.answer:
            self.reason, self.reason_words = None, ""
        self.answer, self.taken_at, self.answered_at = answer, taken_at, clock.now()

    def explain(self, reason: SkipReason | None, words: str) -> None:
        """Say why it was not taken, or that one would rather not say."""
        self.reason, self.reason_words = reason, words


class AsNeededDose(Base):
    """One dose of an as-needed medicine, as the tenant recorded it."""

    __tablename__ = "as_needed_dose"

    id: Mapped[Id]
    medicine_id: Mapped[UUID] = mapped_column(ForeignKey(Medicine.id, ondelete="CASCADE"))
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"))
    taken_at: Mapped[datetime]
    quantity: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    """Units that it used, as the medicine said when it was recorded; None is not counted."""
    key: Mapped[UUID]
    """Made with the form that recorded it: two taps on one form are one dose."""
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now)

    medicine: Mapped[Medicine] = relationship()

    __table_args__ = (
        UniqueConstraint("medicine_id", "key"),
        Index("ix_as_needed_dose_tenant", "tenant_id", "taken_at"),
    )

    @classmethod
    def of(cls, tenant: Tenant) -> Select[AsNeededDose]:
        """Everything this tenant took as needed, newest first."""
        return select(cls).where(cls.tenant_id == tenant.id).order_by(cls.taken_at.desc(), cls.id.desc())
