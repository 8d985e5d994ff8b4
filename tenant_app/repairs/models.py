"""A repair, its photos, and what became of it."""

from __future__ import annotations

import enum
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, Select, String, Text, false, or_, select, text
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload

from tenant_app import clock
from tenant_app.accounts.models import Property, Role, Tenant, Worker, supported_by
from tenant_app.accounts.teams import answered_for_by
from tenant_app.database import Base, Id, one_of

if TYPE_CHECKING:
    from tenant_app.repairs.clocks.models import RepairClock, RepairCourse

MOST_PHOTOS = 6
"""Photos of one repair."""


class State(enum.StrEnum):
    """Where a repair is."""

    DRAFT = "draft"
    """Begun by the tenant and not sent; nobody else sees it."""
    REPORTED = "reported"
    SEEN = "seen"
    BOOKED = "booked"
    """Somebody comes, on a day both sides know."""
    FIXED = "fixed"
    """We say that it is fixed; the tenant may say that it is not."""
    CLOSED = "closed"


OPEN = (State.REPORTED, State.SEEN, State.BOOKED)
"""States in which something is still to do."""

_state = one_of(State, 10)
_draft = text("state = 'draft'")


class Repair(Base):
    """Something in a home or a shared part that needs mending."""

    __tablename__ = "repair"

    id: Mapped[Id]
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"))
    property_id: Mapped[UUID] = mapped_column(ForeignKey(Property.id))
    flat: Mapped[str] = mapped_column(String(20), default="")
    """As it was when they reported: a tenant who moves takes no leak along."""
    kind: Mapped[str] = mapped_column(String(30), default="")
    """What it is: an id of `content/repairs/kinds`. Empty in a draft that has not come that far."""
    rooms: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Where it is: ids of rooms from the same page."""
    urgent: Mapped[str] = mapped_column(String(30), default="")
    """What they said is happening now: an id of `content/repairs/urgent`; empty for none of it."""
    words: Mapped[str] = mapped_column(Text, default="")
    """What is wrong, in the tenant's words."""
    since: Mapped[str] = mapped_column(String(120), default="")
    """Since when, in the tenant's words."""
    access: Mapped[str] = mapped_column(Text, default="")
    """How to get in, in the tenant's words."""
    language: Mapped[str] = mapped_column(String(12), default="")
    """What those words are written in."""
    state: Mapped[State] = mapped_column(_state, default=State.DRAFT)
    hazard: Mapped[bool] = mapped_column(default=False)
    """Whether the law's clock for hazards runs (SI 2025/1042)."""
    begun_at: Mapped[datetime] = mapped_column(default=clock.now)
    reported_at: Mapped[datetime | None]
    aware_at: Mapped[datetime | None]
    """Since when the landlord knows: when it was reported, or earlier if a worker's note named it first. Its local
    day is day 0 of the clock."""
    investigated_on: Mapped[date | None]
    """The day somebody looked into a hazard."""
    visit_on: Mapped[date | None]
    visit_window: Mapped[str] = mapped_column(String(11), default="")
    """Between which wall times somebody comes: `13:00-16:00`. Empty where no visit is booked."""
    version: Mapped[int] = mapped_column()
    """Goes up with each change, so that of two changes made from the same page the later one is told."""

    tenant: Mapped[Tenant] = relationship(lazy="selectin")
    building: Mapped[Property] = relationship(lazy="selectin")
    photos: Mapped[list[RepairPhoto]] = relationship(
        back_populates="repair", order_by="(RepairPhoto.added_at, RepairPhoto.id)", cascade="all, delete-orphan"
    )
    updates: Mapped[list[RepairUpdate]] = relationship(
        back_populates="repair", order_by="(RepairUpdate.at.desc(), RepairUpdate.id.desc())",
        cascade="all, delete-orphan",
    )  # fmt: skip
    """Newest first."""
    clocks: Mapped[list[RepairClock]] = relationship(
        back_populates="repair", order_by="(RepairClock.due_at, RepairClock.id)", lazy="selectin",
        cascade="all, delete-orphan", passive_deletes=True,
    )  # fmt: skip
    """Of every round, what is due first before the rest."""
    course: Mapped[RepairCourse | None] = relationship(
        back_populates="repair", cascade="all, delete-orphan", passive_deletes=True
    )

    __table_args__ = (
        Index("ix_repair_tenant", "tenant_id", "begun_at"),
        Index("ix_repair_state", "state", "reported_at"),
        # One draft a tenant: a double tap on the first button begins one report, not two.
        Index("uq_repair_draft", "tenant_id", unique=True, postgresql_where=_draft, sqlite_where=_draft),
    )
    __mapper_args__ = {"version_id_col": version}

    @classmethod
    def of(cls, tenant: Tenant) -> Select[Repair]:
        """This tenant's own repairs, drafts too, newest first."""
        return select(cls).where(cls.tenant_id == tenant.id).order_by(cls.begun_at.desc(), cls.id)

    @classmethod
    def desk_of(cls, worker: Worker) -> Select[Repair]:
        """Repairs that were reported and that this worker may see: a keyworker their caseload's, a coordinator also
        those of tenants they answer for, a housing officer everybody's, others none."""
        reported = select(cls).where(cls.state != State.DRAFT)
        if worker.role is Role.HOUSING_OFFICER:
            return reported
        if worker.role in (Role.KEYWORKER, Role.COORDINATOR):
            theirs = select(Tenant.id).where(or_(supported_by(worker), answered_for_by(worker)))
            return reported.where(cls.tenant_id.in_(theirs))
        return reported.where(false())

    @classmethod
    def whole(cls, query: Select[Repair]) -> Select[Repair]:
        """The same question, answered with photos and timeline in a fixed number of statements."""
        return query.options(
            selectinload(cls.photos), selectinload(cls.updates).options(joinedload(RepairUpdate.worker))
        )

    @property
    def open(self) -> bool:
        """Whether something is still to do."""
        return self.state in OPEN

    @property
    def raised_by(self) -> Worker | None:
        """The worker who reported it for the tenant; None where they did it themselves. Needs the updates: `whole`."""
        return self.updates[-1].worker if self.updates else None

    @property
    def draft(self) -> bool:
        return self.state is State.DRAFT

    @property
    def complete(self) -> bool:
        """Whether a draft says enough to be sent: where and what."""
        return bool(self.rooms and self.kind)

    @property
    def visit_hours(self) -> tuple[time, time] | None:
        """Wall times between which somebody comes."""
        return read_window(self.visit_window)

    @property
    def home(self) -> str:
        """`Flat 4, Alma Road`, as it was when they reported."""
        return f"{self.flat}, {self.building.name}" if self.flat else self.building.name

    def say_where(self, rooms: list[str]) -> None:
        """Keep the answer to where it is."""
        self.rooms = rooms

    def say_what(self, kind: str, words: str, since: str, *, hazard: bool, language: str) -> None:
        """Keep the answer to what it is. `hazard` is whether the kind is one."""
        self.kind, self.words, self.since, self.hazard, self.language = kind, words, since, hazard, language


class RepairPhoto(Base):
    """One picture of a repair: a JPEG of our own making in the folder of photos."""

    __tablename__ = "repair_photo"

    id: Mapped[Id]
    repair_id: Mapped[UUID] = mapped_column(ForeignKey(Repair.id, ondelete="CASCADE"), index=True)
    file: Mapped[str] = mapped_column(String(40), unique=True)
    """Name in `settings.photos`; random, and says nothing of what it shows."""
    width: Mapped[int]
    """Pixels, as stored."""
    height: Mapped[int]
    bytes: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of what is stored, so that the same picture sent twice is kept once."""
    added_at: Mapped[datetime] = mapped_column(default=clock.now)

    repair: Mapped[Repair] = relationship(back_populates="photos")

    @classmethod
    def among(cls, repairs: Select[Repair]) -> Select[RepairPhoto]:
        """Photos of those repairs that `repairs` may see."""
        return select(cls).where(cls.repair_id.in_(repairs.order_by(None).with_only_columns(Repair.id)))


class RepairUpdate(Base):
    """One line of a repair's story: what it became, by whom, and what was said."""

    __tablename__ = "repair_update"

    id: Mapped[Id]
    repair_id: Mapped[UUID] = mapped_column(ForeignKey(Repair.id, ondelete="CASCADE"), index=True)
    state: Mapped[State] = mapped_column(_state)
    words: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(12), default="")
    """What the words are written in."""
    worker_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))
    """Who did it; None is the tenant."""
    visit_on: Mapped[date | None]
    visit_window: Mapped[str] = mapped_column(String(11), default="")
    """The visit as it was booked then."""
    at: Mapped[datetime] = mapped_column(default=clock.now)

    repair: Mapped[Repair] = relationship(back_populates="updates")
    worker: Mapped[Worker | None] = relationship()

    @property
    def visit_hours(self) -> tuple[time, time] | None:
        """Wall times of the visit as it was booked then."""
        return read_window(self.visit_window)


def read_window(window: str) -> tuple[time, time] | None:
    """`13:00-16:00` as two wall times; None for an empty window."""
    if not window:
        return None
    start, end = window.split("-")
    return time.fromisoformat(start), time.fromisoformat(end)


def write_window(start: time, end: time) -> str:
    """Two wall times as `13:00-16:00`. Raises `ValueError` if it ends before it begins."""
    if end <= start:
        raise ValueError("a visit ends after it begins")
    return f"{start:%H:%M}-{end:%H:%M}"
