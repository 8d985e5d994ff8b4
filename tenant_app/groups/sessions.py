"""Group sessions: when and where, for whom, and who runs them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    String,
    event,
    inspect,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship, selectinload

from tenant_app import clock
from tenant_app.accounts.models import Property, Role, Tenant, Worker
from tenant_app.database import Base, Id
from tenant_app.groups.programme.series import GroupSeries, SessionFacilitator

if TYPE_CHECKING:
    from tenant_app.groups.models import Booking

REGISTER_OPENS = timedelta(hours=1)
"""How long before a session its register may be marked: people who run groups come early."""

REGISTER_KEPT = timedelta(days=14)
"""How long after a session those who ran it find its register: time to finish it and to put a mistake right. Names are
no longer theirs to read then; coordinators keep every register."""

NEEDS_SHOWN = timedelta(days=14)
"""How long before a session its needs are shown: time to find an interpreter, and no longer."""


class GroupSession(Base):
    """One meeting of a group. What happens at it stands in `content/groups/<kind>`."""

    __tablename__ = "group_session"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(60))
    """Folder in `content/groups`."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    zone: Mapped[str] = mapped_column(String(40))
    """Whose clocks it goes by: a reminder for the evening before means the evening there."""
    place: Mapped[str] = mapped_column(String(120))
    building_id: Mapped[UUID | None] = mapped_column(ForeignKey(Property.id))
    """Whose tenants it is for; None is everybody's."""
    facilitator_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    """Who leads it; those who run it with them are `beside`."""
    capacity: Mapped[int]
    places_taken: Mapped[int] = mapped_column(default=0)
    step_free: Mapped[bool] = mapped_column(default=False)
    languages: Mapped[str] = mapped_column(String(60), default="")
    """Codes of languages spoken there beside English: `bn,so`."""
    interpreter: Mapped[str] = mapped_column(String(60), default="")
    """Codes of languages for which an interpreter comes: `tr`."""
    link: Mapped[str] = mapped_column(String(300), default="")
    """Where to meet online; empty where people meet in a place only. For those who have a place."""
    access_note: Mapped[str] = mapped_column(String(200), default="")
    """What to know about getting in and staying, beside `step_free`: `Lift to the first floor`."""
    series_id: Mapped[UUID | None] = mapped_column(ForeignKey(GroupSeries.id), index=True)
    regular_on: Mapped[date | None]
    """The day on which its series has it; not its own day where a bank holiday or somebody moved it."""
    version: Mapped[int] = mapped_column(default=1)
    """Counts changes to the plan, not to the bookings: who changes it has seen the newest."""
    changed_at: Mapped[datetime | None]
    changed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))
    cancelled_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=0)
    """Goes up whenever time, place or link change or it is called off: calendars trust the highest (RFC 5545)."""

    building: Mapped[Property | None] = relationship()
    facilitator: Mapped[Worker] = relationship(foreign_keys=facilitator_id)
    changed_by: Mapped[Worker | None] = relationship(foreign_keys=changed_by_id)
    series: Mapped[GroupSeries | None] = relationship()
    bookings: Mapped[list[Booking]] = relationship(viewonly=True)
    beside: Mapped[list[SessionFacilitator]] = relationship(cascade="all, delete-orphan", passive_deletes=True)

    __table_args__ = (
        CheckConstraint("0 <= places_taken AND places_taken <= capacity", name="places"),
        CheckConstraint("starts_at < ends_at", name="times"),
        Index("ix_group_session_ends_at", "ends_at"),
        Index("ix_group_session_facilitator", "facilitator_id", "starts_at"),
    )

    @classmethod
    def ahead(cls) -> Select[GroupSession]:
        """Sessions that are on or still to come, soonest first."""
        return cls._soonest_first().where(cls.ends_at > clock.now(), cls.cancelled_at.is_(None))

    @classmethod
    def of(cls, tenant: Tenant) -> Select[GroupSession]:
        """Sessions this tenant may come to, past ones too: everybody's, their building's, and what they booked."""
        return cls._soonest_first().where(cls.open_for(tenant))

    @classmethod
    def open_for(cls, tenant: Tenant) -> ColumnElement[bool]:
        """Condition of a query: everybody's, their building's, or booked by them."""
        booked = cls.bookings.any(tenant_id=tenant.id)
        return or_(cls.building_id.is_(None), cls.building_id == tenant.property_id, booked)

    @classmethod
    def run_by(cls, worker: Worker) -> Select[GroupSession]:
        """Sessions whose register this worker keeps: those they run, until `REGISTER_KEPT` after the end, whatever
        their part; a coordinator keeps them all. Who is taken off a session loses it with the next request."""
        sessions = cls.ever_run_by(worker)
        kept = cls.ends_at > clock.now() - REGISTER_KEPT
        return sessions if worker.role is Role.COORDINATOR else sessions.where(kept)

    @classmethod
    def ever_run_by(cls, worker: Worker) -> Select[GroupSession]:
        """Sessions this worker runs or has run, however long ago; a coordinator all of them. For pages that count
        people and name none."""
        sessions = cls._soonest_first()
        if worker.role is Role.COORDINATOR:
            return sessions
        # Found by two indexes. Said with OR, every session there ever was would be looked at.
        led = aliased(cls)
        theirs = union_all(
            select(led.id).where(led.facilitator_id == worker.id),
            select(SessionFacilitator.session_id).where(SessionFacilitator.worker_id == worker.id),
        )
        return sessions.where(cls.id.in_(theirs))

    @classmethod
    def led_by(cls, worker: Worker) -> Select[GroupSession]:
        """Sessions that this worker may change or call off: those they lead; a coordinator all of them."""
        sessions = cls._soonest_first()
        return sessions if worker.role is Role.COORDINATOR else sessions.where(cls.facilitator_id == worker.id)

    @classmethod
    def _soonest_first(cls) -> Select[GroupSession]:
        return select(cls).options(selectinload(cls.facilitator)).order_by(cls.starts_at, cls.id)

    @property
    def day(self) -> date:
        """The calendar day it starts on, by the clocks it goes by."""
        return self.starts_at.astimezone(ZoneInfo(self.zone)).date()

    @property
    def cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def started(self) -> bool:
        return self.starts_at <= clock.now()

    @property
    def over(self) -> bool:
        return self.ends_at <= clock.now()

    @property
    def places_left(self) -> int:
        return self.capacity - self.places_taken

    @property
    def full(self) -> bool:
        return self.places_left <= 0

    @property
    def register_open(self) -> bool:
        """Whether people may be marked: from a little before it starts, and ever after, to put a mistake right."""
        return not self.cancelled and clock.now() >= self.register_opens_at

    @property
    def register_opens_at(self) -> datetime:
        """When its register may first be marked."""
        return self.starts_at - REGISTER_OPENS

    @property
    def register_kept(self) -> bool:
        """Whether those who ran it may still open its register."""
        return self.ends_at > clock.now() - REGISTER_KEPT

    @property
    def needs_shown_from(self) -> datetime:
        """From when on those who run it may read what people need there."""
        return self.starts_at - NEEDS_SHOWN

    @property
    def needs_shown(self) -> bool:
        """Whether there is something to prepare: from `NEEDS_SHOWN` before it, until it is over or called off."""
        return not self.over and not self.cancelled and clock.now() >= self.needs_shown_from

    @property
    def check_in_open(self) -> bool:
        """Whether people may check in by themselves: from the opening of the register to the end of the session."""
        return self.register_open and not self.over

    @property
    def spoken(self) -> list[str]:
        """Codes of the languages spoken there beside English."""
        return [code for code in self.languages.split(",") if code]

    @property
    def interpreted(self) -> list[str]:
        """Codes of the languages for which an interpreter comes."""
        return [code for code in self.interpreter.split(",") if code]

    @property
    def edition(self) -> str:
        """What someone who changes it has seen: its own version, and its series'."""
        return f"{self.version}.{self.series.version if self.series else 0}"

    def changed(self, worker: Worker) -> None:
        """Its plan is another one from now on, by this worker."""
        self.version, self.changed_at, self.changed_by = self.version + 1, clock.now(), worker

    def take_places(self, count: int) -> None:
        """Count places taken, or with -1 given back."""
        # In SQL, so that two who counted at the same moment are still two, and the database refuses one too many.
        self.places_taken = GroupSession.places_taken + count


@event.listens_for(GroupSession, "before_update")
def _revise(_mapper: object, _connection: object, group_session: GroupSession) -> None:
    """Every change that a calendar has to know of, wherever it was made."""
    told = inspect(group_session).attrs
    if any(told[name].history.has_changes() for name in ("starts_at", "ends_at", "place", "link", "cancelled_at")):
        group_session.revision += 1
