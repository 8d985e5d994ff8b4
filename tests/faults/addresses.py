"""Two hundred endpoints that lead inside: private addresses, each written and looked up in every way that is known."""

from __future__ import annotations

import socket
from collections import Counter
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from aiohttp.abc import AbstractResolver, ResolveResult

OUTSIDE = "142.250.180.10"
"""The one public address that names here lead to. It is never called: see `tripwires`."""

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
        """Whether it has the name of a real push service, so that only a name server tells where it leads."""
        return self.host.endswith((".notify.windows.com", ".push.apple.com"))


def hostile_endpoints() -> list[Hostile]:
    """All of them, each of another kind or for another address."""
    return [
        *(one for number, address in enumerate(PRIVATE_4) for one in _for_4(number, address)),
        *(one for number, address in enumerate(PRIVATE_6) for one in _for_6(number, address)),
    ]


def _for_4(number: int, address: str) -> list[Hostile]:
    plain, parts = int(IPv4Address(address)), [int(part) for part in address.split(".")]
    high, low = f"{plain >> 16:x}", f"{plain & 0xFFFF:x}"
    mapped, nat64, six_to_four = f"::ffff:{address}", f"64:ff9b::{high}:{low}", f"2002:{high}:{low}::1"
    listed = f"host{number}"
    return [
        Hostile(f"https://{address}/latest/meta-data/"),
        Hostile(f"https://{address}:6379/"),
        Hostile(f"http://{address}/"),
        Hostile(f"https://{address}./"),
        Hostile(f"https://{plain}/"),
        Hostile(f"https://0x{plain:08x}/"),
        Hostile("https://" + ".".join(f"0{part:o}" for part in parts) + "/"),
        Hostile("https://" + ".".join(f"0x{part:x}" for part in parts) + "/"),
        Hostile(f"https://{parts[0]}.{parts[1]}.{parts[2] * 256 + parts[3]}/"),
        Hostile(f"https://fcm.googleapis.com@{address}/"),
        Hostile(f"https://user:secret@{address}/"),
        Hostile(f"https://[{mapped}]/"),
        Hostile(f"https://[{nat64}]/"),
        Hostile(f"https://[{six_to_four}]/"),
        _named(f"{listed}.notify.windows.com", (address,)),
        _named(f"{listed}-mapped.notify.windows.com", (mapped,)),
        _named(f"{listed}-nat64.push.apple.com", (nat64,)),
        _named(f"{listed}-6to4.push.apple.com", (six_to_four,)),
        _named(f"{listed}-rebinds.notify.windows.com", (OUTSIDE,), (address,)),
        _named(f"{listed}-both.notify.windows.com", (address, OUTSIDE)),
        _named(f"{listed}.evil.example", (address,)),
        _named(f"fcm.googleapis.com.{listed}.evil.example", (address,)),
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


class LyingNames(AbstractResolver):
    """A name server in the attacker's hands. What looks like a number it reads as the C library does."""

    def __init__(self, endpoints: list[Hostile]) -> None:
        self._answers = {one.host: one.answers for one in endpoints if one.host}
        self.asked: Counter[str] = Counter()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        known = self._answers.get(host) or (self._number(host),)
        answer = known[self.asked[host] % len(known)]
        self.asked[host] += 1
        return [
            ResolveResult(hostname=host, host=one, port=port, proto=0, flags=socket.AI_NUMERICHOST,
                          family=socket.AF_INET6 if ":" in one else socket.AF_INET)
            for one in answer
        ]  # fmt: skip

    async def close(self) -> None:
        """Nothing is open."""

    @staticmethod
    def _number(host: str) -> tuple[str, ...]:
        try:
            return (str(IPv4Address(socket.inet_aton(host.rstrip(".")))),)
        except OSError as error:
            raise OSError(f"nobody knows {host}") from error
