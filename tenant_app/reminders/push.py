"""The one door to web push (RFC 8030, 8291, 8292). All that is known of pywebpush and py_vapid stands here.

Nothing that an endpoint or a key can do leaves this door as an exception: each send has an outcome, and the
outcome says whether trying again makes sense.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import json
import math
import re
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

import aiohttp
import structlog
from aiohttp.abc import AbstractResolver
from cryptography.hazmat.primitives import serialization
from py_vapid import Vapid
from pywebpush import WebPusher
from yarl import URL

from tenant_app import clock
from tenant_app.keys import Keys
from tenant_app.reminders.answers import Kind, Outcome, judge
from tenant_app.reminders.endpoints import (
    BadEndpoint,
    BadKeys,
    PublicResolver,
    check,
    check_keys,
    is_receiver,
)
from tenant_app.reminders.wording import Action
from tenant_app.settings import Settings

log = structlog.get_logger()

SECONDS_TO_CONNECT = 3.0
SECONDS_IN_ALL = 10.0
CONNECTIONS = 200
"""Pushes on their way at once. More do not make one process faster: its HTTP client is the bound."""
LARGEST_ANSWER = 2048
"""Bytes that are read of an answer. What matters is its status."""
LONGEST_TTL = timedelta(days=28)
"""Google's push service answers 400 to more than four weeks."""
SIGNED_FOR = timedelta(hours=12)
"""RFC 8292 allows 24 hours; half of that leaves room for clocks that disagree."""
SIGNED_AGAIN = timedelta(hours=1)
MOST_AUDIENCES = 500
"""There are half a dozen push services; but under `*.` a subscription may name hosts without end."""
_NOWHERE = frozenset({"example", "internal", "invalid", "lan", "local", "localdomain", "localhost", "test"})
"""Last labels of domains that mean nothing outside (RFC 2606, RFC 6762, and habit)."""
LONGEST_TITLE, LONGEST_BODY, LONGEST_ADDRESS = 120, 400, 400
"""Characters. An encrypted message has to stay below 4,096 bytes, and a letter may take four."""
LARGEST_PLAIN = 3900
"""Bytes before encryption, which adds 103 of its own."""
MOST_ACTIONS = 2
"""Buttons that a notification shows on Android."""


@dataclass(frozen=True)
class Message:
    """What is to be shown on a lock screen, and how it travels."""

    title: str
    body: str
    address: str
    """Path of the tenants' door that a tap leads to."""
    language: str
    direction: str
    source: str
    """What it is about. Travels only as a digest: as `Topic` and as the notification's tag, so that a repeat
    replaces its twin, at the push service and on the phone."""
    expires_at: datetime
    urgent: bool = False
    actions: tuple[Action, ...] = ()
    """Buttons that answer at once. Left out where there is no room for them."""


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


class Postman:
    """Takes messages to push services over kept-alive connections: `async with Postman(...) as postman`.

    `settings.vapid_contact` has passed `vapid_problem`. The resolver and the limits (seconds; pushes on their
    way at once) are for tests. Raises `OSError` on entering if the receiver's authority cannot be read.
    """

    def __init__(
        self, settings: Settings, keys: Keys, *, resolver: AbstractResolver | None = None,
        connect: float = SECONDS_TO_CONNECT, total: float = SECONDS_IN_ALL, connections: int = CONNECTIONS,
    ) -> None:  # fmt: skip
        self.settings = settings
        self.longest = total
        """Seconds that one push takes at most."""
        self._connect = connect
        self._resolver = resolver
        self._secret = hashlib.sha256(keys.seal.encode()).digest()
        # Our own rules for the contact are stricter than py_vapid's, but it also refuses pages with a path.
        self._vapid = Vapid(
            serialization.load_pem_private_key(keys.vapid.encode(), password=None), conf={"no-strict": True}
        )
        self._signed: dict[str, tuple[datetime, str]] = {}
        self._alerted: dict[str, datetime] = {}
        # Waiting for a turn must not count as time to connect: turns are taken here, not in aiohttp's pool.
        self._turns = asyncio.Semaphore(connections)
        self._receiver_tls: ssl.SSLContext | bool = True

    async def __aenter__(self) -> Self:
        if self.settings.push_receiver_ca:
            # Trusted for the receiver alone: nobody else may show a certificate of that authority.
            self._receiver_tls = ssl.create_default_context(cafile=self.settings.push_receiver_ca)
        resolver = PublicResolver(self.settings, self._resolver)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=resolver, limit=0, keepalive_timeout=60),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def send(
        self, endpoint: str, p256dh: str, auth: str, message: Message, *, start_by: float = math.inf
    ) -> Outcome:
        """Take one message to one browser, unless it is later than `start_by` in the event loop's seconds.

        Never raises for anything that an endpoint, a key or a network can do.
        """
        try:
            url = check(endpoint, self.settings)
            keys = check_keys(p256dh, auth)
        except (BadEndpoint, BadKeys) as error:
            log.warning("subscription_refused", why=str(error))
            return Outcome(Kind.REFUSED)
        async with self._turns:
            left = message.expires_at - clock.now()
            if left < timedelta(seconds=1) or asyncio.get_running_loop().time() > start_by:
                return Outcome(Kind.UNTRIED)
            try:
                body = self._seal(url, keys, message)
            except Exception as error:
                # pywebpush lets through whatever its libraries raise: IndexError, ValueError, TypeError...
                log.error("push_not_encrypted", host=url.raw_host, error=type(error).__name__)
                return Outcome(Kind.REFUSED)
            try:
                outcome = await self._post(url, self._headers(url, message), body)
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                log.info("push_out_of_reach", host=url.raw_host, error=type(error).__name__)
                return Outcome(Kind.LATER)
            except Exception as error:
                # Whatever it was, it concerns this one push and must not end the worker.
                log.error("push_failed", host=url.raw_host, error=type(error).__name__)
                return Outcome(Kind.LATER)
        if outcome.kind is Kind.OPERATOR:
            self._alert(url, outcome)
        return outcome

    async def _post(self, url: URL, headers: dict[str, str], body: bytes) -> Outcome:
        seconds = asyncio.get_running_loop().time
        began = seconds()
        try:
            return await self._post_once(url, headers, body, self.longest)
        except (aiohttp.ServerDisconnectedError, ConnectionResetError):
            # A kept-alive connection may close at the very moment it is used again. A second one tells
            # whether it was that; if the first push arrived after all, its topic makes them one.
            return await self._post_once(url, headers, body, max(self.longest - (seconds() - began), 0.01))

    async def _post_once(self, url: URL, headers: dict[str, str], body: bytes, longest: float) -> Outcome:
        tls = self._receiver_tls if is_receiver(url, self.settings) else True
        limits = aiohttp.ClientTimeout(total=longest, connect=self._connect, ceil_threshold=math.inf)
        async with self._session.post(
            url, data=body, headers=headers, allow_redirects=False, ssl=tls, timeout=limits
        ) as response:
            # Read for the sake of the connection, which can be used again only if nothing is left in it.
            with contextlib.suppress(aiohttp.ClientError, TimeoutError, OSError, ValueError):
                left = LARGEST_ANSWER
                while left > 0 and (piece := await response.content.read(left)):
                    left -= len(piece)
            return judge(response.status, response.headers.get("Retry-After"))

    def _headers(self, url: URL, message: Message) -> dict[str, str]:
        return {
            "Authorization": self._signature(url),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(int(min(message.expires_at - clock.now(), LONGEST_TTL).total_seconds())),
            "Urgency": "high" if message.urgent else "normal",
            "Topic": self._topic(message.source),
            "User-Agent": "Homeward",
        }

    def _signature(self, url: URL) -> str:
        """The VAPID header for a push service: signed once an hour, not for each push (RFC 8292, 4.2)."""
        audience = f"https://{url.raw_host}" + (f":{url.port}" if url.port != 443 else "")
        now = clock.now()
        signed_at, header = self._signed.get(audience, (None, ""))
        if signed_at is None or not signed_at <= now < signed_at + SIGNED_AGAIN:
            until, contact = int((now + SIGNED_FOR).timestamp()), self.settings.vapid_contact
            header = self._vapid.sign({"aud": audience, "exp": until, "sub": contact})["Authorization"]
            if len(self._signed) >= MOST_AUDIENCES:
                self._signed.clear()
            self._signed[audience] = now, header
        return header

    def _seal(self, url: URL, keys: tuple[str, str], message: Message) -> bytes:
        address = message.address
        if not address.startswith("/") or address.startswith("//") or len(address) > LONGEST_ADDRESS:
            address = "/"
        shown: dict[str, object] = {
            "title": message.title[:LONGEST_TITLE],
            "body": message.body[:LONGEST_BODY],
            "address": address,
            "tag": self._topic(message.source),
            "lang": message.language,
            "dir": message.direction,
        }
        browser = WebPusher({"endpoint": str(url), "keys": dict(zip(("p256dh", "auth"), keys, strict=True))})
        plain = _encode({**shown, "actions": [_show(action) for action in message.actions[:MOST_ACTIONS]]})
        if not message.actions or len(plain) > LARGEST_PLAIN:
            plain = _encode(shown)
        sealed: bytes = browser.encode(plain, "aes128gcm")["body"]
        return sealed

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


def _show(action: Action) -> dict[str, object]:
    """What the service worker is told of a button: what it says, and the form that it sends."""
    return {
        "name": action.name, "title": action.title, "address": action.address, "fields": dict(action.fields),
        "whose": action.whose,
    }  # fmt: skip


def _encode(shown: dict[str, object]) -> bytes:
    return json.dumps(shown, ensure_ascii=False).encode(errors="replace")
