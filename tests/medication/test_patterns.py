"""Some days of the week, every so many days, a course whose amount changes: what is planned is what is shown."""

from __future__ import annotations

from collections import Counter
from datetime import date, time, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tenant_app import clock
from tenant_app.medication.models import DoseTime
from tenant_app.medication.patterns import ALL_WEEK, EVERY_DAY, Pattern, on_weekdays, recurrences
from tenant_app.medication.pausing.models import PauseReason
from tenant_app.medication.rules import BadRegimen, Phase, add_medicine, pause_medicines
from tenant_app.medication.slots import DOSE, slots_between
from tenant_app.reminders.models import Notice, Schedule, State
from tenant_app.reminders.rules import occurrences, plan_ahead
from tests.medication.conftest import LONDON, TODAY, Shelf

DAYS = st.integers(-20, 60).map(lambda days: TODAY + timedelta(days=days))
ON_WEEKDAYS = st.integers(1, ALL_WEEK).map(Pattern)
EVERY_SO_OFTEN = st.builds(Pattern, st.just(ALL_WEEK), st.integers(2, 40), DAYS)
PATTERNS = st.one_of(st.just(EVERY_DAY), ON_WEEKDAYS, EVERY_SO_OFTEN)
AHEAD = 45


@settings(deadline=None)
@given(st.lists(PATTERNS, min_size=1, max_size=4), DAYS)
@example([EVERY_DAY, on_weekdays([0])], TODAY)
@example([Pattern(ALL_WEEK, 3, TODAY), on_weekdays([0]), Pattern(ALL_WEEK, 2, TODAY)], TODAY)
def test_rules_fire_once_on_each_day_on_which_something_is_due(patterns: list[Pattern], first: date) -> None:
    last = first + timedelta(days=120)
    fired: Counter[date] = Counter()
    for each in recurrences(patterns, first):
        plan = Schedule(starts_on=each.starts_on, ends_on=None, recurrence=each.rule)
        days = occurrences(plan, first, last)
        fired.update(days)
        for day in days:
            due = sum(pattern.meets(day) for pattern in patterns)
            assert each.count in (None, due), (each, day)

    every = (first + timedelta(days=number) for number in range(121))
    wanted = [day for day in every if any(pattern.meets(day) for pattern in patterns)]
    assert fired == Counter(wanted)


@st.composite
def regimens(draw: st.DrawFn) -> dict[str, object]:
    """A medicine as somebody might write it down, now and then one that makes no sense."""
    starts_on = draw(st.integers(-5, 15).map(lambda days: TODAY + timedelta(days=days)))
    ends_on = draw(st.none() | st.integers(0, 40).map(lambda days: starts_on + timedelta(days=days)))
    steps = draw(st.lists(st.integers(1, 9), max_size=3))
    days = [starts_on + timedelta(days=sum(steps[:number])) for number in range(len(steps) + 1)]
    return {
        "times": draw(st.lists(st.sampled_from([time(8), time(9), time(21), time(1, 30)]), min_size=1, max_size=3,
                               unique=True)),
        "starts_on": starts_on, "ends_on": ends_on, "pattern": draw(PATTERNS),
        "phases": [Phase(day, f"{number + 1} tablets") for number, day in enumerate(days)] if steps else [],
    }  # fmt: skip


PAUSES = st.lists(st.tuples(st.none() | st.integers(-6, 20), st.none() | st.integers(0, 15)), max_size=2)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(regimens(), min_size=1, max_size=3), PAUSES)
@example([{"times": [time(9)], "starts_on": TODAY, "ends_on": None, "pattern": Pattern(ALL_WEEK, 3, TODAY), "phases": []},
          {"times": [time(9)], "starts_on": TODAY, "ends_on": None, "pattern": on_weekdays([0, 3]), "phases": []}],
         [(2, 3)])  # fmt: skip
def test_slots_and_reminders_agree_whatever_is_written_down(
    shelf: Shelf, written: list[dict[str, object]], pauses: list[tuple[int | None, int | None]]
) -> None:
    with shelf.session.begin_nested() as undone:
        for number, each in enumerate(written):
            try:
                add_medicine(shelf.session, shelf.tenant, f"Medicine {number}", "", zone=LONDON, **each)  # type: ignore[arg-type]
            except BadRegimen:
                continue
        for first, lasts in pauses:
            begins = TODAY + timedelta(days=first) if first is not None else None
            last = (begins or TODAY) + timedelta(days=lasts) if lasts is not None else None
            pause_medicines(shelf.session, shelf.tenant, PauseReason.ILL, LONDON, first=begins, last=last)
        _agree(shelf)
        undone.rollback()


def _agree(shelf: Shelf) -> None:
    """For weeks ahead, each slot that is not paused has one reminder of its moment, and there are no others."""
    until = TODAY + timedelta(days=AHEAD)
    slots = slots_between(shelf.session, shelf.tenant, TODAY, until, LONDON)
    expected = {(slot.day, slot.wall_time): slot for slot in slots if not slot.paused and slot.at >= clock.now()}
    plans = shelf.session.scalars(select(Schedule).where(Schedule.tenant_id == shelf.tenant.id)).all()
    planned = [(day, plan.wall_time, plan) for plan in plans for day in occurrences(plan, TODAY, until)]
    ahead = [each for each in planned if clock.at(*each[:2], LONDON) >= clock.now()]

    assert sorted(each[:2] for each in ahead) == sorted(expected)
    for day, wall_time, plan in ahead:
        slot = expected[day, wall_time]
        assert plan.facts.get("count") in (None, len(slot.medicines))
        assert slot.at + timedelta(minutes=plan.lasts_minutes) <= slot.until


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(regimens(), min_size=1, max_size=2), st.integers(0, 4))
def test_a_worker_that_plans_day_by_day_says_each_slot_once(
    shelf: Shelf, written: list[dict[str, object]], rests_after: int
) -> None:
    with shelf.session.begin_nested() as undone:
        for number, each in enumerate(written):
            try:
                add_medicine(shelf.session, shelf.tenant, f"Medicine {number}", "", zone=LONDON, **each)  # type: ignore[arg-type]
            except BadRegimen:
                continue
        for day in range(8):
            with clock.stopped_at(clock.now() + timedelta(days=day)):
                if day == rests_after:
                    pause_medicines(shelf.session, shelf.tenant, PauseReason.ILL, LONDON, first=TODAY + timedelta(days=5),
                                    last=TODAY + timedelta(days=6))  # fmt: skip
                plan_ahead(shelf.session)
        until = TODAY + timedelta(days=8)
        said = shelf.session.scalars(
            select(Notice.due_at).where(
                Notice.kind == DOSE, Notice.state == State.WAITING, Notice.due_at >= clock.now(),
                Notice.due_at < clock.at(until + timedelta(days=1), time(), LONDON),
            )
        ).all()  # fmt: skip
        slots = slots_between(shelf.session, shelf.tenant, TODAY, until, LONDON)
        wanted = [slot.at for slot in slots if not slot.paused and slot.at >= clock.now()]

        assert sorted(said) == wanted
        undone.rollback()


def test_a_weekly_medicine_beside_a_daily_one_is_counted_on_its_day(shelf: Shelf) -> None:
    shelf.add("Metformin 500 mg", time(10))
    add_medicine(shelf.session, shelf.tenant, "Methotrexate", "1 tablet", [time(10)], LONDON, TODAY,
                 pattern=on_weekdays([4]))  # fmt: skip

    found = shelf.session.scalars(select(Notice).order_by(Notice.due_at)).all()
    assert {notice.occurrence: notice.facts["count"] for notice in found} == {
        "2026-11-26": 1, "2026-11-27": 2, "2026-11-28": 1
    }  # fmt: skip
    assert len(found) == 3


def test_every_three_days_goes_on_counting_when_the_time_changes(shelf: Shelf) -> None:
    from tenant_app.medication.rules import change_times

    medicine = add_medicine(shelf.session, shelf.tenant, "Patch", "", [time(10)], LONDON, TODAY,
                            pattern=Pattern(ALL_WEEK, 3, TODAY))  # fmt: skip
    with clock.stopped_at(clock.now() + timedelta(days=1)):
        change_times(shelf.session, medicine, [time(12)], LONDON)

    slots = slots_between(shelf.session, shelf.tenant, TODAY, TODAY + timedelta(days=6), LONDON)
    assert [(slot.day.day, slot.wall_time.hour) for slot in slots] == [(26, 10), (29, 12), (2, 12)]


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31)])
def test_a_weekly_time_inside_a_clock_change_comes_once(shelf: Shelf, day: date) -> None:
    assert day.weekday() == 6
    with clock.stopped_at(clock.at(day - timedelta(days=3), time(9), LONDON)):
        add_medicine(shelf.session, shelf.tenant, "Alendronic acid", "", [time(1, 30)], LONDON, day - timedelta(days=3),
                     pattern=on_weekdays([6]))  # fmt: skip
    for number in range(3):
        with clock.stopped_at(clock.at(day - timedelta(days=2 - number), time(9), LONDON)):
            plan_ahead(shelf.session)

    [slot] = slots_between(shelf.session, shelf.tenant, day - timedelta(days=1), day + timedelta(days=1), LONDON)
    said = shelf.session.scalars(select(Notice.due_at).where(Notice.occurrence == day.isoformat())).all()
    assert said == [slot.at]


def test_past_days_keep_the_days_and_amounts_they_had(shelf: Shelf) -> None:
    from tenant_app.medication.rules import Regimen, change_regimen

    with clock.stopped_at(clock.now() - timedelta(days=7)):
        medicine = shelf.add("Iron", time(10))
    change_regimen(shelf.session, medicine, Regimen((time(10),), on_weekdays([0])), None, LONDON)

    slots = slots_between(shelf.session, shelf.tenant, TODAY - timedelta(days=7), TODAY + timedelta(days=7), LONDON)
    assert [slot.day.day for slot in slots] == [19, 20, 21, 22, 23, 24, 25, 30]
    shelf.session.expire_all()
    assert len(shelf.session.scalars(select(DoseTime)).all()) == 2
