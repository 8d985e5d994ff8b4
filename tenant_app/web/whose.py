"""Whose the writes are that wait on a phone: a tag of a person, which says nothing to anybody else."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from flask import g

from tenant_app.web.house import house


def tag_of(person_id: UUID) -> str:
    """24 hex digits, the same for this person on every phone and for ever; keyed, so that nobody can make another's."""
    key = hashlib.sha256(house().keys.seal.encode()).digest()
    return hashlib.blake2b(person_id.bytes, digest_size=12, key=key, person=b"outbox-whose").hexdigest()


def whose() -> str:
    """The tag of whoever is signed in, where this phone may keep what they do without a signal; else empty.

    A phone that other people use keeps nothing.
    """
    visit: Any = g.get("visit")
    if visit is None or not visit.complete or visit.shared or not house().settings.service_worker:
        return ""
    return tag_of(visit.person_id)
