"""People and the places they live in.

A tenant and a worker are both a `Person`: each has a language, a colour scheme, visits and perhaps passkeys.
What each of them is beside that stands in a table of its own.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    and_,
    event,
    exists,
    literal,
    select,
    union_all,
)
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.buildings import Property as Property
from tenant_app.accounts.kinds import CARRIERS as CARRIERS
from tenant_app.accounts.kinds import Footing as Footing
from tenant_app.accounts.kinds import Intensity as Intensity
from tenant_app.accounts.kinds import Occupancy as Occupancy
from tenant_app.accounts.kinds import Role as Role
from tenant_app.accounts.kinds import Stage as Stage
from tenant_app.accounts.names import fold
from tenant_app.database import Base, Id, one_of


class Person(Base):
    """Someone who can sign in."""

    __tablename__ = "person"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(80))
    """As they write it."""
    known_as: Mapped[str] = mapped_column(String(40))
    """What they are called in a greeting."""
    language: Mapped[str] = mapped_column(String(12), default="en")
    scheme: Mapped[str] = mapped_column(String(5), default="")
    """`light`, `dark`, or empty for whatever the phone does."""
    joined_at: Mapped[datetime] = mapped_column(default=clock.now)
    left_at: Mapped[datetime | None]
    """Set when they leave; from then on nothing signs them in."""

    __mapper_args__ = {"polymorphic_on": "kind"}

    @property
    def initials(self) -> str:
        """At most two letters for the pane beside a name."""
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words))

    def leave(self) -> None:
        """Close the account. Visits are refused from the next request on, because each request looks."""
        self.left_at = clock.now()


_left = Person.left_at.is_not(None)
Index("ix_person_left", Person.kind, postgresql_where=_left, sqlite_where=_left)


class Worker(Person):
    """A member of staff, a volunteer or a peer."""

    __tablename__ = "worker"

    id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    """Lower case; what they sign in with."""
    role: Mapped[Role] = mapped_column(one_of(Role, 20))
    property_id: Mapped[UUID | None] = mapped_column(ForeignKey(Property.id))
    coordinator_id: Mapped[UUID | None] = mapped_column(ForeignKey("worker.id"))
    """Who supervises them. None: every coordinator does, as in a house that never says."""
    footing: Mapped[Footing] = mapped_column(one_of(Footing, 10), default=Footing.EMPLOYEE)
    footing_told: Mapped[bool] = mapped_column(default=False)
    """Whether tenants read beside their name that they are a peer or a volunteer. Theirs to say, and nobody else's."""
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    sealed_totp: Mapped[str] = mapped_column(String(300), default="")
    """Second-factor secret, sealed with the instance's key. Empty until they have scanned it."""
    totp_step: Mapped[int] = mapped_column(default=0)
    """Time step of the last code used; the same code is never taken twice."""

    building: Mapped[Property | None] = relationship(lazy="joined")

    __mapper_args__ = {"polymorphic_identity": "worker", "inherit_condition": id == Person.id}  # noqa: A003
    __table_args__ = (Index("ix_worker_coordinator", "coordinator_id"), Index("ix_worker_role", "role"))

    @property
    def supports(self) -> bool:
        """Whether they can have a caseload now: a keyworker or coordinator who has not left."""
        return self.left_at is None and self.role in CARRIERS

    def work_as(self, footing: Footing) -> None:
        """Be here on this footing from now on. What they agreed to have told was another, so it is told no more."""
        if self.footing is not footing:
            self.footing, self.footing_told = footing, False

    def tell_footing(self, *, told: bool) -> None:
        """Let tenants read it from now on, or no longer. Of employees there is nothing to tell."""
        self.footing_told = told and self.footing is not Footing.EMPLOYEE

    @property
    def caseload(self) -> Select[Tenant]:
        """Tenants this worker supports now, their own and those of a colleague they stand in for, by name."""
        return select(Tenant).where(supported_by(self)).order_by(Tenant.sought, Tenant.id)


class Tenant(Person):
    """Someone who lives in one of the association's homes."""

    __tablename__ = "tenant"

    id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), primary_key=True)
    sign_in_name: Mapped[str] = mapped_column(String(40), unique=True)
    """Lower case; what they type beside their PIN on a new phone: `amina4`."""
    pin_hash: Mapped[str] = mapped_column(String(200), default="")
    property_id: Mapped[UUID] = mapped_column(ForeignKey(Property.id))
    flat: Mapped[str] = mapped_column(String(20), default="")
    occupancy: Mapped[Occupancy] = mapped_column(one_of(Occupancy, 10), default=Occupancy.LICENCE)
    moved_in_on: Mapped[date]
    keyworker_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))
    named_on_lock_screen: Mapped[bool] = mapped_column(default=False)
    """Whether reminders may say what they are about. Off: a locked phone shows nothing that gives anything away."""
    sought: Mapped[str] = mapped_column(String(450), default="")
    """What they are looked for and listed by, folded: name, what they are called, flat."""
    stage: Mapped[Stage | None] = mapped_column(one_of(Stage, 20))
    """None until somebody has said it: nothing is guessed."""
    stage_at: Mapped[datetime | None]
    """Since when."""
    intensity: Mapped[Intensity | None] = mapped_column(one_of(Intensity, 10))
    intensity_at: Mapped[datetime | None]
    placed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))
    """Who last said either."""

    building: Mapped[Property] = relationship(lazy="joined")
    keyworker: Mapped[Worker | None] = relationship(foreign_keys=keyworker_id)
    placed_by: Mapped[Worker | None] = relationship(foreign_keys=placed_by_id)

    __mapper_args__ = {"polymorphic_identity": "tenant", "inherit_condition": id == Person.id}  # noqa: A003
    __table_args__ = (
        Index("ix_tenant_keyworker", "keyworker_id", "sought"), Index("ix_tenant_property", "property_id")
    )  # fmt: skip

    @property
    def home(self) -> str:
        """`Flat 4, Alma Road`, as on an envelope."""
        return f"{self.flat}, {self.building.name}" if self.flat else self.building.name

    def place(self, worker: Worker, stage: Stage | None, intensity: Intensity | None) -> None:
        """Say where they are on their way, and how much support was agreed. The same again keeps the day."""
        if (stage, intensity) == (self.stage, self.intensity):
            return
        if stage is not self.stage:
            self.stage, self.stage_at = stage, clock.now() if stage else None
        if intensity is not self.intensity:
            self.intensity, self.intensity_at = intensity, clock.now() if intensity else None
        self.placed_by = worker

    def keep_sought(self) -> None:
        """Fold anew what they are looked for by. A change of a row does it; only who writes rows in bulk has to."""
        self.sought = " ".join(fold(part) for part in (self.name, self.known_as, self.flat) if part)


@event.listens_for(Tenant, "before_insert")
@event.listens_for(Tenant, "before_update")
def _keep_sought(_mapper: Mapper[Tenant], _connection: Connection, tenant: Tenant) -> None:
    tenant.keep_sought()


class Cover(Base):
    """One worker stands in for another's caseload while that one is away. It begins and ends by itself."""

    __tablename__ = "cover"

    id: Mapped[Id]
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    """Who is away."""
    covered_by_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    from_on: Mapped[date]
    until_on: Mapped[date]
    """First and last day, as they were agreed."""
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    """Those days as moments, by the house's clock: what is asked at each request. An early end moves the second."""
    reason: Mapped[str] = mapped_column(String(200), default="")
    """For colleagues; tenants do not read it."""
    arranged_by_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    arranged_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_early_at: Mapped[datetime | None]

    worker: Mapped[Worker] = relationship(foreign_keys=worker_id)
    covered_by: Mapped[Worker] = relationship(foreign_keys=covered_by_id)

    __table_args__ = (
        CheckConstraint("until_on >= from_on", "ends"),
        Index("ix_cover_worker", "worker_id", "ends_at"), Index("ix_cover_covered_by", "covered_by_id", "ends_at"),
    )

    @classmethod
    def now(cls) -> ColumnElement[bool]:
        """Condition of a query: whether it is in force at this moment."""
        return and_(cls.begins_at <= clock.now(), cls.ends_at > clock.now())

    @classmethod
    def for_tenant(cls, tenant: Tenant) -> Select[Cover]:
        """The one row, if any, by which somebody stands in for this tenant's keyworker now."""
        return select(cls).join(cls.covered_by).where(
            cls.worker_id == tenant.keyworker_id, cls.now(), Worker.left_at.is_(None), Worker.role.in_(CARRIERS)
        )  # fmt: skip

    @property
    def over(self) -> bool:
        return self.ends_at <= clock.now()

    def end_now(self) -> None:
        """They are back early, or it was never needed. Ending twice keeps the first moment."""
        if not self.over:
            self.ended_early_at = self.ends_at = clock.now()


def supported_by(worker: Worker) -> ColumnElement[bool]:
    """Condition of a query that has `Tenant` in it: whether this worker supports them now, as their keyworker or while
    standing in for that keyworker.

    What a tenant lets one person see by consent, and the thread of messages, ask for the keyworker themselves:
    `Consent.in_force`, `keyworker_is`, `threads_of`. Whoever stands in opens none of it.
    """
    if not worker.supports:
        return keyworker_is(worker)
    # One list of ids, so that the index of keyworkers answers it. `or` with a subquery would read every tenant.
    return and_(Tenant.keyworker_id.in_(union_all(*carried_by(worker))), Tenant.left_at.is_(None))


def carried_by(worker: Worker) -> tuple[Select[UUID], Select[UUID]]:
    """Two questions for ids: this worker's own, and of those for whom they stand in now. To be joined in one list."""
    away = select(Cover.worker_id).where(Cover.covered_by_id == worker.id, Cover.now())
    return select(literal(worker.id, Uuid())), away


def keyworker_is(worker: Worker) -> ColumnElement[bool]:
    """Condition of a query that has `Tenant` in it: whether this worker is their keyworker, not a stand-in."""
    return and_(Tenant.keyworker_id == worker.id, Tenant.left_at.is_(None))


class Look(Base):
    """One reading of a tenant's record by a worker, written in the same transaction as the reading itself.

    If it cannot be written, the page is not shown. Rows are written once and never changed: each stands in its
    tenant's chain (`read_log`), where it is put as it is flushed.
    """

    __tablename__ = "look"

    id: Mapped[Id]
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"))
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    what: Mapped[str] = mapped_column(String(40))
    """Which part of the record: `overview`, `goal`, `register`, `needs`, `repair`."""
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why, where the tenant had not shared it: for their safety. Empty for every ordinary reading."""
    looked_at: Mapped[datetime] = mapped_column(default=clock.now)
    number: Mapped[int | None]
    """Its place among the readings of this tenant's record, from 1. None for those of before they were chained."""
    digest: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of this row and of the digest before it: `read_log.digest_of`. None where there is no number."""
    override_id: Mapped[UUID | None] = mapped_column(ForeignKey("safeguarding_override.id"))
    """By which break-glass opening it was read, if by one."""

    worker: Mapped[Worker] = relationship(foreign_keys=worker_id)

    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        Index("ix_look_tenant", "tenant_id", "looked_at"),
        Index("ix_look_worker", "worker_id", "looked_at"),
    )

    @classmethod
    def at_record_of(cls, tenant: Tenant) -> Select[Look]:
        """Who looked at this tenant's record, as they are told it, newest first: what is withheld from them for their
        safety for now (`withholding`) is told when that is over."""
        openings = cls.metadata.tables["safeguarding_override"]  # by name: its module stands on this one
        withheld = exists().where(openings.c.id == cls.override_id, openings.c.withheld_until > clock.now())
        return select(cls).where(cls.tenant_id == tenant.id, ~withheld).order_by(cls.looked_at.desc(), cls.id)
