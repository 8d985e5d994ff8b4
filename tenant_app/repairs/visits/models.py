"""Times at which somebody can come, how a repair went, and what it costs."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ForeignKey, Select, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.models import Worker
from tenant_app.database import Base, Id, Pence
from tenant_app.repairs.models import Repair
from tenant_app.repairs.windows import read_window


class VisitSlot(Base):
    """One time that the desk offers a tenant: a day, and the hours between which somebody comes."""

    __tablename__ = "visit_slot"

    id: Mapped[Id]
    repair_id: Mapped[UUID] = mapped_column(ForeignKey(Repair.id, ondelete="CASCADE"), index=True)
    visit_on: Mapped[date]
    visit_window: Mapped[str] = mapped_column(String(11))
    """`13:00-16:00`, in the association's zone."""
    starts_at: Mapped[datetime]
    """The same moment in UTC; from then on it cannot be chosen."""
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    """Who offered it, or gave the repair to the contractor who did."""
    offered_at: Mapped[datetime] = mapped_column(default=clock.now)
    closed_at: Mapped[datetime | None]
    """When it was taken back, or needed no more. One that was chosen stays open: a tenant may go back to it."""

    contractor_id: Mapped[UUID | None] = mapped_column(ForeignKey("contractor.id"))
    """Which contractor comes then; None where the desk did not say."""

    repair: Mapped[Repair] = relationship()
    worker: Mapped[Worker] = relationship()

    @classmethod
    def of(cls, repair: Repair) -> Select[VisitSlot]:
        """All that were ever offered for this repair, soonest first."""
        return select(cls).where(cls.repair_id == repair.id).order_by(cls.starts_at, cls.visit_window, cls.id)

    @classmethod
    def open_of(cls, repair: Repair) -> Select[VisitSlot]:
        """What of it can be chosen now."""
        return cls.of(repair).where(cls.closed_at.is_(None), cls.starts_at > clock.now())

    @property
    def hours(self) -> tuple[time, time]:
        """Wall times between which somebody comes."""
        found = read_window(self.visit_window)
        assert found is not None
        return found

    @property
    def when(self) -> tuple[date, str]:
        """Day and hours, as a visit is booked."""
        return self.visit_on, self.visit_window


class RepairRating(Base):
    """How a repair went, as the tenant says once it is closed. Said again, the newest holds."""

    __tablename__ = "repair_rating"

    id: Mapped[Id]
    repair_id: Mapped[UUID] = mapped_column(ForeignKey(Repair.id, ondelete="CASCADE"), unique=True)
    stars: Mapped[int]
    """1, not well at all, to 5, very well."""
    words: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(12), default="")
    said_at: Mapped[datetime] = mapped_column(default=clock.now)

    __table_args__ = (CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),)


class RepairCost(Base):
    """What a repair is thought to cost, and what it did. For staff alone."""

    __tablename__ = "repair_cost"

    id: Mapped[Id]
    repair_id: Mapped[UUID] = mapped_column(ForeignKey(Repair.id, ondelete="CASCADE"), unique=True)
    estimate_pence: Mapped[Pence | None]
    actual_pence: Mapped[Pence | None]
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    """Who wrote it last."""
    written_at: Mapped[datetime] = mapped_column(default=clock.now)
    version: Mapped[int] = mapped_column()

    worker: Mapped[Worker] = relationship()

    __mapper_args__ = {"version_id_col": version}


def visit_span(day: date, window: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When a visit begins and ends, in UTC. Raises `ValueError` for an empty window."""
    hours = read_window(window)
    if hours is None:
        raise ValueError("a visit has hours")
    return clock.at(day, hours[0], zone), clock.at(day, hours[1], zone)
