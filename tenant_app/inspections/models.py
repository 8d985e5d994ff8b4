"""An inspection, what was answered to each item, what failed, and what was added after it was signed off."""

from __future__ import annotations

from datetime import date, datetime
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
    false,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload

from tenant_app import clock
from tenant_app.accounts.models import CARRIERS, Property, Role, Tenant, Worker
from tenant_app.accounts.teams import looked_after_by
from tenant_app.database import Base, Id, one_of
from tenant_app.inspections.outcomes import Outcome

INSPECTORS = (*CARRIERS, Role.HOUSING_OFFICER)
"""Roles that inspect."""

LONGEST = 1000
"""Letters of what is said about one item."""

MOST_PHOTOS = 6
"""Of one item."""

_open_building = text("done_on IS NULL AND tenant_id IS NULL")
_open_room = text("done_on IS NULL AND tenant_id IS NOT NULL")


class Inspection(Base):
    """One inspection of a building or of a tenant's room: planned, then done item by item, then signed off."""

    __tablename__ = "inspection"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(40))
    """By which template: a folder of `content/inspections`."""
    property_id: Mapped[UUID] = mapped_column(ForeignKey(Property.id))
    tenant_id: Mapped[UUID | None] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"))
    """Whose room; None for the building."""
    flat: Mapped[str] = mapped_column(String(20), default="")
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """What is asked, as the template had it when this was planned: `id`, `name`, `failed`, `repair`, `rooms`. A page
    that lies open on a phone, and the record of years ago, then ask what they asked."""
    due_on: Mapped[date]
    """The planned day, from which the next one follows, whenever this one is done."""
    visit_on: Mapped[date | None]
    """Of a room: the day its tenant is told of."""
    assigned_to_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))
    """None: whoever is at the property."""
    planned_at: Mapped[datetime] = mapped_column(default=clock.now)
    words: Mapped[str] = mapped_column(Text, default="")
    """Said when it was signed off."""
    language: Mapped[str] = mapped_column(String(12), default="")
    done_on: Mapped[date | None]
    """The local day on which it was signed off."""
    finished_at: Mapped[datetime | None]
    finished_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))
    version: Mapped[int] = mapped_column()
    """Goes up when it is arranged anew or signed off; answers leave it alone."""

    building: Mapped[Property] = relationship(lazy="joined")
    tenant: Mapped[Tenant | None] = relationship(foreign_keys=tenant_id)
    assigned_to: Mapped[Worker | None] = relationship(foreign_keys=assigned_to_id)
    finished_by: Mapped[Worker | None] = relationship(foreign_keys=finished_by_id)
    answers: Mapped[list[ItemAnswer]] = relationship(
        back_populates="inspection", order_by="(ItemAnswer.answered_at, ItemAnswer.id)", cascade="all, delete-orphan"
    )
    photos: Mapped[list[ItemPhoto]] = relationship(
        back_populates="inspection", order_by="(ItemPhoto.added_at, ItemPhoto.id)", cascade="all, delete-orphan"
    )
    findings: Mapped[list[Finding]] = relationship(back_populates="inspection", cascade="all, delete-orphan")
    additions: Mapped[list[Addition]] = relationship(
        back_populates="inspection", order_by="(Addition.at, Addition.id)", cascade="all, delete-orphan"
    )

    __table_args__ = (
        # One that is still to do of each kind and place: planning twice, or in two processes, plans once.
        Index("uq_inspection_building", "kind", "property_id", unique=True, postgresql_where=_open_building,
              sqlite_where=_open_building),
        Index("uq_inspection_room", "kind", "tenant_id", unique=True, postgresql_where=_open_room,
              sqlite_where=_open_room),
        Index("ix_inspection_property", "property_id", "done_on"),
        Index("ix_inspection_tenant", "tenant_id", "due_on"),
        Index("ix_inspection_due", "done_on", "due_on"),
    )  # fmt: skip
    __mapper_args__ = {"version_id_col": version}

    @classmethod
    def of(cls, tenant: Tenant) -> Select[Inspection]:
        """Of this tenant's room, the newest first."""
        return select(cls).where(cls.tenant_id == tenant.id).order_by(cls.due_on.desc(), cls.id)

    @classmethod
    def seen_by(cls, worker: Worker) -> Select[Inspection]:
        """What this worker may see, by the planned day."""
        return select(cls).where(cls.open_to(worker)).order_by(cls.due_on, cls.id)

    @classmethod
    def open_to(cls, worker: Worker) -> ColumnElement[bool]:
        """Condition of a query. A building: those who work there or everywhere, and housing officers. A room: who
        supports its tenant or answers for them, whoever was asked to do it, and housing officers. Others none."""
        if worker.left_at is not None or worker.role not in INSPECTORS:
            return false()
        if worker.role is Role.HOUSING_OFFICER:
            return true()
        here = cls.property_id == worker.property_id if worker.property_id else true()
        theirs = select(Tenant.id).where(looked_after_by(worker))
        return or_(and_(cls.tenant_id.is_(None), here), cls.tenant_id.in_(theirs), cls.assigned_to_id == worker.id)

    @classmethod
    def whole(cls, query: Select[Inspection]) -> Select[Inspection]:
        """The same question, answered with everything in it in a fixed number of statements."""
        return query.options(
            selectinload(cls.answers).joinedload(ItemAnswer.worker), selectinload(cls.photos),
            selectinload(cls.findings), selectinload(cls.additions).joinedload(Addition.worker),
            joinedload(cls.tenant), joinedload(cls.assigned_to), joinedload(cls.finished_by),
        )  # fmt: skip

    @property
    def finished(self) -> bool:
        return self.done_on is not None

    @property
    def on_time(self) -> bool:
        """Signed off by the planned day."""
        return self.done_on is not None and self.done_on <= self.due_on

    @property
    def place(self) -> str:
        """`Flat 4, Alma Road`, or the building."""
        return f"{self.flat}, {self.building.name}" if self.flat else self.building.name

    def item(self, item_id: str) -> dict[str, Any] | None:
        """One thing that it asks, by its id."""
        return next((each for each in self.items if each["id"] == item_id), None)

    def overdue(self, today: date) -> bool:
        return self.done_on is None and self.due_on < today

    def counting(self, item_id: str) -> ItemAnswer | None:
        """The answer that counts: the latest; but what anybody found failed is failed until they say otherwise."""
        said = [each for each in self.answers if each.item == item_id]
        failed = [each for each in said if each.outcome is Outcome.FAILED]
        return failed[-1] if failed else said[-1] if said else None

    def finding_of(self, item_id: str) -> Finding | None:
        """What came of an item that failed."""
        return next((each for each in self.findings if each.item == item_id), None)

    @property
    def unanswered(self) -> list[str]:
        """Ids of items of which nobody has said anything."""
        said = {each.item for each in self.answers}
        return [each["id"] for each in self.items if each["id"] not in said]


class ItemAnswer(Base):
    """What one worker says of one item. Two who do the same inspection each have theirs, and both are shown."""

    __tablename__ = "inspection_answer"

    id: Mapped[Id]
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey(Inspection.id, ondelete="CASCADE"))
    item: Mapped[str] = mapped_column(String(40))
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    outcome: Mapped[Outcome] = mapped_column(one_of(Outcome, 20))
    words: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(12), default="")
    answered_at: Mapped[datetime] = mapped_column(default=clock.now)
    """When it was tapped, which without a signal is before it arrived."""

    inspection: Mapped[Inspection] = relationship(back_populates="answers")
    worker: Mapped[Worker] = relationship()

    __table_args__ = (UniqueConstraint("inspection_id", "item", "worker_id", name="uq_inspection_answer_item"),)


class ItemPhoto(Base):
    """One picture of one item: a JPEG of our own making in the folder of photos."""

    __tablename__ = "inspection_photo"

    id: Mapped[Id]
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey(Inspection.id, ondelete="CASCADE"))
    item: Mapped[str] = mapped_column(String(40))
    file: Mapped[str] = mapped_column(String(40), unique=True)
    """Name in `settings.photos`."""
    width: Mapped[int]
    """Pixels, as stored."""
    height: Mapped[int]
    bytes: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of what is stored, so that the same picture sent twice is kept once."""
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    added_at: Mapped[datetime] = mapped_column(default=clock.now)

    inspection: Mapped[Inspection] = relationship(back_populates="photos")

    __table_args__ = (UniqueConstraint("inspection_id", "item", "digest", name="uq_inspection_photo_digest"),)

    @classmethod
    def among(cls, inspections: Select[Inspection]) -> Select[ItemPhoto]:
        """Photos of those that `inspections` may see."""
        return select(cls).where(cls.inspection_id.in_(inspections.order_by(None).with_only_columns(Inspection.id)))


class Finding(Base):
    """An item that failed and was signed off: something to mend, which became a repair."""

    __tablename__ = "inspection_finding"

    id: Mapped[Id]
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey(Inspection.id, ondelete="CASCADE"))
    item: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(30))
    """What needs mending: an id of `content/repairs/kinds`."""
    rooms: Mapped[list[str]] = mapped_column(JSON, default=list)
    words: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(12), default="")
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    """Who found it."""
    aware_at: Mapped[datetime]
    """When they found it: the landlord knows from then on."""
    repair_id: Mapped[UUID | None] = mapped_column(ForeignKey("repair.id", ondelete="SET NULL"))
    """None once that repair was erased with its tenant's record."""

    inspection: Mapped[Inspection] = relationship(back_populates="findings")
    worker: Mapped[Worker] = relationship()

    __table_args__ = (UniqueConstraint("inspection_id", "item", name="uq_inspection_finding_item"),)


class Addition(Base):
    """Something added to an inspection that was signed off: a correction; or an answer that a phone without signal
    held back until then."""

    __tablename__ = "inspection_addition"

    id: Mapped[Id]
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey(Inspection.id, ondelete="CASCADE"), index=True)
    item: Mapped[str] = mapped_column(String(40), default="")
    """What it is about; empty for all of it."""
    outcome: Mapped[Outcome | None] = mapped_column(one_of(Outcome, 20))
    words: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(12), default="")
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    at: Mapped[datetime] = mapped_column(default=clock.now)

    inspection: Mapped[Inspection] = relationship(back_populates="additions")
    worker: Mapped[Worker] = relationship()
