"""What stands where no push may go: a real server on loopback, and a count in place of every other address."""

from __future__ import annotations

import socket
import threading
from collections import Counter
from typing import Any, Self

import pycurl

from tenant_app.reminders.wire import Address
from tests.faults.addresses import OUTSIDE

LOOPBACK = ("127.0.0.1", "0.0.0.0", "::ffff:127.0.0.1")
"""Ways to say this machine that reach a server at 127.0.0.1 for real."""


class Tripwire:
    """A TCP server at 127.0.0.1 that takes connections, counts them, and closes them without a word."""

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


class Switchboard:
    """Opens sockets for a postman: to the receiver and to the tripwire, for real. All else it counts and refuses."""

    def __init__(self, receiver: str, tripwire: Tripwire) -> None:
        host, port = receiver.rsplit(":", 1)
        self._receiver, self._tripwire = (host, int(port)), tripwire
        self.inside: Counter[str] = Counter()
        """Addresses that were to be called, and are not for us to call."""
        self.outside = 0
        """Calls to the one address that may stand for a push service. It is not called either."""

    @property
    def hits(self) -> int:
        """Calls to where no push may go, real ones and those that would have been."""
        return self._tripwire.hits + self.inside.total()

    def __call__(self, to: Address) -> Any:
        """A socket for libcurl to connect, or `pycurl.SOCKET_BAD`."""
        host, port = str(to.addr[0]), to.addr[1]
        if (host, port) == self._receiver or (host in LOOPBACK and port == self._tripwire.port):
            return socket.socket(to.family, to.socktype, to.protocol)
        if (host, port) == (OUTSIDE, 443):
            self.outside += 1
        else:
            self.inside[f"{host} {port}"] += 1
        return pycurl.SOCKET_BAD
