"""What shows how a goal is going: a note, a photo, or both, put there by the tenant and taken away by them alone."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Select, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tenant_app import clock
from tenant_app.database import Base, Id
from tenant_app.goals.history import Happened
from tenant_app.goals.models import Goal

MOST_EVIDENCE = 30
"""Of one goal."""


class Evidence(Base):
    """One note or photo. It belongs to the goal, and is seen by whoever the goal is shared with, as long as it is."""

    __tablename__ = "goal_evidence"

    id: Mapped[Id]
    goal_id: Mapped[UUID] = mapped_column(ForeignKey(Goal.id, ondelete="CASCADE"))
    note: Mapped[str] = mapped_column(Text, default="")
    file: Mapped[str] = mapped_column(String(80), default="")
    """Name within the instance's folder of photos; empty where there is none."""
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    digest: Mapped[str] = mapped_column(String(64), default="")
    """SHA-256 of the picture as stored."""
    added_at: Mapped[datetime] = mapped_column(default=clock.now)

    goal: Mapped[Goal] = relationship()

    __table_args__ = (Index("ix_goal_evidence_goal", "goal_id", "added_at"),)

    @classmethod
    def on(cls, goal: Goal) -> Select[Evidence]:
        """Those of one goal, which the reader was found to be allowed to see; newest first."""
        return select(cls).where(cls.goal_id == goal.id).order_by(cls.added_at.desc(), cls.id)


def room_for_more(session: Session, goal: Goal) -> bool:
    """Whether one more may be added."""
    count = select(func.count()).select_from(Evidence).where(Evidence.goal_id == goal.id)
    return (session.scalar(count) or 0) < MOST_EVIDENCE


def show(session: Session, goal: Goal, note: str, *, file: str = "", width: int = 0, height: int = 0,
         digest: str = "") -> Evidence:  # fmt: skip
    """Put a note or a photo with the goal. Raises `ValueError` if it is neither."""
    if not note and not file:
        raise ValueError("a note, or a photo")
    evidence = Evidence(goal=goal, note=note, file=file, width=width, height=height, digest=digest)
    session.add(evidence)
    goal.happened(Happened.SHOWN)
    session.flush()
    return evidence
