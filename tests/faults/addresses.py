"""Two hundred endpoints that lead where no push may go, each address written and looked up in every known way."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

OUTSIDE = "142.250.180.10"
"""A public address that the names of real push services lead to."""
ELSEWHERE = "198.41.0.4"
"""A public address where nobody's push service is."""

PRIVATE_4 = (
    "127.0.0.1", "127.8.8.8", "10.0.0.5", "172.16.0.9", "192.168.1.1", "169.254.169.254", "100.64.0.7", "0.0.0.0",
)  # fmt: skip
PRIVATE_6 = ("::1", "::", "fd12::1", "fc00::5", "fe80::1", "2001:db8::1")


@dataclass(frozen=True)
class Hostile:
    """One endpoint, and what a name server says of its host: one answer after the other, then from the start."""

    endpoint: str
    host: str = ""
    answers: tuple[tuple[str, ...], ...] = ()

    @property
    def listed(self) -> bool:
        """Whether it is a real push service's as far as can be read, so that only a name server tells more."""
        return self.host.endswith((".notify.windows.com", ".push.apple.com"))


def hostile_endpoints(tripwire: int = 6379) -> list[Hostile]:
    """All of them, each of another kind or for another address. `tripwire` is a port on this machine."""
    return [
        *(one for number, address in enumerate(PRIVATE_4) for one in _for_4(number, address, tripwire)),
        *(one for number, address in enumerate(PRIVATE_6) for one in _for_6(number, address)),
    ]


def _for_4(number: int, address: str, tripwire: int) -> list[Hostile]:
    plain, parts = int(IPv4Address(address)), [int(part) for part in address.split(".")]
    high, low = f"{plain >> 16:x}", f"{plain & 0xFFFF:x}"
    mapped, nat64, six_to_four = f"::ffff:{address}", f"64:ff9b::{high}:{low}", f"2002:{high}:{low}::1"
    listed = f"host{number}"
    return [
        Hostile(f"https://{address}/latest/meta-data/"),
        Hostile(f"https://{address}:{tripwire}/"),
        Hostile(f"http://{address}:{tripwire}/"),
        Hostile(f"https://{address}./"),
        Hostile(f"https://{plain}:{tripwire}/"),
        Hostile(f"https://0x{plain:08x}:{tripwire}/"),
        Hostile("https://" + ".".join(f"0{part:o}" for part in parts) + f":{tripwire}/"),
        Hostile("https://" + ".".join(f"0x{part:x}" for part in parts) + f":{tripwire}/"),
        Hostile(f"https://{parts[0]}.{parts[1]}.{parts[2] * 256 + parts[3]}/"),
        Hostile(f"https://fcm.googleapis.com@{address}:{tripwire}/"),
        Hostile(f"https://user:secret@{address}/"),
        Hostile(f"https://[{mapped}]:{tripwire}/"),
        Hostile(f"https://[{nat64}]/"),
        Hostile(f"https://[{six_to_four}]/"),
        _named(f"{listed}.notify.windows.com", (address,)),
        _named(f"{listed}-mapped.notify.windows.com", (mapped,)),
        _named(f"{listed}-nat64.push.apple.com", (nat64,)),
        _named(f"{listed}-6to4.push.apple.com", (six_to_four,)),
        _named(f"{listed}-rebinds.notify.windows.com", (OUTSIDE,), (address,)),
        _named(f"{listed}-both.notify.windows.com", (address, OUTSIDE)),
        _named(f"{listed}.evil.example", (address,)),
        _named(f"fcm.googleapis.com.{listed}.evil.example", (ELSEWHERE,)),
    ]


def _for_6(number: int, address: str) -> list[Hostile]:
    return [
        Hostile(f"https://[{address}]/"),
        Hostile(f"https://[{address}]:8443/"),
        Hostile(f"http://[{IPv6Address(address).exploded}]/"),
        _named(f"six{number}.notify.windows.com", (address,)),
    ]


def _named(host: str, *answers: tuple[str, ...]) -> Hostile:
    return Hostile(f"https://{host}/w/?token=1", host, answers)


class LyingNames:
    """A name server in the attacker's hands. What looks like a number it reads as the C library does."""

    def __init__(self, endpoints: Sequence[Hostile]) -> None:
        self._answers = {one.host: one.answers for one in endpoints if one.host}
        self.asked: Counter[str] = Counter()

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """Addresses of a host. Raises `OSError` where there are none."""
        known = self._answers.get(host) or (self._read(host),)
        answer = known[self.asked[host] % len(known)]
        self.asked[host] += 1
        return answer

    @staticmethod
    def _read(host: str) -> tuple[str, ...]:
        if ":" in host:
            return (host,)
        try:
            return (str(IPv4Address(socket.inet_aton(host.rstrip(".")))),)
        except OSError as error:
            raise OSError(f"nobody knows {host}") from error
