"""Changing one session or the rest of its series, and calling them off: everyone booked is told, each once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.groups.models import Booking, GroupSession, Standing
from tenant_app.groups.places import Cancelled, Started, held
from tenant_app.groups.programme.arranging import Arrangement, Clashes, Wanted, clashes, hold, require_free
from tenant_app.groups.programme.planning import Past
from tenant_app.groups.programme.series import (
    BankHolidays,
    GroupSeries,
    happens_twice,
    moments,
    require_times,
    settled,
)
from tenant_app.groups.reminding import What, plan_anew, tell_all_called_off, tell_changed
from tenant_app.groups.rules import call_off
from tenant_app.groups.waiting import answer_by, pass_on


class Stale(Exception):
    """Somebody changed it since the page was made. Nothing was overwritten."""


class PlacesTaken(ValueError):
    """More people hold a place than there would be places. `sessions` are those in which it is so."""

    def __init__(self, sessions: list[GroupSession]) -> None:
        super().__init__("more places are taken")
        self.sessions = sessions


@dataclass(frozen=True)
class Change:
    """How one session is to be. For the rest of its series, only what differs from the session now is passed on."""

    day: date
    starts: time
    ends: time
    """Wall times of its zone, the end later than the start."""
    arrangement: Arrangement


@dataclass(frozen=True)
class Altered:
    """What becomes of one session."""

    group_session: GroupSession
    wanted: Wanted | None
    """None where its new day is a bank holiday that the series skips: it is called off."""
    regular_on: date | None

    @property
    def what(self) -> set[What]:
        """What those who booked are told of."""
        it, wanted = self.group_session, self.wanted
        if wanted is None:
            return set()
        new = {
            What.TIME: (wanted.starts_at, wanted.ends_at) != (it.starts_at, it.ends_at),
            What.PLACE: wanted.arrangement.place != it.place,
            What.LINK: wanted.arrangement.link != it.link,
        }
        return {each for each, differs in new.items() if differs}

    @property
    def elsewhere(self) -> bool:
        """Whether it is at another time or place, or with others, so that it may clash anew."""
        now = Arrangement.of(self.group_session)
        return bool(self.what) or (self.wanted is not None and self.wanted.arrangement.workers != now.workers)

    @property
    def twice(self) -> bool:
        """Whether clocks show its new start or end twice that night; the first is meant."""
        if self.wanted is None or What.TIME not in self.what:
            return False
        zone = ZoneInfo(self.group_session.zone)
        return any(
            happens_twice(self.day, moment.astimezone(zone).time().replace(fold=0), zone)
            for moment in (self.wanted.starts_at, self.wanted.ends_at)
        )

    @property
    def day(self) -> date:
        """The new day; the one it has where it is called off."""
        it = self.group_session
        return self.wanted.starts_at.astimezone(ZoneInfo(it.zone)).date() if self.wanted else it.day


@dataclass(frozen=True)
class Outcome:
    """What would come of a change: each session, how many people would be told, and what stands in its way."""

    altered: Sequence[Altered]
    told: int
    clashes: Clashes


def rest_of(session: Session, worker: Worker, group_session: GroupSession) -> list[GroupSession]:
    """This session and those of its series that come after it, are still on, and are this worker's to change."""
    later = GroupSession.led_by(worker).where(
        GroupSession.series_id == group_session.series_id, GroupSession.series_id.is_not(None),
        GroupSession.starts_at > group_session.starts_at, GroupSession.cancelled_at.is_(None),
        GroupSession.id != group_session.id,
    )  # fmt: skip
    return [group_session, *session.scalars(later.options(selectinload(GroupSession.beside)))]


def how_many_told(session: Session, sessions: Sequence[GroupSession]) -> int:
    """How many people have a place in these sessions or wait for one: each counts once."""
    counted = (
        select(func.count(Booking.tenant_id.distinct()))
        .join(Booking.tenant)
        .where(*_concerned(sessions), Tenant.left_at.is_(None))
    )
    return session.scalar(counted) or 0


def foresee(session: Session, worker: Worker, group_session: GroupSession, change: Change, *, rest: bool) -> Outcome:
    """What the change would come to. Nothing is changed.

    Raises `Started`, `Cancelled`, `Past`, `NoSuchTime`, or `PlacesTaken`.
    """
    _require_ahead(group_session)
    altered = _altered(rest_of(session, worker, group_session) if rest else [group_session], change)
    crowded = [
        each.group_session for each in altered
        if each.wanted and each.wanted.arrangement.capacity < each.group_session.places_taken
    ]  # fmt: skip
    if crowded:
        raise PlacesTaken(crowded)
    wanted = [each.wanted for each in altered if each.wanted]
    if any(each.starts_at <= clock.now() for each in wanted):
        raise Past
    told = how_many_told(session, [each.group_session for each in altered if each.what or not each.wanted])
    anew = [each.wanted for each in altered if each.wanted and each.elsewhere]
    return Outcome(altered, told, clashes(session, anew, beside={each.group_session.id for each in altered}))


def is_so_already(
    session: Session, worker: Worker, group_session: GroupSession, change: Change, *, rest: bool
) -> bool:
    """Whether a change would change nothing any more: somebody made it before. Of the rest, each must be just so."""
    concerned = rest_of(session, worker, group_session) if rest else [group_session]
    return group_session.day == change.day and all(
        (Arrangement.of(each), *_wall_times(each)) == (change.arrangement, change.starts, change.ends)
        for each in concerned
    )


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
    _require_ahead(group_session)
    if not _seen(group_session, seen, rest=rest):
        raise Stale
    sessions = rest_of(session, worker, group_session) if rest else [group_session]
    _take_off(session, worker, sessions)
    _count_change(group_session)
    session.flush()
    return sessions


def _altered(sessions: list[GroupSession], change: Change) -> list[Altered]:
    first = sessions[0]
    zone, now = ZoneInfo(first.zone), Arrangement.of(first)
    spans = {each.id: _wall_times(each) for each in sessions}
    differing = {
        field.name: getattr(change.arrangement, field.name) for field in fields(Arrangement)
        if getattr(change.arrangement, field.name) != getattr(now, field.name)
    }  # fmt: skip
    on_time = (change.starts, change.ends) == spans[first.id]
    by = change.day - first.day
    days = {each.id: _new_day(each, by) for each in sessions} | {first.id: change.day}
    times = {each.id: spans[each.id] if on_time else (change.starts, change.ends) for each in sessions}
    require_times(((day, wall) for key, day in days.items() if day for wall in times[key]), zone)
    altered = []
    for each in sessions:
        new_day = days[each.id]
        # One session that is moved alone stays one of its series' days.
        regular_on = each.regular_on + by if each.regular_on and len(sessions) > 1 else each.regular_on
        if new_day is None:
            altered.append(Altered(each, None, regular_on))
            continue
        unmoved = new_day == each.day and times[each.id] == spans[each.id]
        # A time that clocks show twice stays the one it is, unless somebody chose it anew.
        starts_at, ends_at = (each.starts_at, each.ends_at) if unmoved else moments(new_day, *times[each.id], zone)
        arrangement = replace(Arrangement.of(each), **differing)
        altered.append(Altered(each, Wanted(starts_at, ends_at, arrangement, each.building_id), regular_on))
    return altered


def _new_day(group_session: GroupSession, by: timedelta) -> date | None:
    """The day a later session is moved to; None where that is a bank holiday and its series skips those."""
    if not by:
        return group_session.day
    holidays = group_session.series.bank_holidays if group_session.series else BankHolidays.MOVE
    return settled((group_session.regular_on or group_session.day) + by, holidays).on


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


def _require_ahead(group_session: GroupSession) -> None:
    if group_session.cancelled:
        raise Cancelled
    if group_session.started:
        raise Started


def _concerned(sessions: Sequence[GroupSession]) -> tuple[ColumnElement[bool], ...]:
    """Conditions of a query: has a place in one of these, waits for one, or is offered one."""
    return (
        Booking.session_id.in_([each.id for each in sessions]),
        Booking.standing.not_in((Standing.GIVEN_BACK, Standing.WALKED_IN)),
    )


def _bookings(session: Session, group_session: GroupSession) -> list[Booking]:
    concerned = (
        select(Booking)
        .join(Booking.tenant)
        .options(contains_eager(Booking.tenant))
        .where(*_concerned([group_session]), Tenant.left_at.is_(None))
        .order_by(Booking.id)
    )
    return list(session.scalars(concerned))


def _wall_times(group_session: GroupSession) -> tuple[time, time]:
    zone = ZoneInfo(group_session.zone)
    starts_at: datetime = group_session.starts_at.astimezone(zone)
    # Without its fold: a time is told apart by what clocks show, and compared as it was typed.
    return starts_at.time().replace(fold=0), group_session.ends_at.astimezone(zone).time().replace(fold=0)
