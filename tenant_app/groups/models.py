"""Group sessions, the places in them, and who came."""

from __future__ import annotations

import enum
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    String,
    UniqueConstraint,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, contains_eager, mapped_column, relationship, selectinload

from tenant_app import clock
from tenant_app.accounts.models import Property, Role, Tenant, Worker
from tenant_app.database import Base, Id, one_of

REGISTER_OPENS = timedelta(hours=1)
"""How long before a session its register may be marked: people who run groups come early."""


class Standing(enum.StrEnum):
    """What a tenant's booking gives them."""

    PLACE = "place"
    WAITING = "waiting"
    GIVEN_BACK = "given_back"
    WALKED_IN = "walked_in"
    """Came without a place and was let in. Takes none of the places that can be booked."""


class Attendance(enum.StrEnum):
    """What the register says of one person."""

    HERE = "here"
    LATE = "late"
    SENT_WORD = "sent_word"
    """Excused: not there, and told us."""
    NOT_HERE = "not_here"

    @property
    def came(self) -> bool:
        return self in CAME


CAME = (Attendance.HERE, Attendance.LATE)


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
    capacity: Mapped[int]
    places_taken: Mapped[int] = mapped_column(default=0)
    step_free: Mapped[bool] = mapped_column(default=False)
    languages: Mapped[str] = mapped_column(String(60), default="")
    """Codes of languages spoken there beside English: `bn,so`."""
    cancelled_at: Mapped[datetime | None]

    building: Mapped[Property | None] = relationship()
    facilitator: Mapped[Worker] = relationship()

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
        booked = exists().where(Booking.session_id == cls.id, Booking.tenant_id == tenant.id)
        return cls._soonest_first().where(
            or_(cls.building_id.is_(None), cls.building_id == tenant.property_id, booked)
        )

    @classmethod
    def run_by(cls, worker: Worker) -> Select[GroupSession]:
        """Sessions whose register this worker keeps: those they run; a coordinator keeps them all."""
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
    def check_in_open(self) -> bool:
        """Whether people may check in by themselves: from the opening of the register to the end of the session."""
        return self.register_open and not self.over

    @property
    def spoken(self) -> list[str]:
        """Codes of the languages spoken there beside English."""
        return [code for code in self.languages.split(",") if code]

    def take_places(self, count: int) -> None:
        """Count places taken, or with -1 given back."""
        # In SQL, so that two who counted at the same moment are still two, and the database refuses one too many.
        self.places_taken = GroupSession.places_taken + count


class Booking(Base):
    """One tenant and one session: a place, a wait for one, and whether they came."""

    __tablename__ = "booking"

    id: Mapped[Id]
    session_id: Mapped[UUID] = mapped_column(ForeignKey(GroupSession.id, ondelete="CASCADE"))
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"))
    standing: Mapped[Standing] = mapped_column(
        one_of(Standing, 12)
    )
    booked_at: Mapped[datetime | None]
    waiting_since: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    times_booked: Mapped[int] = mapped_column(default=0)
    """Tells the reminders of this place from those of one that was given back before."""
    attendance: Mapped[Attendance | None] = mapped_column(
        one_of(Attendance, 12)
    )
    """What the register says; None where nobody has said anything, or a mark was taken back."""
    marked_at: Mapped[datetime | None]
    """When the mark was made, or taken back. One that waited on a phone was made when it was tapped there."""
    marked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))
    """None where the tenant checked in themselves."""
    mark_kept_at: Mapped[datetime | None]
    """When the mark reached us: what has changed since a page was shown goes by this."""
    absence_weighed_at: Mapped[datetime | None]
    """When it was considered whether to ask after them. Anew with each mark."""

    group_session: Mapped[GroupSession] = relationship()
    tenant: Mapped[Tenant] = relationship()
    marked_by: Mapped[Worker | None] = relationship()

    __table_args__ = (UniqueConstraint("session_id", "tenant_id"), Index("ix_booking_tenant", "tenant_id"))

    @classmethod
    def of(cls, tenant: Tenant) -> Select[Booking]:
        """This tenant's bookings with their sessions, soonest first."""
        return (
            select(cls)
            .join(cls.group_session)
            .options(contains_eager(cls.group_session).selectinload(GroupSession.facilitator))
            .where(cls.tenant_id == tenant.id)
            .order_by(GroupSession.starts_at, cls.id)
        )

    @classmethod
    def expected_at(cls, group_session: GroupSession) -> Select[Booking]:
        """Who stands in a session's register, by name: everyone with a place, and everyone who came without."""
        return (
            select(cls)
            .join(cls.tenant)
            .options(contains_eager(cls.tenant))
            .where(cls.session_id == group_session.id, cls.in_register())
            .order_by(func.lower(Tenant.name), Tenant.id)
        )

    @classmethod
    def in_register(cls) -> ColumnElement[bool]:
        """Condition of a query: stands in the register."""
        return cls.standing.in_((Standing.PLACE, Standing.WALKED_IN))

    @property
    def listed(self) -> bool:
        """Whether they stand in the register."""
        return self.standing in (Standing.PLACE, Standing.WALKED_IN)

    @property
    def has_place(self) -> bool:
        return self.standing is Standing.PLACE

    @property
    def waiting(self) -> bool:
        return self.standing is Standing.WAITING

    @property
    def source(self) -> str:
        """What its notices are about, so that they can be withdrawn together."""
        return f"booking:{self.id}:{self.times_booked}"

    def hold(self) -> None:
        """A place is theirs from now on."""
        self.standing, self.booked_at, self.cancelled_at = Standing.PLACE, clock.now(), None
        self.times_booked += 1

    def wait(self) -> None:
        """Stand last in the waiting list."""
        self.standing, self.waiting_since, self.cancelled_at = Standing.WAITING, clock.now(), None

    def give_back(self) -> None:
        """No longer come, or no longer wait."""
        self.standing, self.cancelled_at = Standing.GIVEN_BACK, clock.now()

    def walk_in(self) -> None:
        """They came without a place. Someone who has one keeps it."""
        if not self.has_place:
            self.standing = Standing.WALKED_IN

    def mark(self, attendance: Attendance | None, made_at: datetime, worker: Worker | None) -> None:
        """What the register says from now on; None takes a mark back. Without `worker` they checked in themselves."""
        self.attendance, self.marked_at, self.mark_kept_at = attendance, made_at, clock.now()
        self.marked_by_id = worker.id if worker else None
        self.absence_weighed_at = None

    def never_came(self) -> None:
        """Somebody was let in by mistake: they are not in the register."""
        if self.standing is Standing.WALKED_IN:
            self.give_back()

    @property
    def checked_in(self) -> bool:
        """Whether it was they themselves who said that they are here."""
        return self.attendance is not None and self.marked_by_id is None
