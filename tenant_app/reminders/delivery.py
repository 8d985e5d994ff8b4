"""One step of the worker: claim what is due, word it in each tenant's language, send it, settle it."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.reminders.answers import Kind, Outcome
from tenant_app.reminders.models import Delivery, Notice, State, Subscription
from tenant_app.reminders.outbox import LEASE, Attempt, Tried, claim, settle
from tenant_app.reminders.push import Message, Postman
from tenant_app.reminders.wording import is_urgent, lock_screen_words
from tenant_app.web.house import House
from tenant_app.web.locale import language, speaking

log = structlog.get_logger()

BATCH = 500


@dataclass(frozen=True)
class Browser:
    """Where one push goes: a subscription, apart from any session."""

    id: UUID
    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True)
class Parcel:
    """One notice with its words and the browsers to try now; or without words, and with a verdict."""

    notice_id: UUID
    message: Message | None = None
    browsers: Sequence[Browser] = ()
    resting: Sequence[datetime] = ()
    taken: bool = False
    verdict: State | None = None


async def deliver_due(
    house: House, name: str, postman: Postman, *, most: int = BATCH, take_over: bool = True
) -> bool:
    """Claim a batch of due notices, send them, settle them. Returns whether more may be due.

    Needs an app context. `name` is this worker's own; `take_over` as in `outbox.claim`.
    """
    # Counted by a clock that nobody sets, and from before the lease: after this, nothing more is begun that
    # could still be on its way once another worker takes over.
    start_by = asyncio.get_running_loop().time() + LEASE.total_seconds() - 2 * postman.longest
    with house.database.step() as session:
        ids = claim(session, name, most, LEASE, take_over=take_over)
    if ids:
        await deliver(house, name, ids, postman, start_by=start_by)
    return len(ids) == most


async def deliver(
    house: House, name: str, ids: Sequence[UUID], postman: Postman, *, start_by: float = float("inf")
) -> None:
    """Send and settle notices that `name` has claimed. Needs an app context."""
    with house.database.session(reads_only=True) as session:
        parcels = pack(session, name, ids)
    tried = await asyncio.gather(*(_try(parcel, postman, start_by) for parcel in parcels))
    with house.database.step() as session:
        settle(session, name, tried)
    outcomes = Counter(str(attempt.outcome.kind) for one in tried for attempt in one.attempts)
    log.info("notices_tried", notices=len(tried), **outcomes)


def pack(session: Session, name: str, ids: Sequence[UUID]) -> list[Parcel]:
    """Look again at claimed notices and word what is still to be sent. What was withdrawn meanwhile is left
    out."""
    notices = session.scalars(
        select(Notice)
        .where(Notice.id.in_(ids), Notice.waits(), Notice.leased_by == name)
        .options(selectinload(Notice.tenant).lazyload(Tenant.building))
        .order_by(Notice.due_at, Notice.id)
    ).all()
    owners = {notice.tenant_id for notice in notices}
    browsers: defaultdict[UUID, list[Browser]] = defaultdict(list)
    for owned in session.scalars(
        select(Subscription)
        .where(Subscription.person_id.in_(owners))
        .order_by(Subscription.made_at, Subscription.id)
    ):
        browsers[owned.person_id].append(Browser(owned.id, owned.endpoint, owned.p256dh, owned.auth))
    earlier: defaultdict[UUID, list[Delivery]] = defaultdict(list)
    for delivery in session.scalars(
        select(Delivery).where(Delivery.notice_id.in_([notice.id for notice in notices if notice.tries > 1]))
    ):
        earlier[delivery.notice_id].append(delivery)
    return [_pack_one(notice, browsers[notice.tenant_id], earlier[notice.id]) for notice in notices]


def _pack_one(notice: Notice, browsers: Sequence[Browser], earlier: Sequence[Delivery]) -> Parcel:
    now = clock.now()
    if notice.tenant.left_at is not None:
        return Parcel(notice.id, verdict=State.WITHDRAWN)
    if notice.expires_at <= now:
        return Parcel(notice.id, verdict=State.MISSED)
    final = (Kind.ACCEPTED, Kind.REFUSED)
    settled = {delivery.subscription_id for delivery in earlier if delivery.outcome in final}
    resting = {
        delivery.subscription_id: delivery.again_at
        for delivery in earlier
        if delivery.again_at is not None and delivery.again_at > now
    }
    known = {browser.id for browser in browsers}
    taken = any(delivery.outcome == Kind.ACCEPTED for delivery in earlier)
    waits = [moment for browser_id, moment in resting.items() if browser_id in known]
    to_try = [browser for browser in browsers if browser.id not in settled | resting.keys()]
    if not to_try:
        return Parcel(notice.id, resting=waits, taken=taken)
    try:
        message = _word(notice)
    except Exception as error:
        # A feature that stumbles over one notice must not silence the others; and no words go to the log.
        log.error("notice_without_words", notice=str(notice.id), kind=notice.kind, error=type(error).__name__)
        return Parcel(notice.id, verdict=State.WAITING)
    return Parcel(notice.id, message, to_try, waits, taken)


def _word(notice: Notice) -> Message:
    """What a locked phone may show of a notice, in its tenant's language."""
    with speaking(notice.tenant.language):
        words, spoken = lock_screen_words(notice), language()
    return Message(
        title=words.title, body=words.body, address=words.address, source=notice.source, language=spoken.code,
        direction=spoken.direction, expires_at=notice.expires_at, urgent=is_urgent(notice), actions=words.actions,
    )  # fmt: skip


async def _try(parcel: Parcel, postman: Postman, start_by: float) -> Tried:
    message = parcel.message
    attempts = (
        await asyncio.gather(*(_attempt(browser, message, postman, start_by) for browser in parcel.browsers))
        if message is not None
        else ()
    )
    return Tried(parcel.notice_id, attempts, parcel.resting, parcel.taken, parcel.verdict)


async def _attempt(to: Browser, message: Message, postman: Postman, start_by: float) -> Attempt:
    try:
        return Attempt(to.id, await postman.send(to.endpoint, to.p256dh, to.auth, message, start_by=start_by))
    except Exception as error:
        # The postman promises never to raise. Should it break that promise, it does so for one browser only.
        log.error("push_failed", subscription=str(to.id), error=type(error).__name__)
        return Attempt(to.id, Outcome(Kind.LATER))
