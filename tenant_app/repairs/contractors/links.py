"""Links that let a contractor see one repair: signed, so that a made-up one costs no question to the database; long and
random, so that nobody guesses one; and kept as a digest alone, so that the database opens no door."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from itsdangerous import BadSignature, Signer

LASTS = timedelta(days=14)
"""How long a link leads anywhere. Long enough for the ten working days that the law gives to look into a hazard (SI
2025/1042), with a weekend at either end; a new one is a tap for the desk."""


def new_link(seal: str) -> tuple[str, str]:
    """What stands in the address, and the digest to keep. `seal` is the instance's key."""
    secret = secrets.token_urlsafe(24)
    return _signer(seal).sign(secret).decode(), _digest(secret)


def read_link(seal: str, token: str) -> str | None:
    """The digest of what stands in an address; None where we did not make it."""
    try:
        return _digest(_signer(seal).unsign(token.encode("utf-8", "replace")).decode())
    except BadSignature:
        return None


def _signer(seal: str) -> Signer:
    return Signer(seal, salt="homeward.contractor-link", digest_method=hashlib.sha256)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
