"""What a tenant is good at, who is there for them, and what has worked before, line by line in their own words."""

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
    """What the page is made of, in the order of reading."""

    GOOD_AT = "good-at"
    PEOPLE = "people"
    WORKED = "worked"


class Strength(Base):
    """One line. Nobody but the tenant writes in it, and nobody reads it unless they agree (`Category.STRENGTHS`)."""

    __tablename__ = "strength"

    id: Mapped[Id]
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"))
    part: Mapped[Part] = mapped_column(one_of(Part, 20))
    words: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(12), default="")
    """What it is written in."""
    written_at: Mapped[datetime] = mapped_column(default=clock.now)

    tenant: Mapped[Tenant] = relationship()

    __table_args__ = (Index("ix_strength_tenant", "tenant_id", "part"),)

    @classmethod
    def of(cls, tenant: Tenant) -> Select[Strength]:
        """This tenant's, as they wrote them down."""
        return select(cls).where(cls.tenant_id == tenant.id).order_by(cls.id)

    def reword(self, words: str, language: str) -> None:
        """Say it differently."""
        self.words, self.language, self.written_at = words, language, clock.now()
