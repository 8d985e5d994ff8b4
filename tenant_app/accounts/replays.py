"""What was done without a signal may arrive more than once. Under its key it is done once, and answered the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from tenant_app import clock
from tenant_app.accounts.models import Person
from tenant_app.database import Base, put_if_absent

KEPT_FOR = timedelta(days=30)
"""How long an answer is remembered; no phone keeps what it could not send for longer than that."""


class OtherBody(ValueError):
    """The key was used before, for something else."""


class Replay(Base):
    """A write that carried a key, and the first answer to it."""

    __tablename__ = "replay"

    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id, ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Made on the phone, one for each thing done there."""
    body_digest: Mapped[str] = mapped_column(String(64))
    """SHA-256, in hex, of what was asked."""
    status: Mapped[int] = mapped_column(default=0)
    """HTTP status of the first answer; 0 while it is being done."""
    location: Mapped[str] = mapped_column(String(2000), default="")
    """Where that answer led to, if anywhere."""
    words: Mapped[str] = mapped_column(String(400), default="")
    """What it said became of it, in the person's language; empty where nothing was said."""
    made_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)

    def answer(self, status: int, location: str, words: str = "") -> None:
        """It was done, or with a status from 400 on refused for good, and this is what was answered."""
        self.status, self.location, self.words = status, location[:2000], words[:400]


def begin(session: Session, person: Person, key: str, body_digest: str) -> Replay:
    """The replay of `person` under this key. With status 0 it is to be done now, in this transaction.

    Of two that arrive at the same moment one waits here for the other to end. Raises `OtherBody`.
    """
    found = None
    while found is None:  # it may be swept away, or undone, between these two lines
        put_if_absent(session, Replay, [
            {"person_id": person.id, "key": key, "body_digest": body_digest, "status": 0, "location": "",
             "words": "", "made_at": clock.now()}
        ])  # fmt: skip
        found = session.get(Replay, (person.id, key), with_for_update=True, populate_existing=True)
    if found.body_digest != body_digest:
        raise OtherBody(key)
    return found
