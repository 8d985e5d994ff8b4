"""A goal, its steps, and the reviews a keyworker writes beside them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Select, String, Text, select
from sqlalchemy.orm import Mapped, WriteOnlyMapped, mapped_column, relationship, selectinload

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker, supported_by
from tenant_app.database import Base, Id
from tenant_app.goals.editions import edition_of, refuse_if_changed
from tenant_app.goals.history import GoalEvent, Happened
from tenant_app.goals.progress import Progress

MOST_STEPS = 40
"""Of one goal. A longer path than this is several goals."""

SAME_ANSWER = timedelta(hours=12)
"""The same confidence said again within this time is the same answer: a double tap, or a page sent twice."""


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
    took: Mapped[str] = mapped_column(Text, default="")
    """What it took to get there, in their own words."""
    confidence: Mapped[int | None]
    """How sure they are that they can do it, 1 to 10; None until they say. Earlier answers stand in its history."""
    confidence_at: Mapped[datetime | None]
    """When they said so last."""
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
    events: WriteOnlyMapped[GoalEvent] = relationship(cascade="all, delete-orphan", passive_deletes=True)

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
        """Steps done and to come. The first step not done is next, unless the goal rests or was reached."""
        return Progress.along(self.steps, paused=self.paused, reached=self.reached)

    @property
    def edition(self) -> str:
        """Which words these are; a page that rewrites them brings it back."""
        return edition_of(self.words, self.why, self.area)

    def happened(self, kind: Happened, *, at: datetime | None = None, number: int | None = None,
                 step: Step | None = None) -> None:  # fmt: skip
        """Write down in the goal's history that this happened, `at` (aware) or now."""
        self.events.add(GoalEvent(kind=kind, at=at or clock.now(), number=number, step=step))

    def add_step(self, words: str, by: date | None = None, *, helper: str = "") -> Step:
        """Put a step at the end of the path. A goal that was reached is on its way again.

        Raises `ValueError` where the path is as long as it can be.
        """
        if len(self.steps) >= MOST_STEPS:
            raise ValueError("a longer path than this is several goals")
        place = max((step.position for step in self.steps), default=0) + 1
        step = Step(words=words, by=by, helper=helper, position=place)
        self.steps.append(step)
        self.happened(Happened.STEP_ADDED, step=step)
        self.reach(False)
        return step

    def share(self, shared: bool) -> None:
        """Let the keyworker see this goal, or no longer. Sharing twice keeps the first date."""
        if shared != self.shared:
            self.shared_at = clock.now() if shared else None
            self.happened(Happened.SHARED if shared else Happened.KEPT_PRIVATE)

    def pause(self, paused: bool) -> None:
        """Let the goal rest, or go on with it."""
        if paused != self.paused:
            self.paused_at = clock.now() if paused else None
            self.happened(Happened.PAUSED if paused else Happened.RESUMED)

    def reach(self, reached: bool, at: datetime | None = None) -> None:
        """They got there (`at`, aware; now, without it), or are on their way again. The first time is kept."""
        if reached != self.reached:
            self.reached_at = (at or clock.now()) if reached else None
            self.happened(Happened.REACHED if reached else Happened.SET_OUT_AGAIN, at=self.reached_at)

    def say_confidence(self, number: int) -> None:
        """How sure they are now that they can do it, 1 to 10. Raises `ValueError` for any other number."""
        if not 1 <= number <= 10:
            raise ValueError("confidence is 1 to 10")
        now = clock.now()
        if number == self.confidence and self.confidence_at and now - self.confidence_at < SAME_ANSWER:
            return
        self.confidence, self.confidence_at = number, now
        self.happened(Happened.CONFIDENCE, number=number)

    def reword(self, words: str, why: str, area: str, *, seen: str | None = None) -> None:
        """Say it better; only the tenant does. Raises `ChangedMeanwhile` if `seen` is another edition than this."""
        if (words, why, area) != (self.words, self.why, self.area):
            refuse_if_changed(seen, self.edition)
            self.words, self.why, self.area = words, why, area
            self.happened(Happened.REWORDED)

    def look_back(self, took: str, *, seen: str | None = None) -> None:
        """What it took to get there. Raises `ChangedMeanwhile` if `seen` is another edition than of what stands."""
        if took != self.took:
            refuse_if_changed(seen, edition_of(self.took))
            self.took = took


class Step(Base):
    """One small thing on the way to a goal."""

    __tablename__ = "step"

    id: Mapped[Id]
    goal_id: Mapped[UUID] = mapped_column(ForeignKey(Goal.id, ondelete="CASCADE"), index=True)
    words: Mapped[str] = mapped_column(String(160))
    position: Mapped[int]
    by: Mapped[date | None]
    """The day they would like to have done it by."""
    helper: Mapped[str] = mapped_column(String(80), default="")
    """Who helps with it, as the tenant calls them: "my sister", "Grace"."""
    done_at: Mapped[datetime | None]

    goal: Mapped[Goal] = relationship(back_populates="steps")

    @classmethod
    def of(cls, tenant: Tenant) -> Select[Step]:
        """Steps of this tenant's own goals."""
        return select(cls).join(Goal, Goal.id == cls.goal_id).where(Goal.tenant_id == tenant.id)

    @property
    def edition(self) -> str:
        """Which words these are; a page that rewrites them brings it back."""
        return edition_of(self.words, self.helper, self.by)

    def reword(self, words: str, helper: str, by: date | None, *, seen: str | None = None) -> None:
        """Say differently what it is, who helps, by when. Raises `ChangedMeanwhile` if `seen` is another edition."""
        if (words, helper, by) != (self.words, self.helper, self.by):
            refuse_if_changed(seen, self.edition)
            self.words, self.helper, self.by = words, helper, by
            self.goal.happened(Happened.STEP_REWORDED, step=self)

    def mark(self, done: bool, at: datetime | None = None) -> None:
        """Record that it is done (since `at`, aware; now, without it), or not after all. Marking twice keeps the first
        time; the last reaches the goal, and taking one back sets out again."""
        if done == (self.done_at is not None):
            return
        self.done_at = (at or clock.now()) if done else None
        self.goal.happened(Happened.STEP_DONE if done else Happened.STEP_UNDONE, at=self.done_at, step=self)
        if not done:
            self.goal.reach(False)
        elif all(step.done_at for step in self.goal.steps):
            self.goal.reach(True, at=self.done_at)


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
        """Take the suggested step, or leave it. The first answer stands, so a double tap adds one step.

        Raises `ValueError` where the path is as long as it can be.
        """
        self.see()
        if not self.open:
            return
        if accepted:
            self.goal.add_step(self.suggested_step)
        self.accepted = accepted
