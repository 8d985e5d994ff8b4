"""Breathing Space: while it lasts, nothing is said about what a tenant owed before, on any channel.

Sources: FACTS, "Rent and money"; the Debt Respite Scheme Regulations 2020 (SI 2020/1311): 60 days, or as long as
mental-health crisis treatment lasts and 30 days more. Rent that falls due meanwhile is still due, and reminded of.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.models import Worker
from tenant_app.bulk import among
from tenant_app.database import Base, Id, one_of
from tenant_app.rent.models import RentAccount
from tenant_app.rent.plans import Rest

STANDARD_LASTS = timedelta(days=60)
AFTER_TREATMENT = timedelta(days=30)


class RespiteKind(enum.StrEnum):
    """Which of the two it is."""

    STANDARD = "standard"
    CRISIS = "crisis"
    """During mental-health crisis treatment. Its end is open until the treatment has ended."""


class BreathingSpace(Base):
    """One Breathing Space of one account, as the scheme told us of it. Days are included, first and last."""

    __tablename__ = "breathing_space"

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(ForeignKey(RentAccount.id, ondelete="CASCADE"))
    kind: Mapped[RespiteKind] = mapped_column(one_of(RespiteKind, 10))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    """Its last day. None: nobody knows yet."""
    treatment_ended_on: Mapped[date | None]
    reference: Mapped[str] = mapped_column(String(60), default="")
    """The scheme's own."""
    noted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))
    noted_at: Mapped[datetime] = mapped_column(default=clock.now)
    changed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))
    changed_at: Mapped[datetime | None]
    """When its end was last changed, and by whom."""

    account: Mapped[RentAccount] = relationship()
    noted_by: Mapped[Worker | None] = relationship(foreign_keys=noted_by_id)
    changed_by: Mapped[Worker | None] = relationship(foreign_keys=changed_by_id)

    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", "ends"),
        Index("ix_breathing_space_account", "account_id", "starts_on"),
    )

    @classmethod
    def of(cls, account: RentAccount) -> Select[BreathingSpace]:
        """All of an account, newest first."""
        return select(cls).where(cls.account_id == account.id).order_by(cls.starts_on.desc(), cls.id)

    @classmethod
    def covering(cls, account: RentAccount, day: date) -> Select[BreathingSpace]:
        """Those of an account that `day` lies in."""
        return cls.of(account).where(cls.starts_on <= day, or_(cls.ends_on.is_(None), cls.ends_on >= day))

    def covers(self, day: date) -> bool:
        """Whether `day` lies in it."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def ends(self, worker: Worker, last_day: date) -> None:
        """Set its last day. Raises `ValueError` if that lies before its first."""
        if last_day < self.starts_on:
            raise ValueError("it ends after it starts")
        self.ends_on, self.changed_by, self.changed_at = last_day, worker, clock.now()

    def treatment_ended(self, worker: Worker, day: date) -> None:
        """Crisis treatment ended on `day`; the last day is 30 days later. Raises `ValueError` for another kind."""
        if self.kind is not RespiteKind.CRISIS:
            raise ValueError("only a crisis has treatment")
        self.ends(worker, day + AFTER_TREATMENT)
        self.treatment_ended_on = day


def usual_end(kind: RespiteKind, starts_on: date) -> date | None:
    """Its last day as the law has it, counting the first; None for a crisis."""
    return starts_on + STANDARD_LASTS - timedelta(days=1) if kind is RespiteKind.STANDARD else None


def silenced(session: Session, account: RentAccount, today: date) -> bool:
    """Whether nothing may be said about the account's arrears on this day. Whoever says anything about them asks."""
    return session.scalars(BreathingSpace.covering(account, today).limit(1)).first() is not None


def silenced_among(session: Session, tenants: Collection[UUID]) -> set[UUID]:
    """Those of `tenants` (ids) to whom nothing may be said about arrears at this moment, where their accounts are."""
    found = session.execute(
        select(RentAccount.tenant_id, RentAccount.zone, BreathingSpace)
        .join(RentAccount, RentAccount.id == BreathingSpace.account_id)
        .where(among(RentAccount.tenant_id, tenants))
    )
    return {tenant_id for tenant_id, zone, space in found if space.covers(clock.today(ZoneInfo(zone)))}


def rests_of(spaces: Sequence[BreathingSpace], today: date) -> list[Rest]:
    """Days on which agreements rest for them; one without an end is taken to end today."""
    rests = [Rest(space.starts_on, max(space.ends_on or today, space.starts_on)) for space in spaces]
    return sorted(rests, key=lambda rest: rest.first)
