"""What of each medicine is on the shelf: counts, what came and went, orders, and the pharmacy it comes from.

How much is left is never stored. It is reckoned from a count and what was recorded since, so that undoing a dose puts
it back by itself.
"""

from __future__ import annotations

import enum
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, Select, String, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.models import Person, Tenant
from tenant_app.database import Base, Id, one_of
from tenant_app.medication.models import Medicine

SUNDAY = 1 << 6
EVERY_WEEKDAY = 0b1111111
MOST_LEAD_DAYS = 20
"""Working days. What takes longer than four weeks to come is not a repeat order."""


class StockKind(enum.StrEnum):
    """What an entry says."""

    COUNTED = "counted"
    """So many are there. Whatever was reckoned before ends here."""
    COLLECTED = "collected"
    RETURNED = "returned"
    """Given back to the pharmacy, or thrown away."""


class StockEntry(Base):
    """One thing that was said of the shelf. Entries are never changed: a later count puts a slip right and keeps it."""

    __tablename__ = "stock_entry"

    id: Mapped[Id]
    medicine_id: Mapped[UUID] = mapped_column(ForeignKey(Medicine.id, ondelete="CASCADE"))
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"))
    kind: Mapped[StockKind] = mapped_column(one_of(StockKind, 12))
    quantity: Mapped[Decimal] = mapped_column(Numeric(8, 2))
    """Units: tablets, millilitres, puffs."""
    at: Mapped[datetime] = mapped_column(default=clock.now)
    zone: Mapped[str] = mapped_column(String(40))
    """By whose clock doses that are recorded without a time are placed before or after it."""
    by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    key: Mapped[UUID]
    """Made with the form that said it: two taps on one form are one entry."""

    by: Mapped[Person] = relationship(foreign_keys=by_id)

    __table_args__ = (
        UniqueConstraint("medicine_id", "key"),
        CheckConstraint("quantity >= 0", name="not_negative"),
        Index("ix_stock_entry_medicine", "medicine_id", "at"),
        Index("ix_stock_entry_tenant", "tenant_id"),
    )

    @classmethod
    def of(cls, medicine: Medicine) -> Select[StockEntry]:
        """All that was said of one medicine's stock, newest first."""
        return select(cls).where(cls.medicine_id == medicine.id).order_by(cls.at.desc(), cls.id.desc())

    @property
    def change(self) -> Decimal:
        """What it adds to what was there; of a count, which begins anew, nothing."""
        if self.kind is StockKind.COUNTED:
            return Decimal(0)
        return self.quantity if self.kind is StockKind.COLLECTED else -self.quantity


class MedicineOrder(Base):
    """More was asked for and is not here yet, or was once. A medicine has one open order at most."""

    __tablename__ = "medicine_order"

    id: Mapped[Id]
    medicine_id: Mapped[UUID] = mapped_column(ForeignKey(Medicine.id, ondelete="CASCADE"))
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"))
    ordered_at: Mapped[datetime] = mapped_column(default=clock.now)
    ready_on: Mapped[date]
    """The day from which it should be there to collect, as the pharmacy's days were when it was ordered."""
    settled_at: Mapped[datetime | None]
    """When it was collected."""

    __table_args__ = (
        Index("ix_medicine_order_open", "medicine_id", unique=True,
              postgresql_where=text("settled_at IS NULL"), sqlite_where=text("settled_at IS NULL")),
        Index("ix_medicine_order_tenant", "tenant_id"),
    )  # fmt: skip


class Pharmacy(Base):
    """Where a tenant's medicines come from: when it is open, and how long an order takes. Without a row, the usual."""

    __tablename__ = "pharmacy"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"), primary_key=True)
    closed_weekdays: Mapped[int] = mapped_column(default=SUNDAY)
    """Days of the week on which it is closed, as bits, Monday the lowest."""
    open_on_bank_holidays: Mapped[bool] = mapped_column(default=False)
    lead_days: Mapped[int] = mapped_column(default=3)
    """Working days (England) from asking for more to collecting it: the surgery's part is done on those alone."""
    reckoned_on: Mapped[date | None] = mapped_column(index=True)
    """The day on which reminders to order were last looked over."""

    __table_args__ = (
        CheckConstraint(f"closed_weekdays >= 0 AND closed_weekdays < {EVERY_WEEKDAY}", name="open_some_day"),
        CheckConstraint(f"lead_days >= 0 AND lead_days <= {MOST_LEAD_DAYS}", name="lead_days"),
    )

    @classmethod
    def usual(cls, tenant: Tenant) -> Pharmacy:
        """What holds until the tenant says otherwise."""
        return cls(tenant_id=tenant.id, closed_weekdays=SUNDAY, open_on_bank_holidays=False, lead_days=3)

    @property
    def closed_days(self) -> list[int]:
        """Days of the week on which it is closed, Monday 0."""
        return [weekday for weekday in range(7) if self.closed_weekdays >> weekday & 1]

    def opens_on(self, day: date) -> bool:
        """Whether one can go there on `day`."""
        if self.closed_weekdays >> day.weekday() & 1:
            return False
        return self.open_on_bank_holidays or not clock.is_bank_holiday(day)

    def last_open_day(self, day: date) -> date:
        """`day`, or the last day before it on which it is open."""
        while not self.opens_on(day):
            day -= timedelta(days=1)
        return day

    def ready_on(self, ordered_on: date) -> date:
        """The first day on which what is ordered on a day can be collected."""
        day = clock.add_working_days(ordered_on, self.lead_days)
        while not self.opens_on(day):
            day += timedelta(days=1)
        return day

    def order_by(self, collect_by: date) -> date:
        """The last day on which to order so that it can be collected by an open day."""
        day = collect_by
        while self.ready_on(day) > collect_by or not self.opens_on(day):
            day -= timedelta(days=1)
        return day
