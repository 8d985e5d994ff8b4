"""What the two wrote down, and what each of them says of it. Whoever signs has read the text that they sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Person, Tenant, Worker
from tenant_app.support_plan.kinds import Side, Stage, Stand, Who
from tenant_app.support_plan.models import AgreedLine, PlanRecord, PlanReview, Signature
from tenant_app.support_plan.policy import DEFAULT, Policy
from tenant_app.support_plan.preparing import hold
from tenant_app.support_plan.reminding import ask_no_more, ask_to_sign, remind_no_more, say_ended

BACK_DATED = timedelta(days=60)
"""A meeting is written down within this time."""


class Closed(Exception):
    """The review is closed, and stays as it is."""


class Superseded(Exception):
    """The text is another by now than the one that was seen."""


class Unready(Exception):
    """The text is not complete: when they met, what was talked about, and when the next review is."""


class NotNow(Exception):
    """There is nothing to sign or to close at the moment: things changed while somebody was reading."""


@dataclass(frozen=True)
class Agreed:
    """One line of what was agreed."""

    who: Who
    what: str
    by: date | None = None


@dataclass(frozen=True)
class Draft:
    """What a worker writes down."""

    met_on: date | None = None
    talked: str = ""
    view: str = ""
    lines: Sequence[Agreed] = ()
    next_on: date | None = None


def write(
    session: Session, worker: Worker, review: PlanReview, draft: Draft, *, seen: int, language: str
) -> PlanRecord | None:  # fmt: skip
    """Write down what stands from now on. `seen` is the version that the worker's page showed, 0 for none. Signatures
    under an earlier text no longer count. What changes nothing is no other text: a double tap keeps both signatures.

    Raises `Superseded` where somebody wrote meanwhile, `Closed`. None for an empty draft where nothing stands.
    """
    hold(session, review)
    if not review.open:
        raise Closed
    now = review.record
    if draft_of(now) == _plain(draft):
        return now
    if review.version != seen:
        raise Superseded
    review.version += 1
    review.stage = Stage.WRITTEN if draft.met_on else Stage.AHEAD
    record = PlanRecord(
        review=review, version=review.version, worker=worker, met_on=draft.met_on, talked=draft.talked,
        view=draft.view, next_on=draft.next_on, language=language, written_at=clock.now(),
        lines=[AgreedLine(number=number, who=line.who, what=line.what, by=line.by)
               for number, line in enumerate(draft.lines, 1)],
    )  # fmt: skip
    session.add(record)
    session.flush()
    session.expire(review)
    ask_no_more(session, review)
    if review.met:
        remind_no_more(session, review)
    return record


def draft_of(record: PlanRecord | None) -> Draft:
    """What a record says."""
    if record is None:
        return Draft()
    lines = tuple(Agreed(line.who, line.what, line.by) for line in record.lines)
    return Draft(record.met_on, record.talked, record.view, lines, record.next_on)


def is_whole(record: PlanRecord | None) -> bool:
    """Whether it can be signed."""
    return record is not None and bool(record.met_on and record.talked and record.next_on)


def sign(session: Session, worker: Worker, review: PlanReview, *, seen: int) -> Signature:
    """The worker signs the text that they read, which the tenant may read from now on. Twice is once.

    Raises `Superseded` where the text is another by now, `Unready`, `Closed`.
    """
    hold(session, review)
    if not review.open:
        raise Closed
    if review.version != seen:
        raise Superseded
    signed = review.signed_by(Side.WORKER)
    if signed is not None:
        return signed
    if not is_whole(review.record):
        raise Unready
    review.stage = Stage.SIGNED
    signature = _put(session, review, worker, Side.WORKER, Stand.AGREES)
    ask_to_sign(session, review, worker)
    return signature


def answer(
    session: Session, tenant: Tenant, review: PlanReview, stand: Stand, words: str = "", *, language: str = "",
    seen: int,
) -> Signature:  # fmt: skip
    """What the tenant says of the text that they read. With their agreement the review is closed; otherwise the worker
    may answer first. Saying the same twice says it once.

    Raises `Superseded` where the text is another by now or is being changed, `NotNow` where they said something else
    before, `ValueError` where they see it otherwise and do not say in what.
    """
    if stand is Stand.DISAGREES and not words:
        raise ValueError("who signs with disagreement says in what")
    hold(session, review)
    said = review.signed_by(Side.TENANT)
    if said is not None and said.version == seen:
        if (said.stand, said.words) == (stand, words):
            return said
        raise NotNow
    if review.version != seen or review.stage is not Stage.SIGNED:
        raise Superseded
    signature = _put(session, review, tenant, Side.TENANT, stand, words, language)
    ask_no_more(session, review)
    if stand is Stand.AGREES:
        _close(session, review)
    else:
        review.stage = Stage.ANSWERED
        session.flush()
    return signature


def may_close_unanswered(review: PlanReview, policy: Policy = DEFAULT) -> bool:
    """Whether the tenant has had time enough, and said nothing."""
    signed = review.signed_by(Side.WORKER)
    waited = signed is not None and signed.signed_at <= clock.now() - timedelta(days=policy.unanswered_days)
    return review.stage is Stage.SIGNED and waited


def close(
    session: Session, worker: Worker, review: PlanReview, words: str, *, language: str, seen: int,
    policy: Policy = DEFAULT,
) -> None:  # fmt: skip
    """Close a review that the tenant sees otherwise, perhaps with an answer that stands beside theirs; or one that they
    have not answered for long, and then `words` say what was tried. Closing twice is once.

    Raises `Superseded` where the text is another by now, `NotNow` where neither is so, `ValueError` without words
    where they are needed.
    """
    hold(session, review)
    if not review.open:
        if review.closed_by_id == worker.id and review.reply == words:
            return
        raise NotNow
    if review.version != seen:
        raise Superseded
    if may_close_unanswered(review, policy):
        if not words:
            raise ValueError("a review without the tenant's word says what was tried")
    elif review.stage is not Stage.ANSWERED:
        raise NotNow
    review.reply, review.reply_language, review.closed_by = words, language if words else "", worker
    ask_no_more(session, review)
    _close(session, review)
    say_ended(session, review, worker)


def _put(
    session: Session, review: PlanReview, person: Person, side: Side, stand: Stand, words: str = "",
    language: str = "",
) -> Signature:  # fmt: skip
    signature = Signature(
        review=review, version=review.version, side=side, person=person, stand=stand, words=words,
        language=language if words else "", signed_at=clock.now(),
    )  # fmt: skip
    session.add(signature)
    session.flush()
    return signature


def _close(session: Session, review: PlanReview) -> None:
    assert review.record is not None
    review.stage, review.closed_at, review.due_again_on = Stage.CLOSED, clock.now(), review.record.next_on
    remind_no_more(session, review)
    session.flush()


def _plain(draft: Draft) -> Draft:
    return Draft(draft.met_on, draft.talked, draft.view, tuple(draft.lines), draft.next_on)
