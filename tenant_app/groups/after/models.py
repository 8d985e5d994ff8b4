"""How a tenant felt before and after a session. Theirs: no worker sees it unless they agree (`Category.CHECK_INS`)."""

from __future__ import annotations

import enum
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tenant_app import clock
from tenant_app.database import Base, Id, one_of
from tenant_app.groups.models import Booking


class Moment(enum.StrEnum):
    """When it was asked."""

    BEFORE = "before"
    AFTER = "after"


class Mood(enum.StrEnum):
    """Five plain words, from the lowest up. Homeward's own, and no licensed scale: they are never added up."""

    VERY_LOW = "very_low"
    LOW = "low"
    IN_BETWEEN = "in_between"
    GOOD = "good"
    VERY_GOOD = "very_good"

    @property
    def height(self) -> int:
        """Where it stands in a picture, 1 to 5."""
        return list(Mood).index(self) + 1


class SessionMood(Base):
    """One tap: how a tenant felt before or after one session."""

    __tablename__ = "session_mood"

    id: Mapped[Id]
    booking_id: Mapped[UUID] = mapped_column(ForeignKey(Booking.id, ondelete="CASCADE"))
    moment: Mapped[Moment] = mapped_column(one_of(Moment, 8))
    mood: Mapped[Mood] = mapped_column(one_of(Mood, 12))
    said_at: Mapped[datetime] = mapped_column(default=clock.now)

    __table_args__ = (UniqueConstraint("booking_id", "moment"),)
