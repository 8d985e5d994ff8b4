"""A plan for moving on: where a tenant wants to live, what is ready for it, and how it stood at each review."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, Select, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, contains_eager, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.consent import Category, GivenAs, shares_with
from tenant_app.accounts.models import Tenant, Worker, supported_by
from tenant_app.database import Base, Id, one_of


class Part(enum.StrEnum):
    """What being ready is made of, in the order of reading."""

    MONEY = "money"
    PAPERS = "papers"
    SKILLS = "skills"
    SUPPORT = "support"
    OPTIONS = "options"


class Ready(enum.StrEnum):
    """How one thing on the list stands, as the tenant says. Nothing adds them up to a number of a person."""

    NOT_YET = "not-yet"
    WORKING = "working"
    DONE = "done"
    NOT_MINE = "not-mine"
    """It does not apply to them."""


@dataclass(frozen=True)
class Wishes:
    """Where somebody wants to live, in their own words; each may be empty."""

    area: str = ""
    kind: str = ""
    """Of home."""
    company: str = ""
    """Whom they want to live with, or that they want to live alone."""
    matters: str = ""
    target_on: date | None = None
    """By when they would like to move; None where nobody knows yet."""

    @property
    def said(self) -> bool:
        """Whether anything is."""
        return any((self.area, self.kind, self.company, self.matters, self.target_on))


class MoveOnPlan(Base):
    """One tenant's. Only they write in it, and nobody else reads it unless they agree (`Category.MOVE_ON`)."""

    __tablename__ = "move_on_plan"

    id: Mapped[Id]
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"), unique=True)
    area: Mapped[str] = mapped_column(String(300), default="")
    kind: Mapped[str] = mapped_column(String(300), default="")
    company: Mapped[str] = mapped_column(String(300), default="")
    matters: Mapped[str] = mapped_column(Text, default="")
    target_on: Mapped[date | None]
    language: Mapped[str] = mapped_column(String(12), default="")
    """What the wishes are written in."""
    wishes_at: Mapped[datetime | None]
    """When they last said something else; None while they have said nothing."""
    version: Mapped[int] = mapped_column(default=0)
    """Counts the changes of the wishes, so that a form can tell which ones it showed."""
    began_at: Mapped[datetime] = mapped_column(default=clock.now)
    review_on: Mapped[date]
    """The day from which the tenant is asked to look it over."""

    tenant: Mapped[Tenant] = relationship()
    items: Mapped[list[MoveOnItem]] = relationship(
        back_populates="plan", order_by="MoveOnItem.id", cascade="all, delete-orphan", passive_deletes=True,
        lazy="selectin",
    )  # fmt: skip
    reviews: Mapped[list[MoveOnReview]] = relationship(
        back_populates="plan", order_by="MoveOnReview.id.desc()", cascade="all, delete-orphan", passive_deletes=True
    )
    suggestions: Mapped[list[MoveOnSuggestion]] = relationship(
        back_populates="plan", order_by="MoveOnSuggestion.id.desc()", cascade="all, delete-orphan",
        passive_deletes=True,
    )  # fmt: skip

    __table_args__ = (Index("ix_move_on_plan_review", "review_on"),)

    @classmethod
    def of(cls, tenant: Tenant) -> Select[MoveOnPlan]:
        """This tenant's: one row, or none while nothing was written."""
        return select(cls).where(cls.tenant_id == tenant.id)

    @classmethod
    def shared_with(cls, worker: Worker) -> Select[MoveOnPlan]:
        """Plans of tenants on this worker's caseload who let them read it now, which each question asks afresh."""
        agreed = shares_with(worker, Category.MOVE_ON, GivenAs.KEYWORKER)
        return select(cls).join(cls.tenant).where(supported_by(worker), agreed).options(contains_eager(cls.tenant))

    @property
    def wishes(self) -> Wishes:
        """As they stand."""
        return Wishes(self.area, self.kind, self.company, self.matters, self.target_on)

    @property
    def written(self) -> bool:
        """Whether the tenant has put anything in it yet."""
        return self.wishes_at is not None or bool(self.items)

    def wish(self, wishes: Wishes, language: str) -> None:
        """Want this from now on."""
        self.area, self.kind, self.company, self.matters = wishes.area, wishes.kind, wishes.company, wishes.matters
        self.target_on, self.language, self.wishes_at = wishes.target_on, language, clock.now()
        self.version += 1

    def item(self, key: str) -> MoveOnItem | None:
        """What was said of one thing on the list; None where nothing was."""
        return next((item for item in self.items if item.key == key), None)


class MoveOnItem(Base):
    """What the tenant says of one thing on the list: one of the association's, or one that they added."""

    __tablename__ = "move_on_item"

    id: Mapped[Id]
    plan_id: Mapped[UUID] = mapped_column(ForeignKey(MoveOnPlan.id, ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(40))
    """Its id in `content/move-on/checklist`, which never changes; of an own one, this row's id."""
    part: Mapped[Part] = mapped_column(one_of(Part, 20))
    words: Mapped[str] = mapped_column(String(200), default="")
    """What an own one is called. Empty: the association's, which says it in each language."""
    language: Mapped[str] = mapped_column(String(12), default="")
    """What those words are written in."""
    note: Mapped[str] = mapped_column(String(500), default="")
    note_language: Mapped[str] = mapped_column(String(12), default="")
    state: Mapped[Ready] = mapped_column(one_of(Ready, 20), default=Ready.NOT_YET)
    changed_at: Mapped[datetime | None]
    """When the state last became another; None while it never did."""

    plan: Mapped[MoveOnPlan] = relationship(back_populates="items")

    __table_args__ = (UniqueConstraint("plan_id", "key"),)

    @property
    def own(self) -> bool:
        """Whether the tenant added it."""
        return bool(self.words)

    def stand(self, state: Ready) -> None:
        """Say how it stands. Saying the same again keeps the first date."""
        if self.state is not state:
            self.state, self.changed_at = state, clock.now()


class MoveOnReview(Base):
    """How a plan stood when its tenant looked it over, and what they said had changed. Never altered afterwards."""

    __tablename__ = "move_on_review"

    id: Mapped[Id]
    plan_id: Mapped[UUID] = mapped_column(ForeignKey(MoveOnPlan.id, ondelete="CASCADE"), index=True)
    held_at: Mapped[datetime] = mapped_column(default=clock.now)
    changed: Mapped[str] = mapped_column(Text, default="")
    """What has changed, in the tenant's words; empty where nothing has."""
    language: Mapped[str] = mapped_column(String(12), default="")
    area: Mapped[str] = mapped_column(String(300), default="")
    kind: Mapped[str] = mapped_column(String(300), default="")
    company: Mapped[str] = mapped_column(String(300), default="")
    matters: Mapped[str] = mapped_column(Text, default="")
    target_on: Mapped[date | None]
    wished_in: Mapped[str] = mapped_column(String(12), default="")
    """What the wishes were written in."""
    standing: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """The list as it stood: `part`, `key`, `words`, `language` and `state` of each thing on it, in the words of that
    day."""

    plan: Mapped[MoveOnPlan] = relationship(back_populates="reviews")

    @classmethod
    def of(cls, tenant: Tenant) -> Select[MoveOnReview]:
        """This tenant's, newest first."""
        theirs = select(cls).join(MoveOnPlan, MoveOnPlan.id == cls.plan_id).where(MoveOnPlan.tenant_id == tenant.id)
        return theirs.order_by(cls.id.desc())

    @property
    def wishes(self) -> Wishes:
        """As they stood then."""
        return Wishes(self.area, self.kind, self.company, self.matters, self.target_on)


class MoveOnSuggestion(Base):
    """Something a keyworker thinks could be on the list. It stands beside the list until the tenant takes it."""

    __tablename__ = "move_on_suggestion"

    id: Mapped[Id]
    plan_id: Mapped[UUID] = mapped_column(ForeignKey(MoveOnPlan.id, ondelete="CASCADE"), index=True)
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    part: Mapped[Part] = mapped_column(one_of(Part, 20))
    words: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(12), default="")
    suggested_at: Mapped[datetime] = mapped_column(default=clock.now)
    accepted: Mapped[bool | None]
    """What the tenant made of it; None until they answer."""
    answered_at: Mapped[datetime | None]

    plan: Mapped[MoveOnPlan] = relationship(back_populates="suggestions")
    worker: Mapped[Worker] = relationship(lazy="joined")

    @classmethod
    def of(cls, tenant: Tenant) -> Select[MoveOnSuggestion]:
        """Those made to this tenant."""
        return select(cls).join(MoveOnPlan, MoveOnPlan.id == cls.plan_id).where(MoveOnPlan.tenant_id == tenant.id)


@dataclass(frozen=True)
class Listed:
    """One thing on the association's list, in one language."""

    key: str
    part: Part
    words: str
    language: str


@dataclass(frozen=True)
class Standing:
    """One thing on a tenant's list, and what they say of it."""

    key: str
    part: Part
    words: str
    language: str
    state: Ready
    changed_at: datetime | None = None
    note: str = ""
    note_language: str = ""
    own: bool = False


Checklist = Mapping[str, Listed]
"""The association's list by key, in the order of reading."""
