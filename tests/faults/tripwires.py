"""What stands at every address inside: a server that counts who comes. One outside, that counts too, is harmless."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self

import aiohappyeyeballs

from tests.faults.addresses import OUTSIDE


class Counting:
    """A TCP server of this machine that takes connections, counts them, and closes them without a word."""

    def __init__(self) -> None:
        self.hits = 0
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._take, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        # Closing a socket does not wake who waits on it.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(10)
        self._socket.close()

    def _take(self) -> None:
        while True:
            try:
                visitor, _ = self._socket.accept()
            except OSError:
                return
            self.hits += 1
            visitor.close()


class Tripwires:
    """Every address but the receiver's, brought to this machine. Use `with Tripwires() as wires, wires.laid(...)`."""

    def __init__(self) -> None:
        self._inside, self._outside = Counting(), Counting()
        self.reached: Counter[str] = Counter()
        """Addresses inside that something meant to call."""

    def __enter__(self) -> Self:
        self._inside.__enter__()
        self._outside.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._inside.__exit__()
        self._outside.__exit__()

    @property
    def hits(self) -> int:
        """Connections that an address inside has taken."""
        return self._inside.hits

    @property
    def calls_outside(self) -> int:
        """Connections to the public address that some of the names lead to, as is their right."""
        return self._outside.hits

    @contextmanager
    def laid(self, receiver: tuple[str, int]) -> Iterator[None]:
        """Have aiohttp connect to the tripwires in place of anything but `receiver`, until the block ends."""
        connect = aiohappyeyeballs.start_connection

        async def start(addr_infos: Sequence[Any], **options: Any) -> socket.socket:
            address, port = addr_infos[0][4][:2]
            if (address, port) == receiver:
                return await connect(addr_infos, **options)
            server = self._outside if address == OUTSIDE else self._inside
            if server is self._inside:
                self.reached[address] += 1
            here = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", server.port))
            return await connect([here], **{**options, "loop": asyncio.get_running_loop()})

        aiohappyeyeballs.start_connection = start
        try:
            yield
        finally:
            aiohappyeyeballs.start_connection = connect
