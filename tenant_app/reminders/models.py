"""Tables of the reminder engine. Notices are the queue, commit with what caused them, and are its monitor."""

from __future__ import annotations

import enum
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    String,
    Text,
    UniqueConstraint,
    and_,
    literal,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.models import Person, Tenant
from tenant_app.database import Base, Id, new_id, one_of


class State(enum.StrEnum):
    """Where a notice is in its life."""

    WAITING = "waiting"
    """Planned, due or being tried; with or without a lease."""
    SENT = "sent"
    """A push service accepted it for at least one device. Not: delivered, read, or acted on."""
    UNDELIVERED = "undelivered"
    """No phone and no address to send it to, or none that may say it. It stands in the app all the same."""
    MISSED = "missed"
    """Its window closed before any device took it."""
    WITHDRAWN = "withdrawn"
    """What it was about is settled: the dose recorded, the booking cancelled, the rent paid."""


class Schedule(Base):
    """When something is to be said again and again: wall time, zone and recurrence, never a moment in UTC."""

    __tablename__ = "schedule"

    id: Mapped[Id]
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(120), unique=True)
    """What it is about, in the feature's own terms: `medication:<tenant>:09:00`."""
    wall_time: Mapped[time]
    zone: Mapped[str] = mapped_column(String(40))
    recurrence: Mapped[str] = mapped_column(Text)
    """RFC 5545 rule, counted in days from `starts_on`: `FREQ=DAILY`, `FREQ=WEEKLY;INTERVAL=2;BYDAY=FR`. Several,
    parted by empty lines and each with a `DTSTART` of its own, fire on every day on which one of them does."""
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    lasts_minutes: Mapped[int]
    """Window in which the reminder still makes sense; after it, missed."""
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    planned_to: Mapped[date | None] = mapped_column(index=True)
    """Days up to and including this one are planned."""

    tenant: Mapped[Tenant] = relationship()


UNTOLD_UNTIL_DUE: set[str] = set()
"""Kinds of news that wait for a day before which the tenant is not to know of them. Rooms add theirs."""

_WAITING = text("state = 'waiting'")
_SETTLED = text("settled_at IS NOT NULL")


class Notice(Base):
    """One thing to say to one tenant at one moment. (source, occurrence) is unique, so it is planned once."""

    __tablename__ = "notice"

    id: Mapped[Id]
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(120))
    occurrence: Mapped[str] = mapped_column(String(40))
    """`2026-11-26` for one day of a schedule; `once` for news."""
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What its words need: ids and names as they were, no sentences, for the language is chosen later."""
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    state: Mapped[State] = mapped_column(one_of(State, 12), default=State.WAITING)
    try_at: Mapped[datetime]
    """When it is next worth trying: `due_at` at first, later after a pause that a push service asked for."""
    leased_until: Mapped[datetime | None]
    leased_by: Mapped[str] = mapped_column(String(40), default="")
    tries: Mapped[int] = mapped_column(default=0)
    settled_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]

    tenant: Mapped[Tenant] = relationship()
    deliveries: Mapped[list[Delivery]] = relationship(back_populates="notice", cascade="all, delete-orphan")

    __table_args__ = (
        UniqueConstraint("source", "occurrence"),
        Index("ix_notice_tenant", "tenant_id", "due_at"),
        # Only what waits is looked through, however many millions have been settled: by when it is next worth
        # trying, and by when it is too late.
        Index("ix_notice_waiting", "try_at", postgresql_where=_WAITING, sqlite_where=_WAITING),
        Index("ix_notice_settled", "settled_at", postgresql_where=_SETTLED, sqlite_where=_SETTLED),
        Index("ix_notice_closing", "expires_at", postgresql_where=_WAITING, sqlite_where=_WAITING),
    )

    @classmethod
    def waits(cls) -> ColumnElement[bool]:
        """Condition of a query: still waiting. Written into the statement rather than bound to it, because a
        plan made before the value is known cannot use the indexes of what waits."""
        return cls.state == literal(State.WAITING, cls.state.type, literal_execute=True)

    @classmethod
    def of(cls, tenant: Tenant) -> Select[Notice]:
        """Everything said to this tenant up to now, newest first, whether or not a phone took it."""
        return (
            select(cls)
            .where(cls.tenant_id == tenant.id, cls.due_at <= clock.now(), cls.state != State.WITHDRAWN)
            .order_by(cls.due_at.desc(), cls.id)
        )

    @classmethod
    def told_to(cls, tenant: Tenant) -> Select[Notice]:
        """What this tenant may know of: all of it, but for news of `UNTOLD_UNTIL_DUE` that is still to come or was
        taken back."""
        said = and_(cls.due_at <= clock.now(), cls.state != State.WITHDRAWN)
        return select(cls).where(cls.tenant_id == tenant.id, or_(cls.kind.not_in(UNTOLD_UNTIL_DUE), said))

    def settle(self, state: State) -> None:
        """Close it: no worker looks at it again."""
        self.state, self.settled_at, self.leased_until = state, clock.now(), None

    def see(self) -> None:
        """The tenant has read it, or need not any more. The first time is kept."""
        self.seen_at = self.seen_at or clock.now()


class Subscription(Base):
    """A browser that agreed to be woken. It is nobody's own: whoever signs in on it takes it over."""

    __tablename__ = "push_subscription"

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id, ondelete="CASCADE"), index=True)
    endpoint: Mapped[str] = mapped_column(Text, unique=True)
    service: Mapped[str] = mapped_column(String(80), default="", server_default="")
    """The push service it lives at, as settings list it: `*.notify.windows.com`."""
    p256dh: Mapped[str] = mapped_column(String(120))
    auth: Mapped[str] = mapped_column(String(40))
    signed_with: Mapped[str] = mapped_column(String(90), default="", server_default="")
    """The public VAPID key that it subscribed with: it takes pushes signed with no other. Empty: the first key."""
    device: Mapped[str] = mapped_column(String(60), default="")
    own_name: Mapped[str] = mapped_column(String(40), default="", server_default="")
    """What its owner calls it, where they do."""
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    worked_at: Mapped[datetime | None]
    """When a push service last accepted something for it."""
    failing_since: Mapped[datetime | None]
    """Since when nothing was accepted, try after try; None while it works."""

    person: Mapped[Person] = relationship()

    @property
    def called(self) -> str:
        """What to call it on a page: `Kitchen tablet`, else `Chrome, Android`; empty where neither is known."""
        return self.own_name or self.device


class LostChannel(Base):
    """A browser that takes pushes no longer (404 or 410). The app tells its owner until they have seen it."""

    __tablename__ = "lost_channel"

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id, ondelete="CASCADE"), index=True)
    device: Mapped[str] = mapped_column(String(60), default="")
    lost_at: Mapped[datetime] = mapped_column(default=clock.now)
    seen_at: Mapped[datetime | None]

    @classmethod
    def of(cls, person: Person) -> Select[LostChannel]:
        """What this person has not been told yet, newest first."""
        untold = select(cls).where(cls.person_id == person.id, cls.seen_at.is_(None))
        return untold.order_by(cls.lost_at.desc(), cls.id)

    def see(self) -> None:
        """They were told. The first time is kept."""
        self.seen_at = self.seen_at or clock.now()


class Delivery(Base):
    """What became of one notice at one browser, so that a retry reaches only those that have not taken it."""

    __tablename__ = "delivery"

    notice_id: Mapped[UUID] = mapped_column(ForeignKey(Notice.id, ondelete="CASCADE"), primary_key=True)
    subscription_id: Mapped[UUID] = mapped_column(
        ForeignKey(Subscription.id, ondelete="CASCADE"), primary_key=True, index=True
    )
    outcome: Mapped[str] = mapped_column(String(20))
    """`accepted`, `refused` (will never work for this message), `later`, or `operator` (our signature is wrong)."""
    answer: Mapped[int | None]
    """HTTP status of the push service; None when there was none."""
    tried_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    again_at: Mapped[datetime | None]
    """Not before this moment: what its push service asked for, or our own back-off. Kept for each browser, or
    one that asks for an hour would keep the tenant's other phone waiting too."""

    notice: Mapped[Notice] = relationship(back_populates="deliveries")


class Heartbeat(Base):
    """When each worker process last went round. Silence longer than a minute and a half is shown to staff."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    beat_at: Mapped[datetime]


def notice_values(
    tenant_id: UUID, kind: str, source: str, occurrence: str, due_at: datetime, lasts: timedelta,
    facts: dict[str, Any],
) -> dict[str, Any]:  # fmt: skip
    """A waiting notice as a row to insert: many are written at once, by several processes that may plan the same."""
    return {
        "id": new_id(), "tenant_id": tenant_id, "kind": kind, "source": source, "occurrence": occurrence,
        "facts": facts, "due_at": due_at, "try_at": due_at, "expires_at": due_at + lasts,
        "state": State.WAITING, "leased_by": "", "tries": 0,
    }  # fmt: skip
