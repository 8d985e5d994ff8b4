"""What a browser subscribes with, and what the house then has."""

from __future__ import annotations

import base64
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from tenant_app.reminders.models import Subscription
from tests.live import Live

ENDPOINT = "https://fcm.googleapis.com/fcm/send/amina"


def text(given: bytes) -> str:
    return base64.urlsafe_b64encode(given).rstrip(b"=").decode()


def subscription() -> dict[str, Any]:
    point = ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )  # fmt: skip
    return {"endpoint": ENDPOINT, "keys": {"p256dh": text(point), "auth": text(b"s" * 16)}}


def rows(live: Live) -> list[str]:
    with live.database.session(reads_only=True) as session:
        return list(session.scalars(select(Subscription.endpoint)))
