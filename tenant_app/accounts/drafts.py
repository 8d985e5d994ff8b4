"""What someone had typed when they turned out to be signed out: sealed into the sign-in page, and shown after it.

Nothing of it is stored. It travels in the page, sealed with the instance's key, and is sent only when its writer
says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken

from tenant_app.accounts.models import Person
from tenant_app.accounts.once import ABOUT

LASTS = timedelta(days=1)
LONGEST = 200_000
"""Characters, sealed. A form larger than that is not words."""
_SECRET = frozenset({"pin", "again", "current", "password", "code"})


@dataclass(frozen=True)
class Draft:
    """A form that was sent and not taken."""

    path: str
    """Where it was sent, below the door's own address."""
    fields: list[tuple[str, str]]

    @property
    def words(self) -> list[str]:
        """What looks written rather than chosen, for its writer to recognise."""
        return [value for _name, value in self.fields if len(value) > 3 and not _is_id(value)]


def seal_draft(seal: str, path: str, fields: Iterable[tuple[str, str]], person_id: UUID | None) -> str:
    """A form as one sealed text; `person_id` is whose visit had ended, where that is known. Empty if it is too long."""
    kept = [(name, value) for name, value in fields if name not in _SECRET | ABOUT]
    if not kept:
        return ""
    body = json.dumps([path, str(person_id or ""), kept])
    sealed = Fernet(seal).encrypt(body.encode("utf-8", "replace")).decode()
    return sealed if len(sealed) <= LONGEST else ""


def open_draft(seal: str, sealed: str, person: Person) -> Draft | None:
    """The form again, for the person who wrote it; None for anybody else, after a day, or if it is not ours."""
    if not sealed:
        return None
    try:
        body = Fernet(seal).decrypt(sealed.encode("utf-8", "replace"), ttl=int(LASTS.total_seconds()))
    except InvalidToken:
        return None
    path, person_id, fields = json.loads(body)
    if person_id not in ("", str(person.id)):
        return None  # someone else's words, on a phone that two people use
    return Draft(path, [(str(name), str(value)) for name, value in fields])


def _is_id(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True
