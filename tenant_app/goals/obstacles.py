"""What might get in the way of a goal, and what the tenant will do then: said beforehand, it is half done.

A plan of the form "if this happens, I will do that" helps people to reach what they want: Gollwitzer and Sheeran,
Implementation intentions and goal achievement (2006).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Select, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.database import Base, Id
from tenant_app.goals.editions import edition_of, refuse_if_changed
from tenant_app.goals.history import Happened
from tenant_app.goals.models import Goal

MOST_OBSTACLES = 10
"""Of one goal. A list of all that may go wrong helps nobody."""


class TooMany(ValueError):
    """There are as many as there can be."""


class Obstacle(Base):
    """One pair: if this gets in the way, then I will do that."""

    __tablename__ = "goal_obstacle"

    id: Mapped[Id]
    goal_id: Mapped[UUID] = mapped_column(ForeignKey(Goal.id, ondelete="CASCADE"), index=True)
    hurdle: Mapped[str] = mapped_column(String(200))
    """What might get in the way."""
    then: Mapped[str] = mapped_column(String(200))
    """What they will do then."""
    written_at: Mapped[datetime] = mapped_column(default=clock.now)
    version: Mapped[int] = mapped_column()

    goal: Mapped[Goal] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @classmethod
    def of(cls, tenant: Tenant) -> Select[Obstacle]:
        """Those of this tenant's own goals."""
        return select(cls).join(Goal, Goal.id == cls.goal_id).where(Goal.tenant_id == tenant.id)

    @classmethod
    def on(cls, goal: Goal) -> Select[Obstacle]:
        """Those of one goal, which the reader was found to be allowed to see; first written first."""
        return select(cls).where(cls.goal_id == goal.id).order_by(cls.written_at, cls.id)

    @property
    def edition(self) -> str:
        """Which words these are; a page that rewrites them brings it back."""
        return edition_of(self.hurdle, self.then)

    def reword(self, hurdle: str, then: str, *, seen: str | None = None) -> None:
        """Say it better. Raises `ChangedMeanwhile` if `seen` is another edition than this."""
        if (hurdle, then) != (self.hurdle, self.then):
            refuse_if_changed(seen, self.edition)
            self.hurdle, self.then = hurdle, then
            self.goal.happened(Happened.PLANNED)


def plan_for(session: Session, goal: Goal, hurdle: str, then: str) -> Obstacle:
    """A pair more, of the tenant's own goal; one that says just this is there already. Raises `TooMany`."""
    there = session.scalars(Obstacle.on(goal)).all()
    for one in there:
        if (one.hurdle, one.then) == (hurdle, then):
            return one
    if len(there) >= MOST_OBSTACLES:
        raise TooMany(len(there))
    pair = Obstacle(goal=goal, hurdle=hurdle, then=then)
    session.add(pair)
    goal.happened(Happened.PLANNED)
    session.flush()
    return pair
