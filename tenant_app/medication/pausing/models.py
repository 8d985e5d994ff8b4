"""A rest for all of a tenant's medicines at once: in hospital, ill, or in someone else's hands."""

from __future__ import annotations

import enum
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Select, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.database import Base, Id, one_of


class PauseReason(enum.StrEnum):
    """Why reminders rest. The tenant's alone."""

    HOSPITAL = "hospital"
    ILL = "ill"
    SOMEONE_ELSE = "someone-else"
    OTHER = "other"


class MedicinePause(Base):
    """From one moment until another, nobody is reminded, and a dose that is not recorded is paused, not a gap."""

    __tablename__ = "medicine_pause"

    id: Mapped[Id]
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"), index=True)
    reason: Mapped[PauseReason] = mapped_column(one_of(PauseReason, 20))
    words: Mapped[str] = mapped_column(String(200), default="")
    starts_at: Mapped[datetime]
    """The first moment that is paused."""
    ends_at: Mapped[datetime | None]
    """The first moment that is no longer paused; None until the tenant says so."""
    last_day: Mapped[date | None]
    """The last day of it, where it was planned to end by itself."""
    written_at: Mapped[datetime] = mapped_column(default=clock.now)

    tenant: Mapped[Tenant] = relationship()

    @classmethod
    def of(cls, tenant: Tenant) -> Select[MedicinePause]:
        """This tenant's pauses, in the order they began."""
        return select(cls).where(cls.tenant_id == tenant.id).order_by(cls.starts_at, cls.id)

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self.ends_at is not None and self.ends_at <= clock.now()

    @property
    def to_come(self) -> bool:
        """Whether it has not begun."""
        return self.starts_at > clock.now()

    def covers(self, moment: datetime) -> bool:
        """Whether what is planned for `moment` (UTC) is paused."""
        return self.starts_at <= moment and (self.ends_at is None or moment < self.ends_at)

    def days_at(self, wall_time: time, zone: ZoneInfo) -> tuple[date, date | None] | None:
        """First and last day on which this wall time is paused; last None goes on; None if it never is."""
        first = self.starts_at.astimezone(zone).date()
        if clock.at(first, wall_time, zone) < self.starts_at:
            first += timedelta(days=1)
        if self.ends_at is None:
            return first, None
        last = self.ends_at.astimezone(zone).date()
        if clock.at(last, wall_time, zone) >= self.ends_at:
            last -= timedelta(days=1)
        return (first, last) if first <= last else None
