"""The one door to web push (RFC 8030, 8291, 8292). All that is known of py_vapid stands here, and of pywebpush in
`sealing.py`.

Nothing that an endpoint or a key can do leaves this door as an exception: each send has an outcome, and the
outcome says whether trying again makes sense.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import math
import re
from collections import defaultdict
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

import structlog
from cryptography.hazmat.primitives import serialization
from py_vapid import Vapid
from yarl import URL

from tenant_app import clock
from tenant_app.keys import Keys, public_key
from tenant_app.reminders.answers import Kind, Outcome, judge
from tenant_app.reminders.endpoints import BadEndpoint, BadKeys, check, decode_keys, is_public, is_receiver, service_of
from tenant_app.reminders.messages import Message, plain
from tenant_app.reminders.sealer import Sealer
from tenant_app.reminders.sealing import CannotSeal
from tenant_app.reminders.wire import Dial, OutOfReach, Resolve, Terms, Wire
from tenant_app.settings import Settings

log = structlog.get_logger()

SECONDS_TO_CONNECT = 3.0
SECONDS_IN_ALL = 10.0
IN_FLIGHT = 200
"""Pushes on their way at once to one push service. Each has turns of its own: one that is slow or hostile holds up
nobody else's. More do not make a process faster."""
SILENCES, REST = 20, 30.0
"""After so many time-outs in a row at one host, nothing is tried there for so many seconds. It would fill the turns of
its service, and then the worker's hands, with notices that wait in vain, while those of other services wait behind."""
LONGEST_TTL = timedelta(days=28)
"""Google's push service answers 400 to more than four weeks."""
SIGNED_FOR = timedelta(hours=12)
"""RFC 8292 allows 24 hours; half of that leaves room for clocks that disagree."""
SIGNED_AGAIN = timedelta(hours=1)
MOST_AUDIENCES = 500
"""There are half a dozen push services; but under `*.` a subscription may name hosts without end."""
_NOWHERE = frozenset({"example", "internal", "invalid", "lan", "local", "localdomain", "localhost", "test"})
"""Last labels of domains that mean nothing outside (RFC 2606, RFC 6762, and habit)."""
_SAME_FOR_ALL = (
    "Content-Encoding: aes128gcm", "Content-Type: application/octet-stream", "User-Agent: Homeward",
    "Accept:", "Expect:",
)  # fmt: skip


def vapid_problem(contact: str) -> str | None:
    """What is wrong with a VAPID contact (RFC 8292, section 2.1), in words for an operator, or None.

    Apple answers 403 to contacts that are made up; `localhost` and its kin are better found here than there.
    """
    if not contact:
        return "HOMEWARD_VAPID_CONTACT is not set; push services want one: mailto:it@your-association.org"
    mail = re.fullmatch(r"mailto:[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([^@\s]+)", contact)
    page = re.fullmatch(r"https://([^/?#@\s:]+)(?::[0-9]{1,5})?(?:/[!-~]*)?", contact)
    found = mail or page
    if found is None:
        return "HOMEWARD_VAPID_CONTACT is neither mailto:name@domain nor https://domain"
    domain = found[1].lower()
    if not re.fullmatch(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:[a-z]{2,}|xn--[a-z0-9-]+)", domain):
        return f"HOMEWARD_VAPID_CONTACT names no real domain: {domain}"
    if domain.rpartition(".")[2] in _NOWHERE:
        return f"HOMEWARD_VAPID_CONTACT names a domain that nobody outside can reach: {domain}"
    return None


@dataclass(slots=True)
class _Station:
    """A host that pushes go to: found once, not for each push."""

    host: str
    port: int
    audience: str
    """Whom a signature is for (RFC 8292, 2): its origin."""
    wire: Wire
    turns: asyncio.Semaphore
    """Of its push service, which may have several hosts."""
    silences: int = 0
    """Time-outs since the last answer."""
    rests_until: float = 0.0
    """In the event loop's seconds."""

    def rest(self, now: float) -> float:
        """Seconds for which nothing should be tried there, as it hangs; 0 for whoever shall see how it is by now."""
        if self.silences < SILENCES:
            return 0.0
        if now < self.rests_until:
            return self.rests_until - now
        self.rests_until = now + REST
        return 0.0

    def heard(self) -> None:
        """It answered, whatever it said."""
        self.silences = 0

    def silent(self, now: float) -> None:
        """It did not answer in time."""
        self.silences += 1
        if self.silences == SILENCES:
            self.rests_until = now + REST
            log.warning("push_service_hangs", host=self.host, rests_s=REST)


class Postman:
    """Takes messages to push services over kept-alive connections: `async with Postman(...) as postman`.

    `settings.vapid_contact` has passed `vapid_problem`. The resolver, what opens sockets, and the limits (seconds;
    pushes on their way at once) are for tests.
    """

    def __init__(
        self, settings: Settings, keys: Keys, *, resolve: Resolve | None = None, dial: Dial | None = None,
        connect: float = SECONDS_TO_CONNECT, total: float = SECONDS_IN_ALL, in_flight: int = IN_FLIGHT,
    ) -> None:  # fmt: skip
        self.settings = settings
        self.longest = total
        """Seconds that one push takes at most."""
        self.sealer = Sealer()
        self._secret = hashlib.sha256(keys.seal.encode()).digest()
        self._signers = {public_key(key): _signer(key) for key in (*keys.vapid_before, keys.vapid)}
        self._current = keys.vapid_public
        self._signed: dict[tuple[str, str], tuple[datetime, str]] = {}
        self._alerted: dict[str, datetime] = {}
        # Waiting for a turn must not count as time to connect: turns are taken here, not in the client's pool.
        self._turns: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(in_flight))
        self._stations: dict[str, _Station] = {}
        self._wire = Wire(Terms(is_public), connect=connect, resolve=resolve, dial=dial)
        # Its private address and its authority are good for the association's own receiver alone.
        self._receiver_wire = Wire(
            Terms(lambda _: True, settings.push_receiver_ca), connect=connect, resolve=resolve, dial=dial
        )

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as opening:
            for wire in (self._wire, self._receiver_wire):
                await opening.enter_async_context(wire)
            opening.push_async_callback(self.sealer.end)
            self._open = opening.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.aclose()

    async def send(
        self, endpoint: str, p256dh: str, auth: str, message: Message, *, signed_with: str = "",
        start_by: float = math.inf,
    ) -> Outcome:  # fmt: skip
        """Take one message to one browser, unless it is later than `start_by` in the event loop's seconds.

        `signed_with` is the public VAPID key that the browser subscribed with: it takes pushes signed with no other.
        Never raises for anything that an endpoint, a key or a network can do.
        """
        try:
            url = check(endpoint, self.settings)
            point, secret = decode_keys(p256dh, auth)
        except (BadEndpoint, BadKeys) as error:
            log.warning("subscription_refused", why=str(error))
            return Outcome(Kind.REFUSED)
        seconds, station = asyncio.get_running_loop().time, self._station(url)
        host, topic = station.host, self._topic(message.source)
        sealed = self.sealer.ask(point, secret, plain(message, topic))
        async with station.turns:
            try:
                body = await sealed()
            except CannotSeal as error:
                log.warning("push_not_encrypted", host=host, error=str(error))
                return Outcome(Kind.REFUSED)
            now, left = seconds(), (message.expires_at - clock.now()).total_seconds()
            if left < 1 or now > start_by:
                return Outcome(Kind.UNTRIED)
            if rest := station.rest(now):
                return Outcome(Kind.LATER, wait=timedelta(seconds=rest))
            try:
                headers = [
                    f"Authorization: {self._signature(station.audience, signed_with)}",
                    f"TTL: {int(min(left, LONGEST_TTL.total_seconds()))}",
                    f"Urgency: {'high' if message.urgent else 'normal'}",
                    f"Topic: {topic}",
                    *_SAME_FOR_ALL,
                ]
                answer = await station.wire.post(host, station.port, str(url), headers, body, self.longest)
                station.heard()
            except OutOfReach as error:
                log.info("push_out_of_reach", host=host, error=str(error))
                if error.too_slow:
                    station.silent(seconds())
                return Outcome(Kind.LATER)
            except Exception as error:
                # Whatever it was, it concerns this one push and must not end the worker.
                log.error("push_failed", host=host, error=type(error).__name__)
                return Outcome(Kind.LATER)
        outcome = judge(answer.status, answer.headers.get("retry-after"))
        if outcome.kind is Kind.OPERATOR:
            self._alert(url, outcome)
        return outcome

    def _station(self, url: URL) -> _Station:
        """What there is to know of a checked address's host."""
        key = f"{url.raw_host}:{url.port}"
        known = self._stations.get(key)
        if known is None:
            host, port = url.raw_host or "", url.port or 443
            wire = self._receiver_wire if is_receiver(url, self.settings) else self._wire
            audience = f"https://{host}" + (f":{port}" if port != 443 else "")
            if len(self._stations) >= MOST_AUDIENCES:
                self._stations.clear()
            known = _Station(host, port, audience, wire, self._turns[service_of(host, self.settings)])
            self._stations[key] = known
        return known

    def _signature(self, audience: str, signed_with: str) -> str:
        """The VAPID header for a push service: signed once an hour, not for each push (RFC 8292, 4.2)."""
        # Browsers of before keys were written down know the first one, which comes first here.
        key = signed_with or next(iter(self._signers))
        if key not in self._signers:
            key = self._current
        now = clock.now()
        signed_at, header = self._signed.get((audience, key), (None, ""))
        if signed_at is None or not signed_at <= now < signed_at + SIGNED_AGAIN:
            until, contact = int((now + SIGNED_FOR).timestamp()), self.settings.vapid_contact
            header = self._signers[key].sign({"aud": audience, "exp": until, "sub": contact})["Authorization"]
            if len(self._signed) >= MOST_AUDIENCES:
                self._signed.clear()
            self._signed[audience, key] = now, header
        return header

    def _topic(self, source: str) -> str:
        """32 characters of base64url (RFC 8030, 5.4), keyed: nobody can try out what they stand for."""
        digest = hashlib.blake2b(source.encode(), digest_size=24, key=self._secret, person=b"reminder-topic")
        return base64.urlsafe_b64encode(digest.digest()).decode()

    def _alert(self, url: URL, outcome: Outcome) -> None:
        host, now = url.raw_host or "", clock.now()
        # Once a minute for each service: a hundred thousand lines would say no more.
        if host not in self._alerted or abs(now - self._alerted[host]) >= timedelta(minutes=1):
            self._alerted[host] = now
            log.error("vapid_refused", host=host, answer=outcome.answer, check="HOMEWARD_VAPID_CONTACT")


def _signer(private: str) -> Vapid:
    # Our own rules for the contact are stricter than py_vapid's, but it also refuses pages with a path.
    return Vapid(serialization.load_pem_private_key(private.encode(), password=None), conf={"no-strict": True})
