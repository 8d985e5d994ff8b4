"""What a house meeting said and decided, and what is to be done about it, by whom and when."""

from __future__ import annotations

import enum
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, Select, String, Text, UniqueConstraint, exists, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.models import Property, Tenant, Worker
from tenant_app.database import Base, Id, one_of
from tenant_app.groups.meetings.models import AgendaItem, MeetingRecord, for_home_of, meetings_run_by
from tenant_app.groups.models import GroupSession

LONGEST_MINUTES, LONGEST_ACTION, LONGEST_REASON = 4000, 200, 300
"""Letters."""


class Outcome(enum.StrEnum):
    """What a meeting did with an item."""

    DEALT = "dealt"
    CARRIED = "carried"
    """It goes on to the next meeting."""


class Minute(Base):
    """What one meeting said about one item. A draft until the meeting's minutes are published."""

    __tablename__ = "meeting_minute"

    id: Mapped[Id]
    session_id: Mapped[UUID] = mapped_column(ForeignKey(GroupSession.id, ondelete="CASCADE"))
    item_id: Mapped[UUID] = mapped_column(ForeignKey(AgendaItem.id, ondelete="CASCADE"), index=True)
    words: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(12), default="")
    outcome: Mapped[Outcome | None] = mapped_column(one_of(Outcome, 12))
    """None as long as nobody said."""
    written_at: Mapped[datetime] = mapped_column(default=clock.now)
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    version: Mapped[int] = mapped_column(default=1)
    """Who changes it has seen the newest."""

    item: Mapped[AgendaItem] = relationship()
    worker: Mapped[Worker] = relationship()
    group_session: Mapped[GroupSession] = relationship()
    corrections: Mapped[list[Correction]] = relationship(order_by="(Correction.written_at, Correction.id)")

    __table_args__ = (UniqueConstraint("session_id", "item_id"),)

    @property
    def dealt(self) -> bool:
        return self.outcome is Outcome.DEALT


class Correction(Base):
    """What was wrong in published minutes. It stands below them, and what was wrong stays to be read."""

    __tablename__ = "minute_correction"

    id: Mapped[Id]
    minute_id: Mapped[UUID] = mapped_column(ForeignKey(Minute.id, ondelete="CASCADE"), index=True)
    words: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12), default="")
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    written_at: Mapped[datetime] = mapped_column(default=clock.now)

    worker: Mapped[Worker] = relationship()


class ActionState(enum.StrEnum):
    """How far an action has come."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"
    """It will not be done, and it is said why."""


class MeetingAction(Base):
    """Something a meeting agreed to do."""

    __tablename__ = "meeting_action"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    session_id: Mapped[UUID] = mapped_column(ForeignKey(GroupSession.id, ondelete="CASCADE"), index=True)
    """The meeting that agreed it."""
    item_id: Mapped[UUID] = mapped_column(ForeignKey(AgendaItem.id, ondelete="CASCADE"), index=True)
    what: Mapped[str] = mapped_column(String(LONGEST_ACTION))
    language: Mapped[str] = mapped_column(String(12), default="")
    due_on: Mapped[date]
    first_due_on: Mapped[date]
    """The day that the minutes told when they were published; another than `due_on` where it was put off since."""
    written_at: Mapped[datetime] = mapped_column(default=clock.now)
    worker_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))
    """Who of staff does it; None is the house."""
    tenant_id: Mapped[UUID | None] = mapped_column(ForeignKey(Tenant.id, ondelete="SET NULL"), index=True)
    """Who of the house offered to, by a tap of their own. Staff are told, neighbours are not."""
    state: Mapped[ActionState] = mapped_column(one_of(ActionState, 12), default=ActionState.OPEN)
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON), default="")
    """Why it was dropped, in `reason_language`."""
    reason_language: Mapped[str] = mapped_column(String(12), default="")
    settled_at: Mapped[datetime | None]
    """When it was done or dropped."""
    version: Mapped[int] = mapped_column(default=1)

    item: Mapped[AgendaItem] = relationship()
    group_session: Mapped[GroupSession] = relationship()
    worker: Mapped[Worker | None] = relationship()
    tenant: Mapped[Tenant | None] = relationship()

    __table_args__ = (Index("ix_meeting_action_owner", "worker_id", "state", "due_on"),)

    @classmethod
    def of(cls, tenant: Tenant) -> Select[MeetingAction]:
        """Actions in published minutes of this tenant's home, and everybody's."""
        return (
            select(cls)
            .join(cls.group_session)
            .join(MeetingRecord, MeetingRecord.session_id == cls.session_id)
            .where(for_home_of(tenant, GroupSession.building_id), MeetingRecord.published_at.is_not(None))
        )

    @classmethod
    def seen_by(cls, worker: Worker) -> Select[MeetingAction]:
        """Actions this worker may change: their own, and all of the meetings whose minutes they keep."""
        return select(cls).where(or_(cls.worker_id == worker.id, cls.session_id.in_(_ids_run_by(worker))))

    @classmethod
    def kept_by(cls, worker: Worker) -> Select[MeetingAction]:
        """All actions of the meetings whose minutes this worker keeps."""
        return select(cls).where(cls.session_id.in_(_ids_run_by(worker)))

    @property
    def open(self) -> bool:
        return self.state is ActionState.OPEN

    @property
    def done(self) -> bool:
        return self.state is ActionState.DONE

    @property
    def dropped(self) -> bool:
        return self.state is ActionState.DROPPED

    @property
    def the_house(self) -> bool:
        """Whether it is for anyone of the house who offers."""
        return self.worker_id is None

    @property
    def source(self) -> str:
        """What its notices are about, so that they can be taken back."""
        return f"meeting-action:{self.id}"

    def overdue(self, today: date) -> bool:
        """Whether it is still open after its day."""
        return self.open and self.due_on < today

    def turn(self, state: ActionState, *, reason: str = "", language: str = "") -> bool:
        """Open, done or dropped, with the reason. Returns whether that is another state than before."""
        if state is self.state:
            return False
        self.state, self.reason, self.reason_language = state, reason, language
        self.settled_at = None if state is ActionState.OPEN else clock.now()
        self.version += 1
        return True

    def offered_by(self, tenant: Tenant | None) -> None:
        """A tenant of the house does it; None: they would sooner not, after all."""
        self.tenant = tenant
        self.version += 1


def homes_kept_by(worker: Worker) -> Select[Property]:
    """Homes with house meetings whose minutes this worker keeps, by name."""
    ran = meetings_run_by(worker).order_by(None).subquery()
    return select(Property).where(exists().where(ran.c.building_id == Property.id)).order_by(Property.name, Property.id)


def _ids_run_by(worker: Worker) -> Select[UUID]:
    return meetings_run_by(worker).with_only_columns(GroupSession.id).order_by(None)
