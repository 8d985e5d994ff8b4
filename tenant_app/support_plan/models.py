"""A review of a tenant's support plan: why it is due, what was prepared, what was written down, and who signed what.

What is written down is never overwritten: each change is another record with the next number, and a signature names
the number of the record that its writer had read. It counts only as long as no later record was written.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, Text, UniqueConstraint, exists, select, text
from sqlalchemy.orm import Mapped, contains_eager, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.models import Person, Tenant, Worker, supported_by
from tenant_app.database import Base, Id, one_of
from tenant_app.support_plan.kinds import Kind, Question, Side, Stage, Stand, Who

LONGEST, LONGEST_LINE = 4000, 160
"""Letters."""
MOST_LINES = 12
_OPEN = text("closed_at IS NULL")


class PlanReview(Base):
    """One review of one tenant's support plan. Each tenant has at most one that is not closed."""

    __tablename__ = "plan_review"

    id: Mapped[Id]
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"))
    opened_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_on: Mapped[date]
    stage: Mapped[Stage] = mapped_column(one_of(Stage, 12), default=Stage.AHEAD)
    version: Mapped[int] = mapped_column(default=0)
    """Number of its newest record; 0 while there is none."""
    ready_at: Mapped[datetime | None]
    """Since when the tenant lets what they prepared be read; None is private."""
    ready_for_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))
    """By whom. Whoever supports them later reads it only if they say so again."""
    rather_talks_at: Mapped[datetime | None]
    """When they said that they would rather talk than write."""
    reply: Mapped[str] = mapped_column(Text, default="")
    """What the worker answered to a tenant who sees it otherwise; or why it was closed without the tenant's word."""
    reply_language: Mapped[str] = mapped_column(String(12), default="")
    closed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))
    """Who closed it, where it was not closed by the two signatures."""
    closed_at: Mapped[datetime | None]
    due_again_on: Mapped[date | None]
    """Of a closed one, the day of the next until that one is opened: how the next is found among very many."""

    tenant: Mapped[Tenant] = relationship(foreign_keys=tenant_id)
    ready_for: Mapped[Worker | None] = relationship(foreign_keys=ready_for_id)
    closed_by: Mapped[Worker | None] = relationship(foreign_keys=closed_by_id)
    changes: Mapped[list[Change]] = relationship(
        back_populates="review", order_by="(Change.told_at, Change.id)", lazy="selectin"
    )
    """What in the tenant's life asked for it; none where it is simply time."""
    answers: Mapped[list[PreparedAnswer]] = relationship(back_populates="review")
    """Theirs alone: a worker asks `PreparedAnswer.shown_to`."""
    records: Mapped[list[PlanRecord]] = relationship(back_populates="review", order_by="PlanRecord.version.desc()")
    """Newest first."""
    signatures: Mapped[list[Signature]] = relationship(
        back_populates="review", order_by="(Signature.signed_at, Signature.id)"
    )

    __table_args__ = (
        Index("ix_plan_review_open", "tenant_id", unique=True, postgresql_where=_OPEN, sqlite_where=_OPEN),
        Index("ix_plan_review_tenant", "tenant_id", "opened_at"),
        Index("ix_plan_review_again", "due_again_on", postgresql_where=text("due_again_on IS NOT NULL"),
              sqlite_where=text("due_again_on IS NOT NULL")),
        CheckConstraint("(stage = 'closed') = (closed_at IS NOT NULL)", name="closed"),
    )  # fmt: skip

    @classmethod
    def of(cls, tenant: Tenant) -> Select[PlanReview]:
        """This tenant's reviews, newest first."""
        return select(cls).where(cls.tenant_id == tenant.id).order_by(cls.opened_at.desc(), cls.id.desc())

    @classmethod
    def seen_by(cls, worker: Worker) -> Select[PlanReview]:
        """Reviews of tenants whom this worker supports now, what is due first. Each question asks afresh."""
        return (
            select(cls)
            .join(Tenant, Tenant.id == cls.tenant_id)
            .options(contains_eager(cls.tenant))
            .where(supported_by(worker))
            .order_by(cls.due_on, cls.id)
        )

    @property
    def open(self) -> bool:
        return self.closed_at is None

    @property
    def met(self) -> bool:
        """Whether the two have met, as the newest record says."""
        return self.stage is not Stage.AHEAD

    @property
    def may_prepare(self) -> bool:
        """Whether the tenant may still write: late too, unless what they wrote was shown and talked about."""
        return self.open and not (self.met and self.ready_at)

    @property
    def record(self) -> PlanRecord | None:
        """What stands now."""
        return self.records[0] if self.records else None

    @property
    def told(self) -> PlanRecord | None:
        """The text that the tenant may read: the newest, once the worker has signed it. Until then it is a draft."""
        return self.record if self.signed_by(Side.WORKER) else None

    def signed_by(self, side: Side) -> Signature | None:
        """What that side says of the text that stands now; None where they said nothing, or of an earlier one."""
        return next((it for it in self.signatures if it.side == side and it.version == self.version), None)

    @property
    def agreed(self) -> bool:
        """Whether both signed, and neither sees it otherwise."""
        said = self.signed_by(Side.TENANT)
        return said is not None and said.stand is Stand.AGREES

    def answer_to(self, question: Question) -> PreparedAnswer | None:
        """What the tenant prepared on one question. Only for their own pages."""
        return next((it for it in self.answers if it.question == question), None)


class Change(Base):
    """A change of circumstances, as the tenant or the worker told it."""

    __tablename__ = "plan_review_change"

    id: Mapped[Id]
    review_id: Mapped[UUID] = mapped_column(ForeignKey(PlanReview.id, ondelete="CASCADE"), index=True)
    kind: Mapped[Kind] = mapped_column(one_of(Kind, 20))
    words: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(12), default="")
    told_by_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    told_at: Mapped[datetime] = mapped_column(default=clock.now)

    review: Mapped[PlanReview] = relationship(back_populates="changes")
    told_by: Mapped[Person] = relationship(lazy="joined")


class PreparedAnswer(Base):
    """What a tenant wrote on one question before the two met. Private until they say that they are ready."""

    __tablename__ = "plan_review_answer"

    review_id: Mapped[UUID] = mapped_column(ForeignKey(PlanReview.id, ondelete="CASCADE"), primary_key=True)
    question: Mapped[Question] = mapped_column(one_of(Question, 8), primary_key=True)
    words: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(12), default="")
    version: Mapped[int] = mapped_column(default=1)
    """Who changes it has seen the newest."""
    written_at: Mapped[datetime] = mapped_column(default=clock.now)

    review: Mapped[PlanReview] = relationship(back_populates="answers")

    @classmethod
    def shown_to(cls, worker: Worker, review: PlanReview) -> Select[PreparedAnswer]:
        """What this worker may read: nothing unless the tenant said that they are ready, to this very worker, and is
        supported by them now."""
        return (
            select(cls)
            .join(cls.review)
            .join(Tenant, Tenant.id == PlanReview.tenant_id)
            .where(
                cls.review_id == review.id, PlanReview.ready_at.is_not(None), PlanReview.ready_for_id == worker.id,
                supported_by(worker), cls.words != "",
            )
        )  # fmt: skip


class PlanRecord(Base):
    """What was written down of the meeting. Facts stand apart from what the worker thinks. Never changed: the next
    one takes its place."""

    __tablename__ = "plan_record"

    id: Mapped[Id]
    review_id: Mapped[UUID] = mapped_column(ForeignKey(PlanReview.id, ondelete="CASCADE"))
    version: Mapped[int]
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    met_on: Mapped[date | None]
    """None for notes before the meeting."""
    talked: Mapped[str] = mapped_column(Text, default="")
    """What was talked about: what is so, and who said it."""
    view: Mapped[str] = mapped_column(Text, default="")
    """What the worker thinks of it."""
    next_on: Mapped[date | None]
    language: Mapped[str] = mapped_column(String(12), default="")
    written_at: Mapped[datetime] = mapped_column(default=clock.now)

    review: Mapped[PlanReview] = relationship(back_populates="records")
    worker: Mapped[Worker] = relationship(lazy="joined")
    lines: Mapped[list[AgreedLine]] = relationship(
        back_populates="record", order_by="AgreedLine.number", lazy="selectin", cascade="all, delete-orphan",
        passive_deletes=True,
    )

    __table_args__ = (UniqueConstraint("review_id", "version"),)

    @classmethod
    def told_to(cls, tenant: Tenant) -> Select[PlanRecord]:
        """Texts that this tenant may read: those that the worker signed. Others are drafts."""
        signed = exists().where(
            Signature.review_id == cls.review_id, Signature.version == cls.version, Signature.side == Side.WORKER
        )
        return select(cls).join(cls.review).where(PlanReview.tenant_id == tenant.id, signed).order_by(cls.id)


class AgreedLine(Base):
    """Something that was agreed: who does what, and by when."""

    __tablename__ = "plan_agreed_line"

    id: Mapped[Id]
    record_id: Mapped[UUID] = mapped_column(ForeignKey(PlanRecord.id, ondelete="CASCADE"))
    number: Mapped[int]
    who: Mapped[Who] = mapped_column(one_of(Who, 8))
    what: Mapped[str] = mapped_column(String(LONGEST_LINE))
    by: Mapped[date | None]

    record: Mapped[PlanRecord] = relationship(back_populates="lines")

    __table_args__ = (UniqueConstraint("record_id", "number"),)

    @classmethod
    def theirs(cls, tenant: Tenant) -> Select[AgreedLine]:
        """What this tenant is to do, alone or with the worker, by the texts that they may read now."""
        signed = exists().where(
            Signature.review_id == PlanReview.id, Signature.version == PlanReview.version,
            Signature.side == Side.WORKER,
        )  # fmt: skip
        return (
            select(cls)
            .join(cls.record)
            .join(PlanRecord.review)
            .where(
                PlanReview.tenant_id == tenant.id, PlanRecord.version == PlanReview.version, signed,
                cls.who.in_((Who.TENANT, Who.BOTH)),
            )
        )  # fmt: skip


class Signature(Base):
    """What one side said of one text, after reading the whole of it. Stands beside it and changes nothing in it."""

    __tablename__ = "plan_signature"

    id: Mapped[Id]
    review_id: Mapped[UUID] = mapped_column(ForeignKey(PlanReview.id, ondelete="CASCADE"))
    version: Mapped[int]
    """Of the record that they read."""
    side: Mapped[Side] = mapped_column(one_of(Side, 8))
    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    stand: Mapped[Stand] = mapped_column(one_of(Stand, 10))
    words: Mapped[str] = mapped_column(Text, default="")
    """In what they see it otherwise."""
    language: Mapped[str] = mapped_column(String(12), default="")
    signed_at: Mapped[datetime] = mapped_column(default=clock.now)

    review: Mapped[PlanReview] = relationship(back_populates="signatures")
    person: Mapped[Person] = relationship(lazy="joined")

    __table_args__ = (UniqueConstraint("review_id", "version", "side"),)
