"""Places in group sessions, and who came."""

from __future__ import annotations

import enum
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, contains_eager, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.database import Base, Id, one_of
from tenant_app.groups.sessions import GroupSession

__all__ = ["CAME", "Attendance", "Booking", "GroupSession", "Standing"]


class Standing(enum.StrEnum):
    """What a tenant's booking gives them."""

    PLACE = "place"
    WAITING = "waiting"
    OFFERED = "offered"
    """A freed place is held for them until `offered_until`, and counted as taken."""
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
    offered_until: Mapped[datetime | None]
    """Until when the place that was last offered is or was held; None before any was."""
    supporter: Mapped[bool] = mapped_column(default=False)
    """Whether somebody comes along to support them, in a place of their own."""
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
    def offered(self) -> bool:
        """Whether a place is held for them. Past `offered_until` it is theirs only until somebody asks for it."""
        return self.standing is Standing.OFFERED

    @property
    def let_pass(self) -> bool:
        """Whether the last place that was offered went on because nobody answered."""
        return (
            self.standing is Standing.GIVEN_BACK
            and self.offered_until is not None
            and self.cancelled_at == self.offered_until
        )

    @property
    def places(self) -> int:
        """How many of the session's places it takes: their own, and one for a supporter."""
        return 1 + self.supporter if self.has_place else int(self.offered)

    @property
    def source(self) -> str:
        """What its notices are about, so that they can be withdrawn together."""
        return f"booking:{self.id}:{self.times_booked}"

    def hold(self) -> None:
        """A place is theirs from now on."""
        self.standing, self.booked_at, self.cancelled_at = Standing.PLACE, clock.now(), None
        self.offered_until = None
        self.times_booked += 1

    def wait(self) -> None:
        """Stand last in the waiting list."""
        self.standing, self.waiting_since, self.cancelled_at = Standing.WAITING, clock.now(), None
        self.offered_until = None

    def offer(self, until: datetime) -> None:
        """A place is held for them until `until` (UTC)."""
        self.standing, self.offered_until = Standing.OFFERED, until

    def lapse(self) -> None:
        """The time to answer has passed. Nothing is held against them: they may wait again."""
        self.standing, self.cancelled_at = Standing.GIVEN_BACK, self.offered_until

    def give_back(self) -> None:
        """No longer come, or no longer wait."""
        self.standing, self.cancelled_at, self.supporter = Standing.GIVEN_BACK, clock.now(), False

    def walk_in(self) -> None:
        """They came without a place. Someone who has one keeps it, and one that is held for them is theirs."""
        if self.offered:
            self.hold()
        elif not self.has_place:
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
