"""The table of notices as a queue: workers claim what is due, settle what they did, close what came too late.

Any number of workers share it. A claim is a lease: whoever dies with it has it taken over, so a crash means a
repeat and never a loss.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete, or_, select, update
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.bulk import among, put_or_replace
from tenant_app.database import put_if_absent
from tenant_app.reminders.addresses import note_outcome
from tenant_app.reminders.answers import Kind, Outcome
from tenant_app.reminders.models import Delivery, LostChannel, Notice, State, Subscription, notice_values

LEASE = timedelta(seconds=60)
"""How long a worker has for one batch before others may think it dead."""
LONGEST_LEASE = timedelta(minutes=10)
"""A lease that seems to last longer was given before the clock was set back."""

OUTAGE = "reminders.outage"
"""Kind of notice: some reminders were never sent, because no worker was there."""
TOLD_FOR = timedelta(hours=24)

WORKED_LATELY = timedelta(minutes=10)
"""How exactly the last time that a browser worked is kept."""

FIRST_PAUSE = timedelta(seconds=20)
LONGEST_PAUSE = timedelta(minutes=15)

_DELIVERIES = cast("Table", Delivery.__table__)
_chance = random.SystemRandom()
_PLAINLY = {"synchronize_session": False}
"""Rows are changed in the database alone: no session holds them as objects."""


@dataclass(frozen=True)
class Attempt:
    """What one browser's push service made of a notice."""

    subscription_id: UUID
    outcome: Outcome


@dataclass(frozen=True)
class Letter:
    """What a mail server or a provider of SMS made of a notice that no phone took."""

    address_id: UUID
    outcome: Outcome


@dataclass(frozen=True)
class Tried:
    """What a worker did about one notice that it had claimed."""

    notice_id: UUID
    attempts: Sequence[Attempt] = ()
    letters: Sequence[Letter] = ()
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

    Without `take_over`, those that another worker holds are left alone even if its lease has ended by the
    clock. Two workers that claim at once never get the same notice: on PostgreSQL they skip each other's
    locked rows, on SQLite their transactions queue (see `database.py`).
    """
    now = clock.now()
    free = _not_held(now) if take_over else Notice.leased_until.is_(None)
    due = (
        select(Notice.id)
        .where(Notice.waits(), Notice.try_at <= now, Notice.expires_at > now, free)
        .order_by(Notice.try_at)
        .limit(most)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    leased = session.scalars(
        update(Notice)
        .where(Notice.id.in_(select(due.c.id)))
        .values(leased_until=now + lease, leased_by=worker_name, tries=Notice.tries + 1)
        .returning(Notice.id)
        .execution_options(**_PLAINLY)
    )
    return list(leased)


def next_due(session: Session) -> datetime | None:
    """When (UTC) the next notice is worth trying, or was, of those that no worker holds; None if none waits."""
    return session.scalar(
        select(Notice.try_at).where(Notice.waits(), _not_held(clock.now())).order_by(Notice.try_at).limit(1)
    )


def expire(session: Session, most: int = 2000) -> bool:
    """Close waiting notices whose window is over: MISSED, so that none is sent late. Returns whether more remain.

    Those in a worker's hands are left to it while its lease lasts. Tenants whose notices no worker ever touched, for
    none was there, are told so once a day, instead of a pile of things that are over.
    """
    now = clock.now()
    over = session.execute(
        select(Notice.id, Notice.tenant_id, Notice.tries)
        .where(Notice.waits(), Notice.expires_at <= now, _not_held(now))
        .order_by(Notice.expires_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    _close(session, [notice.id for notice in over], State.MISSED)
    slept_through = {notice.tenant_id for notice in over if not notice.tries}
    put_if_absent(session, Notice, [
        notice_values(tenant, OUTAGE, f"{OUTAGE}:{tenant}", f"{now:%Y-%m-%d}", now, TOLD_FOR, {})
        for tenant in sorted(slept_through)
    ])  # fmt: skip
    return len(over) == most


def settle(session: Session, worker_name: str, tried: Sequence[Tried]) -> None:
    """Write down what became of claimed notices and of the browsers they went to. The caller commits.

    SENT if any browser took it, UNDELIVERED if none is left to try; otherwise it goes on waiting until the
    first browser may be asked again, or its window closes. What was withdrawn meanwhile stays so. Browsers
    that are gone are deleted, and their owner is told.
    """
    now = clock.now()
    # Locked in one order everywhere, or two workers that settle for one person could wait for each other.
    notices = {row.id: row for row in session.execute(
        select(Notice.id, Notice.tries, Notice.expires_at, Notice.leased_by)
        .where(among(Notice.id, [one.notice_id for one in tried])).order_by(Notice.id).with_for_update()
    )}  # fmt: skip
    browsers = {row.id: row for row in session.execute(
        select(Subscription.id, Subscription.person_id, Subscription.device)
        .where(among(Subscription.id, {attempt.subscription_id for one in tried for attempt in one.attempts}))
        .order_by(Subscription.id).with_for_update()
    )}  # fmt: skip
    closing: dict[State, list[UUID]] = {}
    told: dict[tuple[UUID, UUID], dict[str, Any]] = {}
    for one in tried:
        notice = notices.get(one.notice_id)
        if notice is None:  # erased with the tenant it was for
            continue
        pauses = [_pause(attempt.outcome, notice.tries, now) for attempt in one.attempts]
        letter_pauses = [_pause(letter.outcome, notice.tries, now) for letter in one.letters]
        state = _verdict(one)
        mine = notice.leased_by == worker_name  # else it was taken over, and is the other worker's to settle
        if state is State.SENT or (mine and state is not State.WAITING):  # sent is sent, whoever holds it by now
            closing.setdefault(state, []).append(notice.id)
        elif mine:
            asked_to = [pause for pause in (*pauses, *letter_pauses) if pause]
            again = [*one.resting, *asked_to] or [now + _back_off(notice.tries)]
            _put_back(session, notice.id, min(*again, notice.expires_at))
        # By both, for a worker that slept through its leases may have tried one notice twice; the later try counts.
        told |= {
            (notice.id, attempt.subscription_id): {
                "notice_id": notice.id, "subscription_id": attempt.subscription_id, "tried_at": now, "again_at": pause,
                "outcome": str(attempt.outcome.kind), "answer": attempt.outcome.answer,
            }
            for attempt, pause in zip(one.attempts, pauses, strict=True)
            if attempt.subscription_id in browsers and attempt.outcome.kind not in (Kind.GONE, Kind.UNTRIED)
        }  # fmt: skip
        for letter in one.letters:
            note_outcome(session, letter.address_id, letter.outcome, now)
    for state, ids in closing.items():
        _close(session, ids, state)
    # One row for each notice and browser; a later try overwrites an earlier one.
    put_or_replace(session, _DELIVERIES, list(told.values()))
    attempts = [attempt for one in tried for attempt in one.attempts if attempt.subscription_id in browsers]
    _mark_working(session, attempts, now)
    gone = {attempt.subscription_id for attempt in attempts if attempt.outcome.kind is Kind.GONE}
    if gone:
        session.execute(delete(Subscription).where(among(Subscription.id, gone)), execution_options=_PLAINLY)
        for lost in (browsers[one] for one in gone):
            session.add(LostChannel(person_id=lost.person_id, device=lost.device, lost_at=now))


def _verdict(one: Tried) -> State:
    outcomes = [attempt.outcome for attempt in one.attempts] + [letter.outcome for letter in one.letters]
    kinds = {outcome.kind for outcome in outcomes}
    if one.verdict is not None:
        return one.verdict
    if one.taken or Kind.ACCEPTED in kinds:
        return State.SENT
    if one.resting or kinds & {Kind.LATER, Kind.OPERATOR, Kind.UNTRIED}:
        return State.WAITING
    return State.UNDELIVERED


def _pause(outcome: Outcome, tries: int, now: datetime) -> datetime | None:
    """When this browser may be asked again; None where that makes no sense."""
    if outcome.kind is Kind.UNTRIED:
        return now
    if outcome.kind not in (Kind.LATER, Kind.OPERATOR):
        return None
    if outcome.wait is None:
        return now + _back_off(tries)
    # A little later than asked, each by another little, or all who were sent away together return together.
    return now + max(outcome.wait, timedelta(seconds=1)) * _chance.uniform(1, 1.1)


def _back_off(tries: int) -> timedelta:
    """Twice as long after each try, and never the same for two notices."""
    pause = min(FIRST_PAUSE * 2 ** min(max(tries - 1, 0), 10), LONGEST_PAUSE)
    return pause * _chance.uniform(0.75, 1.25)


def _not_held(now: datetime) -> ColumnElement[bool]:
    until = Notice.leased_until
    return or_(until.is_(None), until <= now, until > now + LONGEST_LEASE)


def _put_back(session: Session, notice_id: UUID, again: datetime) -> None:
    session.execute(
        update(Notice)
        .where(Notice.id == notice_id)
        .values(try_at=again, leased_until=None)
        .execution_options(**_PLAINLY)
    )


def _close(session: Session, ids: Sequence[UUID], state: State) -> None:
    open_states = (State.WAITING, State.MISSED) if state is State.SENT else (State.WAITING,)
    if ids:
        session.execute(
            update(Notice)
            .where(among(Notice.id, ids), Notice.state.in_(open_states))
            .values(state=state, settled_at=clock.now(), leased_until=None)
            .execution_options(**_PLAINLY)
        )


def _mark_working(session: Session, attempts: Sequence[Attempt], now: datetime) -> None:
    worked = {one.subscription_id for one in attempts if one.outcome.kind is Kind.ACCEPTED}
    kinds = (Kind.LATER, Kind.OPERATOR, Kind.REFUSED)
    failed = {one.subscription_id for one in attempts if one.outcome.kind in kinds} - worked
    if worked:
        session.execute(
            update(Subscription)
            .where(
                among(Subscription.id, worked),
                # The minute is not worth a write each time: what counts is whether it works these days.
                or_(
                    Subscription.failing_since.is_not(None),
                    Subscription.worked_at.is_(None),
                    Subscription.worked_at < now - WORKED_LATELY,
                ),
            )
            .values(worked_at=now, failing_since=None),
            execution_options=_PLAINLY,
        )
    if failed:
        session.execute(
            update(Subscription)
            .where(among(Subscription.id, failed), Subscription.failing_since.is_(None))
            .values(failing_since=now),
            execution_options=_PLAINLY,
        )
