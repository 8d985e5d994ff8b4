"""The table of notices as a queue: workers claim what is due, settle what they did, and close what came too late.

Any number of workers share it. A claim is a lease: whoever dies with it has it taken over, so a crash means a repeat
and never a loss.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.reminders.answers import Kind, Outcome
from tenant_app.reminders.models import Delivery, LostChannel, Notice, State, Subscription

LEASE = timedelta(seconds=60)
"""How long a worker has for one batch before others may think it dead."""
LONGEST_LEASE = timedelta(minutes=10)
"""A lease that seems to last longer was given before the clock was set back."""

FIRST_PAUSE = timedelta(seconds=20)
LONGEST_PAUSE = timedelta(minutes=15)

_chance = random.SystemRandom()


@dataclass(frozen=True)
class Attempt:
    """What one browser's push service made of a notice."""

    subscription_id: UUID
    outcome: Outcome


@dataclass(frozen=True)
class Tried:
    """What a worker did about one notice that it had claimed."""

    notice_id: UUID
    attempts: Sequence[Attempt] = ()
    resting: Sequence[datetime] = ()
    """When browsers that could not be asked this time may be asked again."""
    taken: bool = False
    """Whether a browser had taken it at an earlier try."""
    verdict: State | None = None
    """Set where it was not a matter of trying: WITHDRAWN, MISSED; WAITING if its words could not be found."""


def claim(
    session: Session, worker_name: str, most: int = 500, lease: timedelta = LEASE, *, take_over: bool = True
) -> list[UUID]:
    """Lease at most `most` due notices to a worker, those that wait longest first. The caller commits.

    Without `take_over`, those that another worker holds are left alone even if its lease has ended by the clock.
    Two workers that claim at once never get the same notice: on PostgreSQL they skip each other's locked rows, on
    SQLite their transactions queue (see `database.py`).
    """
    now = clock.now()
    free = Notice.leased_until.is_(None)
    if take_over:
        free = or_(free, Notice.leased_until <= now, Notice.leased_until > now + LONGEST_LEASE)
    ids = session.scalars(
        select(Notice.id)
        .where(Notice.waits(), Notice.try_at <= now, Notice.expires_at > now, free)
        .order_by(Notice.try_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    if ids:
        session.execute(
            update(Notice)
            .where(Notice.id.in_(ids))
            .values(leased_until=now + lease, leased_by=worker_name, tries=Notice.tries + 1)
            .execution_options(synchronize_session=False)
        )
    return list(ids)


def expire(session: Session, most: int = 2000) -> bool:
    """Close waiting notices whose window is over: MISSED, so that none is sent late. Returns whether more remain.

    Those in a worker's hands are left to it while its lease lasts.
    """
    now = clock.now()
    ids = session.scalars(
        select(Notice.id)
        .where(Notice.waits(), Notice.expires_at <= now, _not_held(now))
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    _close(session, ids, State.MISSED)
    return len(ids) == most


def settle(session: Session, worker_name: str, tried: Sequence[Tried]) -> None:
    """Write down what became of claimed notices and of the browsers they went to. The caller commits, once for all.

    SENT if any browser took it, UNDELIVERED if none is left to try; otherwise it goes on waiting until the first
    browser may be asked again, or its window closes. What was withdrawn meanwhile stays so. Browsers that are gone
    are deleted, and their owner is told.
    """
    now = clock.now()
    # Locked in one order everywhere, or two workers that settle for the same person could wait for each other.
    notices = {row.id: row for row in session.execute(
        select(Notice.id, Notice.state, Notice.tries, Notice.expires_at, Notice.leased_by)
        .where(Notice.id.in_([one.notice_id for one in tried])).order_by(Notice.id).with_for_update()
    )}  # fmt: skip
    browsers = {row.id: row for row in session.execute(
        select(Subscription.id, Subscription.person_id, Subscription.device)
        .where(Subscription.id.in_({attempt.subscription_id for one in tried for attempt in one.attempts}))
        .order_by(Subscription.id).with_for_update()
    )}  # fmt: skip
    closing: dict[State, list[UUID]] = {}
    told: list[Delivery] = []
    for one in tried:
        notice = notices.get(one.notice_id)
        if notice is None:  # erased with the tenant it was for
            continue
        pauses = [_pause(notice, attempt.outcome, now) for attempt in one.attempts]
        state = _verdict(one)
        if state is not State.WAITING:
            closing.setdefault(state, []).append(notice.id)
        elif notice.state is State.WAITING and notice.leased_by == worker_name:
            again = [*one.resting, *(pause for pause in pauses if pause)] or [now + _back_off(notice.tries)]
            _put_back(session, notice, min(again))
        told += [
            Delivery(notice_id=notice.id, subscription_id=attempt.subscription_id, outcome=str(attempt.outcome.kind),
                     answer=attempt.outcome.answer, tried_at=now, again_at=pause)
            for attempt, pause in zip(one.attempts, pauses, strict=True)
            if attempt.subscription_id in browsers and attempt.outcome.kind not in (Kind.GONE, Kind.UNTRIED)
        ]  # fmt: skip
    for state, ids in closing.items():
        _close(session, ids, state)
    _note(session, told)
    _mark_browsers(session, browsers, [attempt for one in tried for attempt in one.attempts], now)


def _verdict(one: Tried) -> State:
    kinds = {attempt.outcome.kind for attempt in one.attempts}
    if one.verdict is not None:
        return one.verdict
    if one.taken or Kind.ACCEPTED in kinds:
        return State.SENT
    if one.resting or kinds & {Kind.LATER, Kind.OPERATOR, Kind.UNTRIED}:
        return State.WAITING
    return State.UNDELIVERED


def _pause(notice: Row[Any], outcome: Outcome, now: datetime) -> datetime | None:
    """When this browser may be asked again; None where that makes no sense."""
    if outcome.kind is Kind.UNTRIED:
        return now
    if outcome.kind not in (Kind.LATER, Kind.OPERATOR):
        return None
    if outcome.wait is None:
        return now + _back_off(notice.tries)
    # A little later than asked, each by another little: everybody who was sent away together would come back together.
    return now + max(outcome.wait, timedelta(seconds=1)) * _chance.uniform(1, 1.1)


def _back_off(tries: int) -> timedelta:
    """Twice as long after each try, and never the same for two notices."""
    pause = min(FIRST_PAUSE * 2 ** min(max(tries - 1, 0), 10), LONGEST_PAUSE)
    return pause * _chance.uniform(0.75, 1.25)


def _not_held(now: datetime) -> Any:
    return or_(Notice.leased_until.is_(None), Notice.leased_until <= now, Notice.leased_until > now + LONGEST_LEASE)


def _put_back(session: Session, notice: Row[Any], again: datetime) -> None:
    session.execute(
        update(Notice)
        .where(Notice.id == notice.id)
        .values(try_at=min(again, notice.expires_at), leased_until=None)
        .execution_options(synchronize_session=False)
    )


def _close(session: Session, ids: Sequence[UUID], state: State) -> None:
    open_states = (State.WAITING, State.MISSED) if state is State.SENT else (State.WAITING,)
    if ids:
        session.execute(
            update(Notice)
            .where(Notice.id.in_(ids), Notice.state.in_(open_states))
            .values(state=state, settled_at=clock.now(), leased_until=None)
            .execution_options(synchronize_session=False)
        )


def _note(session: Session, told: Sequence[Delivery]) -> None:
    known = {
        (row.notice_id, row.subscription_id)
        for row in session.execute(
            select(Delivery.notice_id, Delivery.subscription_id)
            .where(Delivery.notice_id.in_({new.notice_id for new in told}))
        )
    }  # fmt: skip
    for new in told:
        if (new.notice_id, new.subscription_id) in known:
            session.merge(new)
        else:
            session.add(new)
    session.flush()


def _mark_browsers(
    session: Session, browsers: dict[UUID, Row[Any]], attempts: Sequence[Attempt], now: datetime
) -> None:
    of_kind: dict[Kind, set[UUID]] = {}
    for attempt in attempts:
        if attempt.subscription_id in browsers:
            of_kind.setdefault(attempt.outcome.kind, set()).add(attempt.subscription_id)
    worked = of_kind.get(Kind.ACCEPTED, set())
    failed = (of_kind.get(Kind.LATER, set()) | of_kind.get(Kind.OPERATOR, set()) | of_kind.get(Kind.REFUSED, set())) - worked
    gone = of_kind.get(Kind.GONE, set())
    plainly = {"synchronize_session": False}
    if worked:
        session.execute(
            update(Subscription).where(Subscription.id.in_(worked)).values(worked_at=now, failing_since=None),
            execution_options=plainly,
        )
    if failed:
        session.execute(
            update(Subscription)
            .where(and_(Subscription.id.in_(failed), Subscription.failing_since.is_(None)))
            .values(failing_since=now),
            execution_options=plainly,
        )
    if gone:
        session.execute(delete(Subscription).where(Subscription.id.in_(gone)), execution_options=plainly)
        session.add_all(
            LostChannel(person_id=browsers[one].person_id, device=browsers[one].device, lost_at=now) for one in gone
        )
