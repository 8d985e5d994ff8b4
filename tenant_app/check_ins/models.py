"""What a tenant said of their week: at most one check-in a day, with answers to the statements they cared to answer."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Select, String, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.consent import Category, GivenAs, shares_with
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.accounts.safeguarding import overridden_by
from tenant_app.database import Base, Id

ANSWERS = 5
"""How many answers each statement offers, the lowest first. They are words; nothing adds them up."""


class CheckIn(Base):
    """What a tenant said on one day. Nobody else writes in it, and nobody reads it unless they agree
    (`Category.CHECK_INS`)."""

    __tablename__ = "check_in"

    id: Mapped[Id]
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"))
    day: Mapped[date]
    """By the house's clock."""
    words: Mapped[str] = mapped_column(String(300), default="")
    """What they would like to remember; empty where they wrote nothing."""
    language: Mapped[str] = mapped_column(String(12), default="")
    """What the words are written in."""
    edition: Mapped[int] = mapped_column(default=1)
    """Counts its changes, so that a form can tell which one it showed."""
    said_at: Mapped[datetime] = mapped_column(default=clock.now)

    tenant: Mapped[Tenant] = relationship()
    answers: Mapped[list[CheckInAnswer]] = relationship(
        back_populates="check_in", cascade="all, delete-orphan", passive_deletes=True, lazy="selectin",
        order_by="[CheckInAnswer.asked_in, CheckInAnswer.statement]",
    )  # fmt: skip

    __table_args__ = (UniqueConstraint("tenant_id", "day"),)

    @classmethod
    def of(cls, tenant: Tenant) -> Select[CheckIn]:
        """This tenant's, newest first."""
        return select(cls).where(cls.tenant_id == tenant.id).order_by(cls.day.desc())

    @classmethod
    def shared_with(cls, worker: Worker, tenant: Tenant) -> Select[CheckIn]:
        """The same for this tenant's keyworker; nothing unless the tenant agrees now, or it was opened for their
        safety, which each question asks afresh."""
        agreed = select(Tenant.id).where(Tenant.id == tenant.id, or_(
            shares_with(worker, Category.CHECK_INS, GivenAs.KEYWORKER), overridden_by(worker, Category.CHECK_INS)
        ))  # fmt: skip
        return cls.of(tenant).where(cls.tenant_id.in_(agreed))

    def answer_to(self, asked_in: str, statement: str) -> CheckInAnswer | None:
        """What was answered to one statement; None where it was left out."""
        return next((it for it in self.answers if (it.asked_in, it.statement) == (asked_in, statement)), None)


class CheckInAnswer(Base):
    """One tap. It points at the statement as it was worded then: a later wording is another version."""

    __tablename__ = "check_in_answer"

    check_in_id: Mapped[UUID] = mapped_column(ForeignKey(CheckIn.id, ondelete="CASCADE"), primary_key=True)
    asked_in: Mapped[str] = mapped_column(String(40), primary_key=True)
    """The set of statements: a folder of `content/check-ins`."""
    statement: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int]
    choice: Mapped[int]
    """Which of the five answers, 1 for the lowest."""

    check_in: Mapped[CheckIn] = relationship(back_populates="answers")

    __table_args__ = (CheckConstraint(f"choice BETWEEN 1 AND {ANSWERS}", name="one_of_five"),)
