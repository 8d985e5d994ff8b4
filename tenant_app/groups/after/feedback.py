"""Feedback that nobody can trace: who may give it, how it is kept, and what staff may see of it.

An answer and the mark that somebody has answered are written together, so what they share could tell one from the
other: an order, a time, the number of a transaction (PostgreSQL keeps one in each row), a place in the file. So with
each new answer all answers and all marks of that session are written anew, under new ids and in a random order. They
then share everything with each other.
"""

from __future__ import annotations

import hashlib
import hmac
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import Table, case, delete, func, insert, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Worker
from tenant_app.database import Base
from tenant_app.groups.after.models import FeedbackGiven, Said, SessionFeedback
from tenant_app.groups.models import Booking, GroupSession
from tenant_app.groups.places import held

LASTS = timedelta(days=7)
"""How long after its end one may say how a session was."""
FEWEST = 3
"""Below this many answers it could be guessed who gave them. Above it none may be seen to arrive either: whoever looks
before and after one answer knows what it says, and perhaps whose it is."""
LONGEST = 200
"""Letters of the sentence."""

_chance = random.SystemRandom()


class NotNow(ValueError):
    """The session is not over, or too long over; or they had no place and did not come."""


class Answered(ValueError):
    """This booking has answered already. Nothing was changed."""


@dataclass(frozen=True)
class Feedback:
    """What people thought of one session. The sentences stand by themselves: with which answers, nobody is told."""

    answers: int
    helped: Mapping[Said, int]
    welcome: Mapping[Said, int]
    sentences: Sequence[str]


def may_answer(booking: Booking) -> bool:
    """Whether it is time: from the end of the session for a week, for whoever came or has not been marked."""
    group_session = booking.group_session
    elsewhere = booking.attendance is not None and not booking.attendance.came
    if group_session.cancelled or not booking.listed or elsewhere:
        return False
    return group_session.ends_at <= clock.now() < group_session.ends_at + LASTS


def has_answered(session: Session, booking: Booking, secret: str) -> bool:
    """Whether this booking has answered. `secret` is the house's seal; without it nobody can tell."""
    mark = FeedbackGiven.session_id == booking.session_id, FeedbackGiven.token == _token(booking, secret)
    return session.scalar(select(FeedbackGiven.token).where(*mark)) is not None


def answer(
    session: Session, booking: Booking, secret: str, *, helped: Said, welcome: Said, words: str = ""
) -> None:
    """Keep one answer for good: it cannot be found again to be changed. Raises `NotNow` or `Answered`.

    Nothing that names the person may be written in the same transaction.
    """
    if not may_answer(booking):
        raise NotNow(booking.session_id)
    # One after the other: of two taps at the same moment the second finds the mark of the first.
    group_session = held(session, booking.group_session)
    if has_answered(session, booking, secret):
        raise Answered(booking.session_id)
    said = {"helped": helped, "welcome": welcome, "words": words}
    kept = [
        {"helped": each.helped, "welcome": each.welcome, "words": each.words}
        for each in session.scalars(select(SessionFeedback).where(SessionFeedback.session_id == group_session.id))
    ]
    tokens = session.scalars(select(FeedbackGiven.token).where(FeedbackGiven.session_id == group_session.id)).all()
    _write_anew(session, SessionFeedback, group_session.id, [{"id": uuid4(), **each} for each in (*kept, said)])
    _write_anew(
        session, FeedbackGiven, group_session.id, [{"token": each} for each in (*tokens, _token(booking, secret))]
    )
    _forget_old_marks(session)


def shown_from(group_session: GroupSession) -> datetime:
    """When answers may first be read: once nobody can add one any more."""
    return group_session.ends_at + LASTS


def feedback_on(session: Session, group_session: GroupSession) -> Feedback | None:
    """What may be shown to who runs it or coordinates: None before `shown_from`, and below `FEWEST` answers."""
    if clock.now() < shown_from(group_session):
        return None
    found = session.scalars(
        select(SessionFeedback).where(SessionFeedback.session_id == group_session.id).order_by(SessionFeedback.id)
    ).all()
    if len(found) < FEWEST:
        return None
    return Feedback(
        len(found), Counter(each.helped for each in found), Counter(each.welcome for each in found),
        [each.words for each in found if each.words],
    )  # fmt: skip


def helped_by_kind(session: Session, worker: Worker, start: datetime, end: datetime) -> dict[str, tuple[int, int]]:
    """Of sessions that this worker runs, or coordinates, starting from `start` to before `end`: kind to (who said that
    it helped, who answered). Left out is a session with fewer than `FEWEST` answers, or before it is `shown_from`."""
    mine = GroupSession.ever_run_by(worker).where(GroupSession.starts_at >= start, GroupSession.starts_at < end)
    ids = mine.with_only_columns(GroupSession.id).order_by(None)
    shown = clock.now() - LASTS
    yes = func.sum(case((SessionFeedback.helped == Said.YES, 1), else_=0))
    each = (
        select(GroupSession.kind, yes.label("yes"), func.count().label("answers"))
        .join(SessionFeedback, SessionFeedback.session_id == GroupSession.id)
        .where(GroupSession.id.in_(ids), GroupSession.cancelled_at.is_(None), GroupSession.ends_at <= shown)
        .group_by(GroupSession.id, GroupSession.kind)
        .having(func.count() >= FEWEST)
        .subquery()
    )
    summed = select(each.c.kind, func.sum(each.c.yes), func.sum(each.c.answers)).group_by(each.c.kind)
    return {kind: (int(said_yes), int(answers)) for kind, said_yes, answers in session.execute(summed)}


def _token(booking: Booking, secret: str) -> str:
    # A purpose of its own: what is made here opens nothing else.
    key = hashlib.sha256(b"feedback:" + secret.encode()).digest()
    return hmac.new(key, booking.id.bytes, hashlib.sha256).hexdigest()


def _write_anew(session: Session, table: type[Base], session_id: UUID, rows: list[dict[str, Any]]) -> None:
    session.execute(delete(table).where(cast("Any", table).session_id == session_id))
    _chance.shuffle(rows)
    session.execute(insert(cast("Table", table.__table__)), [{"session_id": session_id, **row} for row in rows])


def _forget_old_marks(session: Session) -> None:
    """Marks of sessions that nobody may answer about any more serve nothing."""
    past = select(GroupSession.id).where(GroupSession.ends_at <= clock.now() - LASTS)
    session.execute(delete(FeedbackGiven).where(FeedbackGiven.session_id.in_(past)))
