"""A series: the same group week after week. On which days it falls, and who runs a session beside its lead."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.models import Worker
from tenant_app.database import Base, Id, one_of

MOST_WEEKS = 53
"""A year, and the week in which it comes round again."""
EVERY = (1, 2, 4)
"""Weeks from one session of a series to the next."""


class BankHolidays(enum.StrEnum):
    """What a series does where its day is a bank holiday in England."""

    SKIP = "skip"
    MOVE = "move"
    """To the next working day."""


class Part(enum.StrEnum):
    """What someone does at a session beside its lead, who is `GroupSession.facilitator`."""

    CO = "co"
    PEER = "peer"
    VOLUNTEER = "volunteer"


class GroupSeries(Base):
    """A series as it was planned. Its sessions stand for themselves, and each may have been changed since."""

    __tablename__ = "group_series"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(60))
    """Folder in `content/groups`."""
    first_on: Mapped[date]
    weeks: Mapped[int]
    """From the week of the first session to the last in which there may be one."""
    every: Mapped[int] = mapped_column(default=1)
    """Each how many weeks."""
    starts: Mapped[time]
    """Wall time."""
    ends: Mapped[time]
    zone: Mapped[str] = mapped_column(String(40))
    bank_holidays: Mapped[BankHolidays] = mapped_column(one_of(BankHolidays, 10))
    planned_by_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    planned_at: Mapped[datetime] = mapped_column(default=clock.now)
    version: Mapped[int] = mapped_column(default=1)
    """Counts changes to any of its sessions: who changes the rest of it has seen the newest."""


class SessionFacilitator(Base):
    """Somebody who runs a session beside its lead, and keeps its register too."""

    __tablename__ = "session_facilitator"

    session_id: Mapped[UUID] = mapped_column(ForeignKey("group_session.id", ondelete="CASCADE"), primary_key=True)
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id), primary_key=True)
    part: Mapped[Part] = mapped_column(one_of(Part, 10))

    worker: Mapped[Worker] = relationship()

    __table_args__ = (Index("ix_session_facilitator_worker", "worker_id"),)


@dataclass(frozen=True)
class SeriesDay:
    """One time of a series: the day it would fall on, and the day on which it is."""

    regular_on: date
    on: date | None
    """None where it is skipped."""

    @property
    def skipped(self) -> bool:
        return self.on is None

    @property
    def moved(self) -> bool:
        return self.on is not None and self.on != self.regular_on


class NoSuchTime(ValueError):
    """Clocks skip a wall time on some days: they go forward that night. `gaps` are (day, wall time)."""

    def __init__(self, gaps: list[tuple[date, time]]) -> None:
        super().__init__("clocks go forward and skip that time")
        self.gaps = gaps


def weekly(first_on: date, weeks: int, bank_holidays: BankHolidays, every: int = 1) -> list[SeriesDay]:
    """The days of a series, within `weeks` from the first, each `every` weeks. A bank holiday that is skipped puts
    off none of those after it. Source of the days: `clock.is_bank_holiday` (gov.uk, bank holidays of England)."""
    return [settled(first_on + timedelta(weeks=week), bank_holidays) for week in range(0, weeks, every)]


def settled(regular_on: date, bank_holidays: BankHolidays) -> SeriesDay:
    """The day itself; where it is a bank holiday, none or the next working day."""
    if not clock.is_bank_holiday(regular_on):
        return SeriesDay(regular_on, regular_on)
    moved = clock.add_working_days(regular_on, 1) if bank_holidays is BankHolidays.MOVE else None
    return SeriesDay(regular_on, moved)


def moments(day: date, starts: time, ends: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Start and end in UTC of wall times on a day; of a time that clocks show twice, the first."""
    return clock.at(day, starts, zone), clock.at(day, ends, zone)


def require_times(wall_times: Iterable[tuple[date, time]], zone: ZoneInfo) -> None:
    """Raise `NoSuchTime` with every one of these (day, wall time) that clocks in `zone` skip."""
    gaps = [(day, each) for day, each in wall_times if not _exists(day, each, zone)]
    if gaps:
        raise NoSuchTime(gaps)


def happens_twice(day: date, wall_time: time, zone: ZoneInfo) -> bool:
    """Whether clocks show this time twice on this day, because they go back that night."""
    first = datetime.combine(day, wall_time, tzinfo=zone)
    return _exists(day, wall_time, zone) and first.utcoffset() != first.replace(fold=1).utcoffset()


def _exists(day: date, wall_time: time, zone: ZoneInfo) -> bool:
    there = datetime.combine(day, wall_time, tzinfo=zone).astimezone(UTC)
    return there.astimezone(zone).replace(tzinfo=None) == datetime.combine(day, wall_time)
