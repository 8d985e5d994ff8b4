"""The one door to e-mail and SMS. Whatever a server does, each letter has an outcome, and nothing is raised."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

import structlog

from tenant_app import clock
from tenant_app.keys import Keys
from tenant_app.reminders.addresses import BadAddress, Carrier, read_address
from tenant_app.reminders.answers import Kind, Outcome
from tenant_app.reminders.letters import Letter, reminder_letter
from tenant_app.reminders.mail import Call, read_server
from tenant_app.reminders.messages import Message
from tenant_app.reminders.texting import ask_providers, call_webhook, webhook_problem
from tenant_app.reminders.wire import Terms, Wire
from tenant_app.settings import Settings

log = structlog.get_logger()

SECONDS_TO_CONNECT = 3.0
SECONDS_IN_ALL = 10.0
TURNS = 8
"""Letters on their way at once, by each carrier: mail servers refuse those who come with more."""
ALERT_EVERY = timedelta(minutes=1)

Sender = Callable[[str, Letter], Awaitable[Outcome]]


def offered(settings: Settings) -> frozenset[Carrier]:
    """Ways out that this association has set up, as far as can be told without knocking at any door."""
    found = set()
    try:
        if read_server(settings) is not None:
            found.add(Carrier.EMAIL)
    except ValueError:
        pass
    if settings.sms or (settings.sms_webhook and not webhook_problem(settings)):
        found.add(Carrier.SMS)
    return frozenset(found)


class Carriers:
    """Takes letters to mail servers and providers of SMS: `async with Carriers(settings, keys) as carriers`.

    The limits (seconds; letters on their way at once) are
    for tests. Raises `OSError` on entering if the mail server's authority cannot be read.
    """

    def __init__(
        self, settings: Settings, keys: Keys, *, total: float = SECONDS_IN_ALL, turns: int = TURNS
    ) -> None:
        self.settings, self.keys = settings, keys
        self.longest = total
        """Seconds that one letter takes at most, once it is its turn."""
        self.offered = offered(settings)
        self._turns = {carrier: asyncio.Semaphore(turns) for carrier in Carrier}
        self._crew = turns
        self._threads: dict[Carrier, ThreadPoolExecutor] = {}
        self._alerted: dict[Carrier, datetime] = {}
        self._senders: dict[Carrier, Sender] = {}
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        if Carrier.EMAIL in self.offered:
            self._server = read_server(self.settings)
            self._senders[Carrier.EMAIL] = self._mail
        if Carrier.SMS in self.offered:
            self._senders[Carrier.SMS] = self._webhook if self.settings.sms_webhook else self._providers
        # Threads of its own for each, or one that hangs would keep the other waiting.
        self._threads = {carrier: ThreadPoolExecutor(self._crew, str(carrier)) for carrier in self._senders}
        self._wire = await self._open.enter_async_context(
            # Whatever address the association's webhook has: the operator chose it, and nobody else can.
            Wire(Terms(lambda _: True, self.settings.sms_webhook_ca), connect=min(SECONDS_TO_CONNECT, self.longest))
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.aclose()
        for threads in self._threads.values():
            threads.shutdown(wait=False, cancel_futures=True)

    async def send(
        self, carrier: Carrier, value: str, message: Message, language: str = "", *, start_by: float = math.inf
    ) -> Outcome:
        """Take a reminder to an address, unless it is later than `start_by` in the event loop's seconds.

        `message` has passed the gate of `wording.lock_screen_words`; `language` is the message's own if empty. Never
        raises. Needs an app context.
        """
        try:
            letter = reminder_letter(self.settings, self.keys, carrier, value, message, language)
        except Exception as error:
            log.error("letter_without_words", carrier=str(carrier), error=type(error).__name__)
            return Outcome(Kind.LATER)
        return await self.deliver(carrier, value, letter, expires_at=message.expires_at, start_by=start_by)

    async def deliver(
        self, carrier: Carrier, value: str, letter: Letter, *, expires_at: datetime | None = None,
        start_by: float = math.inf,
    ) -> Outcome:  # fmt: skip
        """Take a letter that is worded already. Never raises."""
        sender = self._senders.get(carrier)
        try:
            to = read_address(carrier, value)
        except BadAddress:
            return Outcome(Kind.REFUSED)
        if sender is None:
            return self._told(carrier, Outcome(Kind.OPERATOR))
        async with self._turns[carrier]:
            late = expires_at is not None and expires_at - clock.now() < timedelta(seconds=1)
            if late or asyncio.get_running_loop().time() > start_by:
                return Outcome(Kind.UNTRIED)
            try:
                outcome = await sender(to, letter)
            except (TimeoutError, OSError) as error:
                log.info("carrier_out_of_reach", carrier=str(carrier), error=type(error).__name__)
                outcome = Outcome(Kind.LATER)
            except Exception as error:
                # Whatever it was, it concerns this one letter and must not end the worker.
                log.error("letter_failed", carrier=str(carrier), error=type(error).__name__)
                outcome = Outcome(Kind.LATER)
        return self._told(carrier, outcome)

    async def _mail(self, to: str, letter: Letter) -> Outcome:
        assert self._server is not None
        call = Call()
        try:
            return await self._in_thread(Carrier.EMAIL, call.deliver, self._server, to, letter)
        except TimeoutError:
            return call.outcome or Outcome(Kind.LATER)
        finally:
            call.cut()

    async def _providers(self, to: str, letter: Letter) -> Outcome:
        return await self._in_thread(Carrier.SMS, ask_providers, self.settings.sms, to, letter)

    async def _webhook(self, to: str, letter: Letter) -> Outcome:
        return await call_webhook(self._wire, self.settings, to, letter, self.longest)

    async def _in_thread(self, carrier: Carrier, work: Callable[..., Outcome], *given: object) -> Outcome:
        """What blocks, away from the loop, and for no longer than `longest`."""
        task = asyncio.get_running_loop().run_in_executor(self._threads[carrier], work, *given)
        return await asyncio.wait_for(task, self.longest)

    def _told(self, carrier: Carrier, outcome: Outcome) -> Outcome:
        now = clock.now()
        last = self._alerted.get(carrier)
        if outcome.kind is Kind.OPERATOR and (last is None or abs(now - last) >= ALERT_EVERY):
            self._alerted[carrier] = now
            log.error("carrier_refuses_us", carrier=str(carrier), answer=outcome.answer, check="homeward check")
        return outcome


def deliver_now(settings: Settings, keys: Keys, carrier: Carrier, value: str, letter: Letter) -> Outcome:
    """Take one letter while a page waits for it, at most `SECONDS_IN_ALL`. The caller holds no transaction."""

    async def go() -> Outcome:
        async with Carriers(settings, keys, turns=1) as carriers:
            return await carriers.deliver(carrier, value, letter)

    return asyncio.run(go())
