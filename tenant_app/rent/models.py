"""A tenant's rent account and its entries. Money is whole pence from end to end."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenant_app.accounts.models import Tenant
from tenant_app.database import Base, Id, Pence, one_of


class Frequency(enum.StrEnum):
    """How often rent falls due (FACTS, "Rent and money")."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    FOUR_WEEKLY = "four_weekly"
    MONTHLY = "monthly"
    """On the same day of each calendar month; where a month is too short, on its last."""


class EntryKind(enum.StrEnum):
    """What an entry does to what is owed."""

    CHARGE = "charge"
    PAYMENT = "payment"


class Part(enum.StrEnum):
    """The two parts of what a home costs. They are kept apart, because Housing Benefit pays only the first."""

    RENT = "rent"
    """Eligible rent."""
    SERVICE = "service"
    """Service charge: what Housing Benefit does not pay for."""


class RentAccount(Base):
    """What one tenant's home costs, and how it is paid."""

    __tablename__ = "rent_account"

    id: Mapped[Id]
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"), unique=True)
    frequency: Mapped[Frequency] = mapped_column(one_of(Frequency, 12))
    first_due_on: Mapped[date]
    """The day all others are counted from. Of a monthly account its day of the month counts, 31 for the last."""
    eligible_rent_pence: Mapped[Pence]
    """Each period."""
    service_charge_pence: Mapped[Pence]
    """Each period."""
    benefit_pays_rent: Mapped[bool] = mapped_column(default=True)
    """Whether Housing Benefit pays the eligible rent to us; the tenant then pays the service charge alone."""
    reference: Mapped[str] = mapped_column(String(40), default="")
    """What a payment quotes."""
    zone: Mapped[str] = mapped_column(String(40))
    """The wall clock that its days and reminders go by."""

    tenant: Mapped[Tenant] = relationship()
    entries: Mapped[list[RentEntry]] = relationship(
        back_populates="account", cascade="all, delete-orphan", order_by="(RentEntry.day.desc(), RentEntry.id.desc())"
    )

    __table_args__ = (
        CheckConstraint("eligible_rent_pence >= 0", "rent"),
        CheckConstraint("service_charge_pence >= 0", "service"),
    )

    @classmethod
    def of(cls, tenant: Tenant) -> Select[RentAccount]:
        """This tenant's account, if they have one."""
        return select(cls).where(cls.tenant_id == tenant.id)

    @property
    def own_parts(self) -> list[tuple[Part, Pence]]:
        """What the tenant pays each period, part by part; parts of nothing are left out."""
        parts = [(Part.SERVICE, self.service_charge_pence)]
        if not self.benefit_pays_rent:
            parts.append((Part.RENT, self.eligible_rent_pence))
        return [(part, pence) for part, pence in parts if pence]


class RentEntry(Base):
    """One charge to the tenant or one payment by them. What Housing Benefit pays for them is not entered here."""

    __tablename__ = "rent_entry"

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(ForeignKey(RentAccount.id, ondelete="CASCADE"))
    day: Mapped[date]
    kind: Mapped[EntryKind] = mapped_column(one_of(EntryKind, 10))
    part: Mapped[Part] = mapped_column(
        one_of(Part, 10), default=Part.SERVICE
    )
    pence: Mapped[Pence]
    """Always more than nothing; `kind` says which way."""
    note: Mapped[str] = mapped_column(String(120), default="")
    reference: Mapped[str] = mapped_column(String(80))
    """Unique within the account: `charge:service:2026-11-27`, or a bank's own. An import run twice writes once."""

    account: Mapped[RentAccount] = relationship(back_populates="entries")

    __table_args__ = (
        UniqueConstraint("account_id", "reference"),
        CheckConstraint("pence > 0", "pence"),
        Index("ix_rent_entry_day", "account_id", "day"),
    )

    @classmethod
    def of(cls, account: RentAccount) -> Select[RentEntry]:
        """Entries of an account, newest first."""
        return select(cls).where(cls.account_id == account.id).order_by(cls.day.desc(), cls.id.desc())

    @property
    def owed(self) -> Pence:
        """What it adds to what the tenant owes."""
        return self.pence if self.kind is EntryKind.CHARGE else -self.pence


def charge_reference(part: Part, day: date) -> str:
    """The reference of the charge of one part on one due day."""
    return f"charge:{part}:{day.isoformat()}"


def charged_on(account: RentAccount, written: Mapping[str, RentEntry], day: date) -> list[tuple[Part, Pence]]:
    """What a due day costs, part by part: as it was charged, or as it will be where it was not charged yet.

    `written` are the account's entries by reference.
    """
    known = [(part, written.get(charge_reference(part, day))) for part in (Part.SERVICE, Part.RENT)]
    if any(entry for _, entry in known):
        return [(part, entry.pence) for part, entry in known if entry]
    return account.own_parts
