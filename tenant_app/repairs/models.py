"""A repair, its photos, and what became of it."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, Select, String, Text, and_, false, or_, select, text, true, union_all
from sqlalchemy.orm import Mapped, aliased, joinedload, mapped_column, relationship, selectinload

from tenant_app import clock
from tenant_app.accounts.models import CARRIERS, Property, Role, Tenant, Worker
from tenant_app.accounts.teams import looked_after_by
from tenant_app.database import Base, Id, one_of
from tenant_app.repairs.answers import Began, Severity
from tenant_app.repairs.states import OPEN as OPEN
from tenant_app.repairs.states import Event as Event
from tenant_app.repairs.states import State as State
from tenant_app.repairs.windows import read_window

if TYPE_CHECKING:
    from tenant_app.repairs.clocks.models import RepairClock, RepairCourse
    from tenant_app.repairs.contractors.models import Contractor

MOST_PHOTOS = 6
"""Photos of one repair."""

_state = one_of(State, 10)
_draft = text("state = 'draft'")
_waits = text("waits_since IS NOT NULL")
_of_house = text("tenant_id IS NULL")


class Repair(Base):
    """Something in a home or a shared part that needs mending."""

    __tablename__ = "repair"

    id: Mapped[Id]
    tenant_id: Mapped[UUID | None] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"))
    """Whose report it is; None for what staff found in a shared part, or where nobody lives: it is of the house."""
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
    waits_since: Mapped[datetime | None]
    """Since when something that the tenant wrote waits for somebody at the desk; None where nothing does."""
    unread: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether we told the tenant something that they have not opened."""
    choose_by: Mapped[datetime | None]
    """Until when one of the times on offer can be chosen: the start of the last of them. None where none is."""
    leads_id: Mapped[UUID | None] = mapped_column(ForeignKey("repair.id", ondelete="SET NULL"), index=True)
    """The repair that this one is told the same news as, because both report one shared part; None for most."""
    part: Mapped[str] = mapped_column(String(30), default="", server_default="")
    """Which part of that kind: an id below it in `content/repairs/kinds`. Empty for none of them."""
    shared: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it is in a part of the building that others use too, so that several people may report the same."""
    severity: Mapped[Severity | None] = mapped_column(one_of(Severity, 10))
    """How bad it is; None where nobody said."""
    began: Mapped[Began | None] = mapped_column(one_of(Began, 10))
    """Since when; None where nobody said, or said it in words of their own."""

    tenant: Mapped[Tenant | None] = relationship(lazy="selectin")
    building: Mapped[Property] = relationship(lazy="selectin")
    photos: Mapped[list[RepairPhoto]] = relationship(
        back_populates="repair", order_by="(RepairPhoto.added_at, RepairPhoto.id)", cascade="all, delete-orphan",
        primaryjoin="and_(RepairPhoto.repair_id == Repair.id, RepairPhoto.contractor_id.is_(None))",
    )  # fmt: skip
    """Of what is wrong, as it was reported."""
    work_photos: Mapped[list[RepairPhoto]] = relationship(
        order_by="(RepairPhoto.added_at, RepairPhoto.id)", viewonly=True,
        primaryjoin="and_(RepairPhoto.repair_id == Repair.id, RepairPhoto.contractor_id.is_not(None))",
    )  # fmt: skip
    """Of the work, as contractors made them."""
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
        # Few wait, and every page of the desk counts them.
        Index("ix_repair_waits", "waits_since", postgresql_where=_waits, sqlite_where=_waits),
        Index("ix_repair_house", "property_id", postgresql_where=_of_house, sqlite_where=_of_house),
    )
    __mapper_args__ = {"version_id_col": version}

    @classmethod
    def of(cls, tenant: Tenant) -> Select[Repair]:
        """This tenant's own repairs, drafts too, newest first."""
        return select(cls).where(cls.tenant_id == tenant.id).order_by(cls.begun_at.desc(), cls.id)

    @classmethod
    def read_by(cls, tenant: Tenant) -> Select[Repair]:
        """What this tenant may read: their own, and what is reported of shared parts of the house they live in."""
        house = and_(cls.tenant_id.is_(None), cls.shared, cls.property_id == tenant.property_id)
        return select(cls).where(or_(cls.tenant_id == tenant.id, house))

    @classmethod
    def desk_of(cls, worker: Worker) -> Select[Repair]:
        """Repairs that were reported and that this worker may see: a keyworker or coordinator those of `caseload_of`,
        and those of the houses they work in; a housing officer everybody's, others none."""
        if worker.role not in CARRIERS:
            return cls.caseload_of(worker)
        # A question each, answered by an index. Joined by `or`, every repair there ever was is read, on each page.
        own, houses = aliased(cls), aliased(cls)
        here = houses.property_id == worker.property_id if worker.property_id else true()
        seen = union_all(
            select(own.id).where(own.tenant_id.in_(select(Tenant.id).where(looked_after_by(worker)))),
            select(houses.id).where(houses.tenant_id.is_(None), here),
        )
        return select(cls).where(cls.state != State.DRAFT, cls.id.in_(seen))

    @classmethod
    def caseload_of(cls, worker: Worker) -> Select[Repair]:
        """Tenants' own that were reported and that this worker may see: a keyworker their caseload's, a coordinator
        also those of tenants they answer for, a housing officer everybody's, others none."""
        reported = select(cls).where(cls.state != State.DRAFT)
        if worker.role is Role.HOUSING_OFFICER:
            return reported
        theirs = select(Tenant.id).where(looked_after_by(worker))
        return reported.where(cls.tenant_id.in_(theirs) if worker.role in CARRIERS else false())

    @classmethod
    def led_by(cls, repair: Repair) -> Select[Repair]:
        """Those of the same shared part that are told the same news as this one."""
        return select(cls).where(cls.leads_id == repair.id).order_by(cls.reported_at, cls.id)

    @classmethod
    def whole(cls, query: Select[Repair]) -> Select[Repair]:
        """The same question, answered with photos and timeline in a fixed number of statements."""
        return query.options(
            selectinload(cls.photos),
            selectinload(cls.updates).options(joinedload(RepairUpdate.worker), joinedload(RepairUpdate.contractor)),
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
    def may_choose(self) -> bool:
        """Whether a time is on offer that can still be chosen."""
        return self.open and self.choose_by is not None and self.choose_by > clock.now()

    @property
    def home(self) -> str:
        """`Flat 4, Alma Road`, as it was when it was reported; of a house, the house."""
        return f"{self.flat}, {self.building.name}" if self.flat else self.building.name

    @property
    def dangerous(self) -> bool:
        """Whether the tenant says that it is dangerous now, or that something of `content/repairs/urgent` is so."""
        return bool(self.urgent) or self.severity is Severity.DANGER

    def say_where(self, rooms: list[str], *, shared: bool = False) -> None:
        """Keep the answer to where it is. `shared` is whether those rooms are a shared part of the building."""
        self.rooms, self.shared = rooms, shared

    def say_kind(self, kind: str, part: str, *, hazard: bool) -> None:
        """Keep what it is, without the words for it. `part` is an id below the kind, or empty."""
        self.kind, self.part, self.hazard = kind, part, hazard

    def say_words(self, words: str, *, language: str) -> None:
        """Keep what is wrong, in words of their own."""
        self.words, self.language = words, language


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
    contractor_id: Mapped[UUID | None] = mapped_column(ForeignKey("contractor.id"))
    """Whose work it shows; None for a picture of what is wrong."""

    repair: Mapped[Repair] = relationship(back_populates="photos")

    @classmethod
    def of(cls, repair: Repair) -> Select[RepairPhoto]:
        """All of this repair, of what is wrong and of the work."""
        return select(cls).where(cls.repair_id == repair.id)

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
    """Who did it, or gave the repair to the contractor who did; None is the tenant."""
    visit_on: Mapped[date | None]
    visit_window: Mapped[str] = mapped_column(String(11), default="")
    """The visit as it was booked then."""
    at: Mapped[datetime] = mapped_column(default=clock.now)
    event: Mapped[Event] = mapped_column(one_of(Event, 12), default=Event.CHANGE, server_default=Event.CHANGE.value)
    happened_at: Mapped[datetime | None]
    """When somebody could not get in, which is written down later."""
    methods: Mapped[list[str] | None] = mapped_column(JSON)
    """How they tried: ids of `visits.desk.METHODS`."""
    contractor_id: Mapped[UUID | None] = mapped_column(ForeignKey("contractor.id"))
    """Which contractor did it, or was given it; None for most."""

    repair: Mapped[Repair] = relationship(back_populates="updates")
    worker: Mapped[Worker | None] = relationship()
    contractor: Mapped[Contractor | None] = relationship()

    @property
    def by(self) -> Worker | Contractor | None:
        """Whose words and deed it is; None is the tenant's."""
        return self.contractor or self.worker

    @property
    def visit_hours(self) -> tuple[time, time] | None:
        """Wall times of the visit as it was booked then."""
        return read_window(self.visit_window)
