"""The agenda of a home: what people want to talk about, and who wants it too.

A house meeting is a `GroupSession` of the kind `house-meeting`. Whose it is goes by the session's building; one without
a building is everybody's, and so is its agenda.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, String, Text, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.models import Property, Tenant, Worker
from tenant_app.database import Base
from tenant_app.groups.models import GroupSession

HOUSE_MEETING = "house-meeting"
"""Folder in `content/groups`, and so the kind of session that has an agenda."""

LONGEST_TITLE, LONGEST_DETAIL = 120, 1000
"""Letters."""


class MeetingRecord(Base):
    """What a house meeting has beyond any session: when its agenda was opened, and its minutes published."""

    __tablename__ = "meeting_record"

    session_id: Mapped[UUID] = mapped_column(ForeignKey(GroupSession.id, ondelete="CASCADE"), primary_key=True)
    opened_at: Mapped[datetime] = mapped_column(default=clock.now)
    opened_by_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))

    published_by: Mapped[Worker | None] = relationship(foreign_keys=published_by_id)

    @property
    def published(self) -> bool:
        return self.published_at is not None

    def publish(self, worker: Worker) -> None:
        """The minutes are no draft any more. Twice keeps the first time."""
        if self.published_at is None:
            self.published_at, self.published_by = clock.now(), worker


class AgendaItem(Base):
    """Something to talk about at a home's next meeting. It goes on to the next one until it is settled.

    Its identifier says nothing of when it was made: beside what else is known of that hour, that could tell who.
    """

    __tablename__ = "agenda_item"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    building_id: Mapped[UUID | None] = mapped_column(ForeignKey(Property.id))
    """Whose agenda it is on; None is everybody's."""
    tenant_id: Mapped[UUID | None] = mapped_column(ForeignKey(Tenant.id, ondelete="SET NULL"), index=True)
    """Whose item it is: for them alone, unless `named`. None for staff's, and where the tenant's record was deleted."""
    worker_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))
    """Who of staff put it on."""
    named: Mapped[bool] = mapped_column(default=False)
    """Whether the tenant's first name may stand beside it."""
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    detail: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(12), default="")
    """What the writer was reading the app in."""
    put_on_at: Mapped[datetime] = mapped_column(default=clock.now)
    """For the rules alone; no page tells it."""
    added_at_id: Mapped[UUID | None] = mapped_column(ForeignKey(GroupSession.id, ondelete="SET NULL"))
    """The meeting for which staff added it, even when that had begun."""
    version: Mapped[int] = mapped_column(default=1)
    withdrawn_at: Mapped[datetime | None]
    """When its writer took it off after a meeting had spoken about it: the minutes stay, the agenda loses it."""
    settled_at: Mapped[datetime | None]
    """When minutes were published that say it is dealt with."""

    building: Mapped[Property | None] = relationship()
    tenant: Mapped[Tenant | None] = relationship()
    worker: Mapped[Worker | None] = relationship()

    __table_args__ = (Index("ix_agenda_item_open", "building_id", "settled_at"),)

    @classmethod
    def of(cls, tenant: Tenant) -> Select[AgendaItem]:
        """Items this tenant may read: their home's, and everybody's."""
        return select(cls).where(for_home_of(tenant, cls.building_id))

    @classmethod
    def by(cls, tenant: Tenant) -> Select[AgendaItem]:
        """Items this tenant put on, which are theirs to change."""
        return select(cls).where(cls.tenant_id == tenant.id)

    @classmethod
    def waiting(cls, home: UUID | None) -> Select[AgendaItem]:
        """A home's items that no published minutes have settled, in an order that tells nothing of who wrote them."""
        wants = (
            select(func.count()).where(AgendaSupport.item_id == cls.id).correlate(cls).scalar_subquery()
        )
        return (
            select(cls)
            .where(at_home(cls.building_id, home), cls.settled_at.is_(None), cls.withdrawn_at.is_(None))
            .order_by(wants.desc(), func.lower(cls.title), cls.id)
        )

    @property
    def open(self) -> bool:
        """Whether it is still to be talked about."""
        return self.settled_at is None and self.withdrawn_at is None

    @property
    def said_by(self) -> str:
        """The name that stands beside it; empty for an item without a name."""
        if self.worker is not None:
            return self.worker.known_as
        return self.tenant.known_as if self.named and self.tenant is not None else ""

    def reword(self, title: str, detail: str, language: str, *, named: bool) -> None:
        """Say it differently; only its writer does."""
        self.title, self.detail, self.language, self.named = title, detail, language, named
        self.version += 1


class AgendaSupport(Base):
    """One tenant wants an item too. It is counted, and nobody is told whose it is."""

    __tablename__ = "agenda_support"

    item_id: Mapped[UUID] = mapped_column(ForeignKey(AgendaItem.id, ondelete="CASCADE"), primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"), primary_key=True)


def meetings_for(tenant: Tenant) -> Select[GroupSession]:
    """House meetings of this tenant's home and everybody's, soonest first. A place booked elsewhere opens no door."""
    return GroupSession.of(tenant).where(
        GroupSession.kind == HOUSE_MEETING, for_home_of(tenant, GroupSession.building_id)
    )


def meetings_run_by(worker: Worker) -> Select[GroupSession]:
    """House meetings whose minutes this worker keeps, soonest first."""
    return GroupSession.ever_run_by(worker).where(GroupSession.kind == HOUSE_MEETING)


def at_home(column: InstrumentedAttribute[UUID | None], home: UUID | None) -> ColumnElement[bool]:
    """Condition of a query: of this home; None is everybody's list."""
    return column.is_(None) if home is None else column == home


def for_home_of(tenant: Tenant, column: InstrumentedAttribute[UUID | None]) -> ColumnElement[bool]:
    """Condition of a query: of this tenant's home, or everybody's."""
    return or_(at_home(column, None), at_home(column, tenant.property_id))
