"""Where letters arrive in tests: a mail server that speaks SMTP, with TLS or without, and a provider of text messages."""

from __future__ import annotations

import asyncio
import contextlib
import email
import json
import ssl
import threading
from collections.abc import Coroutine
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, Self, TypeVar

from aiohttp import web

T = TypeVar("T")


class Aside:
    """An event loop in a thread of its own."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(30)
        self.loop.close()


@dataclass
class MailServer:
    """A mail server: `with MailServer(certificate) as server`. `says` changes its answer to a verb, once it is asked."""

    certificate: Path
    whole: bool = False
    """TLS from the first byte."""
    offers_tls: bool = True
    says: dict[str, str] = field(default_factory=dict)
    """Verb to answer: `{"RCPT": "550 5.1.1 no such person"}`. An answer of "" is none, ever."""
    got: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    """Every line it was told, but for the letters; after TLS began, with a lock before it."""
    most_at_once: int = 0

    def __enter__(self) -> Self:
        self._aside, self._here, self._let_go = Aside(), 0, asyncio.Event()
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(self.certificate)

        async def open_door() -> asyncio.Server:
            return await asyncio.start_server(self._welcome, "127.0.0.1", 0, ssl=self._tls if self.whole else None)

        self._server = self._aside.run(open_door())
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        async def close() -> None:
            self._let_go.set()
            self._server.close()
            await asyncio.sleep(0.05)

        self._aside.run(close())
        self._aside.close()

    async def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._here += 1
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
                for _ in range(10):
                    await asyncio.sleep(0)  # those who hung up before this one rang have been heard by now
                self.most_at_once = max(self.most_at_once, self._here)
                await self._talk(reader, writer)
        finally:
            self._here -= 1
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        locked, sender, recipient = self.whole, "", ""

        async def say(verb: str, usual: str) -> bool:
            answer = self.says.get(verb, usual)
            if not answer:
                await self._wait_for_them_to_leave(reader)
                raise ConnectionResetError
            writer.write(answer.encode() + b"\r\n")
            await writer.drain()
            return answer[0] in "23"

        await say("HELLO", "220 mail ready")
        while line := (await reader.readline()).decode().strip():
            self.said.append(("\N{LOCK} " if locked else "") + line)
            verb = line.split()[0].upper()
            if verb == "EHLO":
                offers = ["AUTH PLAIN LOGIN"] + (["STARTTLS"] if self.offers_tls and not locked else [])
                await say(verb, "\r\n".join(["250-mail", *(f"250-{offer}" for offer in offers), "250 8BITMIME"]))
            elif verb == "STARTTLS":
                if await say(verb, "220 go on"):
                    await writer.start_tls(self._tls)
                    locked = True
            elif verb == "MAIL":
                sender = line.partition("<")[2].partition(">")[0]
                await say(verb, "250 ok")
            elif verb == "RCPT":
                recipient = line.partition("<")[2].partition(">")[0]
                await say(verb, "250 ok")
            elif verb == "DATA":
                if not await say(verb, "354 go on"):
                    continue
                letter = (await reader.readuntil(b"\r\n.\r\n"))[:-3].replace(b"\r\n..", b"\r\n.")
                if await say("LETTER", "250 taken"):
                    self.envelopes.append((sender, recipient))
                    self.got.append(email.message_from_bytes(letter, policy=default))
            elif verb == "QUIT":
                await say(verb, "221 bye")
                return
            else:
                await say(verb, {"AUTH": "235 welcome"}.get(verb, "250 ok"))


    async def _wait_for_them_to_leave(self, reader: asyncio.StreamReader) -> None:
        waits = [asyncio.ensure_future(self._let_go.wait()), asyncio.ensure_future(reader.read())]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for one in waits:
            one.cancel()


@dataclass
class Text:
    """One text message as it was asked for."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass
class Provider:
    """A provider of text messages: `with Provider(certificate) as provider`; without a certificate, on plain HTTP."""

    certificate: Path | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    hangs: bool = False
    got: list[Text] = field(default_factory=list)
    most_at_once: int = 0

    def __enter__(self) -> Self:
        self._aside, self._here, self._let_go = Aside(), 0, asyncio.Event()
        self.port: int = self._aside.run(self._open())
        return self

    def __exit__(self, *_: object) -> None:
        async def close() -> None:
            self._let_go.set()
            await self._runner.cleanup()

        self._aside.run(close())
        self._aside.close()

    def let_go(self) -> None:
        """Answer those that hang."""
        self._aside.loop.call_soon_threadsafe(self._let_go.set)

    async def _open(self) -> int:
        app = web.Application()
        app.router.add_route("*", "/{rest:.*}", self._take)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if self.certificate else None
        if tls and self.certificate:
            tls.load_cert_chain(self.certificate)
        await web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=tls).start()
        port: int = self._runner.addresses[0][1]
        return port

    async def _take(self, request: web.Request) -> web.Response:
        self._here += 1
        self.most_at_once = max(self.most_at_once, self._here)
        try:
            self.got.append(Text(request.path, dict(request.headers), await request.read()))
            if self.hangs:
                await self._let_go.wait()
            return web.Response(status=self.status, headers=self.headers)
        finally:
            self._here -= 1
