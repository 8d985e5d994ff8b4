"""The code on the wall of a session: an address that says which session it is, and that nobody else can make."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from uuid import UUID

from sqlalchemy.orm import Session

from tenant_app.groups.models import GroupSession
from tenant_app.keys import Keys

_LENGTH = 16
"""Bytes of the id, and as many of its signature: short enough for a code that reads well from across a room."""


def token_of(keys: Keys, group_session: GroupSession) -> str:
    """What stands in the code of one session, 43 letters. It is the same each time it is printed."""
    known = group_session.id.bytes
    return base64.urlsafe_b64encode(known + _signature(keys, known)).rstrip(b"=").decode()


def session_meant(session: Session, keys: Keys, token: str) -> GroupSession:
    """The session that a code stands for, open or not. Raises `LookupError` for a code that we never made."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        raise LookupError(token) from None
    known, signature = raw[:_LENGTH], raw[_LENGTH:]
    if len(raw) != 2 * _LENGTH or not hmac.compare_digest(signature, _signature(keys, known)):
        raise LookupError(token)
    found = session.get(GroupSession, UUID(bytes=known))
    if found is None:
        raise LookupError(token)
    return found


def _signature(keys: Keys, known: bytes) -> bytes:
    # A purpose of its own: what is signed here can be shown nowhere else.
    key = hashlib.sha256(b"check-in:" + keys.seal.encode()).digest()
    return hmac.new(key, known, hashlib.sha256).digest()[:_LENGTH]
