"""Sixty deadlines worked by hand on a calendar (row 52): SI 2025/1042, our own priorities, England's bank holidays.

Moments are wall times in London. A limit in days ends with the last moment of the day named; one in hours at the hour.
Bank holidays on the way: 2026: Good Friday 3 April, Easter Monday 6 April, Monday 4 and 25 May, Monday 31 August,
Friday 25 December, Monday 28 December (for Boxing Day, a Saturday). 2027: Friday 1 January, Good Friday 26 March,
Easter Monday 29 March, Monday 3 and 31 May, Monday 30 August, Monday 27 and Tuesday 28 December (for Saturday and
Sunday). 2028: Monday 3 January (for Saturday), Good Friday 14 and Easter Monday 17 April.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tenant_app import clock
from tenant_app.repairs.clocks.counting import Unit, due_at, last_day
from tenant_app.repairs.clocks.policy import EMERGENCY, Kind, Priority, in_force

LONDON = ZoneInfo("Europe/London")

INVESTIGATE = "investigate"  # 10 working days
SUMMARY = "summary"  # 3 working days
MAKE_SAFE = "make_safe"  # 5 working days
WORKS = "begin_works"  # 5 working days
BACKSTOP = "backstop"  # 12 weeks of 7 days
HOURS = "24 hours"
URGENT = "urgent"  # 5 working days
ROUTINE = "routine"  # 21 working days

DATES = [
    # Investigate a significant hazard: the tenth working day after we knew.
    (INVESTIGATE, "2026-11-23 09:00", "2026-12-07"),  # two plain weeks
    (INVESTIGATE, "2026-11-23 23:59", "2026-12-07"),  # the hour of day 0 makes no difference
    (INVESTIGATE, "2026-11-20 16:00", "2026-12-04"),  # a Friday: Monday 23 is day 1
    (INVESTIGATE, "2026-11-21 10:00", "2026-12-04"),  # a Saturday: Monday 23 is day 1 as well
    (INVESTIGATE, "2026-11-22 10:00", "2026-12-04"),  # and a Sunday
    (INVESTIGATE, "2026-12-10 12:00", "2026-12-24"),  # 11, 14-18, 21-24: Christmas Eve is a working day
    (INVESTIGATE, "2026-12-11 12:00", "2026-12-29"),  # 14-18 (5), 21-24 (9), not 25, weekend, not 28, 29 (10)
    (INVESTIGATE, "2026-12-24 17:00", "2027-01-12"),  # 29-31 (3), not 1 Jan, 4-8 (8), 11, 12 (10)
    (INVESTIGATE, "2026-12-25 09:00", "2027-01-12"),  # Christmas Day: the same
    (INVESTIGATE, "2026-12-31 20:00", "2027-01-15"),  # not 1 Jan, 4-8 (5), 11-15 (10)
    (INVESTIGATE, "2027-03-11 09:00", "2027-03-25"),  # the last that ends before Good Friday
    (INVESTIGATE, "2027-03-12 09:00", "2027-03-30"),  # 15-19, 22-25 (9), not 26, not 29, 30 (10)
    (INVESTIGATE, "2027-03-28 12:00", "2027-04-12"),  # Easter Sunday; not 29; 30, 31, 1, 2 (4), 5-9 (9), 12
    (INVESTIGATE, "2027-04-19 09:00", "2027-05-04"),  # 20-23 (4), 26-30 (9), not Monday 3 May, 4 (10)
    (INVESTIGATE, "2027-05-28 09:00", "2027-06-14"),  # not Monday 31; 1-4 (4), 7-11 (9), 14
    (INVESTIGATE, "2027-08-20 09:00", "2027-09-06"),  # 23-27 (5), not 30; 31, 1, 2, 3 (9), 6
    (INVESTIGATE, "2027-12-20 09:00", "2028-01-06"),  # 21-24 (4), not 27, 28; 29-31 (7), not 3 Jan; 4, 5, 6
    (INVESTIGATE, "2027-06-07 00:30", "2027-06-21"),  # half past midnight in summer, the day before in UTC
    # Write to the tenant: the third working day after the investigation ended.
    (SUMMARY, "2026-11-24 14:00", "2026-11-27"),  # plain
    (SUMMARY, "2026-11-26 14:00", "2026-12-01"),  # Thursday: Friday, Monday, Tuesday
    (SUMMARY, "2026-11-28 14:00", "2026-12-02"),  # a Saturday: Monday to Wednesday
    (SUMMARY, "2026-12-23 14:00", "2026-12-30"),  # 24 (1), not 25, weekend, not 28; 29 (2), 30 (3)
    (SUMMARY, "2026-12-24 14:00", "2026-12-31"),  # 29, 30, 31
    (SUMMARY, "2026-12-30 14:00", "2027-01-05"),  # 31 (1), not 1 Jan; 4 (2), 5 (3)
    (SUMMARY, "2027-03-24 14:00", "2027-03-31"),  # 25 (1), not 26, not 29; 30 (2), 31 (3)
    (SUMMARY, "2027-03-26 14:00", "2027-04-01"),  # Good Friday itself: 30, 31, 1
    (SUMMARY, "2026-04-02 14:00", "2026-04-09"),  # Maundy Thursday 2026: not 3, not 6; 7, 8, 9
    (SUMMARY, "2027-04-30 14:00", "2027-05-06"),  # not Monday 3 May: 4, 5, 6
    # Make it safe: the fifth working day after the investigation ended.
    (MAKE_SAFE, "2026-11-23 10:00", "2026-11-30"),  # 24-27 (4), Monday
    (MAKE_SAFE, "2026-12-17 10:00", "2026-12-24"),  # 18, 21-24
    (MAKE_SAFE, "2026-12-18 10:00", "2026-12-29"),  # 21-24 (4), not 25, not 28; 29
    (MAKE_SAFE, "2026-12-27 10:00", "2027-01-05"),  # a Sunday: not 28; 29-31 (3), not 1; 4, 5
    (MAKE_SAFE, "2027-03-19 10:00", "2027-03-30"),  # 22-25 (4), not 26, not 29; 30
    (MAKE_SAFE, "2027-03-25 10:00", "2027-04-05"),  # not 26, not 29; 30, 31, 1, 2 (4), 5
    (MAKE_SAFE, "2026-05-01 10:00", "2026-05-11"),  # not Monday 4 May; 5-8 (4), 11
    (MAKE_SAFE, "2026-05-22 10:00", "2026-06-01"),  # not Monday 25 May; 26-29 (4), 1 June
    (MAKE_SAFE, "2028-04-13 10:00", "2028-04-24"),  # not Good Friday 14, not 17; 18-21 (4), 24
    # Begin further work: the same five.
    (WORKS, "2026-11-27 10:00", "2026-12-04"),  # a plain week
    (WORKS, "2026-12-31 10:00", "2027-01-08"),  # not 1 Jan; 4-8
    (WORKS, "2027-05-27 10:00", "2027-06-04"),  # 28 (1), not 31; 1-4 (5)
    (WORKS, "2026-08-28 10:00", "2026-09-07"),  # not Monday 31 August; 1-4 (4), 7
    (WORKS, "2027-12-24 10:00", "2028-01-05"),  # not 27, 28; 29-31 (3), not 3 Jan; 4, 5
    # The law's last day for it: 84 days, weekends and holidays among them.
    (BACKSTOP, "2026-11-23 10:00", "2027-02-15"),  # 7 + 31 + 31 + 15 = 84
    (BACKSTOP, "2027-01-04 10:00", "2027-03-29"),  # 27 + 28 + 29 = 84: Easter Monday stays the last day
    (BACKSTOP, "2026-10-01 10:00", "2026-12-24"),  # 30 + 30 + 24 = 84
    # Twenty-four hours that pass, whatever the wall says.
    (HOURS, "2026-11-26 09:00", "2026-11-27 09:00"),  # plain
    (HOURS, "2026-12-24 18:30", "2026-12-25 18:30"),  # nobody waits for Christmas to be over
    (HOURS, "2026-11-27 23:59", "2026-11-28 23:59"),  # nor for a weekend
    (HOURS, "2026-12-31 12:00", "2027-01-01 12:00"),  # into another year
    (HOURS, "2027-03-27 12:00", "2027-03-28 13:00"),  # a night of 23 hours on the wall: an hour later by it
    (HOURS, "2027-03-27 00:30", "2027-03-28 00:30"),  # over before clocks go forward at one
    (HOURS, "2027-10-30 12:00", "2027-10-31 11:00"),  # a night of 25 hours: an hour earlier
    (HOURS, "2027-10-30 01:30", "2027-10-31 01:30"),  # half past one comes twice: the first time is in time, exactly
    (HOURS, "2027-10-30 02:30", "2027-10-31 01:30+1"),  # due when it comes for the second time
    # Ordinary repairs, by priority.
    (URGENT, "2026-11-26 09:00", "2026-12-03"),  # 27 (1), 30 and 1-3 (5)
    (URGENT, "2026-12-23 09:00", "2027-01-04"),  # 24 (1), not 25, 28; 29-31 (4), not 1; 4
    (URGENT, "2027-03-25 09:00", "2027-04-05"),  # over Easter, as above
    (ROUTINE, "2026-11-02 09:00", "2026-12-01"),  # 3-6 (4), 9-13 (9), 16-20 (14), 23-27 (19), 30, 1 (21)
    (ROUTINE, "2026-11-26 09:00", "2026-12-29"),  # 27 (1), 30-4 (6), 7-11 (11), 14-18 (16), 21-24 (20), 29 (21)
    (ROUTINE, "2027-03-15 09:00", "2027-04-15"),  # 16-19 (4), 22-25 (8), 30-2 (12), 5-9 (17), 12-15 (21)
]


def _limit(what: str):
    rules = in_force()
    if what == HOURS:
        return rules.hazards[EMERGENCY].clocks[Kind.MAKE_SAFE][1]
    if what in (URGENT, ROUTINE):
        return rules.priorities[Priority(what)]
    return rules.hazards["damp-mould"].clocks[Kind(what)][1]


def test_sixty_deadlines_are_what_a_calendar_says() -> None:
    assert len(DATES) == len({(what, began) for what, began, _ in DATES}) == 60
    wrong = []
    for what, began_at, expected in DATES:
        began = datetime.fromisoformat(began_at).replace(tzinfo=LONDON).astimezone(UTC)
        limit = _limit(what)
        due = due_at(began, limit, LONDON)
        if limit.unit is Unit.HOURS:
            wall = datetime.fromisoformat(expected.removesuffix("+1")).replace(tzinfo=LONDON, fold=expected.endswith("+1"))
            right = due == wall.astimezone(UTC)
        else:
            day = date.fromisoformat(expected)
            right = last_day(due, LONDON) == day and due == clock.at(day + timedelta(days=1), time(), LONDON)
        if not right:
            wrong.append((what, began_at, expected, due.astimezone(LONDON).isoformat()))
    assert wrong == []


@pytest.mark.parametrize("kind", [Kind.INVESTIGATE, Kind.MAKE_SAFE])
def test_an_emergency_has_24_hours_for_both_from_awareness(kind: Kind) -> None:
    start, limit = in_force().hazards[EMERGENCY].clocks[kind]

    assert (start.value, limit.amount, limit.unit) == ("awareness", 24, Unit.HOURS)
