"""Contractors, and the repairs that are given to them."""

from __future__ import annotations

import enum
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Select, String, func, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.models import Worker
from tenant_app.database import Base, Id, Pence, one_of
from tenant_app.repairs.models import Repair, State


class Trade(enum.StrEnum):
    """What a contractor does. A choice and no words of the desk's own, because tenants read it in their language."""

    PLUMBING = "plumbing"
    HEATING = "heating"
    ELECTRICS = "electrics"
    JOINERY = "joinery"
    DAMP = "damp"
    ROOFING = "roofing"
    DECORATING = "decorating"
    FLOORING = "flooring"
    PESTS = "pests"
    LOCKS = "locks"
    FIRE = "fire"
    LIFTS = "lifts"
    CLEANING = "cleaning"
    GENERAL = "general"


_live = text("ended_at IS NULL")


class Contractor(Base):
    """One firm or person from outside. Retired ones stay, because stories of repairs name them."""

    __tablename__ = "contractor"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(80))
    trade: Mapped[Trade] = mapped_column(one_of(Trade, 12))
    email: Mapped[str] = mapped_column(String(254))
    """Where links are sent."""
    phone: Mapped[str] = mapped_column(String(30), default="")
    active: Mapped[bool] = mapped_column(default=True)
    """Whether they can be given work."""
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    @classmethod
    def listed(cls, *, active: bool = True) -> Select[Contractor]:
        """Those who can be given work, or those who cannot any more, by name."""
        return select(cls).where(cls.active.is_(active)).order_by(func.lower(cls.name), cls.id)

    @property
    def known_as(self) -> str:
        """What lines of a story call them, as they call people."""
        return self.name


class RepairJob(Base):
    """One repair in the hands of one contractor, and the link by which they see it. At most one of a repair lives."""

    __tablename__ = "repair_job"

    id: Mapped[Id]
    repair_id: Mapped[UUID] = mapped_column(ForeignKey(Repair.id, ondelete="CASCADE"), index=True)
    contractor_id: Mapped[UUID] = mapped_column(ForeignKey(Contractor.id), index=True)
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    """Who gave it to them."""
    given_at: Mapped[datetime] = mapped_column(default=clock.now)
    digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Of the secret in the link, which itself is kept nowhere. None once no link leads here any more."""
    expires_at: Mapped[datetime]
    phone: Mapped[str] = mapped_column(String(30), default="")
    """The tenant's number, where they agreed that it is passed on for this repair; emptied when the job ends."""
    cost_pence: Mapped[Pence | None]
    """What the contractor says that it cost."""
    finished_at: Mapped[datetime | None]
    """When the contractor said that it is done."""
    ended_at: Mapped[datetime | None]
    """When it was finished, taken back, or ended with the repair."""

    repair: Mapped[Repair] = relationship()
    contractor: Mapped[Contractor] = relationship(lazy="joined")
    worker: Mapped[Worker] = relationship()

    __table_args__ = (
        Index("uq_repair_job_live", "repair_id", unique=True, postgresql_where=_live, sqlite_where=_live),
    )

    @classmethod
    def of(cls, repair: Repair) -> Select[RepairJob]:
        """All that there were of this repair, newest first."""
        return select(cls).where(cls.repair_id == repair.id).order_by(cls.given_at.desc(), cls.id.desc())

    @classmethod
    def live_of(cls, repair: Repair) -> Select[RepairJob]:
        """The one that is under way, if any."""
        return cls.of(repair).where(cls.ended_at.is_(None))

    @property
    def expired(self) -> bool:
        return self.expires_at <= clock.now()

    @property
    def under_way(self) -> bool:
        """Whether the contractor may see the repair and do something about it."""
        theirs = self.ended_at is None and not self.expired and self.contractor.active
        return theirs and self.repair.open and self.repair.leads_id is None

    @property
    def just_finished(self) -> bool:
        """Whether the contractor finished it and nobody said otherwise since."""
        return self.finished_at is not None and not self.expired and self.repair.state is State.FIXED
