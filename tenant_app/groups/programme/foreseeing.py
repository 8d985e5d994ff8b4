"""What a change to a session, or to the rest of its series, would come to. Nothing is changed here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, selectinload

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.groups.models import Booking, GroupSession, Standing
from tenant_app.groups.places import Cancelled, Started
from tenant_app.groups.programme.arranging import Arrangement, Clashes, Wanted, clashes
from tenant_app.groups.programme.planning import Past
from tenant_app.groups.programme.series import (
    BankHolidays,
    happens_twice,
    moments,
    require_times,
    settled,
)
from tenant_app.groups.reminding import What


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
        .where(*concerned_by(sessions), Tenant.left_at.is_(None))
    )
    return session.scalar(counted) or 0


def foresee(session: Session, worker: Worker, group_session: GroupSession, change: Change, *, rest: bool) -> Outcome:
    """What the change would come to. Nothing is changed.

    Raises `Started`, `Cancelled`, `Past`, `NoSuchTime`, or `PlacesTaken`.
    """
    require_ahead(group_session)
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


def require_ahead(group_session: GroupSession) -> None:
    """Raise `Cancelled` or `Started`: what is over, or called off, stays as it was."""
    if group_session.cancelled:
        raise Cancelled
    if group_session.started:
        raise Started


def concerned_by(sessions: Sequence[GroupSession]) -> tuple[ColumnElement[bool], ...]:
    """Conditions of a query: has a place in one of these, waits for one, or is offered one."""
    return (
        Booking.session_id.in_([each.id for each in sessions]),
        Booking.standing.not_in((Standing.GIVEN_BACK, Standing.WALKED_IN)),
    )


def _wall_times(group_session: GroupSession) -> tuple[time, time]:
    zone = ZoneInfo(group_session.zone)
    starts_at: datetime = group_session.starts_at.astimezone(zone)
    # Without its fold: a time is told apart by what clocks show, and compared as it was typed.
    return starts_at.time().replace(fold=0), group_session.ends_at.astimezone(zone).time().replace(fold=0)
