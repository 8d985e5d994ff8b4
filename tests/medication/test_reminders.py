"""Each time of day is reminded of once, and never after it was answered, moved or stopped."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from tenant_app import clock
from tenant_app.medication.reminding import Stretch, stretches
from tenant_app.medication.rules import (
    add_medicine,
    answer_slot,
    change_times,
    slots_of_day,
    snooze,
    stop_medicine,
    undo,
)
from tenant_app.reminders.models import Notice, Schedule, State
from tenant_app.reminders.rules import plan_ahead
from tests.medication.conftest import EVENING, LONDON, NINE, TODAY, Shelf

TOMORROW = TODAY + timedelta(days=1)


def hours(shelf: Shelf, day: date) -> list[int]:
    return [due_at.astimezone(LONDON).hour for due_at in shelf.waiting(day)]


def sources(shelf: Shelf) -> list[str]:
    return sorted(shelf.session.scalars(select(Schedule.source)))


def test_medicines_of_one_time_share_one_reminder(shelf: Shelf) -> None:
    shelf.add("Metformin 500 mg", time(10), EVENING)
    shelf.add("Sertraline 50 mg", time(10))

    assert hours(shelf, TODAY) == [10, 21]
    assert hours(shelf, TOMORROW) == [10, 21]
    first = shelf.session.scalars(select(Notice).order_by(Notice.due_at)).all()[0]
    assert first.facts == {"time": "10:00", "count": 2}
    assert first.expires_at - first.due_at == timedelta(hours=4)
    assert sources(shelf) == [f"medication:{shelf.tenant.id}:10:00", f"medication:{shelf.tenant.id}:21:00"]


def test_writing_the_same_medicine_twice_is_one(shelf: Shelf) -> None:
    first, second = shelf.add("Metformin 500 mg", NINE), shelf.add("Metformin 500 mg", NINE)

    assert first is second


@pytest.mark.parametrize("times", [[], [NINE, NINE], [time(hour) for hour in range(9)]])
def test_times_that_make_no_sense_are_refused(shelf: Shelf, times: list[time]) -> None:
    with pytest.raises(ValueError):
        add_medicine(shelf.session, shelf.tenant, "Metformin", "", times, LONDON, TODAY)


def test_a_course_ends_after_it_starts(shelf: Shelf) -> None:
    with pytest.raises(ValueError):
        shelf.add("Amoxicillin", NINE, ends_on=TODAY - timedelta(days=1))
    with pytest.raises(ValueError):
        shelf.add("Amoxicillin", time(8), ends_on=TODAY)
    with pytest.raises(ValueError):
        shelf.add("Amoxicillin", NINE, ends_on=date(9999, 12, 31))


def test_reminders_end_with_the_last_medicine(shelf: Shelf) -> None:
    shelf.add("Amoxicillin", time(10), ends_on=TODAY)
    shelf.add("Metformin 500 mg", time(10), ends_on=TOMORROW)

    with clock.stopped_at(clock.now() + timedelta(days=1)):
        plan_ahead(shelf.session)

    assert len(shelf.waiting(TODAY)) == 1
    assert len(shelf.waiting(TOMORROW)) == 1
    assert shelf.waiting(TOMORROW + timedelta(days=1)) == []
    counts = {notice.occurrence: notice.facts["count"] for notice in shelf.session.scalars(select(Notice))}
    assert counts == {"2026-11-26": 2, "2026-11-27": 1}


def test_between_two_courses_nothing_is_said(shelf: Shelf) -> None:
    shelf.add("Amoxicillin", NINE, ends_on=TODAY)
    shelf.add("Doxycycline", NINE, starts_on=TODAY + timedelta(days=2))

    assert hours(shelf, TODAY) == [9]
    assert hours(shelf, TOMORROW) == []
    assert hours(shelf, TODAY + timedelta(days=2)) == [9]


def test_a_time_that_has_passed_begins_tomorrow(shelf: Shelf) -> None:
    shelf.add("Metformin 500 mg", time(8), EVENING)

    assert [slot.wall_time for slot in slots_of_day(shelf.session, shelf.tenant, TODAY, LONDON)] == [EVENING]
    assert hours(shelf, TODAY) == [21]
    assert hours(shelf, TOMORROW) == [8, 21]


def test_the_reminder_of_an_answered_dose_is_withdrawn(full_shelf: Shelf) -> None:
    assert hours(full_shelf, TODAY) == [9, 21]

    answer_slot(full_shelf.session, full_shelf.tenant, TODAY, NINE, "taken", LONDON)

    assert hours(full_shelf, TODAY) == [21]
    assert hours(full_shelf, TOMORROW) == [9, 21]


def test_an_early_answer_keeps_its_reminder_away_whatever_is_planned_later(full_shelf: Shelf) -> None:
    answer_slot(full_shelf.session, full_shelf.tenant, TODAY, EVENING, "taken", LONDON)
    plan_ahead(full_shelf.session)
    full_shelf.add("Iron", time(12))

    assert hours(full_shelf, TODAY) == [9, 12]


def test_undoing_an_early_answer_brings_its_reminder_back(full_shelf: Shelf) -> None:
    full_shelf.add("Iron", time(12))
    answer_slot(full_shelf.session, full_shelf.tenant, TODAY, EVENING, "taken", LONDON)
    undo(full_shelf.session, full_shelf.tenant, TODAY, EVENING, LONDON)

    assert hours(full_shelf, TODAY) == [9, 12, 21]


def test_a_time_changed_today_does_not_remind_twice(shelf: Shelf) -> None:
    medicine = shelf.add("Metformin 500 mg", time(10))

    assert change_times(shelf.session, medicine, [time(11)], LONDON) == TODAY
    assert hours(shelf, TODAY) == [11]
    assert hours(shelf, TOMORROW) == [11]


def test_a_dose_whose_time_has_come_is_not_asked_for_again_at_its_new_time(shelf: Shelf) -> None:
    medicine = shelf.add("Metformin 500 mg", NINE)
    answer_slot(shelf.session, shelf.tenant, TODAY, NINE, "taken", LONDON)

    with clock.stopped_at(clock.now() + timedelta(minutes=30)):
        assert change_times(shelf.session, medicine, [time(10)], LONDON) == TOMORROW

    assert hours(shelf, TODAY) == []
    assert hours(shelf, TOMORROW) == [10]
    assert shelf.slot().taken


def test_a_dose_taken_early_is_not_asked_for_again_at_its_new_time(shelf: Shelf) -> None:
    medicine = shelf.add("Metformin 500 mg", time(20))
    answer_slot(shelf.session, shelf.tenant, TODAY, time(20), "taken", LONDON)

    assert change_times(shelf.session, medicine, [EVENING], LONDON) == TOMORROW
    assert hours(shelf, TODAY) == []
    assert hours(shelf, TOMORROW) == [21]


def test_changing_back_and_forth_leaves_one_reminder(shelf: Shelf) -> None:
    medicine = shelf.add("Metformin 500 mg", NINE, time(12))
    with clock.stopped_at(clock.now() + timedelta(minutes=5)):
        for times in ([time(10), time(12)], [NINE, time(12)], [time(10)], [NINE, time(12)]):
            change_times(shelf.session, medicine, times, LONDON)

    assert hours(shelf, TODAY) == [9, 12]
    assert hours(shelf, TOMORROW) == [9, 12]
    assert medicine.wall_times == [NINE, time(12)]
    assert len(slots_of_day(shelf.session, shelf.tenant, TODAY, LONDON)[0].medicines) == 1


def test_last_week_keeps_last_weeks_times(full_shelf: Shelf) -> None:
    for medicine in full_shelf.slot().medicines:
        change_times(full_shelf.session, medicine, [time(10)], LONDON)

    before = slots_of_day(full_shelf.session, full_shelf.tenant, TODAY - timedelta(days=3), LONDON)
    after = slots_of_day(full_shelf.session, full_shelf.tenant, TOMORROW, LONDON)
    assert [slot.wall_time for slot in before] == [NINE, EVENING]
    assert [slot.wall_time for slot in after] == [time(10)]


def test_a_change_at_half_past_nine_does_not_remind_of_nine(full_shelf: Shelf) -> None:
    for notice in full_shelf.session.scalars(select(Notice).where(Notice.due_at <= clock.now())):
        notice.settle(State.SENT)

    with clock.stopped_at(clock.now() + timedelta(minutes=30)):
        full_shelf.add("Iron", NINE, time(12))
        stop_medicine(full_shelf.session, full_shelf.slot().medicines[1], LONDON)

    assert hours(full_shelf, TODAY) == [12, 21]


def test_what_was_put_off_survives_a_change_of_another_medicine(full_shelf: Shelf) -> None:
    due_at = snooze(full_shelf.session, full_shelf.tenant, TODAY, NINE, 60, LONDON)
    full_shelf.add("Iron", time(12))

    assert full_shelf.slot().asks_again_at == due_at


def test_a_stopped_medicine_is_not_reminded_of_but_stays_in_the_record(full_shelf: Shelf) -> None:
    metformin, sertraline = full_shelf.slot().medicines
    answer_slot(full_shelf.session, full_shelf.tenant, TODAY - timedelta(days=1), NINE, "taken", LONDON)

    stop_medicine(full_shelf.session, metformin, LONDON)
    stop_medicine(full_shelf.session, metformin, LONDON)

    assert hours(full_shelf, TODAY) == [9]  # of which Sertraline is left
    assert [medicine.name for medicine in full_shelf.slot().medicines] == ["Sertraline 50 mg"]
    assert hours(full_shelf, TOMORROW) == [9]
    assert len(full_shelf.slot(NINE, TODAY - timedelta(days=1)).medicines) == 2
    stop_medicine(full_shelf.session, sertraline, LONDON)
    assert slots_of_day(full_shelf.session, full_shelf.tenant, TODAY, LONDON) == []
    assert [due_at for due_at in full_shelf.waiting() if due_at >= clock.now()] == []


@pytest.mark.parametrize(("day", "due"), [(date(2027, 3, 28), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
                                          (date(2027, 10, 31), datetime(2027, 10, 31, 0, 30, tzinfo=UTC))])  # fmt: skip
def test_half_past_one_comes_once_on_the_day_the_clocks_change(shelf: Shelf, day: date, due: datetime) -> None:
    shelf.add("Levothyroxine", time(1, 30))

    for hour in range(0, 72, 6):
        with clock.stopped_at(datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=48 - hour)):
            plan_ahead(shelf.session)

    said = shelf.session.scalars(select(Notice).where(Notice.occurrence == day.isoformat())).all()
    assert [notice.due_at for notice in said] == [due]
    slots = slots_of_day(shelf.session, shelf.tenant, day, LONDON)
    assert [slot.at for slot in slots] == [due]


def test_days_are_cut_where_the_number_of_medicines_changes() -> None:
    first, second, third = (date(2026, 11, day) for day in (1, 11, 21))

    assert stretches([(first, None), (second, third)]) == [
        Stretch(first, date(2026, 11, 10), 1), Stretch(second, third, 2), Stretch(date(2026, 11, 22), None, 1)
    ]  # fmt: skip
    assert stretches([(first, first), (third, third)]) == [Stretch(first, first, 1), Stretch(third, third, 1)]
    assert stretches([]) == []
