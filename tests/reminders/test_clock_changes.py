"""On the two days a year when clocks change, every wall time still fires exactly once."""

from __future__ import annotations

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tenant_app import clock
from tenant_app.reminders.models import Schedule
from tenant_app.reminders.rules import DAILY, occurrences

LONDON = ZoneInfo("Europe/London")
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)
EVERY_MINUTE = [time(minute // 60, minute % 60) for minute in range(24 * 60)]


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_every_minute_of_a_day_that_changes_its_clocks_fires_exactly_once(day: date) -> None:
    plan = Schedule(recurrence=DAILY, starts_on=date(2026, 11, 26), ends_on=None)
    week = occurrences(plan, day - timedelta(days=3), day + timedelta(days=3))
    for wall_time in EVERY_MINUTE:
        moments = [clock.at(one, wall_time, LONDON) for one in week]
        that_day = [moment for moment in moments if moment.astimezone(LONDON).date() == day]
        assert len(that_day) == 1, wall_time
        assert len(set(moments)) == 7, wall_time
        shown = that_day[0].astimezone(LONDON).time()
        skipped = day == SPRING and wall_time.hour == 1
        assert shown == (time(2, wall_time.minute) if skipped else wall_time)


def test_the_repeated_hour_fires_the_first_time_round() -> None:
    assert clock.at(AUTUMN, time(1, 30), LONDON).isoformat() == "2027-10-31T00:30:00+00:00"


def test_the_skipped_hour_fires_an_hour_on() -> None:
    assert clock.at(SPRING, time(1, 30), LONDON).isoformat() == "2027-03-28T01:30:00+00:00"
