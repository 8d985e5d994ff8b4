"""What a tenant says of their medicines is kept as they said it, and silence stays silence."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from tenant_app import clock
from tenant_app.medication.models import Answer
from tenant_app.medication.rules import (
    PUT_OFF,
    DayClosed,
    StillToCome,
    answer_slot,
    current_slots,
    overview,
    slots_of_day,
    snooze,
    undo,
    week_of,
)
from tests.medication.conftest import EVENING, LONDON, NINE, TODAY, Shelf

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
YESTERDAY = TODAY - timedelta(days=1)


def test_one_tap_records_everything_of_that_time(full_shelf: Shelf) -> None:
    slot = answer_slot(full_shelf.session, full_shelf.tenant, TODAY, NINE, "taken", LONDON)

    assert slot.taken
    assert [medicine.name for medicine in slot.medicines] == ["Metformin 500 mg", "Sertraline 50 mg"]
    assert {dose.answer for dose in full_shelf.doses()} == {Answer.TAKEN}
    assert slot.taken_at == clock.now()


def test_a_second_tap_changes_nothing(full_shelf: Shelf) -> None:
    answer_slot(full_shelf.session, full_shelf.tenant, TODAY, NINE, "taken", LONDON)
    first = {(dose.id, dose.taken_at, dose.answered_at) for dose in full_shelf.doses()}

    with clock.stopped_at(clock.now() + timedelta(minutes=3)):
        answer_slot(full_shelf.session, full_shelf.tenant, TODAY, NINE, "taken", LONDON)

    assert {(dose.id, dose.taken_at, dose.answered_at) for dose in full_shelf.doses()} == first


def test_what_nobody_answered_is_not_recorded_and_never_skipped(full_shelf: Shelf) -> None:
    yesterday = slots_of_day(full_shelf.session, full_shelf.tenant, YESTERDAY, LONDON)

    assert [slot.not_recorded for slot in yesterday] == [True, True]
    assert not any(slot.skipped for slot in yesterday)
    assert full_shelf.doses() == []


def test_a_slot_is_to_come_then_now_then_not_recorded(full_shelf: Shelf) -> None:
    states = []
    for moment in (time(8, 59), time(9), time(12, 59), time(13)):
        with clock.stopped_at(datetime.combine(TODAY, moment, UTC)):
            states.append(str(full_shelf.slot().state))

    assert states == ["to-come", "now", "now", "not-recorded"]


def test_a_window_ends_where_the_next_one_begins(shelf: Shelf) -> None:
    shelf.add("Levodopa", NINE, time(11))

    assert shelf.slot().until == datetime(2026, 11, 26, 11, tzinfo=UTC)
    assert shelf.slot(time(11)).until == datetime(2026, 11, 26, 15, tzinfo=UTC)


def test_a_late_slot_is_still_due_after_midnight(shelf: Shelf) -> None:
    shelf.add("Quetiapine", time(23))

    with clock.stopped_at(datetime(2026, 11, 27, 0, 30, tzinfo=UTC)):
        late, tonight = current_slots(shelf.session, shelf.tenant, LONDON)
        answered = answer_slot(shelf.session, shelf.tenant, TODAY, time(23), "taken", LONDON)

    assert (late.day, late.due) == (TODAY, True)
    assert tonight.to_come
    assert answered.taken_at == datetime(2026, 11, 27, 0, 30, tzinfo=UTC)


def test_undoing_leaves_nothing_recorded(full_shelf: Shelf) -> None:
    answer_slot(full_shelf.session, full_shelf.tenant, TODAY, NINE, "skipped", LONDON)

    slot = undo(full_shelf.session, full_shelf.tenant, TODAY, NINE, LONDON)
    again = undo(full_shelf.session, full_shelf.tenant, TODAY, NINE, LONDON)

    assert slot.due
    assert again.due
    assert full_shelf.doses() == []


def test_an_answer_can_be_corrected(full_shelf: Shelf) -> None:
    answer_slot(full_shelf.session, full_shelf.tenant, TODAY, NINE, "taken", LONDON)
    slot = answer_slot(full_shelf.session, full_shelf.tenant, TODAY, NINE, "skipped", LONDON)

    assert slot.skipped
    assert slot.taken_at is None
    assert len(full_shelf.doses()) == 2


def test_the_time_taken_can_be_corrected(full_shelf: Shelf) -> None:
    with clock.stopped_at(NOON):
        answer_slot(full_shelf.session, full_shelf.tenant, TODAY, NINE, "taken", LONDON)
        slot = answer_slot(full_shelf.session, full_shelf.tenant, TODAY, NINE, "taken", LONDON, at=time(9, 10))

        assert slot.taken_at == datetime(2026, 11, 26, 9, 10, tzinfo=UTC)
        with pytest.raises(StillToCome):
            answer_slot(full_shelf.session, full_shelf.tenant, TODAY, NINE, "taken", LONDON, at=time(12, 1))


def test_half_past_midnight_belongs_to_the_evening_before(shelf: Shelf) -> None:
    shelf.add("Quetiapine", time(23))

    with clock.stopped_at(datetime(2026, 11, 27, 9, tzinfo=UTC)):
        slot = answer_slot(shelf.session, shelf.tenant, TODAY, time(23), "taken", LONDON, at=time(0, 30))

    assert slot.taken_at == datetime(2026, 11, 27, 0, 30, tzinfo=UTC)


def test_what_is_filled_in_later_claims_no_time(full_shelf: Shelf) -> None:
    slot = answer_slot(full_shelf.session, full_shelf.tenant, YESTERDAY, NINE, "taken", LONDON)

    assert slot.taken
    assert slot.taken_at is None


def test_neither_tomorrow_nor_last_month_can_be_recorded(full_shelf: Shelf) -> None:
    for day in (TODAY + timedelta(days=1), TODAY - timedelta(days=7)):
        with pytest.raises(DayClosed):
            answer_slot(full_shelf.session, full_shelf.tenant, day, NINE, "taken", LONDON)
        with pytest.raises(DayClosed):
            undo(full_shelf.session, full_shelf.tenant, day, NINE, LONDON)


def test_a_time_that_is_nobodys_is_not_found(full_shelf: Shelf) -> None:
    with pytest.raises(LookupError):
        answer_slot(full_shelf.session, full_shelf.tenant, TODAY, time(9, 1), "taken", LONDON)


def test_the_week_is_a_table_with_a_row_for_each_time(full_shelf: Shelf) -> None:
    answer_slot(full_shelf.session, full_shelf.tenant, YESTERDAY, EVENING, "taken", LONDON)

    week = week_of(full_shelf.session, full_shelf.tenant, TODAY, LONDON)

    assert [day.day for day in week.days] == [23, 24, 25, 26, 27, 28, 29]
    assert [wall_time for wall_time, _ in week.rows] == [NINE, EVENING]
    states = [str(slot.state) for slot in week.rows[1][1] if slot]
    assert states == ["not-recorded", "not-recorded", "taken", "to-come", "to-come", "to-come", "to-come"]


def test_what_may_be_filled_in_goes_back_seven_days(full_shelf: Shelf) -> None:
    gaps = overview(full_shelf.session, full_shelf.tenant, LONDON).gaps

    assert gaps[0].day == YESTERDAY
    assert gaps[-1].day == TODAY - timedelta(days=6)


def test_not_now_asks_again_in_so_many_minutes(full_shelf: Shelf) -> None:
    due_at = snooze(full_shelf.session, full_shelf.tenant, TODAY, NINE, 10, LONDON)

    assert due_at == clock.now() + timedelta(minutes=10)
    assert full_shelf.slot().asks_again_at == due_at
    assert full_shelf.slot().due


def test_of_several_put_offs_only_the_last_counts(full_shelf: Shelf) -> None:
    for minutes in (10, 60, 30, 30):
        snooze(full_shelf.session, full_shelf.tenant, TODAY, NINE, minutes, LONDON)

    assert [due_at for due_at in full_shelf.waiting(TODAY) if due_at.hour < 21] == [clock.now() + timedelta(minutes=30)]


def test_nothing_is_put_off_past_its_window(full_shelf: Shelf) -> None:
    with clock.stopped_at(datetime(2026, 11, 26, 12, 30, tzinfo=UTC)):
        assert snooze(full_shelf.session, full_shelf.tenant, TODAY, NINE, 60, LONDON) is None
        assert snooze(full_shelf.session, full_shelf.tenant, TODAY, NINE, 10, LONDON) is not None
    assert snooze(full_shelf.session, full_shelf.tenant, TODAY, EVENING, 10, LONDON) is None
    with pytest.raises(ValueError):
        snooze(full_shelf.session, full_shelf.tenant, TODAY, NINE, 5, LONDON)


def test_an_answer_or_undo_ends_a_put_off(full_shelf: Shelf) -> None:
    for end in ("skipped", "undo"):
        snooze(full_shelf.session, full_shelf.tenant, TODAY, NINE, 60, LONDON)
        if end == "undo":
            undo(full_shelf.session, full_shelf.tenant, TODAY, NINE, LONDON)
        else:
            answer_slot(full_shelf.session, full_shelf.tenant, TODAY, NINE, end, LONDON)
            undo(full_shelf.session, full_shelf.tenant, TODAY, NINE, LONDON)

        assert full_shelf.slot().asks_again_at is None
        assert [due_at.hour for due_at in full_shelf.waiting(TODAY)] == [21]


def test_a_tap_that_had_to_wait_was_taken_when_it_was_tapped(full_shelf: Shelf) -> None:
    tapped = clock.now() + timedelta(minutes=7)
    with clock.stopped_at(NOON + timedelta(hours=6)):  # long after the window has closed
        slot = answer_slot(full_shelf.session, full_shelf.tenant, TODAY, NINE, "taken", LONDON, at=tapped)

    assert (slot.taken, slot.taken_at) == (True, tapped)


@pytest.mark.parametrize(
    ("tapped", "believed"),
    [
        ("08:54:59", None),  # before its time
        ("08:55:00", "09:00:00"),  # a clock a little slow
        ("09:00:00", "09:00:00"),
        ("11:59:59", "11:59:59"),
        ("12:00:00", "12:00:00"),
        ("12:05:00", "12:00:00"),  # a clock a little fast
        ("12:05:01", None),  # still to come
        ("13:00:00", None),
    ],
)
def test_a_phones_clock_is_believed_within_the_window_and_not_ahead_of_ours(
    full_shelf: Shelf, tapped: str, believed: str | None
) -> None:
    moment = datetime.combine(TODAY, time.fromisoformat(tapped), UTC)
    with clock.stopped_at(NOON):
        slot = answer_slot(full_shelf.session, full_shelf.tenant, TODAY, NINE, "taken", LONDON, at=moment)

    assert slot.taken
    assert slot.taken_at == (datetime.combine(TODAY, time.fromisoformat(believed), UTC) if believed else None)


def test_what_was_said_after_a_tap_that_waited_stays(full_shelf: Shelf) -> None:
    tapped = clock.now() + timedelta(minutes=1)
    with clock.stopped_at(tapped + timedelta(minutes=4)):
        answer_slot(full_shelf.session, full_shelf.tenant, TODAY, NINE, "skipped", LONDON)
    with clock.stopped_at(NOON):
        slot = answer_slot(full_shelf.session, full_shelf.tenant, TODAY, NINE, "taken", LONDON, at=tapped)

    assert slot.skipped


def test_a_tap_corrects_what_was_said_before_it(full_shelf: Shelf) -> None:
    answer_slot(full_shelf.session, full_shelf.tenant, TODAY, NINE, "skipped", LONDON)
    tapped = clock.now() + timedelta(minutes=1)
    with clock.stopped_at(NOON):
        slot = answer_slot(full_shelf.session, full_shelf.tenant, TODAY, NINE, "taken", LONDON, at=tapped)

    assert (slot.taken, slot.taken_at) == (True, tapped)


def test_a_tap_on_later_that_had_to_wait_is_held_against_the_window_as_it_was_tapped(full_shelf: Shelf) -> None:
    for tapped, arrives, asks_again in (
        ((12, 45), (12, 52), (12, 55)),  # ten minutes from when it arrived would be too late
        ((12, 20), (12, 58), (12, 58)),  # they have passed, and there is still time
        ((12, 51), (12, 52), None),
        ((12, 45), (13, 0), None),
    ):
        with clock.stopped_at(datetime(2026, 11, 26, *arrives, tzinfo=UTC)):
            planned = snooze(
                full_shelf.session, full_shelf.tenant, TODAY, NINE, 10, LONDON,
                tapped=datetime(2026, 11, 26, *tapped, tzinfo=UTC),
            )  # fmt: skip
        assert planned == (asks_again and datetime(2026, 11, 26, *asks_again, tzinfo=UTC))


def test_a_put_off_is_planned_although_earlier_ones_were_forgotten(full_shelf: Shelf) -> None:
    session, tenant, nine = full_shelf.session, full_shelf.tenant, clock.now()
    snooze(session, tenant, TODAY, NINE, 30, LONDON)
    with clock.stopped_at(nine + timedelta(minutes=1)):
        snooze(session, tenant, TODAY, NINE, 10, LONDON)  # instead of the half hour
    with clock.stopped_at(nine + timedelta(minutes=12)):
        full_shelf.add("Levodopa", time(11))  # the window ends sooner, so what lay ahead is planned anew
        due_at = snooze(session, tenant, TODAY, NINE, 30, LONDON)

        assert due_at == nine + timedelta(minutes=42)
        assert full_shelf.slot().asks_again_at == due_at


def test_later_counts_from_the_tap_and_never_asks_in_the_past(full_shelf: Shelf) -> None:
    tapped, minutes = clock.now(), min(PUT_OFF)
    for waited, asks_again in ((5, minutes), (minutes + 20, minutes + 20)):
        with clock.stopped_at(tapped + timedelta(minutes=waited)):
            planned = snooze(
                full_shelf.session, full_shelf.tenant, TODAY, NINE, minutes, LONDON, tapped=tapped
            )
        assert planned == tapped + timedelta(minutes=asks_again)
