"""A push service that takes its time, answers badly if asked to, and remembers who came when."""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path

from aiohttp import web

from tests.reminders.receiver import Receiver, unb64


@dataclass(frozen=True)
class Answer:
    """What the service will say to one push."""

    status: int = 201
    wait: int | None = None
    """Seconds of `Retry-After`."""
    as_date: bool = False
    """Whether `Retry-After` is a moment rather than a number (RFC 9110, 10.2.3)."""
    hangs: bool = False
    """Say nothing at all."""

    def headers(self, now: float) -> tuple[dict[str, str], float | None]:
        """Its headers if given at `now`, and the moment before which nobody may come again."""
        if self.wait is None:
            return {}, None
        if not self.as_date:
            return {"Retry-After": str(self.wait)}, now + self.wait
        moment = math.ceil(now + self.wait)
        return {"Retry-After": formatdate(moment, usegmt=True)}, moment


@dataclass(frozen=True)
class Try:
    """One push that reached the service. Moments are seconds since 1970."""

    path: str
    """Of the endpoint: which phone it was for."""
    worker: str
    """Who signed it: the contact of the worker's VAPID signature."""
    came: float
    answered: float
    status: int
    """0 for none at all."""
    topic: str
    tag: str
    """Of the notification that the phone will show. Empty unless the push was taken."""
    heard: bool
    """Whether the worker was still there to hear the answer."""
    not_before: float | None = None

    @property
    def taken(self) -> bool:
        """Whether the phone will show it."""
        return 200 <= self.status < 300


class PushService(Receiver):
    """Answers after `seconds`, with what `plan` says each time."""

    def __init__(self, folder: Path, *, seconds: float, plan: Callable[[], Answer] = Answer) -> None:
        super().__init__(folder)
        self.seconds, self.plan = seconds, plan
        self.tries: list[Try] = []
        self.holding: Counter[str] = Counter()
        """How many pushes of each worker are being answered this moment."""
        self._contacts: dict[str, str] = {}

    def taken(self) -> list[Try]:
        """Pushes that phones will show, in the order in which they were answered."""
        return [one for one in list(self.tries) if one.taken]

    async def _take(self, request: web.Request) -> web.Response:
        came, worker, answer = time.time(), self._contact(request), self.plan()
        self.holding[worker] += 1
        try:
            await request.read()
            await asyncio.sleep(self.seconds)
            return await self._answer(request, came, worker, answer)
        finally:
            self.holding[worker] -= 1

    async def _answer(self, request: web.Request, came: float, worker: str, answer: Answer) -> web.Response:
        topic, tag = request.headers.get("Topic", ""), ""
        if answer.hangs:
            self.tries.append(Try(request.path, worker, came, math.inf, 0, topic, tag, heard=False))
            while self._is_there(request) and not self._let_go.is_set():
                await asyncio.sleep(0.05)
            return web.Response(status=503)
        headers, not_before = answer.headers(time.time())
        phone = self._phones.get(request.path)
        if phone is not None:
            phone.answers(answer.status, headers)
        response = await super()._take(request)
        status = response.status
        if phone is not None and 200 <= status < 300:
            tag = phone.pushes[-1].shown["tag"]
        heard = self._is_there(request)
        self.tries.append(Try(request.path, worker, came, time.time(), status, topic, tag, heard, not_before))
        return response

    @staticmethod
    def _is_there(request: web.Request) -> bool:
        return request.transport is not None and not request.transport.is_closing()

    def _contact(self, request: web.Request) -> str:
        """Who signed. Not verified here; what does not hold is not taken later."""
        header = request.headers.get("Authorization", "")
        if header not in self._contacts:
            claims = header.partition("t=")[2].split(".")[1]
            self._contacts[header] = json.loads(unb64(claims))["sub"]
        return self._contacts[header]
