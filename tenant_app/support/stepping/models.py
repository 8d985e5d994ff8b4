"""What a tenant said counts as a step: one session, or the first of a kind that they come to."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, String, and_, or_, select
from sqlalchemy.orm import Mapped, contains_eager, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.database import Base, Id
from tenant_app.goals.models import Goal, Step
from tenant_app.groups.models import GroupSession


class SteppingStone(Base):
    """One step that is done by coming to a group. A step hangs on one thing only; linked anew, the last counts."""

    __tablename__ = "stepping_stone"

    id: Mapped[Id]
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"))
    step_id: Mapped[UUID] = mapped_column(ForeignKey(Step.id, ondelete="CASCADE"), unique=True)
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey(GroupSession.id, ondelete="CASCADE"), index=True)
    """That session alone; None for whichever of the kind they come to first."""
    kind: Mapped[str] = mapped_column(String(60))
    since: Mapped[datetime]
    """For a kind: sessions that start then or later."""
    linked_at: Mapped[datetime] = mapped_column(default=clock.now)
    came_to_id: Mapped[UUID | None] = mapped_column(ForeignKey(GroupSession.id, ondelete="SET NULL"))
    """The session by which it was done."""
    done_at: Mapped[datetime | None]
    """What was written into the step because they came; while the step still says exactly that, nobody touched it."""

    step: Mapped[Step] = relationship()
    group_session: Mapped[GroupSession | None] = relationship(foreign_keys=session_id)

    __table_args__ = (Index("ix_stepping_stone_tenant", "tenant_id", "kind"),)

    @classmethod
    def of(cls, tenant: Tenant) -> Select[SteppingStone]:
        """This tenant's, with their steps and goals, oldest first."""
        return (
            select(cls)
            .join(cls.step)
            .join(Step.goal)
            .options(contains_eager(cls.step).contains_eager(Step.goal))
            .where(cls.tenant_id == tenant.id, Goal.tenant_id == tenant.id)
            .order_by(cls.linked_at, cls.id)
        )

    @classmethod
    def counts(cls, group_session: GroupSession) -> ColumnElement[bool]:
        """Condition of a query: coming to this session does the step."""
        whole = and_(cls.session_id.is_(None), cls.kind == group_session.kind, cls.since <= group_session.starts_at)
        return or_(cls.session_id == group_session.id, whole)

    def do(self, came_to: GroupSession) -> None:
        """They came: the step is done, on the day of that session."""
        # Somebody may check in before it starts; no step is done at a time that is still to come.
        day = min(came_to.starts_at, clock.now())
        self.step.mark(done=False)
        self.step.mark(done=True, at=day)
        self.came_to_id, self.done_at = came_to.id, day

    def undo(self) -> None:
        """They did not come after all."""
        self.step.mark(done=False)
        self.came_to_id = self.done_at = None

    @property
    def touched(self) -> bool:
        """Whether the tenant changed the step after it was done by coming: from then on it is theirs alone."""
        return self.done_at is not None and self.step.done_at != self.done_at
