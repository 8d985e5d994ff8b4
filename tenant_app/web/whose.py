"""Whose the writes are that wait on a phone: a tag of a person, which says nothing to anybody else."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import g

from tenant_app.web.house import house


def tag_of(person_id: UUID) -> str:
    """24 hex digits, the same for this person on every phone and for ever; keyed, so that nobody can make another's."""
    return tags()(person_id)


def tags() -> Callable[[UUID], str]:
    """`tag_of` for many people of this house."""
    key = hashlib.sha256(house().keys.seal.encode()).digest()
    blank = hashlib.blake2b(digest_size=12, key=key, person=b"outbox-whose")

    def tag(person_id: UUID) -> str:
        one = blank.copy()
        one.update(person_id.bytes)
        return one.hexdigest()

    return tag


def note_whose(visit: Any) -> None:
    """Remember for this request whose phone it is, unless other people use it too: that one keeps nothing.

    At once, because the page that says that something went wrong has no database to ask.
    """
    keeps = visit.complete and not visit.shared and house().settings.service_worker
    g.whose = tag_of(visit.person_id) if keeps else ""


def whose() -> str:
    """The tag of whoever is signed in, where this phone may keep what they do without a signal; else empty."""
    found: str = g.get("whose", "")
    return found
