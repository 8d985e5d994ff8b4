"""Browsers that subscribed at the bench's push service, and the closer look at what it kept."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import http_ece
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.reminders.receiver import b64, claims_of


@dataclass(frozen=True)
class KeyPair:
    """What a browser keeps to itself, and what it hands out."""

    private: ec.EllipticCurvePrivateKey
    secret: bytes

    @classmethod
    def new(cls) -> KeyPair:
        return cls(ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(16))

    @property
    def p256dh(self) -> str:
        point = self.private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return b64(point)

    @property
    def auth(self) -> str:
        return b64(self.secret)


class Browsers:
    """As many browsers as wanted at one push service. A few hundred pairs of keys are shared by them all."""

    def __init__(self, many: int, origin: str, pairs: int = 200) -> None:
        self.origin = origin
        self.pairs = [KeyPair.new() for _ in range(min(pairs, many))]
        self.endpoints = [f"{origin}/push/{number:08}-{secrets.token_urlsafe(12)}" for number in range(many)]

    def pair(self, number: int) -> KeyPair:
        return self.pairs[number % len(self.pairs)]

    def subscriptions(self) -> list[dict[str, Any]]:
        """What `PushSubscription.toJSON()` gives."""
        handed_out = [{"p256dh": pair.p256dh, "auth": pair.auth} for pair in self.pairs]
        return [
            {"endpoint": endpoint, "keys": handed_out[number % len(handed_out)]}
            for number, endpoint in enumerate(self.endpoints)
        ]

    def look_closer(self, kept: Sequence[Mapping[str, str]], signed_with: str) -> int:
        """Verify and decrypt what the push service kept whole. Returns how many there were; raises for a bad one."""
        for push in kept:
            lines = push["head"].split("\r\n")
            number = int(lines[0].split("/push/")[1][:8])
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
            claims_of(headers["authorization"], signed_with, self.origin)
            assert int(headers["ttl"]) > 0
            pair = self.pair(number)
            shown = json.loads(
                http_ece.decrypt(bytes.fromhex(push["body"]), private_key=pair.private, auth_secret=pair.secret)
            )
            assert shown["title"]
        return len(kept)
