"""Another place to stay, at our expense, where a home cannot be made safe in time (SI 2025/1042)."""

from __future__ import annotations

import enum
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Select, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.models import Worker
from tenant_app.database import Base, Id, one_of
from tenant_app.repairs.clocks.rules import tell, touch
from tenant_app.repairs.models import Repair


class StayAnswer(enum.StrEnum):
    """What the tenant said to the offer."""

    OFFERED = "offered"
    """Nothing yet."""
    ACCEPTED = "accepted"
    DECLINED = "declined"


class AlternativeStay(Base):
    """One offer of somewhere else to stay. Days are included, first and last."""

    __tablename__ = "repair_stay"

    id: Mapped[Id]
    repair_id: Mapped[UUID] = mapped_column(ForeignKey(Repair.id, ondelete="CASCADE"), index=True)
    place: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12), default="")
    first_on: Mapped[date]
    last_on: Mapped[date | None]
    """None: until it is safe at home."""
    answer: Mapped[StayAnswer] = mapped_column(one_of(StayAnswer, 10), default=StayAnswer.OFFERED)
    offered_at: Mapped[datetime] = mapped_column(default=clock.now)
    answered_at: Mapped[datetime | None]
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))

    worker: Mapped[Worker] = relationship()

    __table_args__ = (CheckConstraint("last_on >= first_on", "last"),)

    @classmethod
    def of(cls, repair: Repair) -> Select[AlternativeStay]:
        """All of a repair, newest first."""
        return select(cls).where(cls.repair_id == repair.id).order_by(cls.offered_at.desc(), cls.id.desc())


def offer_stay(
    session: Session, worker: Worker, repair: Repair, place: str, first_on: date, last_on: date | None = None, *,
    answer: StayAnswer = StayAnswer.OFFERED, language: str = "en",
) -> AlternativeStay:  # fmt: skip
    """Write down what was offered, and what the tenant said if they said it at once; they are told. Raises
    `ValueError` without a place, or for a stay that ends before it begins."""
    if not place.strip() or (last_on is not None and last_on < first_on):
        raise ValueError("a stay has a place, and ends after it begins")
    now = clock.now()
    stay = AlternativeStay(
        repair_id=repair.id, place=place, first_on=first_on, last_on=last_on, answer=answer, offered_at=now,
        answered_at=None if answer is StayAnswer.OFFERED else now, worker=worker, language=language,
    )  # fmt: skip
    session.add(stay)
    touch(repair)
    session.flush()
    tell(session, repair, "stay", stay.id.hex, worker)
    return stay


def change_stay(
    session: Session, repair: Repair, stay: AlternativeStay, answer: StayAnswer, last_on: date | None
) -> None:
    """What they said to it, and until when they stay. Raises `ValueError` for an end before the beginning."""
    if last_on is not None and last_on < stay.first_on:
        raise ValueError("a stay ends after it begins")
    if answer is not stay.answer:
        stay.answer, stay.answered_at = answer, clock.now()
    stay.last_on = last_on
    touch(repair)
    session.flush()
