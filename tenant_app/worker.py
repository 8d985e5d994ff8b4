"""The loop that makes reminders happen: plan ahead, keep the books, close what came too late, deliver what is due."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

import structlog
import uvloop
from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError

from tenant_app import clock, tables
from tenant_app.accounts.rules import sweep
from tenant_app.books import books_of
from tenant_app.database import put_if_absent
from tenant_app.reminders.carriers import Carriers
from tenant_app.reminders.delivery import BATCH, InHand
from tenant_app.reminders.models import Heartbeat
from tenant_app.reminders.outbox import LEASE, expire, next_due
from tenant_app.reminders.push import Postman, vapid_problem
from tenant_app.reminders.rules import SILENCE, plan_ahead
from tenant_app.rent.importing.refusals import forget_refusals
from tenant_app.settings import Settings
from tenant_app.support.record.orphans import sweep_orphans
from tenant_app.web.face import open_face
from tenant_app.web.house import House

log = structlog.get_logger()

__all__ = ["Worker", "run"]

SHORTEST_PAUSE, LONGEST_PAUSE = 0.2, 2.0
"""Seconds between rounds while nothing is to be done."""
BUSY_SECONDS = 2.0
"""How long one batch follows the other, at nine o'clock, before the worker looks at its other work."""
BEAT_EVERY = timedelta(seconds=15)
SWEEP_EVERY = timedelta(hours=1)
BOOKS_EVERY = timedelta(minutes=1)
STEPS = ("beat", "sweep", "plan", "expire", "keep_books")
"""Of each round, before what is due is delivered."""
FORGOTTEN_AFTER = timedelta(days=1)
"""Signs of life of processes that are no more."""
CLOCK_STEP_SECONDS = 5.0

assert tables.metadata.tables, "features register their tables and words by being imported"


class Worker:
    """One worker process. Each step can be called by itself and says whether work remains."""

    def __init__(self, settings: Settings | None = None, name: str = "") -> None:
        self.app = open_face("tenant_app", rooms=[], settings=settings, gate=None)
        self.house: House = self.app.extensions["homeward"]
        # No two processes ever share a name, not even one and its successor: by it a worker knows its leases.
        self.name = name or f"{_machine()}{os.getpid()}-{secrets.token_hex(3)}"
        self.problem = vapid_problem(self.house.settings.vapid_contact)
        self.workers_here = 1
        """Workers of this machine that are alive, this one among them."""
        self._stopping = False
        self._stop: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._beaten_at: datetime | None = None
        self._swept_at: datetime | None = None
        self._books_kept_at: datetime | None = None
        self._clocks: tuple[datetime, float] | None = None
        self._trusts_from = 0.0

    def plan(self) -> bool:
        """Write the notices of the next days."""
        with self.house.database.step() as session:
            return plan_ahead(session)

    def expire(self) -> bool:
        """Close notices whose window is over."""
        with self.house.database.step() as session:
            return expire(session)

    def beat(self) -> bool:
        """Show a sign of life, unless the last one is fresh. Never leaves work."""
        now = clock.now()
        # By how far apart they are: set back by an hour, the clock must not silence a worker for an hour.
        if self._beaten_at is not None and abs(now - self._beaten_at) < BEAT_EVERY:
            return False
        with self.house.database.step() as session:
            if not put_if_absent(session, Heartbeat, [{"name": self.name, "beat_at": now}]):
                session.get_one(Heartbeat, self.name).beat_at = now
            session.execute(delete(Heartbeat).where(Heartbeat.beat_at < now - FORGOTTEN_AFTER))
            here = Heartbeat.name.startswith(_machine(), autoescape=True)
            names = session.scalars(select(Heartbeat.name).where(here, Heartbeat.beat_at > now - SILENCE)).all()
        self.workers_here = max(sum(_lives(name) for name in names), 1)
        self._beaten_at = now
        return False

    def sweep(self) -> bool:
        """Throw away what no way in needs any more, about once an hour. Never leaves work."""
        now = clock.now()
        if self._swept_at is not None and abs(now - self._swept_at) < SWEEP_EVERY:
            return False
        with self.house.database.step() as session:
            sweep(session)
            forget_refusals(session)
        with self.house.database.session(reads_only=True) as session:
            sweep_orphans(session, self.house.settings)
        self.house.database.take_stock()
        self._swept_at = now
        return False

    def keep_books(self) -> bool:
        """What has to be done as days go by (`books.py`), about once a minute. Returns whether more is to be done at
        once."""
        now = clock.now()
        if self._books_kept_at is not None and abs(now - self._books_kept_at) < BOOKS_EVERY:
            return False
        chores = books_of(self.house)
        work_remains = False
        for name, chore in chores.items():
            try:
                with self.house.database.step() as session:
                    work_remains |= chore(session)
            except Exception:
                log.exception("chore_failed", chore=name)
        if not work_remains:
            self._books_kept_at = now
        return work_remains

    async def deliver(self, in_hand: InHand | None) -> bool:
        """Begin to send what is due, settle what has ended. Without hands nothing is claimed, and notices wait out
        their window."""
        if in_hand is None:
            return False
        seconds = asyncio.get_running_loop().time
        until = seconds() + BUSY_SECONDS
        # First what ended while the database was away: once its leases are over, it would be claimed and sent again.
        await in_hand.settle(patience=0)
        more = True
        while more and not self._stopping and seconds() < until:
            try:
                in_hand.workers_here = self.workers_here
                more = await in_hand.take(take_over=self._leases_can_be_judged())
            finally:
                # Whatever keeps new ones from being taken, what has ended must be written down. While more is due, the
                # next batch is fetched with one still on its way, or the line to the phones would go quiet.
                await in_hand.settle(leave=BATCH if more else 0)
        return more or len(in_hand) > 0

    async def go_round(self, in_hand: InHand | None) -> bool:
        """Every step once. One that fails is logged and does not keep the others from their work."""
        work_remains = False
        steps: dict[str, Callable[[], Awaitable[bool]]] = {
            # In a thread: what is on its way to phones does not wait for the database.
            **{step: partial(asyncio.to_thread, getattr(self, step)) for step in STEPS},
            "deliver": lambda: self.deliver(in_hand),
        }
        for name, step in steps.items():
            try:
                work_remains |= await step()
            except Exception:
                log.exception("worker_step_failed", step=name)
        return work_remains

    def run(self, once: bool = False) -> None:
        """Work until told to stop; with `once`, until nothing more is to be done now. Blocks."""
        try:
            uvloop.run(self._work(once))
        finally:
            self.house.database.close()

    def stop(self) -> None:
        """Finish the batch in hand and end. From any thread."""
        self._stopping = True
        if self._loop is not None and self._stop is not None:
            with contextlib.suppress(RuntimeError):  # it has ended already
                self._loop.call_soon_threadsafe(self._stop.set)

    async def _work(self, once: bool) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self._listen_for_signals(self._loop)
        # What was made by now stays for good: looking through it for garbage again and again took a third of the time
        # of everything that asks the database.
        gc.freeze()
        log.info("worker_started", name=self.name)
        if self.problem is not None:
            log.error("reminders_cannot_be_sent", why=self.problem)
        async with contextlib.AsyncExitStack() as open_things:
            open_things.enter_context(self.app.app_context())
            in_hand: InHand | None = None
            if self.problem is None:
                postman = await open_things.enter_async_context(Postman(self.house.settings, self.house.keys))
                carriers = await open_things.enter_async_context(Carriers(self.house.settings, self.house.keys))
                in_hand = InHand(self.house, self.name, postman, carriers)
                open_things.push_async_callback(in_hand.finish)
            while not self._stopping:
                if await self.go_round(in_hand):
                    continue
                if once:
                    break
                if in_hand is not None:
                    with contextlib.suppress(Exception):  # it is only a process too many
                        await in_hand.rest()
                pause = await asyncio.to_thread(self.pause)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stop.wait(), pause)
        log.info("worker_stopped", name=self.name)

    def pause(self) -> float:
        """Seconds to wait for the next round: until something is due, and `LONGEST_PAUSE` at most, for news comes at
        any moment."""
        if self.problem is not None:
            return LONGEST_PAUSE
        try:
            with self.house.database.session(reads_only=True) as session:
                due_at = next_due(session)
        except SQLAlchemyError:
            return LONGEST_PAUSE
        if due_at is None:
            return LONGEST_PAUSE
        # What is due and was not taken may not be this worker's to take; without a pause it would ask all day.
        return min(max((due_at - clock.now()).total_seconds(), SHORTEST_PAUSE), LONGEST_PAUSE)

    def _listen_for_signals(self, loop: asyncio.AbstractEventLoop) -> None:
        if threading.current_thread() is not threading.main_thread():
            return

        def end() -> None:
            self.stop()
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)  # whoever asks a second time means it

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, end)

    def _leases_can_be_judged(self) -> bool:
        """Whether the clock went evenly for as long as a lease lasts.

        When it was just set forward, every lease seems to have ended, and taking them over would send twice
        what another worker is sending this moment.
        """
        wall, steady = clock.now(), time.monotonic()
        if self._clocks is not None:
            stepped = (wall - self._clocks[0]).total_seconds() - (steady - self._clocks[1])
            if abs(stepped) > CLOCK_STEP_SECONDS:
                log.warning("clock_was_set", seconds=round(stepped))
                self._trusts_from = steady + LEASE.total_seconds()
        self._clocks = wall, steady
        return steady >= self._trusts_from


def _machine() -> str:
    """With what the names of this machine's workers begin."""
    return f"{socket.gethostname()[:20]}-"


def _lives(name: str) -> bool:
    """Whether the process of a worker of this machine is still there: one that has ended beat a moment ago, too."""
    try:
        os.kill(int(name.removeprefix(_machine()).partition("-")[0]), 0)
    except (ValueError, ProcessLookupError):
        return False
    except OSError:  # not ours to signal, but there
        return True
    return True


def run(settings: Settings | None = None, once: bool = False) -> None:
    """Work until SIGTERM or SIGINT, or with `once` until nothing is left to do now."""
    Worker(settings).run(once)
