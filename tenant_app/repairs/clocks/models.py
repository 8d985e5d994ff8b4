"""A repair's clocks, how the work that they measure went, and the times that do not count."""

from __future__ import annotations

import enum
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, Text, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.models import Worker
from tenant_app.database import Base, Id, one_of
from tenant_app.repairs.clocks.counting import Limit, Span, Unit
from tenant_app.repairs.clocks.policy import EMERGENCY, Kind, Priority
from tenant_app.repairs.models import Repair

_runs = text("met_at IS NULL AND ended_at IS NULL")


class RepairCourse(Base):
    """How the work on one repair went, as far as clocks ask: one row a repair, made with its first clock."""

    __tablename__ = "repair_course"

    repair_id: Mapped[UUID] = mapped_column(ForeignKey(Repair.id, ondelete="CASCADE"), primary_key=True)
    round: Mapped[int] = mapped_column(default=1)
    """Goes up when what was mended turns out not to be: clocks begin anew, and those of before stay as they were."""
    emergency: Mapped[bool] = mapped_column(default=False)
    """An emergency hazard in the law's sense: 24 hours."""
    priority: Mapped[Priority | None] = mapped_column(one_of(Priority, 10))
    """Of an ordinary repair, where a worker said so; else it follows from its kind."""
    started_at: Mapped[datetime | None]
    """When the clocks of this round began, where that is not with awareness: it was reported as not fixed."""
    investigated_at: Mapped[datetime | None]
    hazard_found: Mapped[bool | None]
    """What the investigation came to; None until it is known."""
    works_needed: Mapped[bool] = mapped_column(default=True)
    """Whether further work is needed beside making it safe."""
    summarised_at: Mapped[datetime | None]
    """When the tenant was first written to about it."""
    made_safe_at: Mapped[datetime | None]
    works_begun_at: Mapped[datetime | None]
    mended_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    repair: Mapped[Repair] = relationship(back_populates="course")

    def begin_round(self, moment: datetime) -> None:
        """It is not mended after all: everything is to be done again, from now."""
        self.round += 1
        self.started_at, self.works_needed = moment, True
        self.investigated_at = self.made_safe_at = self.works_begun_at = self.mended_at = self.closed_at = None
        self.hazard_found = self.summarised_at = None


class RepairClock(Base):
    """One clock of one round of one repair: what had to be done by when, and whether it was."""

    __tablename__ = "repair_clock"

    id: Mapped[Id]
    repair_id: Mapped[UUID] = mapped_column(ForeignKey(Repair.id, ondelete="CASCADE"))
    round: Mapped[int] = mapped_column(default=1)
    kind: Mapped[Kind] = mapped_column(one_of(Kind, 12))
    rule: Mapped[str] = mapped_column(String(30))
    """A folder of `content/hazards`, or a priority."""
    amount: Mapped[int]
    unit: Mapped[Unit] = mapped_column(one_of(Unit, 12))
    """With `amount` the limit as it was when the clock began: a later one does not reach back."""
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    """The last moment that is in time, pauses that are over included."""
    met_at: Mapped[datetime | None]
    """When it was done, in time or not."""
    ended_at: Mapped[datetime | None]
    """When it stopped without being done, because there was nothing to do: it was closed, or is no hazard."""
    paused_at: Mapped[datetime | None]
    """Since when it stands still for a reason that somebody recorded and that still lasts."""

    repair: Mapped[Repair] = relationship(back_populates="clocks")

    __table_args__ = (
        UniqueConstraint("repair_id", "round", "kind"),
        Index("ix_repair_clock_runs", "due_at", "repair_id", postgresql_where=_runs, sqlite_where=_runs),
    )

    @property
    def limit(self) -> Limit:
        return Limit(self.amount, self.unit)

    @property
    def legal(self) -> bool:
        """Whether the law asks for it, or our own policy."""
        return self.kind is not Kind.MEND

    @property
    def running(self) -> bool:
        """Not done, and still to do. One that is paused runs too: it stands still for a while."""
        return self.met_at is None and self.ended_at is None

    @property
    def breached(self) -> bool:
        """Done too late, or the last moment is over without it."""
        return (self.met_at or self.ended_at or self.paused_at or clock.now()) > self.due_at

    @property
    def met(self) -> bool:
        """Done, and in time."""
        return self.met_at is not None and self.met_at <= self.due_at

    @property
    def emergency(self) -> bool:
        return self.rule == EMERGENCY


class PauseReason(enum.StrEnum):
    """Why a clock may stand still. There are no others."""

    TENANT_ASKED = "tenant_asked"
    NO_ACCESS = "no_access"
    """We could not get in, although we gave notice."""
    TENANT_AWAY = "tenant_away"
    NOT_SAFE_TO_ENTER = "not_safe_to_enter"
    OUT_OF_OUR_HANDS = "out_of_our_hands"
    """Somebody else has to act first, and we did what we could: a permit, a specialist, a part."""


class ClockPause(Base):
    """A time that does not count for one clock, with the reason; the tenant reads both."""

    __tablename__ = "repair_pause"

    id: Mapped[Id]
    repair_id: Mapped[UUID] = mapped_column(ForeignKey(Repair.id, ondelete="CASCADE"), index=True)
    kind: Mapped[Kind] = mapped_column(one_of(Kind, 12))
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    """None: it still lasts."""
    reason: Mapped[PauseReason] = mapped_column(one_of(PauseReason, 20))
    words: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12), default="")
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    noted_at: Mapped[datetime] = mapped_column(default=clock.now)

    worker: Mapped[Worker] = relationship()

    __table_args__ = (CheckConstraint("until >= since", "until"),)

    @classmethod
    def of(cls, repair: Repair) -> Select[ClockPause]:
        """All of a repair, newest first."""
        return select(cls).where(cls.repair_id == repair.id).order_by(cls.since.desc(), cls.id.desc())

    @property
    def span(self) -> Span:
        return Span(self.since, self.until)

    def lasts_at(self, moment: datetime) -> bool:
        """Whether the clock stands still then."""
        return self.since <= moment and (self.until is None or moment < self.until)


def end_of(day: datetime, zone: ZoneInfo) -> datetime:
    """The last second of a moment's local day: of what has a day and no hour, no hour that flatters us is taken."""
    local = day.astimezone(zone)
    return clock.at(local.date(), datetime.max.time().replace(microsecond=0), zone)
