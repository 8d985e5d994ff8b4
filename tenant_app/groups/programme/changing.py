"""Changing one session or the rest of its series, and calling them off: everyone booked is told, each once."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.groups.models import Booking, GroupSession
from tenant_app.groups.places import held
from tenant_app.groups.programme.arranging import Arrangement, hold, require_free
from tenant_app.groups.programme.foreseeing import (
    Altered,
    Change,
    Outcome,
    concerned_by,
    foresee,
    require_ahead,
    rest_of,
)
from tenant_app.groups.programme.series import GroupSeries
from tenant_app.groups.reminding import What, plan_anew, tell_all_called_off, tell_changed
from tenant_app.groups.rules import call_off
from tenant_app.groups.waiting import answer_by, pass_on


class Stale(Exception):
    """Somebody changed it since the page was made. Nothing was overwritten."""


def change_sessions(
    session: Session, worker: Worker, group_session: GroupSession, change: Change, *, rest: bool, seen: str,
    despite_place_clashes: bool = False,
) -> Outcome:  # fmt: skip
    """Change this session, or it and the rest. `seen` is the `edition` that the worker had before them.

    Whoever has a place or waits is told once of a new time, place or link, and their reminders are planned anew;
    places that were added are offered to those who wait. Raises as `foresee`, `Stale`, and `Clashing`.
    """
    # All that the rest is arranged with, too: it may be moved to another time. As it is before it is held itself; had
    # it changed since, the page was not the newest.
    later = rest_of(session, worker, group_session) if rest else []
    hold(session, [change.arrangement, *(Arrangement.of(each) for each in later)])
    _hold(session, group_session, rest=rest, seen=seen)
    outcome = foresee(session, worker, group_session, change, rest=rest)
    require_free(outcome.clashes, despite_places=despite_place_clashes)
    told: dict[UUID, list[tuple[Booking, set[What]]]] = {}
    for each in outcome.altered:
        what, before = each.what, each.group_session.capacity
        _alter(each, worker)
        session.flush()
        for booking in _bookings(session, each.group_session) if what else ():
            if booking.offered:
                booking.offer(answer_by(each.group_session, clock.now()))
            plan_anew(session, booking)
            told.setdefault(booking.tenant_id, []).append((booking, what))
        if each.group_session.capacity > before:
            pass_on(session, held(session, each.group_session))
    for concerned in told.values():
        tell_changed(session, [booking for booking, _ in concerned], {each for _, what in concerned for each in what})
    _take_off(session, worker, [each.group_session for each in outcome.altered if not each.wanted])
    _count_change(group_session)
    session.flush()
    return outcome


def call_off_sessions(
    session: Session, worker: Worker, group_session: GroupSession, *, rest: bool, seen: str
) -> list[GroupSession]:
    """Call this session off, or it and the rest; everyone with a place or waiting is told, each once.

    Calling off twice changes nothing. Raises `Started`, or `Stale`.
    """
    _hold(session, group_session, rest=rest, seen="")
    if group_session.cancelled:
        return []
    require_ahead(group_session)
    if not _seen(group_session, seen, rest=rest):
        raise Stale
    sessions = rest_of(session, worker, group_session) if rest else [group_session]
    _take_off(session, worker, sessions)
    _count_change(group_session)
    session.flush()
    return sessions


def _alter(altered: Altered, worker: Worker) -> None:
    it, wanted = altered.group_session, altered.wanted
    if wanted is None:
        return
    it.regular_on = altered.regular_on
    it.starts_at, it.ends_at, it.capacity = wanted.starts_at, wanted.ends_at, wanted.arrangement.capacity
    wanted.arrangement.give_to(it)
    it.changed(worker)


def _take_off(session: Session, worker: Worker, sessions: Sequence[GroupSession]) -> None:
    concerned: dict[UUID, list[Booking]] = {}
    for each in sessions:
        for booking in _bookings(session, each):
            concerned.setdefault(booking.tenant_id, []).append(booking)
        each.changed(worker)
        call_off(session, each, tell=len(sessions) == 1)
    if len(sessions) > 1:
        for bookings in concerned.values():
            tell_all_called_off(session, bookings)


def _hold(session: Session, group_session: GroupSession, *, rest: bool, seen: str) -> None:
    """The session, its series and their versions as they are at this moment, held until the transaction ends."""
    newest = {"populate_existing": True}
    same = GroupSession.id == group_session.id
    if group_session.series_id is not None:
        session.scalars(
            select(GroupSeries).where(GroupSeries.id == group_session.series_id).with_for_update()
            .execution_options(**newest)
        ).all()  # fmt: skip
        if rest:
            same = GroupSession.series_id == group_session.series_id
    session.scalars(
        select(GroupSession).where(same).order_by(GroupSession.id).with_for_update().execution_options(**newest)
    ).all()
    if seen and not _seen(group_session, seen, rest=rest):
        raise Stale


def _seen(group_session: GroupSession, seen: str, *, rest: bool) -> bool:
    return seen == group_session.edition if rest else seen.split(".")[0] == str(group_session.version)


def _count_change(group_session: GroupSession) -> None:
    if group_session.series is not None:
        group_session.series.version += 1


def _bookings(session: Session, group_session: GroupSession) -> list[Booking]:
    concerned = (
        select(Booking)
        .join(Booking.tenant)
        .options(contains_eager(Booking.tenant))
        .where(*concerned_by([group_session]), Tenant.left_at.is_(None))
        .order_by(Booking.id)
    )
    return list(session.scalars(concerned))
