"""Chats that tenants ask for, and the times that workers keep open for them."""

from __future__ import annotations

import enum
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, Text, UniqueConstraint, exists, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker, supported_by
from tenant_app.database import Base, Id, one_of


class Kind(enum.StrEnum):
    """What sort of appointment it is, and so who sees it."""

    KEY_WORK = "key-work"
    HOUSING = "housing"


class Way(enum.StrEnum):
    """How the two of them talk."""

    MEET = "meet"
    PHONE = "phone"
    VIDEO = "video"


class State(enum.StrEnum):
    """How far it has come."""

    ASKED = "asked"
    """The worker is to find a time."""
    PROPOSED = "proposed"
    """The worker named a time; the tenant is to answer."""
    AGREED = "agreed"
    OFF = "off"


OPEN = (State.ASKED, State.PROPOSED, State.AGREED)


class OpenTime(Base):
    """A time that a worker keeps open for whoever asks first."""

    __tablename__ = "open_time"

    id: Mapped[Id]
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    zone: Mapped[str] = mapped_column(String(40))

    worker: Mapped[Worker] = relationship(foreign_keys=worker_id)

    __table_args__ = (
        UniqueConstraint("worker_id", "starts_at"),
        CheckConstraint("ends_at > starts_at", name="lasts"),
    )

    @classmethod
    def of(cls, worker: Worker) -> Select[OpenTime]:
        """What this worker offers from now on, taken or not, soonest first."""
        return (
            select(cls).where(cls.worker_id == worker.id, cls.starts_at > clock.now()).order_by(cls.starts_at, cls.id)
        )

    @classmethod
    def free_of(cls, worker: Worker, since: datetime) -> Select[OpenTime]:
        """What of it nobody has taken and begins after `since`."""
        taken = exists().where(Chat.open_time_id == cls.id)
        return cls.of(worker).where(cls.starts_at > since, ~taken)

    @property
    def day(self) -> date:
        """The day it is on, by its own clock."""
        return self.starts_at.astimezone(ZoneInfo(self.zone)).date()


class Chat(Base):
    """One conversation that a tenant asked for. What they want to talk about is for the worker they asked alone."""

    __tablename__ = "chat"

    id: Mapped[Id]
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"))
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    kind: Mapped[Kind] = mapped_column(one_of(Kind, 10))
    way: Mapped[Way] = mapped_column(one_of(Way, 10))
    about: Mapped[str] = mapped_column(Text, default="")
    """In the tenant's own words; may be empty."""
    suits: Mapped[str] = mapped_column(String(200), default="")
    """When it would suit them, where no open time did."""
    interpreter: Mapped[bool] = mapped_column(default=False)
    """Whether they would like somebody to interpret, into the language of `language`."""
    language: Mapped[str] = mapped_column(String(12), default="")
    """What the tenant was reading when they asked."""
    state: Mapped[State] = mapped_column(one_of(State, 10))
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    open_time_id: Mapped[UUID | None] = mapped_column(ForeignKey(OpenTime.id), unique=True)
    """The open time it has taken; given back when the chat is called off or moved."""
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    zone: Mapped[str] = mapped_column(String(40), default="")
    place: Mapped[str] = mapped_column(String(120), default="")
    """Where, or the number that is called, as the worker wrote it."""
    revision: Mapped[int] = mapped_column(default=0)
    """How often the time or the state has changed: calendars keep the newest."""
    off_by_tenant: Mapped[bool | None]
    why_off: Mapped[str] = mapped_column(String(200), default="")
    held: Mapped[bool | None]
    """Whether they talked, as the worker noted afterwards; None while nobody has said."""

    tenant: Mapped[Tenant] = relationship(foreign_keys=tenant_id)
    worker: Mapped[Worker] = relationship(foreign_keys=worker_id)
    open_time: Mapped[OpenTime | None] = relationship(foreign_keys=open_time_id)

    __table_args__ = (
        Index("ix_chat_tenant", "tenant_id", "asked_at"),
        Index("ix_chat_worker", "worker_id", "state", "starts_at"),
    )

    @classmethod
    def of(cls, tenant: Tenant) -> Select[Chat]:
        """All that this tenant ever asked for, newest first."""
        return select(cls).where(cls.tenant_id == tenant.id).order_by(cls.asked_at.desc(), cls.id)

    @classmethod
    def with_worker(cls, worker: Worker) -> Select[Chat]:
        """Chats that this worker was asked for and may see: key work only as long as they support that tenant."""
        return (
            select(cls)
            .join(Tenant, Tenant.id == cls.tenant_id)
            .where(
                cls.worker_id == worker.id, Tenant.left_at.is_(None),
                or_(cls.kind == Kind.HOUSING, supported_by(worker)),
            )
        )  # fmt: skip

    @property
    def source(self) -> str:
        """Under which its reminders stand."""
        return f"chat:{self.id}"

    @property
    def open(self) -> bool:
        """Whether it is still meant to be, or waits for an answer."""
        return self.state in OPEN and not self.over

    @property
    def over(self) -> bool:
        """Whether its time has come and gone."""
        return self.ends_at is not None and self.ends_at <= clock.now()

    @property
    def agreed(self) -> bool:
        return self.state is State.AGREED
