"""S8: a reminder at every minute of every day on which the clocks change, five years long, London time.

The rule, found here by walking through the day minute by minute, and never by the code under test: a wall time that
the day has once fires then; one that autumn repeats fires the first time; one that spring skips fires an hour later
by the clock on the wall. So each fires exactly once on that day, and once on the days around it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.database import Database
from tenant_app.medication.slots import DOSE
from tenant_app.reminders.models import Notice
from tenant_app.reminders.rules import plan_ahead, schedule
from tests.faults import stage
from tests.faults.guards import swapped
from tests.faults.stage import Options
from tests.figures import at_least, at_most, report, tell

LONDON = ZoneInfo("Europe/London")
FIRST_YEAR, YEARS = 2026, 5
EVERY_MINUTE = [time(minute // 60, minute % 60) for minute in range(24 * 60)]
NEAR_THE_CHANGE = [minute for minute in EVERY_MINUTE if minute.hour in (0, 1, 2, 23)]
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
RULE = "once: then; twice (autumn): the first; never (spring): an hour later by the clock on the wall"


@dataclass
class Sweep:
    """What became of reminders on days that change their clocks."""

    cases: int = 0
    missed: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    astray: list[str] = field(default_factory=list)
    """At another moment than the rule says."""

    def __iadd__(self, other: Sweep) -> Sweep:
        self.cases += other.cases
        for mine, theirs in zip(self._lists, other._lists, strict=True):
            mine += theirs
        return self

    @property
    def _lists(self) -> tuple[list[str], ...]:
        return self.missed, self.doubled, self.astray


def change_days(first: int, years: int) -> list[date]:
    """Days on which London's clocks change, found by looking at noon each day."""
    days = [date(first, 1, 1) + DAY * number for number in range(366 * years)]
    offsets = [(day, datetime.combine(day, time(12), LONDON).utcoffset()) for day in days if day.year < first + years]
    return [today[0] for before, today in pairwise(offsets) if before[1] != today[1]]


def sweep(database: Database, tenant: Tenant, days: Sequence[date], minutes: Sequence[time] = EVERY_MINUTE) -> Sweep:
    """Schedule a daily reminder at each of these minutes, let a planner live through each of these days, and count."""
    found = Sweep()
    for day in days:
        with database.step() as session, clock.stopped_at(_noon(day - 3 * DAY)):
            owner = session.get_one(Tenant, tenant.id)
            for minute in minutes:
                schedule(
                    session, owner, DOSE, source=f"sweep:{minute}", wall_time=minute, zone=LONDON,
                    starts_on=day - 3 * DAY, ends_on=day + DAY, lasts=HOUR, facts={"time": minute.isoformat(), "count": 1},
                )  # fmt: skip
        for moment in _looks(day):
            with clock.stopped_at(moment):
                while _planned(database):
                    pass
        found += _judge(database, day, minutes)
        tell(f"   {day}: {found.cases} cases, {len(found.missed)} missed, {len(found.doubled)} doubled")
    return found


def naive_at(day: date, wall_time: time, zone: ZoneInfo) -> datetime:
    """`clock.at` as it is often written: with the difference to UTC that holds today, when the plan is made."""
    offset = clock.now().astimezone(zone).utcoffset()
    assert offset is not None
    return datetime.combine(day, wall_time, tzinfo=UTC) - offset


def run(options: Options) -> dict[str, Any]:
    """The whole sweep on SQLite in memory, a year of it on PostgreSQL, and two days without the guard."""
    days = change_days(FIRST_YEAR, YEARS)
    figures: dict[str, Any] = {"rule": RULE, "days": [day.isoformat() for day in days]}
    found = Sweep()
    for backend in options.backends:
        with _house(backend) as (database, tenant):
            mine = sweep(database, tenant, days if backend == options.backends[0] else days[:2])
        figures[f"{backend}_cases"] = mine.cases
        found += mine
    tell("the control: the difference to UTC as it was when the plan was made")
    with _house(options.backends[0]) as (database, tenant), swapped(clock, "at", naive_at):
        control = sweep(database, tenant, days[:2], NEAR_THE_CHANGE)
    figures |= _counts(found) | {f"control_{name}": value for name, value in _counts(control).items()}
    figures["first_found"] = [*found.missed, *found.doubled, *found.astray][:5]
    return report("S8", 1, figures, {
        "cases": at_least(found.cases, len(days) * len(EVERY_MINUTE)),
        "missed": at_most(len(found.missed), 0),
        "doubled": at_most(len(found.doubled), 0),
        "at_another_moment": at_most(len(found.astray), 0),
        "control_misses": at_least(len(control.missed), 1),
        "control_doubles": at_least(len(control.doubled), 1),
    })  # fmt: skip


def right_moments(day: date) -> dict[time, datetime]:
    """For each wall time of a day, the one moment at which it is to fire."""
    shown: defaultdict[time, list[datetime]] = defaultdict(list)
    for moment in _minutes_of(day):
        shown[moment.astimezone(LONDON).time()].append(moment)
    # Whatever the day skips, it skips in one piece of an hour.
    return {wall: (shown.get(wall) or shown[time(wall.hour + 1, wall.minute)])[0] for wall in EVERY_MINUTE}


def _judge(database: Database, day: date, minutes: Sequence[time]) -> Sweep:
    found, right = Sweep(cases=len(minutes)), right_moments(day)
    around = [day - DAY, day, day + DAY]
    begins, ends = _minutes_of(around[0])[0], _minutes_of(around[-1])[-1]
    with database.session(reads_only=True) as session:
        rows = session.execute(
            select(Notice.source, Notice.due_at).where(Notice.due_at >= begins, Notice.due_at <= ends)
        ).all()
    fired = Counter((source, due_at.astimezone(LONDON).date()) for source, due_at in rows)
    moments = {source: due_at for source, due_at in rows if due_at.astimezone(LONDON).date() == day}
    for minute in minutes:
        source, case = f"sweep:{minute}", f"{day} {minute:%H:%M}"
        counts = [fired[source, one] for one in around]
        if min(counts) < 1:
            found.missed.append(case)
        if max(counts) > 1:
            found.doubled.append(case)
        if counts[1] == 1 and moments[source] != right[minute]:
            found.astray.append(case)
    return found


def _minutes_of(day: date) -> list[datetime]:
    """Every minute, in UTC, at which London's calendar shows this day: 1,380 to 1,500 of them."""
    midnight = datetime.combine(day, time(), UTC) - HOUR
    near = (midnight + MINUTE * number for number in range(26 * 60))
    return [moment for moment in near if moment.astimezone(LONDON).date() == day]


def _looks(day: date) -> list[datetime]:
    """When the planner comes round: the day before, twice in the very hour of the change, and at noon."""
    changes = datetime.combine(day, time(1), UTC)
    return [_noon(day - DAY), changes - MINUTE, changes + MINUTE, _noon(day)]


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def _planned(database: Database) -> bool:
    with database.step() as session:
        return plan_ahead(session)


def _counts(found: Sweep) -> dict[str, int]:
    return {
        "cases": found.cases, "missed": len(found.missed), "doubled": len(found.doubled),
        "at_another_moment": len(found.astray),
    }  # fmt: skip


@contextmanager
def _house(backend: str) -> Iterator[tuple[Database, Tenant]]:
    with ExitStack() as opened:
        # In memory: what is looked for is arithmetic, and a disk would take its time fourteen thousand times.
        in_memory = backend == "sqlite"
        database = Database("sqlite://" if in_memory else opened.enter_context(stage.empty_house(backend)).database)
        opened.callback(database.close)
        if in_memory:
            stage.lay_tables(database.engine)
        yield database, stage.tenants(database, 1)[0]
