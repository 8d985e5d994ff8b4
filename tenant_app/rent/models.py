"""Rent accounts, what they charge from which day on, and their entries.

Money is whole pence from end to end. An account is one tenancy's or licence's; whoever moves has one for each.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    String,
    UniqueConstraint,
    case,
    false,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.models import Occupancy, Role, Tenant, Worker
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
    """By the tenant, or by somebody for them."""
    BENEFIT = "benefit"
    """Paid in by Housing Benefit."""
    DEBIT = "debit"
    """A correction, or a one-off, that adds to what is owed; its note says why."""
    CREDIT = "credit"
    """A correction that takes from what is owed; its note says why."""


ADDS = (EntryKind.CHARGE, EntryKind.DEBIT)
"""Kinds that add to what is owed; the others take from it."""


class Part(enum.StrEnum):
    """The two parts of what a home costs. They are kept apart, because Housing Benefit pays only the first."""

    RENT = "rent"
    """Eligible rent."""
    SERVICE = "service"
    """Service charge: what Housing Benefit does not pay for."""


@dataclass(frozen=True)
class Rates:
    """What a home costs each period."""

    eligible_rent_pence: Pence
    service_charge_pence: Pence
    benefit_pays_rent: bool

    @property
    def own_parts(self) -> list[tuple[Part, Pence]]:
        """What the tenant pays each period, part by part; parts of nothing are left out."""
        parts = [(Part.SERVICE, self.service_charge_pence)]
        if not self.benefit_pays_rent:
            parts.append((Part.RENT, self.eligible_rent_pence))
        return [(part, pence) for part, pence in parts if pence]


class RentAccount(Base):
    """What one tenancy or licence costs, and how it is paid."""

    __tablename__ = "rent_account"

    id: Mapped[Id]
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"))
    occupancy: Mapped[Occupancy] = mapped_column(one_of(Occupancy, 10), default=Occupancy.LICENCE)
    """What HACT's UK Housing Data Standards tell apart: a tenancy or a licence."""
    began_on: Mapped[date]
    ended_on: Mapped[date | None]
    """The last day on which anything falls due; None while no end is known."""
    frequency: Mapped[Frequency] = mapped_column(one_of(Frequency, 12))
    """From the first due day on. `RentRhythm`s change it; `frequency_on` says what holds on a day."""
    first_due_on: Mapped[date]
    """The day all others are counted from. Of a monthly account its day of the month counts, 31 for the last."""
    eligible_rent_pence: Mapped[Pence]
    """Each period, from the first on. `ChargePeriod`s change it; `rates_on` says what holds on a day."""
    service_charge_pence: Mapped[Pence]
    """Each period, from the first on."""
    benefit_pays_rent: Mapped[bool] = mapped_column(default=True)
    """Whether, from the first period on, Housing Benefit pays the eligible rent to us; the tenant then pays the
    service charge alone."""
    charges_imported: Mapped[bool] = mapped_column(default=False)
    """Whether charges come with each import, from where the account is kept, rather than being written here. The
    rates then only say what is to be expected."""
    charged_through: Mapped[date | None]
    """Charges of all due days up to this one are written. None: nothing is written yet."""
    reminders_behind: Mapped[bool] = mapped_column(default=False)
    """Whether money came or went since its reminders were last looked at."""
    reference: Mapped[str] = mapped_column(String(40), default="")
    """What a payment quotes. No two accounts have the same; empty where none was given."""
    zone: Mapped[str] = mapped_column(String(40))
    """The wall clock that its days and reminders go by."""

    tenant: Mapped[Tenant] = relationship()
    changes: Mapped[list[ChargePeriod]] = relationship(
        back_populates="account", cascade="all, delete-orphan", order_by="ChargePeriod.begins_on"
    )
    rhythms: Mapped[list[RentRhythm]] = relationship(
        back_populates="account", cascade="all, delete-orphan", order_by="RentRhythm.begins_on", lazy="selectin"
    )
    entries: Mapped[list[RentEntry]] = relationship(
        back_populates="account", cascade="all, delete-orphan", order_by="(RentEntry.day.desc(), RentEntry.id.desc())"
    )

    __table_args__ = (
        CheckConstraint("eligible_rent_pence >= 0", "rent"),
        CheckConstraint("service_charge_pence >= 0", "service"),
        UniqueConstraint("tenant_id", "began_on"),
        Index(
            "uq_rent_account_goes_on", "tenant_id", unique=True, sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
        Index(
            "uq_rent_account_reference", "reference", unique=True, sqlite_where=text("reference <> ''"),
            postgresql_where=text("reference <> ''"),
        ),
        Index("ix_rent_account_charged", "charged_through"),
    )  # fmt: skip

    @classmethod
    def of(cls, tenant: Tenant) -> Select[RentAccount]:
        """This tenant's current account, if they have one: the one that began last. Before any began, the next to."""
        begins_later = cls.began_on > clock.now().date()
        current = (
            select(cls.id).where(cls.tenant_id == tenant.id)
            .order_by(begins_later, case((begins_later, None), else_=cls.began_on).desc(), cls.began_on)
            .limit(1).scalar_subquery()
        )  # fmt: skip
        return select(cls).where(cls.id == current)

    @classmethod
    def all_of(cls, tenant: Tenant) -> Select[RentAccount]:
        """All accounts of this tenant, the newest first: of the home they live in, and of those before."""
        return select(cls).where(cls.tenant_id == tenant.id).order_by(cls.began_on.desc())

    @classmethod
    def desk_of(cls, worker: Worker) -> Select[RentAccount]:
        """Accounts that this worker may see: a housing officer all of them, others none. What a tenant owes is for
        them to tell their keyworker."""
        everyone = select(cls)
        return everyone if worker.role is Role.HOUSING_OFFICER else everyone.where(false())

    def rates_on(self, day: date) -> Rates:
        """What it costs each period on a day."""
        last = next((change for change in reversed(self.changes) if change.begins_on <= day), None)
        rates = last or self
        return Rates(rates.eligible_rent_pence, rates.service_charge_pence, rates.benefit_pays_rent)

    def frequency_on(self, day: date) -> Frequency:
        """How often rent falls due as of a day."""
        last = next((rhythm for rhythm in reversed(self.rhythms) if rhythm.begins_on <= day), None)
        return Frequency((last or self).frequency)

    def parts_on(self, day: date) -> list[tuple[Part, Pence]]:
        """What the tenant pays of a period that falls due on a day, part by part."""
        return self.rates_on(day).own_parts

    def pence_on(self, day: date) -> Pence:
        """What the tenant pays of a period that falls due on a day, in all."""
        return sum(pence for _, pence in self.parts_on(day))

    @property
    def own_parts(self) -> list[tuple[Part, Pence]]:
        """What the tenant pays each period now, part by part; parts of nothing are left out."""
        return self.parts_on(clock.now().date())

    def has_ended(self, today: date) -> bool:
        """Whether its last day is over."""
        return self.ended_on is not None and self.ended_on < today


class ChargePeriod(Base):
    """What an account charges from a day on, such as after the rise of rents in April. What was charged before stays
    what it was."""

    __tablename__ = "charge_period"

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(ForeignKey(RentAccount.id, ondelete="CASCADE"))
    begins_on: Mapped[date]
    eligible_rent_pence: Mapped[Pence]
    service_charge_pence: Mapped[Pence]
    benefit_pays_rent: Mapped[bool]

    account: Mapped[RentAccount] = relationship(back_populates="changes")

    __table_args__ = (
        UniqueConstraint("account_id", "begins_on"),
        CheckConstraint("eligible_rent_pence >= 0", "rent"),
        CheckConstraint("service_charge_pence >= 0", "service"),
    )


class RentRhythm(Base):
    """How often rent falls due from a day on, which is itself the first due day. It is also one of the rhythm before,
    so that each period that was charged ends where the next begins."""

    __tablename__ = "rent_rhythm"

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(ForeignKey(RentAccount.id, ondelete="CASCADE"))
    begins_on: Mapped[date]
    """The day all later ones are counted from. Of a monthly rhythm its day of the month counts."""
    frequency: Mapped[Frequency] = mapped_column(one_of(Frequency, 12))

    account: Mapped[RentAccount] = relationship(back_populates="rhythms")

    __table_args__ = (UniqueConstraint("account_id", "begins_on"),)


class RentEntry(Base):
    """One charge, payment or correction. It is never changed or deleted: a mistake is set right by another entry."""

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
    """Read by the tenant. Of a correction: why."""
    reference: Mapped[str] = mapped_column(String(80))
    """Unique within the account: `charge:service:2026-11-27`, or a bank's own. An import run twice writes once."""
    worker_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))
    """Who wrote it by hand."""
    import_id: Mapped[UUID | None] = mapped_column(ForeignKey("rent_import.id"))
    """The file it came with."""

    account: Mapped[RentAccount] = relationship(back_populates="entries")

    __table_args__ = (
        UniqueConstraint("account_id", "reference"),
        CheckConstraint("pence > 0", "pence"),
        # With everything that a sum needs, so that thousands of accounts are added up without opening a row.
        Index("ix_rent_entry_day", "account_id", "day", "kind", "pence"),
    )

    @classmethod
    def of(cls, account: RentAccount) -> Select[RentEntry]:
        """Entries of an account, newest first."""
        return select(cls).where(cls.account_id == account.id).order_by(cls.day.desc(), cls.id.desc())

    @classmethod
    def signed(cls) -> ColumnElement[Any]:
        """What an entry adds to what is owed, in pence, for sums that the database makes."""
        return case((cls.kind.in_(ADDS), cls.pence), else_=-cls.pence)

    @property
    def owed(self) -> Pence:
        """What it adds to what is owed, in pence."""
        return self.pence if self.kind in ADDS else -self.pence


OPENING = "opening"
"""Reference of what was owed before the account was kept here."""
AFTER_THE_END = "ended:"
"""What references begin with of charges taken back because they fell due after the end."""


def charge_reference(part: Part, day: date) -> str:
    """The reference of the charge of one part on one due day."""
    return f"charge:{part}:{day.isoformat()}"
