"""HTTPS POST over libcurl, on the event loop: many at once, over connections that are kept.

libcurl rather than aiohttp, because its share of a push is a third: at nine o'clock that is the difference between a
minute and two. It also speaks HTTP/2, as all large push services do.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self, cast

import pycurl

LARGEST_ANSWER = 2048
"""Bytes that are read of an answer's body. What matters is its status."""
LARGEST_HEAD = 16 * 1024
"""Bytes of an answer's headers."""
KEPT_CONNECTIONS = 400


class Address(NamedTuple):
    """What libcurl is about to connect to."""

    family: int
    socktype: int
    protocol: int
    addr: tuple[Any, ...]


Dial = Callable[[Address], Any]
"""Opens a socket for an address, or gives `pycurl.SOCKET_BAD`."""
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""IP addresses of a host and port."""


class OutOfReach(OSError):
    """No answer: not resolved, not connected, not trusted, too slow, or cut off."""

    @property
    def too_slow(self) -> bool:
        """Whether time ran out. Whatever else it was, it was over soon."""
        return self.errno == pycurl.E_OPERATION_TIMEDOUT


@dataclass
class Answer:
    """What came back."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    """By name in lower case; of several with one name, the last."""
    body_bytes: int = 0
    head_bytes: int = 0


@dataclass(frozen=True)
class Terms:
    """Whom a request may reach, and how long it may take."""

    may_connect: Callable[[str], bool]
    """Whether an IP address may be called. Asked at the moment of connecting, when no name server can change its
    mind any more."""
    authority: str = ""
    """Path of the certificate authority to trust, where it is not a public one."""


class _Request(pycurl.Curl):
    """One request after another, on what libcurl calls an easy handle."""

    answer: Answer
    done: asyncio.Future[None]


class Wire:
    """`async with Wire(terms) as wire: answer = await wire.post(...)`. Never follows a redirect, never uses a proxy.

    Each pair of terms has its own wire, so that no connection opened under one is used under the other. `resolve` and
    `dial` are for tests.
    """

    def __init__(
        self, terms: Terms, *, connect: float, resolve: Resolve | None = None, dial: Dial | None = None
    ) -> None:
        self._terms, self._connect = terms, connect
        self._resolve, self._dial = resolve, _dial if dial is None else dial
        self._idle: list[_Request] = []
        self._watched: dict[int, int] = {}
        self._timer: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._open = True
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)
        self._multi.setopt(pycurl.M_PIPELINING, pycurl.PIPE_MULTIPLEX)
        self._multi.setopt(pycurl.M_MAXCONNECTS, KEPT_CONNECTIONS)
        return self

    async def __aexit__(self, *_: object) -> None:
        # From here on libcurl only tidies up, and must not register with a loop that is about to end.
        self._open = False
        self._multi.close()
        for descriptor, how in self._watched.items():
            self._unwatch(descriptor, how)
        self._watched.clear()
        if self._timer is not None:
            self._timer.cancel()
        for easy in self._idle:
            easy.close()

    async def post(self, host: str, port: int, url: str, headers: Sequence[str], body: bytes, seconds: float) -> Answer:
        """Send `body` (headers as `Name: value`). Raises `OutOfReach`."""
        easy = self._idle.pop() if self._idle else self._new_handle()
        answer = Answer()
        easy.answer, easy.done = answer, self._loop.create_future()
        easy.setopt(pycurl.URL, url)
        easy.setopt(pycurl.HTTPHEADER, headers)
        easy.setopt(pycurl.POSTFIELDS, body)
        easy.setopt(pycurl.TIMEOUT_MS, max(int(seconds * 1000), 1))
        if self._resolve is not None:
            found = ",".join(f"[{one}]" if ":" in one else one for one in await self._resolve(host, port))
            easy.setopt(pycurl.RESOLVE, [f"-{host}:{port}", f"{host}:{port}:{found}"])
        try:
            self._multi.add_handle(easy)
        except pycurl.error as error:
            easy.close()
            raise OutOfReach(str(error)) from error
        try:
            await easy.done
        finally:
            if self._open:
                self._multi.remove_handle(easy)
                self._idle.append(easy)
        answer.status = easy.getinfo(pycurl.RESPONSE_CODE)
        return answer

    def _new_handle(self) -> _Request:
        easy = _Request()
        easy.setopt(pycurl.POST, 1)
        easy.setopt(pycurl.NOSIGNAL, 1)
        easy.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTPS)
        easy.setopt(pycurl.FOLLOWLOCATION, 0)
        easy.setopt(pycurl.PROXY, "")
        easy.setopt(pycurl.CONNECTTIMEOUT_MS, int(self._connect * 1000))
        easy.setopt(pycurl.OPENSOCKETFUNCTION, self._open_socket)
        easy.setopt(pycurl.HEADERFUNCTION, lambda line: _read_header(easy.answer, line))
        easy.setopt(pycurl.WRITEFUNCTION, lambda piece: _read_body(easy.answer, piece))
        if self._terms.authority:
            easy.setopt(pycurl.CAINFO, self._terms.authority)
        return easy

    def _open_socket(self, _purpose: int, address: Any) -> Any:
        to = Address(*address)
        if not self._terms.may_connect(str(to.addr[0])):
            return pycurl.SOCKET_BAD
        return self._dial(to)

    def _watch(self, what: int, descriptor: int, _multi: Any, _data: Any) -> None:
        """libcurl wants to hear of this socket: `what` is POLL_IN, POLL_OUT, both, or POLL_REMOVE."""
        if not self._open:
            return
        before, now = self._watched.pop(descriptor, 0), what & 3 if what != pycurl.POLL_REMOVE else 0
        self._unwatch(descriptor, before & ~now)
        if now & ~before & pycurl.POLL_IN:
            self._loop.add_reader(descriptor, self._act, descriptor, pycurl.CSELECT_IN)
        if now & ~before & pycurl.POLL_OUT:
            self._loop.add_writer(descriptor, self._act, descriptor, pycurl.CSELECT_OUT)
        if now:
            self._watched[descriptor] = now

    def _unwatch(self, descriptor: int, how: int) -> None:
        if how & pycurl.POLL_IN:
            self._loop.remove_reader(descriptor)
        if how & pycurl.POLL_OUT:
            self._loop.remove_writer(descriptor)

    def _set_timer(self, milliseconds: int) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if milliseconds >= 0 and self._open:
            self._timer = self._loop.call_later(milliseconds / 1000, self._act, pycurl.SOCKET_TIMEOUT, 0)

    def _act(self, descriptor: int, what: int) -> None:
        """Let libcurl do what this socket is ready for, and tell those whose answers are complete."""
        self._multi.socket_action(descriptor, what)
        left = 1
        while left:
            left, answered, failed = self._multi.info_read()
            for easy, code, words in [*((easy, 0, "") for easy in answered), *failed]:
                request = cast("_Request", easy)
                if request.done.done():
                    continue
                # Where we stopped reading a long answer, its status is known all the same.
                if not code or (code == pycurl.E_WRITE_ERROR and request.getinfo(pycurl.RESPONSE_CODE)):
                    request.done.set_result(None)
                else:
                    request.done.set_exception(OutOfReach(code, words))


def _dial(to: Address) -> Any:
    try:
        opened = socket.socket(to.family, to.socktype, to.protocol)
    except OSError:
        return pycurl.SOCKET_BAD
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return opened


def _read_header(answer: Answer, line: bytes) -> int | None:
    answer.head_bytes += len(line)
    if answer.head_bytes > LARGEST_HEAD:
        return -1
    name, colon, value = line.decode("latin-1").partition(":")
    if colon:
        answer.headers[name.strip().lower()] = value.strip()
    return None


def _read_body(answer: Answer, piece: bytes) -> int | None:
    answer.body_bytes += len(piece)
    return -1 if answer.body_bytes > LARGEST_ANSWER else None
