"""What is said around a session: how a tenant felt, which is theirs, and what people thought of it, which is nobody's.

No worker sees a mood unless its tenant agrees (`Category.CHECK_INS`). Feedback is anonymous, in the database too.
"""

from __future__ import annotations

import enum
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tenant_app import clock
from tenant_app.database import Base, Id, one_of
from tenant_app.groups.models import Booking, GroupSession


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


class Said(enum.StrEnum):
    """An answer to either question of the feedback."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class SessionFeedback(Base):
    """What one person, and nobody knows who, thought of a session.

    It holds no person, no booking, no language and no time, and its id, unlike others, tells no order.
    """

    __tablename__ = "session_feedback"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    session_id: Mapped[UUID] = mapped_column(ForeignKey(GroupSession.id, ondelete="CASCADE"), index=True)
    helped: Mapped[Said] = mapped_column(one_of(Said, 8))
    welcome: Mapped[Said] = mapped_column(one_of(Said, 8))
    words: Mapped[str] = mapped_column(String(200), default="")


class FeedbackGiven(Base):
    """That one more booking of a session has answered, so that each answers once. Which one, the database cannot tell:
    the token is made with a secret of the house. Kept only while the session may still be answered about."""

    __tablename__ = "feedback_given"

    session_id: Mapped[UUID] = mapped_column(ForeignKey(GroupSession.id, ondelete="CASCADE"), primary_key=True)
    token: Mapped[str] = mapped_column(String(64), primary_key=True)
