"""What happened to a goal: a row for each thing, written by the very method that does it, and never changed."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ForeignKey, Index, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from tenant_app.database import Base, Id, one_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from tenant_app.goals.models import Step


class Happened(enum.StrEnum):
    """What can happen. That it was written, and what a keyworker said, is dated where it stands and needs no row."""

    STEP_ADDED = "step_added"
    STEP_REWORDED = "step_reworded"
    STEP_DONE = "step_done"
    STEP_UNDONE = "step_undone"
    PAUSED = "paused"
    RESUMED = "resumed"
    CONFIDENCE = "confidence"
    REACHED = "reached"
    SET_OUT_AGAIN = "set_out_again"
    REWORDED = "reworded"
    SHARED = "shared"
    KEPT_PRIVATE = "kept_private"
    PLANNED = "planned"
    """Something that might get in the way, and what they will do then."""
    SHOWN = "shown"
    """A note or a photo of how it goes."""


class GoalEvent(Base):
    """One thing that happened to a goal. Only added to: what somebody said yesterday, they did say."""

    __tablename__ = "goal_event"

    id: Mapped[Id]
    goal_id: Mapped[UUID] = mapped_column(ForeignKey("goal.id", ondelete="CASCADE"))
    kind: Mapped[Happened] = mapped_column(one_of(Happened, 20))
    at: Mapped[datetime]
    number: Mapped[int | None]
    """Of `confidence`: 1 to 10."""
    step_id: Mapped[UUID | None] = mapped_column(ForeignKey("step.id", ondelete="SET NULL"))

    step: Mapped[Step | None] = relationship("Step")

    __table_args__ = (Index("ix_goal_event_goal", "goal_id", "at"),)


@event.listens_for(GoalEvent, "before_update")
def _stays(_mapper: Mapper[GoalEvent], _connection: Connection, row: GoalEvent) -> None:
    raise TypeError(f"what happened to a goal is not rewritten: {row.kind}")
