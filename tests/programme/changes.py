"""A session changed as a coordinator would, and what waits to be said of it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant, Worker
from tenant_app.groups.models import GroupSession
from tenant_app.groups.programme.arranging import Arrangement
from tenant_app.groups.programme.changing import change_sessions
from tenant_app.groups.programme.foreseeing import Change
from tenant_app.reminders.models import Notice, State
from tests.groups.programme import LONDON


def as_it_is(it: GroupSession, **changes: object) -> Change:
    """The session as it is now, but for `changes` to it or its arrangement."""
    starts_at, ends_at = it.starts_at.astimezone(LONDON), it.ends_at.astimezone(LONDON)
    given = {name: changes.pop(name) for name in ("day", "starts", "ends") if name in changes}
    arranged = replace(Arrangement.of(it), **changes)  # type: ignore[arg-type]
    whole = {"day": it.day, "starts": starts_at.time(), "ends": ends_at.time(), **given}
    return Change(arrangement=arranged, **whole)  # type: ignore[arg-type]


def change(session: Session, worker: Worker, it: GroupSession, *, rest: bool = False, **changes: object) -> None:
    change_sessions(session, worker, it, as_it_is(it, **changes), rest=rest, seen=it.edition)


def waiting(session: Session, tenant: Tenant) -> dict[str, Notice]:
    found = session.scalars(select(Notice).where(Notice.tenant_id == tenant.id, Notice.state == State.WAITING)).all()
    assert len({notice.kind for notice in found}) == len(found), "said more than once"
    return {notice.kind: notice for notice in found}
