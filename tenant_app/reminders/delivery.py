"""What one worker has in hand: claimed, on its way, and settled as it ends."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Sequence
from uuid import UUID

import structlog

from tenant_app.reminders.answers import Kind, Outcome
from tenant_app.reminders.carriers import Carriers
from tenant_app.reminders.messages import Message
from tenant_app.reminders.outbox import LEASE, Attempt, Letter, Tried, claim, settle
from tenant_app.reminders.packing import Browser, Parcel, pack
from tenant_app.reminders.push import Postman
from tenant_app.web.house import House

log = structlog.get_logger()

BATCH = 500
SETTLES_AT = 250
"""Notices that have ended before they are written down together. Fewer would be a transaction each; more would be more
to repeat after a crash."""
MOST_IN_HAND = 2 * BATCH
"""Notices of one worker on their way at once: a batch of endpoints that hang does not keep it from the next."""
PATIENCE = 1.0
"""Seconds that a round waits for what is under way before the worker looks at its other work."""


class InHand:
    """Notices that one worker has claimed and not settled yet. Needs an app context.

    Each is settled soon after its own last answer, whatever the others wait for. `name` is the worker's own. Without
    `carriers`, no address stands in for phones.
    """

    def __init__(self, house: House, name: str, postman: Postman, carriers: Carriers | None = None) -> None:
        self._house, self._name, self._postman, self._carriers = house, name, postman, carriers
        self._under_way: set[asyncio.Task[Tried]] = set()
        self._ended: list[Tried] = []
        self._held: set[UUID] = set()
        """Ids of notices that are under way, or ended and not settled."""
        self._enough = asyncio.Event()
        self.workers_here = 1
        """Workers of this machine, each of which has a core to keep busy."""

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
        if len(ids) == BATCH:
            self._postman.sealer.begin(self.workers_here)
        await self.begin(ids, start_by=start_by)
        return len(ids) == most

    async def rest(self) -> None:
        """Nothing more is due: do without what is only wanted at nine o'clock."""
        if not self._under_way:
            await self._postman.sealer.end()

    async def begin(self, ids: Sequence[UUID], *, start_by: float = float("inf")) -> None:
        """Begin to send notices that this worker has claimed. One that it holds already, its lease having ended
        meanwhile, is not sent twice."""
        new = [one for one in ids if one not in self._held]
        for parcel in await asyncio.to_thread(self._pack, new) if new else ():
            self._held.add(parcel.notice_id)
            task = asyncio.create_task(self._try(parcel, start_by))
            self._under_way.add(task)
            task.add_done_callback(self._end)

    async def settle(self, *, leave: int = 0, patience: float = PATIENCE) -> None:
        """Write down what ends, until `leave` at most are under way or `patience` (seconds) is over."""
        seconds = asyncio.get_running_loop().time
        patient_until = seconds() + patience
        while len(self._under_way) > leave and seconds() < patient_until:
            self._enough.clear()
            if len(self._ended) < SETTLES_AT:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout_at(patient_until):
                        await self._enough.wait()
            await self._write_down()
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
            return pack(session, self._name, ids, self._carriers.offered if self._carriers else frozenset())

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
        self._held.difference_update(one.notice_id for one in tried)
        outcomes = Counter(str(attempt.outcome.kind) for one in tried for attempt in one.attempts)
        log.info("notices_tried", notices=len(tried), **outcomes)

    def _settle(self, tried: Sequence[Tried]) -> None:
        with self._house.database.step() as session:
            settle(session, self._name, tried)

    async def _try(self, parcel: Parcel, start_by: float) -> Tried:
        message = parcel.message
        attempts: Sequence[Attempt] = ()
        if message is not None and len(parcel.browsers) == 1:  # as most have: no need for a task within a task
            attempts = [await self._attempt(parcel.browsers[0], message, start_by)]
        elif message is not None:
            attempts = await asyncio.gather(*(self._attempt(one, message, start_by) for one in parcel.browsers))
        no_phone = parcel.given_up_on_phones({one.outcome.kind for one in attempts})
        letters = await self._write_to(parcel, start_by) if no_phone else ()
        return Tried(parcel.notice_id, attempts, letters, parcel.resting, parcel.taken, parcel.verdict)

    async def _write_to(self, parcel: Parcel, start_by: float) -> Sequence[Letter]:
        """To one address after the other, until one is taken."""
        letters: list[Letter] = []
        for post in parcel.post:
            assert parcel.message is not None
            assert self._carriers is not None
            outcome = await self._carriers.send(post.carrier, post.value, parcel.message, start_by=start_by)
            letters.append(Letter(post.address_id, outcome))
            if outcome.kind is Kind.ACCEPTED:
                break
        return letters

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
