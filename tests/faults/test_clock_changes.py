"""S8, small: on a day that changes its clocks, what falls near the change, and a sample of the rest of the day."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from tenant_app import clock
from tenant_app.database import Database
from tests.faults import stage
from tests.faults.clock_changes import EVERY_MINUTE, FIRST_YEAR, change_days, naive_at, right_moments, sweep
from tests.faults.guards import swapped

SPRING, AUTUMN = change_days(FIRST_YEAR, 1)
SAMPLE = [minute for minute in EVERY_MINUTE if minute.minute % 20 == 0 or (minute.hour == 1 and minute.minute % 3 == 0)]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_a_planner_that_lives_through_the_day_plans_every_wall_time_exactly_once(database: Database, day: date) -> None:
    found = sweep(database, stage.tenants(database, 1)[0], [day], SAMPLE)

    assert found.cases == len(SAMPLE)
    assert (found.missed, found.doubled, found.astray) == ([], [], [])


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_without_wall_time_some_are_missed_and_some_come_twice(database: Database) -> None:
    with swapped(clock, "at", naive_at):
        found = sweep(database, stage.tenants(database, 1)[0], [SPRING, AUTUMN], SAMPLE[::3])

    assert found.missed
    assert found.doubled
    assert found.astray


def test_the_rule_is_found_by_walking_through_the_day() -> None:
    spring, autumn = right_moments(SPRING), right_moments(AUTUMN)

    def at(moments: dict[time, datetime], hour: int) -> str:
        return f"{moments[EVERY_MINUTE[hour * 60 + 30]]:%H:%M}"

    assert [at(spring, hour) for hour in (0, 1, 2)] == ["00:30", "01:30", "01:30"]
    assert [at(autumn, hour) for hour in (0, 1, 2)] == ["23:30", "00:30", "02:30"]
