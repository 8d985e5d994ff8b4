"""Tables of the way in: visits, one-time codes, passkeys, and the counters that slow down guessing."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, Select, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.models import Person, Worker
from tenant_app.database import Base, Id

TENANT_STAYS = timedelta(days=180)
"""How long a tenant's phone stays signed in without being used."""
SHARED_STAYS = timedelta(minutes=30)
"""The same on a phone that other people use."""
WORKER_STAYS = timedelta(hours=12)
"""One shift."""
HALFWAY_STAYS = timedelta(minutes=30)
"""How long a worker has for the second question: enough to set up an app for codes, not enough to be forgotten."""
CODE_LASTS = timedelta(hours=72)
"""A one-time code: over a weekend, no longer."""


def digest(secret: str) -> str:
    """SHA-256 of a secret with enough chance in it to need no salt (cookies, one-time codes), in hex.

    A leaked database then signs nobody in.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


class Visit(Base):
    """One device, signed in at one door. The cookie holds its secret; the database only a digest of it."""

    __tablename__ = "visit"

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id, ondelete="CASCADE"), index=True)
    secret_digest: Mapped[str] = mapped_column(String(64), unique=True)
    door: Mapped[str] = mapped_column(String(6))
    """`tenant` or `staff`; a visit at one door is nothing at the other."""
    device: Mapped[str] = mapped_column(String(60), default="")
    """Something its owner recognises: `Chrome, Android`."""
    shared: Mapped[bool] = mapped_column(default=False)
    complete: Mapped[bool] = mapped_column(default=True)
    """False between a worker's password and second factor; such a visit opens nothing but the second question."""
    began_at: Mapped[datetime] = mapped_column(default=clock.now)
    seen_at: Mapped[datetime] = mapped_column(default=clock.now)
    ends_at: Mapped[datetime]

    person: Mapped[Person] = relationship()

    __table_args__ = (CheckConstraint("door IN ('tenant', 'staff')", name="door"),)

    @classmethod
    def begin(
        cls, person: Person, door: str, *, device: str = "", shared: bool = False, complete: bool = True
    ) -> tuple[Visit, str]:
        """A new visit and the secret for its cookie. Every sign-in begins one: an older cookie is never promoted."""
        secret = secrets.token_urlsafe(32)
        if not complete:
            stays = HALFWAY_STAYS
        else:
            stays = SHARED_STAYS if shared else TENANT_STAYS if door == "tenant" else WORKER_STAYS
        visit = cls(
            person=person, secret_digest=digest(secret), door=door, device=device[:60], shared=shared,
            complete=complete, ends_at=clock.now() + stays,
        )  # fmt: skip
        return visit, secret

    @classmethod
    def of(cls, person: Person) -> Select[Visit]:
        """Where this person is signed in now, last used first."""
        return (
            select(cls)
            .where(cls.person_id == person.id, cls.complete, cls.ends_at > clock.now())
            .order_by(cls.seen_at.desc(), cls.id)
        )

    @property
    def live(self) -> bool:
        """Whether it still opens the door: not over, and its person has not left."""
        return self.ends_at > clock.now() and self.person.left_at is None

    @property
    def stale(self) -> bool:
        """Whether enough time went by to be worth writing down that the device is still in use."""
        return clock.now() - self.seen_at > (timedelta(minutes=5) if self.shared else timedelta(hours=12))

    def touch(self) -> None:
        """Note that the device is in use; a tenant's phone then stays signed in as long again."""
        self.seen_at = clock.now()
        if self.door == "tenant":
            self.ends_at = self.seen_at + (SHARED_STAYS if self.shared else TENANT_STAYS)

    def end(self) -> None:
        """Sign this device out. Its cookie is worthless from now on."""
        self.ends_at = clock.now()


class OneTimeCode(Base):
    """What a worker hands to a new tenant, or to a new colleague: a code that works once, for 72 hours."""

    __tablename__ = "one_time_code"

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id, ondelete="CASCADE"), index=True)
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(foreign_keys=person_id)


class Passkey(Base):
    """A phone's own lock, registered as a way in (WebAuthn)."""

    __tablename__ = "passkey"

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id, ondelete="CASCADE"), index=True)
    credential: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    device: Mapped[str] = mapped_column(String(60), default="")
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    used_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()

    @classmethod
    def of(cls, person: Person) -> Select[Passkey]:
        """This person's passkeys, newest first."""
        return select(cls).where(cls.person_id == person.id).order_by(cls.made_at.desc(), cls.id)


class Challenge(Base):
    """A question put to a passkey. Taken out by the first answer, so that no answer can be given twice."""

    __tablename__ = "challenge"

    challenge_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Of the challenge and what it was asked for, so that an answer to one question is none to another."""
    expires_at: Mapped[datetime]


class Throttle(Base):
    """How often one door was tried in vain. In the database, so that restarting or adding a process forgets nothing."""

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    """What is being guessed: `pin:<person id>`, `code:<network address>`."""
    failures: Mapped[int] = mapped_column(default=0)
    since: Mapped[datetime]
