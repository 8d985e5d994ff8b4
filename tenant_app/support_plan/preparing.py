"""What a tenant does before the two meet: write, show it, take it back, or rather talk. Nothing of it is a must."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Worker
from tenant_app.support_plan.kinds import Question
from tenant_app.support_plan.models import PlanReview, PreparedAnswer


class TooLate(Exception):
    """The two have met, or the review is closed."""


class Changed(Exception):
    """They wrote on this question in another place meanwhile; `now` is what stands there."""

    def __init__(self, now: PreparedAnswer) -> None:
        super().__init__(now.question)
        self.now = now


def prepare(
    session: Session, review: PlanReview, question: Question, words: str, *, language: str, seen: int
) -> PreparedAnswer:  # fmt: skip
    """Keep what the tenant writes on one question. `seen` is the version that their page showed, 0 for none.

    Raises `Changed` where there is another by now with other words; `TooLate` once the review is closed, or the two
    have met and it was shown.
    """
    hold(session, review)
    if not review.may_prepare:
        raise TooLate
    kept = session.get(PreparedAnswer, (review.id, question), populate_existing=True)
    if kept is None:
        kept = PreparedAnswer(review=review, question=question, version=0)
        session.add(kept)
    elif kept.words == words:
        return kept
    elif kept.version != seen:
        raise Changed(kept)
    kept.words, kept.language, kept.written_at = words, language if words else "", clock.now()
    kept.version += 1
    session.flush()
    return kept


def show(session: Session, review: PlanReview, worker: Worker) -> None:
    """I am ready to look at this together: `worker`, who is their keyworker, may read what was prepared from now on.
    Twice keeps the first moment. Raises `TooLate` once the review is closed."""
    hold(session, review)
    if not review.open:
        raise TooLate
    if review.ready_for_id != worker.id or review.ready_at is None:
        review.ready_at, review.ready_for = clock.now(), worker
    session.flush()


def take_back(session: Session, review: PlanReview) -> None:
    """What was prepared is private again. Raises `TooLate` once the two have met: it was talked about then."""
    hold(session, review)
    if review.met:
        raise TooLate
    review.ready_at = review.ready_for = None
    session.flush()


def rather_talk(session: Session, review: PlanReview, *, talks: bool) -> None:
    """I would rather talk; or I write after all. Raises `TooLate` once the two have met."""
    hold(session, review)
    if review.met:
        raise TooLate
    review.rather_talks_at = (review.rather_talks_at or clock.now()) if talks else None
    session.flush()


def hold(session: Session, review: PlanReview) -> None:
    """Let nobody else change this review until the transaction ends, and see what it is now."""
    rows = PlanReview.__table__
    session.execute(select(rows.c.id).where(rows.c.id == review.id).with_for_update())
    session.expire(review)
