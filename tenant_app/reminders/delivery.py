"""What one worker has in hand: claimed, worded in each tenant's language, on its way, and settled as it ends."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.reminders.answers import Kind, Outcome
from tenant_app.reminders.models import Delivery, Notice, State, Subscription
from tenant_app.reminders.outbox import LEASE, Attempt, Tried, claim, settle
from tenant_app.reminders.push import Message, Postman
from tenant_app.reminders.wording import Words, is_urgent, lock_screen_words
from tenant_app.web.house import House
from tenant_app.web.locale import language_of, speaking

log = structlog.get_logger()

BATCH = 500
SETTLES_AT = 250
"""Notices that have ended before they are written down together. Fewer would be a transaction each; more would be more
to repeat after a crash."""
MOST_IN_HAND = 2 * BATCH
"""Notices of one worker on their way at once: a batch of endpoints that hang does not keep it from the next."""
PATIENCE = 1.0
"""Seconds that a round waits for what is under way before the worker looks at its other work."""


@dataclass(frozen=True)
class Browser:
    """Where one push goes: a subscription, apart from any session."""

    id: UUID
    endpoint: str
    p256dh: str
    auth: str
    signed_with: str


@dataclass(frozen=True)
class Parcel:
    """One notice with its words and the browsers to try now; or without words, and with a verdict."""

    notice_id: UUID
    message: Message | None = None
    browsers: Sequence[Browser] = ()
    resting: Sequence[datetime] = ()
    taken: bool = False
    verdict: State | None = None


class InHand:
    """Notices that one worker has claimed and not settled yet. Needs an app context.

    Each is settled soon after its own last answer, whatever the others wait for. `name` is the worker's own.
    """

    def __init__(self, house: House, name: str, postman: Postman) -> None:
        self._house, self._name, self._postman = house, name, postman
        self._under_way: set[asyncio.Task[Tried]] = set()
        self._ended: list[Tried] = []
        self._enough = asyncio.Event()

    def __len__(self) -> int:
        return len(self._under_way) + len(self._ended)

    async def take(self, most: int = BATCH, *, take_over: bool = True) -> bool:
        """Claim a batch of due notices and begin to send them. Returns whether more may be due.

        `take_over` as in `outbox.claim`. With `MOST_IN_HAND` in hand, nothing is claimed.
        """
        if len(self) >= MOST_IN_HAND:
            return True
        # Counted by a clock that nobody sets, and from before the lease: after this, nothing more is begun that
        # could still be on its way once another worker takes over.
        start_by = asyncio.get_running_loop().time() + LEASE.total_seconds() - 2 * self._postman.longest
        ids = await asyncio.to_thread(self._claim, most, take_over)
        await self.begin(ids, start_by=start_by)
        return len(ids) == most

    async def begin(self, ids: Sequence[UUID], *, start_by: float = float("inf")) -> None:
        """Begin to send notices that this worker has claimed."""
        for parcel in await asyncio.to_thread(self._pack, ids) if ids else ():
            task = asyncio.create_task(self._try(parcel, start_by))
            self._under_way.add(task)
            task.add_done_callback(self._end)

    async def settle(self, *, patience: float = PATIENCE) -> None:
        """Write down what ends, until half a batch at most is left or `patience` (seconds) is over."""
        seconds = asyncio.get_running_loop().time
        patient_until = seconds() + patience
        while self._under_way and seconds() < patient_until:
            self._enough.clear()
            if len(self._ended) < SETTLES_AT:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout_at(patient_until):
                        await self._enough.wait()
            await self._write_down()
            if len(self._under_way) <= BATCH // 2:
                return
        await self._write_down()

    async def finish(self) -> None:
        """Wait for all that is under way, and settle it."""
        while self._under_way:
            await self.settle(patience=self._postman.longest)
        await self._write_down()

    def _end(self, task: asyncio.Task[Tried]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            self._ended.append(task.result())
        if len(self._ended) >= SETTLES_AT or not self._under_way:
            self._enough.set()

    def _claim(self, most: int, take_over: bool) -> list[UUID]:
        with self._house.database.step() as session:
            return claim(session, self._name, most, LEASE, take_over=take_over)

    def _pack(self, ids: Sequence[UUID]) -> list[Parcel]:
        with self._house.database.session(reads_only=True) as session:
            return pack(session, self._name, ids)

    async def _write_down(self) -> None:
        tried, self._ended = self._ended, []
        if not tried:
            return
        try:
            await asyncio.to_thread(self._settle, tried)
        except Exception:
            # The database is away for a moment: what ended is still known here, and its leases still hold.
            self._ended = tried + self._ended
            raise
        outcomes = Counter(str(attempt.outcome.kind) for one in tried for attempt in one.attempts)
        log.info("notices_tried", notices=len(tried), **outcomes)

    def _settle(self, tried: Sequence[Tried]) -> None:
        with self._house.database.step() as session:
            settle(session, self._name, tried)

    async def _try(self, parcel: Parcel, start_by: float) -> Tried:
        message = parcel.message
        attempts = (
            await asyncio.gather(*(self._attempt(browser, message, start_by) for browser in parcel.browsers))
            if message is not None
            else ()
        )
        return Tried(parcel.notice_id, attempts, parcel.resting, parcel.taken, parcel.verdict)

    async def _attempt(self, to: Browser, message: Message, start_by: float) -> Attempt:
        try:
            outcome = await self._postman.send(
                to.endpoint, to.p256dh, to.auth, message, signed_with=to.signed_with, start_by=start_by
            )
        except Exception as error:
            # The postman promises never to raise. Should it break that promise, it does so for one browser only.
            log.error("push_failed", subscription=str(to.id), error=type(error).__name__)
            outcome = Outcome(Kind.LATER)
        return Attempt(to.id, outcome)


def pack(session: Session, name: str, ids: Sequence[UUID]) -> list[Parcel]:
    """Look again at claimed notices and word what is still to be sent. What was withdrawn meanwhile is left out.

    Rows are read as columns, and what says the same in the same language is worded once: at nine o'clock thousands of
    notices differ in nothing but whom they are for.
    """
    notices = session.execute(
        select(
            Notice.id, Notice.tenant_id, Notice.kind, Notice.source, Notice.occurrence, Notice.facts, Notice.due_at,
            Notice.expires_at, Notice.tries, Tenant.language, Tenant.named_on_lock_screen, Tenant.left_at,
        )
        .join(Tenant, Tenant.id == Notice.tenant_id)
        .where(Notice.id.in_(ids), Notice.waits(), Notice.leased_by == name)
        .order_by(Notice.due_at, Notice.id)
    ).all()  # fmt: skip
    browsers: defaultdict[UUID, list[Browser]] = defaultdict(list)
    for owned in session.execute(
        select(
            Subscription.person_id, Subscription.id, Subscription.endpoint, Subscription.p256dh, Subscription.auth,
            Subscription.signed_with,
        )
        .where(Subscription.person_id.in_({notice.tenant_id for notice in notices}))
        .order_by(Subscription.made_at, Subscription.id)
    ):  # fmt: skip
        browsers[owned.person_id].append(Browser(owned.id, owned.endpoint, owned.p256dh, owned.auth, owned.signed_with))
    earlier: defaultdict[UUID, list[Delivery]] = defaultdict(list)
    again = [notice.id for notice in notices if notice.tries > 1]
    for delivery in session.scalars(select(Delivery).where(Delivery.notice_id.in_(again))) if again else ():
        earlier[delivery.notice_id].append(delivery)
    worded: dict[tuple[object, ...], Words] = {}
    return [_pack_one(notice, browsers[notice.tenant_id], earlier[notice.id], worded) for notice in notices]


def _pack_one(
    notice: Row[Any], browsers: Sequence[Browser], earlier: Sequence[Delivery], worded: dict[tuple[object, ...], Words]
) -> Parcel:
    now = clock.now()
    if notice.left_at is not None:
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
        message = _word(notice, worded)
    except Exception as error:
        # A feature that stumbles over one notice must not silence the others; and no words go to the log.
        log.error("notice_without_words", notice=str(notice.id), kind=notice.kind, error=type(error).__name__)
        return Parcel(notice.id, verdict=State.WAITING)
    return Parcel(notice.id, message, to_try, waits, taken)


def _word(notice: Row[Any], worded: dict[tuple[object, ...], Words]) -> Message:
    """What a locked phone may show of a notice, in its tenant's language."""
    same = (
        notice.kind, notice.occurrence, notice.due_at, json.dumps(notice.facts, sort_keys=True), notice.language,
        notice.named_on_lock_screen,
    )  # fmt: skip
    if same not in worded:
        with speaking(notice.language):
            worded[same] = lock_screen_words(notice, named=notice.named_on_lock_screen)
    words = worded[same]
    spoken = language_of(notice.language)
    return Message(
        title=words.title, body=words.body, address=words.address, source=notice.source, language=spoken.code,
        direction=spoken.direction, expires_at=notice.expires_at, urgent=is_urgent(notice.kind),
    )  # fmt: skip
