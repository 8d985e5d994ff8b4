"""A plan for hard days, line by line, in the tenant's own words."""

from __future__ import annotations

import enum
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Select, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.database import Base, Id, one_of


class Part(enum.StrEnum):
    """What a plan is made of, in the order in which it is read on a hard day: from what one notices oneself, over what
    one can do alone, to other people. That order is usual for such plans; the words for it are Homeward's own."""

    SIGNS = "signs"
    HELPS = "helps"
    PLACES = "places"
    PEOPLE = "people"
    PROFESSIONALS = "professionals"
    SAFE = "safe"

    @property
    def with_phone(self) -> bool:
        """Whether its lines are people, whom one can call."""
        return self in (Part.PEOPLE, Part.PROFESSIONALS)


class PlanLine(Base):
    """One line of a tenant's plan. Nobody else writes in it."""

    __tablename__ = "plan_line"

    id: Mapped[Id]
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"))
    part: Mapped[Part] = mapped_column(one_of(Part, 20))
    words: Mapped[str] = mapped_column(String(200))
    """What helps, where, or who."""
    phone: Mapped[str] = mapped_column(String(30), default="")
    """A number to call, as it was typed; empty without one."""
    position: Mapped[int]
    language: Mapped[str] = mapped_column(String(12), default="")
    """What it is written in."""
    written_at: Mapped[datetime] = mapped_column(default=clock.now)

    tenant: Mapped[Tenant] = relationship()

    __table_args__ = (Index("ix_plan_line_tenant", "tenant_id", "part", "position"),)

    @classmethod
    def of(cls, tenant: Tenant) -> Select[PlanLine]:
        """The lines of this tenant's plan, in each part as they put them."""
        return select(cls).where(cls.tenant_id == tenant.id).order_by(cls.position, cls.id)

    @property
    def dial(self) -> str:
        """The number as a phone dials it: digits, and a plus in front; empty without one."""
        return dialled(self.phone)

    def reword(self, words: str, phone: str) -> None:
        """Say it differently."""
        self.words, self.phone, self.written_at = words, phone if self.part.with_phone else "", clock.now()


def dialled(phone: str) -> str:
    """What is dialled for a number as people write it: `+44 (0)20 7946 0000` is `+442079460000`."""
    plus = phone.strip().startswith("+")
    trunk = phone.replace("(0)", "") if plus else phone
    return ("+" if plus else "") + "".join(letter for letter in trunk if letter in "0123456789")
