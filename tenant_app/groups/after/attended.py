"""What a certificate may say: which sessions of one kind the register says a tenant came to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant
from tenant_app.groups.after.been import came
from tenant_app.groups.models import GroupSession


@dataclass(frozen=True)
class Attended:
    """The sessions of one kind that somebody came to."""

    kind: str
    sessions: int
    first: date
    last: date
    """Days of the first and the last of them."""
    minutes: int
    """How long they lasted, all together."""


def attended(session: Session, tenant: Tenant, first: date, last: date, kind: str = "") -> list[Attended]:
    """What this tenant came to from `first` to `last`, both included, a line a kind, most sessions first; with `kind`
    that one alone. Only what the register says; sessions that nobody marked, or that were called off, are left out."""
    query = came(tenant).where(GroupSession.kind == kind) if kind else came(tenant)
    sessions = [booking.group_session for booking in session.scalars(query)]
    within = [each for each in sessions if first <= each.day <= last]
    found = list(_lines(within))
    return sorted(found, key=lambda line: (-line.sessions, line.kind))


def _lines(sessions: list[GroupSession]) -> Iterator[Attended]:
    for kind in {each.kind for each in sessions}:
        these = [each for each in sessions if each.kind == kind]
        days = [each.day for each in these]
        lasted = sum(int((each.ends_at - each.starts_at).total_seconds()) for each in these) // 60
        yield Attended(kind, len(these), min(days), max(days), lasted)
