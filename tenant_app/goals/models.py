"""A goal, its steps, and the reviews a keyworker writes beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Select, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker, supported_by
from tenant_app.database import Base, Id

StepState = Literal["did", "here", "to-come", "rest"]


@dataclass(frozen=True)
class Progress:
    """How far a goal has come: numbers, the stones of its path, and what is next."""

    done: int
    total: int
    stones: list[StepState]
    next: Step | None


class Goal(Base):
    """Something a tenant wants to be different, in their own words. Only they change it."""

    __tablename__ = "goal"

    id: Mapped[Id]
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"))
    words: Mapped[str] = mapped_column(String(160))
    why: Mapped[str] = mapped_column(Text, default="")
    """Why it matters to them."""
    area: Mapped[str] = mapped_column(String(20), default="")
    """Part of life it belongs to: an id of `content/goals/areas`."""
    language: Mapped[str] = mapped_column(String(12), default="")
    """What it is written in, so that it is read aloud and set properly for readers of another language."""
    shared_at: Mapped[datetime | None]
    """Since when the keyworker may see it; None is private."""
    paused_at: Mapped[datetime | None]
    reached_at: Mapped[datetime | None]
    written_at: Mapped[datetime] = mapped_column(default=clock.now)
    version: Mapped[int] = mapped_column()
    """Goes up with each change, so that of two changes made from the same page the later one is told."""

    tenant: Mapped[Tenant] = relationship()
    steps: Mapped[list[Step]] = relationship(
        back_populates="goal", order_by="(Step.position, Step.id)", cascade="all, delete-orphan", lazy="selectin"
    )
    reviews: Mapped[list[Review]] = relationship(
        back_populates="goal", order_by="Review.written_at.desc(), Review.id", cascade="all, delete-orphan"
    )

    __table_args__ = (Index("ix_goal_tenant", "tenant_id", "written_at"),)
    __mapper_args__ = {"version_id_col": version}

    @classmethod
    def of(cls, tenant: Tenant) -> Select[Goal]:
        """This tenant's own goals, newest first."""
        return select(cls).where(cls.tenant_id == tenant.id).order_by(cls.written_at.desc(), cls.id)

    @classmethod
    def shared_with(cls, worker: Worker) -> Select[Goal]:
        """Goals that tenants on this worker's caseload share now; each question asks afresh who and what that is."""
        return (
            select(cls)
            .join(Tenant, Tenant.id == cls.tenant_id)
            .where(supported_by(worker), cls.shared_at.is_not(None))
            .options(selectinload(cls.reviews), selectinload(cls.tenant))
            .order_by(cls.written_at.desc(), cls.id)
        )

    @property
    def shared(self) -> bool:
        return self.shared_at is not None

    @property
    def paused(self) -> bool:
        return self.paused_at is not None

    @property
    def reached(self) -> bool:
        return self.reached_at is not None

    @property
    def last_moved(self) -> datetime:
        """When it was written, or when a step of it was last done."""
        return max([self.written_at, *(step.done_at for step in self.steps if step.done_at)])

    @property
    def progress(self) -> Progress:
        """Steps done and to come. The first step not done is next, unless the goal rests."""
        ahead = [step for step in self.steps if step.done_at is None]
        following = None if self.paused or not ahead else ahead[0]
        stones: list[StepState] = []
        for step in self.steps:
            if step.done_at:
                stones.append("did")
            elif self.paused:
                stones.append("rest")
            else:
                stones.append("here" if step is following else "to-come")
        # The road is drawn as far as one has come, so what is done comes first, in whatever order it was done.
        stones.sort(key=lambda state: state != "did")
        return Progress(len(self.steps) - len(ahead), len(self.steps), stones, following)

    def add_step(self, words: str, by: date | None = None) -> Step:
        """Put a step at the end of the path. A goal that was reached is on its way again."""
        step = Step(words=words, by=by, position=max((step.position for step in self.steps), default=0) + 1)
        self.steps.append(step)
        self.reached_at = None
        return step

    def share(self, shared: bool) -> None:
        """Let the keyworker see this goal, or no longer. Sharing twice keeps the first date."""
        self.shared_at = (self.shared_at or clock.now()) if shared else None

    def pause(self, paused: bool) -> None:
        """Let the goal rest, or go on with it."""
        self.paused_at = (self.paused_at or clock.now()) if paused else None

    def reword(self, words: str, why: str, area: str) -> None:
        """Say it better; only the tenant does."""
        self.words, self.why, self.area = words, why, area


class Step(Base):
    """One small thing on the way to a goal."""

    __tablename__ = "step"

    id: Mapped[Id]
    goal_id: Mapped[UUID] = mapped_column(ForeignKey(Goal.id, ondelete="CASCADE"), index=True)
    words: Mapped[str] = mapped_column(String(160))
    position: Mapped[int]
    by: Mapped[date | None]
    """The day they would like to have done it by."""
    done_at: Mapped[datetime | None]

    goal: Mapped[Goal] = relationship(back_populates="steps")

    @classmethod
    def of(cls, tenant: Tenant) -> Select[Step]:
        """Steps of this tenant's own goals."""
        return select(cls).join(Goal, Goal.id == cls.goal_id).where(Goal.tenant_id == tenant.id)

    def mark(self, done: bool, at: datetime | None = None) -> None:
        """Record that it is done (since `at`, aware; now, without it), or not after all. Marking twice keeps the first
        time; the last reaches the goal."""
        self.done_at = (self.done_at or at or clock.now()) if done else None
        everything = all(step.done_at for step in self.goal.steps)
        self.goal.reached_at = (self.goal.reached_at or self.done_at) if everything else None


class Review(Base):
    """What a keyworker says about a shared goal: a few words, and perhaps a step to consider.

    It stands beside the tenant's words and never changes them.
    """

    __tablename__ = "review"

    id: Mapped[Id]
    goal_id: Mapped[UUID] = mapped_column(ForeignKey(Goal.id, ondelete="CASCADE"), index=True)
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    words: Mapped[str] = mapped_column(Text, default="")
    suggested_step: Mapped[str] = mapped_column(String(160), default="")
    accepted: Mapped[bool | None]
    """What the tenant made of the suggestion; None until they answer."""
    written_at: Mapped[datetime] = mapped_column(default=clock.now)
    seen_at: Mapped[datetime | None]
    """When the tenant said they had read it; until then Today mentions it."""

    goal: Mapped[Goal] = relationship(back_populates="reviews")
    worker: Mapped[Worker] = relationship(lazy="joined")

    @classmethod
    def of(cls, tenant: Tenant) -> Select[Review]:
        """Reviews of this tenant's goals, newest first."""
        return (
            select(cls)
            .join(Goal, Goal.id == cls.goal_id)
            .where(Goal.tenant_id == tenant.id)
            .order_by(cls.written_at.desc(), cls.id)
        )

    @property
    def open(self) -> bool:
        """Whether a suggested step waits for the tenant's answer."""
        return bool(self.suggested_step) and self.accepted is None

    @property
    def awaits(self) -> bool:
        """Whether the tenant has still to read it, or to answer."""
        return self.seen_at is None or self.open

    def see(self) -> None:
        """The tenant has read it; Today mentions it no longer. The first time is kept."""
        self.seen_at = self.seen_at or clock.now()

    def answer(self, accepted: bool) -> None:
        """Take the suggested step, or leave it. The first answer stands, so a double tap adds one step."""
        self.see()
        if not self.open:
            return
        self.accepted = accepted
        if accepted:
            self.goal.add_step(self.suggested_step)
