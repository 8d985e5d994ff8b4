"""People and the places they live in.

A tenant and a worker are both a `Person`: each has a language, a colour scheme, visits and perhaps passkeys.
What each of them is beside that stands in a table of its own.
"""

from __future__ import annotations

import enum
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    String,
    Text,
    UniqueConstraint,
    and_,
    exists,
    func,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenant_app import clock
from tenant_app.database import Base, Id, one_of


class Role(enum.StrEnum):
    """What a worker does here, and so what they may see (DESIGN section 4)."""

    KEYWORKER = "keyworker"
    COORDINATOR = "coordinator"
    FACILITATOR = "facilitator"
    HOUSING_OFFICER = "housing_officer"
    ADMINISTRATOR = "administrator"


class Footing(enum.StrEnum):
    """On what footing a worker is here. It changes nothing of what their role lets them see."""

    EMPLOYEE = "employee"
    PEER = "peer"
    """Someone who has been through it, and may be a tenant too."""
    VOLUNTEER = "volunteer"


class Occupancy(enum.StrEnum):
    """The agreement someone lives under. Awaab's Law binds leases; we run its clocks for licences too."""

    TENANCY = "tenancy"
    LICENCE = "licence"


class Property(Base):
    """A building that the association runs."""

    __tablename__ = "property"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(200), default="")
    borough: Mapped[str] = mapped_column(String(40), default="")


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


class Worker(Person):
    """A member of staff, a volunteer or a peer."""

    __tablename__ = "worker"

    id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    """Lower case; what they sign in with."""
    role: Mapped[Role] = mapped_column(one_of(Role, 20))
    property_id: Mapped[UUID | None] = mapped_column(ForeignKey(Property.id))
    footing: Mapped[Footing] = mapped_column(one_of(Footing, 10), default=Footing.EMPLOYEE)
    footing_told: Mapped[bool] = mapped_column(default=False)
    """Whether tenants read beside their name that they are a peer or a volunteer. Theirs to say, and nobody else's."""
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    sealed_totp: Mapped[str] = mapped_column(String(300), default="")
    """Second-factor secret, sealed with the instance's key. Empty until they have scanned it."""
    totp_step: Mapped[int] = mapped_column(default=0)
    """Time step of the last code used; the same code is never taken twice."""

    building: Mapped[Property | None] = relationship(lazy="joined")

    __mapper_args__ = {"polymorphic_identity": "worker"}

    def work_as(self, footing: Footing) -> None:
        """Be here on this footing from now on. What they agreed to have told was another, so it is told no more."""
        if self.footing is not footing:
            self.footing, self.footing_told = footing, False

    def tell_footing(self, *, told: bool) -> None:
        """Let tenants read it from now on, or no longer. Of employees there is nothing to tell."""
        self.footing_told = told and self.footing is not Footing.EMPLOYEE

    @property
    def caseload(self) -> Select[Tenant]:
        """Tenants this worker supports now, by name."""
        return (
            select(Tenant)
            .where(supported_by(self))
            .order_by(func.lower(Tenant.name), Tenant.id)
        )


class Tenant(Person):
    """Someone who lives in one of the association's homes."""

    __tablename__ = "tenant"

    id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), primary_key=True)
    sign_in_name: Mapped[str] = mapped_column(String(40), unique=True)
    """Lower case; what they type beside their PIN on a new phone: `amina4`."""
    pin_hash: Mapped[str] = mapped_column(String(200), default="")
    property_id: Mapped[UUID] = mapped_column(ForeignKey(Property.id))
    flat: Mapped[str] = mapped_column(String(20), default="")
    occupancy: Mapped[Occupancy] = mapped_column(
        one_of(Occupancy, 10), default=Occupancy.LICENCE
    )
    moved_in_on: Mapped[date]
    keyworker_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))
    named_on_lock_screen: Mapped[bool] = mapped_column(default=False)
    """Whether reminders may say what they are about. Off: a locked phone shows nothing that gives anything away."""

    building: Mapped[Property] = relationship(lazy="joined")
    keyworker: Mapped[Worker | None] = relationship(foreign_keys=keyworker_id)

    __mapper_args__ = {"polymorphic_identity": "tenant", "inherit_condition": id == Person.id}  # noqa: A003
    __table_args__ = (Index("ix_tenant_keyworker", "keyworker_id"), Index("ix_tenant_property", "property_id"))

    @property
    def home(self) -> str:
        """`Flat 4, Alma Road`, as on an envelope."""
        return f"{self.flat}, {self.building.name}" if self.flat else self.building.name


def supported_by(worker: Worker) -> ColumnElement[bool]:
    """Condition of a query that has `Tenant` in it: whether this worker supports them now."""
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
