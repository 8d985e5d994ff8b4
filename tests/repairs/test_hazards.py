"""The law's clock, day by day, against a calendar worked by hand (SI 2025/1042; England bank holidays)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import frontmatter
import pytest

from tenant_app.repairs.hazards import HazardLimits, clocks, count, working_days_after
from tenant_app.repairs.models import Repair

LONDON = ZoneInfo("Europe/London")

# (day 0, last day in time), ten working days later. Bank holidays on the way are named.
DUE = [
    ("2026-11-23", "2026-12-07"),  # two plain weeks
    ("2026-11-20", "2026-12-04"),  # from a Friday
    ("2026-11-21", "2026-12-04"),  # from a Saturday: Monday is day 1
    ("2026-11-22", "2026-12-04"),  # from a Sunday
    ("2026-12-10", "2026-12-24"),  # the last that is due before Christmas
    ("2026-12-11", "2026-12-29"),  # Friday 25 and Monday 28 December (for Saturday's Boxing Day)
    ("2026-12-18", "2027-01-06"),  # the same, and Friday 1 January
    ("2026-12-24", "2027-01-12"),  # from Christmas Eve
    ("2026-12-25", "2027-01-12"),  # from Christmas Day itself
    ("2026-12-28", "2027-01-12"),  # from the substitute day: only 1 January is still on the way
    ("2026-12-31", "2027-01-15"),  # from New Year's Eve
    ("2027-03-11", "2027-03-25"),  # due on the day before Good Friday
    ("2027-03-12", "2027-03-30"),  # Good Friday 26 and Easter Monday 29 March
    ("2027-03-25", "2027-04-12"),  # from the day before Good Friday
    ("2027-03-28", "2027-04-12"),  # from Easter Sunday, when clocks change too
    ("2027-04-19", "2027-05-04"),  # Monday 3 May
    ("2027-05-28", "2027-06-14"),  # Monday 31 May
    ("2027-08-20", "2027-09-06"),  # Monday 30 August
    ("2027-12-20", "2028-01-06"),  # Monday 27 and Tuesday 28 December, Monday 3 January
]


@pytest.mark.parametrize(("aware", "due"), DUE)
def test_ten_working_days_end_when_a_calendar_says(aware: str, due: str) -> None:
    day, last = date.fromisoformat(aware), date.fromisoformat(due)

    on_time = count(day, 10, last)

    assert (on_time.due_on, on_time.day, on_time.left, on_time.late, on_time.breached) == (last, 10, 0, 0, False)
    assert count(day, 10, date.fromordinal(last.toordinal() + 1)).breached


@pytest.mark.parametrize(
    ("today", "day", "left"),
    [("2026-11-23", 0, 10), ("2026-11-24", 1, 9), ("2026-11-26", 3, 7), ("2026-11-28", 4, 6), ("2026-11-29", 4, 6),
     ("2026-11-30", 5, 5), ("2026-12-04", 9, 1), ("2026-12-07", 10, 0)],
)  # fmt: skip
def test_each_working_day_is_counted_once(today: str, day: int, left: int) -> None:
    seen = count(date(2026, 11, 23), 10, date.fromisoformat(today))

    assert (seen.day, seen.left, seen.breached, seen.running) == (day, left, False, True)


def test_over_the_limit_it_says_by_how_much() -> None:
    late = count(date(2026, 11, 23), 10, date(2026, 12, 10))

    assert (late.late, late.left, late.breached, late.met) == (3, 0, True, False)


def test_a_weekend_after_the_last_day_is_late_already_though_no_working_day_has_passed() -> None:
    late = count(date(2026, 11, 20), 10, date(2026, 12, 5))

    assert (late.late, late.breached) == (0, True)


def test_done_on_the_last_day_is_in_time_and_stays_so() -> None:
    done = count(date(2026, 11, 23), 10, date(2027, 3, 1), date(2026, 12, 7))

    assert (done.met, done.breached, done.running, done.day) == (True, False, False, 10)


def test_done_a_day_later_is_late_for_good() -> None:
    done = count(date(2026, 11, 23), 10, date(2027, 3, 1), date(2026, 12, 8))

    assert (done.met, done.breached, done.late) == (False, True, 1)


def test_day_0_is_the_local_day_on_which_we_knew() -> None:
    """Half past midnight in a British summer is the day before in UTC."""
    repair = Repair(hazard=True, aware_at=datetime(2027, 6, 6, 23, 30, tzinfo=UTC), investigated_on=None)

    seen = clocks(repair, HazardLimits(10, 3, 5), LONDON, date(2027, 6, 7))

    assert seen is not None
    assert (seen.aware_on, seen.day, seen.due_on) == (date(2027, 6, 7), 0, date(2027, 6, 21))


def test_no_clock_runs_for_a_dripping_tap_or_a_draft() -> None:
    limits = HazardLimits(10, 3, 5)

    assert (
        clocks(Repair(hazard=False, aware_at=datetime(2026, 11, 23, tzinfo=UTC)), limits, LONDON, date(2026, 11, 26))
        is None
    )
    assert clocks(Repair(hazard=True, aware_at=None), limits, LONDON, date(2026, 11, 26)) is None


def test_nothing_is_counted_backwards() -> None:
    assert working_days_after(date(2026, 11, 26), date(2026, 11, 20)) == 0


def test_the_limits_are_those_of_the_law() -> None:
    page = frontmatter.load(str(Path(__file__).parents[2] / "content" / "hazards" / "damp-mould" / "en.md"))

    assert HazardLimits.read(page.metadata) == HazardLimits(investigate=10, summary=3, make_safe=5)
    assert "SI 2025/1042" in str(page["source"])
    assert isinstance(page["review_by"], date)
