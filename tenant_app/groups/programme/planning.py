"""Planning a series: its days are looked at first, and all of it is put on, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Property, Worker
from tenant_app.groups.models import GroupSession
from tenant_app.groups.programme.arranging import Arrangement, Clashes, Wanted, clashes, hold, require_free
from tenant_app.groups.programme.series import (
    MOST_WEEKS,
    BankHolidays,
    GroupSeries,
    SeriesDay,
    happens_twice,
    moments,
    require_times,
    weekly,
)
from tenant_app.groups.rules import plan_session


class TooLong(ValueError):
    """A series of more than `MOST_WEEKS` weeks, or of none."""


class Past(ValueError):
    """It would start at a time that is over."""


class NothingLeft(ValueError):
    """Every day of the series is a bank holiday, and is skipped."""


@dataclass(frozen=True)
class SeriesPlan:
    """A series that somebody has in mind. With one day alone it is a single session, and stays on its day."""

    kind: str
    first_on: date
    weeks: int
    starts: time
    ends: time
    """Wall times of `zone`, the end later than the start."""
    zone: ZoneInfo
    bank_holidays: BankHolidays
    arrangement: Arrangement
    building: Property | None = None
    every: int = 1
    """Weeks from one session to the next, one of `EVERY`."""

    @property
    def single(self) -> bool:
        return self.weeks <= self.every


@dataclass(frozen=True)
class Outlook:
    """What would come of a plan."""

    days: Sequence[SeriesDay]
    clashes: Clashes
    twice: Sequence[date]
    """Days on which clocks show its start or end twice; the first is meant."""

    @property
    def held(self) -> list[SeriesDay]:
        return [day for day in self.days if not day.skipped]


def look_ahead(session: Session, plan: SeriesPlan) -> Outlook:
    """Each day of the plan, and what stands in its way. Nothing is changed.

    Raises `TooLong`, `Past`, `NothingLeft`, or `NoSuchTime` with every day whose clocks skip a time of it.
    """
    if not 1 <= plan.weeks <= MOST_WEEKS:
        raise TooLong
    days = weekly(plan.first_on, plan.weeks, plan.bank_holidays, plan.every)
    if plan.single:
        days = [SeriesDay(plan.first_on, plan.first_on)]
    held = [day.on for day in days if day.on is not None]
    if not held:
        raise NothingLeft
    require_times(((day, each) for day in held for each in (plan.starts, plan.ends)), plan.zone)
    wanted = [_wanted(plan, day) for day in held]
    if wanted[0].starts_at <= clock.now():
        raise Past
    twice = [day for day in held if any(happens_twice(day, each, plan.zone) for each in (plan.starts, plan.ends))]
    return Outlook(days, clashes(session, wanted), twice)


def planned_already(plan: SeriesPlan, outlook: Outlook) -> list[GroupSession]:
    """The sessions of this very plan, soonest first, if all that stands in its way is itself: it was put on before."""
    found = {}
    for clash in outlook.clashes.of_people:
        it, wanted = clash.other, clash.wanted
        same = (it.kind, it.starts_at, it.ends_at, it.building_id) == (
            plan.kind, wanted.starts_at, wanted.ends_at, wanted.building_id,
        )  # fmt: skip
        if same and Arrangement.of(it) == replace(plan.arrangement, capacity=it.capacity):
            found[it.starts_at] = it
    return [found[at] for at in sorted(found)] if len(found) == len(outlook.held) else []


def plan_series(
    session: Session, planner: Worker, plan: SeriesPlan, *, despite_place_clashes: bool = False
) -> list[GroupSession]:
    """Put every session of the plan on. Raises as `look_ahead`, and `Clashing`; a place's clash can be confirmed."""
    hold(session, [plan.arrangement])
    outlook = look_ahead(session, plan)
    require_free(outlook.clashes, despite_places=despite_place_clashes)
    series = None
    if not plan.single:
        series = GroupSeries(
            kind=plan.kind, first_on=plan.first_on, weeks=plan.weeks, every=plan.every, starts=plan.starts,
            ends=plan.ends, zone=plan.zone.key, bank_holidays=plan.bank_holidays, planned_by_id=planner.id, version=1,
        )  # fmt: skip
        session.add(series)
    planned = []
    for day in outlook.held:
        assert day.on is not None
        wanted = _wanted(plan, day.on)
        each = plan_session(
            session, plan.kind, starts_at=wanted.starts_at, ends_at=wanted.ends_at, zone=plan.zone,
            place=plan.arrangement.place, facilitator=plan.arrangement.lead, capacity=plan.arrangement.capacity,
            building=plan.building,
        )  # fmt: skip
        plan.arrangement.give_to(each)
        each.series, each.regular_on = series, day.regular_on
        planned.append(each)
    session.flush()
    return planned


def _wanted(plan: SeriesPlan, day: date) -> Wanted:
    starts_at, ends_at = moments(day, plan.starts, plan.ends, plan.zone)
    return Wanted(starts_at, ends_at, plan.arrangement, plan.building.id if plan.building else None)
