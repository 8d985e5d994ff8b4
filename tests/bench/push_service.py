"""A push service as light as one can be made, in a process of its own: it must never be what is being measured.

`with PushService(folder, delay) as service:` starts it; it takes any push, answers 201 after `delay` seconds, and keeps
each hundredth for a closer look.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

from tests.reminders.receiver import certify

KEEPS_EACH = 100
"""Of how many pushes one is kept whole."""

_ACCEPTED = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\nLocation: /m/1\r\n\r\n"


class _Connection(asyncio.Protocol):
    """HTTP/1.1, as far as POST with `Content-Length` on kept-alive connections goes."""

    def __init__(self, books: Books, delay: float) -> None:
        self.books, self.delay, self.left = books, delay, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.books.connections += 1

    def data_received(self, data: bytes) -> None:
        self.left += data
        while (end := self.left.find(b"\r\n\r\n")) >= 0:
            head = self.left[:end]
            at = head.lower().find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self.left) < end + 4 + length:
                return
            self.books.enter(head, self.left[end + 4 : end + 4 + length])
            self.left = self.left[end + 4 + length :]
            if self.delay:
                asyncio.get_running_loop().call_later(self.delay, self.answer)
            else:
                self.answer()

    def answer(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(_ACCEPTED)  # type: ignore[attr-defined]


class Books:
    """What arrived since the last `reset`."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.taken, self.connections, self.kept, self.last_at = 0, 0, [], 0.0
        self.signatures: set[bytes] = set()

    def enter(self, head: bytes, body: bytes) -> None:
        if self.taken % KEEPS_EACH == 0:
            self.kept.append({"head": head.decode("latin-1"), "body": body.hex()})
        self.taken += 1
        self.last_at = time.time()
        at = head.lower().find(b"authorization:")
        self.signatures.add(head[at:].split(b"\r\n", 1)[0])

    def report(self) -> dict[str, Any]:
        return {
            "taken": self.taken, "connections": self.connections, "signatures": len(self.signatures),
            "last_at": self.last_at, "kept": self.kept,
        }  # fmt: skip


class PushService:
    """The process, from outside."""

    def __init__(self, folder: Path, delay: float) -> None:
        self.delay = delay
        self.authority, self.certificate = folder / "authority.pem", folder / "certificate.pem"
        if not self.authority.exists():
            certify(self.authority, self.certificate)

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", __name__, str(self.certificate), str(self.delay)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self._line())
        return self

    def __exit__(self, *_: object) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def reset(self) -> None:
        self._ask("reset")

    def report(self) -> dict[str, Any]:
        """taken, connections, signatures (different ones), last_at (seconds since 1970), kept (head, body in hex)."""
        found: dict[str, Any] = json.loads(self._ask("report"))
        return found

    def progress(self) -> int:
        """How many pushes arrived since `reset`."""
        return int(self._ask("count"))

    def _ask(self, what: str) -> str:
        assert self.process.stdin
        self.process.stdin.write(what + "\n")
        self.process.stdin.flush()
        return self._line()

    def _line(self) -> str:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the push service ended")
        return line


async def _serve(certificate: str, delay: float) -> None:
    books, loop = Books(), asyncio.get_running_loop()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    server = await loop.create_server(lambda: _Connection(books, delay), "127.0.0.1", 0, ssl=tls, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    commands = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    while command := (await commands.readline()).decode().strip():
        if command == "reset":
            books.reset()
        print(books.taken if command == "count" else json.dumps(books.report()), flush=True)
    server.close()


if __name__ == "__main__":
    import uvloop

    uvloop.run(_serve(sys.argv[1], float(sys.argv[2])))
