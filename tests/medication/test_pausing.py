"""In hospital, ill, or in someone else's hands: reminders rest, nothing is a gap, and nothing recorded is lost."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from tenant_app import clock
from tenant_app.medication.pausing.models import MedicinePause, PauseReason
from tenant_app.medication.rules import (
    BadPause,
    add_medicine,
    answer_slot,
    current_pause,
    ended_pause,
    overview,
    pause_medicines,
    resume_medicines,
    slots_of_day,
    snooze,
)
from tests.medication.conftest import EVENING, LONDON, NINE, TODAY, Shelf

ILL, HOSPITAL = PauseReason.ILL, PauseReason.HOSPITAL


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def states(shelf: Shelf, on: date) -> list[str]:
    return [str(slot.state) for slot in slots_of_day(shelf.session, shelf.tenant, on, LONDON)]


def ahead(shelf: Shelf) -> list[datetime]:
    """What will be said from now on. The worker was not there for the nine days before."""
    return [moment for moment in shelf.waiting() if moment >= clock.now()]


def pause(shelf: Shelf, first: int | None = None, last: int | None = None) -> MedicinePause:
    return pause_medicines(
        shelf.session, shelf.tenant, HOSPITAL, LONDON, first=None if first is None else day(first),
        last=None if last is None else day(last),
    )  # fmt: skip


def test_from_now_nobody_is_reminded_until_the_tenant_says_so(full_shelf: Shelf) -> None:
    pause(full_shelf)

    assert ahead(full_shelf) == []
    assert states(full_shelf, TODAY) == ["paused", "paused"]  # the nine o'clock that waited rests too
    assert states(full_shelf, day(200)) == ["paused", "paused"]
    assert states(full_shelf, day(-1)) == ["not-recorded", "not-recorded"]


def test_a_pause_that_ends_by_itself_has_its_reminders_planned(full_shelf: Shelf) -> None:
    pause(full_shelf, last=0)

    assert [moment.day for moment in ahead(full_shelf)] == [27, 27, 28, 28]
    assert states(full_shelf, day(1)) == ["to-come", "to-come"]


def test_a_paused_slot_is_no_gap_and_may_still_be_recorded(full_shelf: Shelf) -> None:
    pause(full_shelf, first=-3)

    assert all(slot.day < day(-3) for slot in overview(full_shelf.session, full_shelf.tenant, LONDON).gaps)
    slot = answer_slot(full_shelf.session, full_shelf.tenant, day(-2), NINE, "taken", LONDON)
    assert slot.taken
    assert states(full_shelf, day(-2)) == ["taken", "paused"]


def test_what_was_recorded_before_stays(full_shelf: Shelf) -> None:
    answer_slot(full_shelf.session, full_shelf.tenant, TODAY, NINE, "taken", LONDON)
    pause(full_shelf)

    assert states(full_shelf, TODAY) == ["taken", "paused"]


def test_what_was_put_off_is_not_asked_again_while_it_rests(full_shelf: Shelf) -> None:
    snooze(full_shelf.session, full_shelf.tenant, TODAY, NINE, 60, LONDON)
    pause(full_shelf)

    assert ahead(full_shelf) == []


def test_start_again_lights_what_is_due_and_plans_the_rest(full_shelf: Shelf) -> None:
    pause(full_shelf)
    with clock.stopped_at(datetime(2026, 11, 26, 10, tzinfo=UTC)):
        resume_medicines(full_shelf.session, full_shelf.tenant, LONDON)
        resume_medicines(full_shelf.session, full_shelf.tenant, LONDON)

        assert states(full_shelf, TODAY) == ["now", "to-come"]
        assert [moment.hour for moment in full_shelf.waiting(TODAY)] == [21]  # ten past nine is not called out at ten
        assert current_pause(full_shelf.session, full_shelf.tenant) is None


def test_days_that_rested_stay_paused_after_starting_again(full_shelf: Shelf) -> None:
    pause(full_shelf, first=-2)
    resume_medicines(full_shelf.session, full_shelf.tenant, LONDON)

    assert states(full_shelf, day(-1)) == ["paused", "paused"]
    assert states(full_shelf, TODAY) == ["now", "to-come"]


def test_a_pause_to_come_can_be_given_up(full_shelf: Shelf) -> None:
    pause(full_shelf, first=1, last=4)
    assert states(full_shelf, day(2)) == ["paused", "paused"]

    resume_medicines(full_shelf.session, full_shelf.tenant, LONDON)

    assert states(full_shelf, day(2)) == ["to-come", "to-come"]
    assert full_shelf.session.scalars(select(MedicinePause)).all() == []
    assert [moment.day for moment in full_shelf.waiting(day(1))] == [27, 27]


def test_asking_again_changes_the_one_pause(full_shelf: Shelf) -> None:
    first = pause(full_shelf)
    with clock.stopped_at(clock.now() + timedelta(days=2)):
        again = pause(full_shelf, last=5)

    assert first is again
    assert states(full_shelf, TODAY) == ["paused", "paused"]
    assert states(full_shelf, day(5)) == ["paused", "paused"]
    assert states(full_shelf, day(6)) == ["to-come", "to-come"]


def test_days_in_hospital_can_be_told_of_afterwards(full_shelf: Shelf) -> None:
    for _ in range(2):
        pause(full_shelf, first=-4, last=-2)

    assert states(full_shelf, day(-3)) == ["paused", "paused"]
    assert states(full_shelf, day(-1)) == ["not-recorded", "not-recorded"]
    assert current_pause(full_shelf.session, full_shelf.tenant) is None
    assert len(full_shelf.session.scalars(select(MedicinePause)).all()) == 1
    assert full_shelf.slot().due


def test_its_end_is_told_for_two_days(full_shelf: Shelf) -> None:
    told = []
    pause(full_shelf, last=1)
    for number in range(6):
        with clock.stopped_at(clock.now() + timedelta(days=number)):
            told.append(ended_pause(full_shelf.session, full_shelf.tenant) is not None)

    assert told == [False, False, True, True, False, False]


@pytest.mark.parametrize(("first", "last", "what"), [
    (2, 1, "ends-before-it-begins"), (None, -1, "ends-before-it-begins"), (-7, None, "too-long-ago"),
    (400, None, "too-far"), (0, 400, "too-far"),
])  # fmt: skip
def test_days_that_cannot_be_meant_are_refused(full_shelf: Shelf, first: int | None, last: int | None, what: str) -> None:
    with pytest.raises(BadPause) as refused:
        pause(full_shelf, first, last)

    assert refused.value.what == what
    assert full_shelf.session.scalars(select(MedicinePause)).all() == []


def test_a_medicine_added_while_it_rests_is_not_reminded_of(full_shelf: Shelf) -> None:
    pause(full_shelf)
    add_medicine(full_shelf.session, full_shelf.tenant, "Amoxicillin", "", [time(14), EVENING], LONDON, TODAY)

    assert ahead(full_shelf) == []


def test_a_late_evening_stays_paused_after_midnight(shelf: Shelf) -> None:
    shelf.add("Quetiapine", time(23))
    pause(shelf, last=0)

    with clock.stopped_at(datetime(2026, 11, 27, 0, 30, tzinfo=UTC)):
        assert states(shelf, TODAY) == ["paused"]


def test_nobody_elses_medicines_rest(full_shelf: Shelf) -> None:
    from tenant_app.accounts.models import Tenant

    other = full_shelf.session.scalars(select(Tenant).where(Tenant.name.startswith("Tomasz"))).one()
    pause_medicines(full_shelf.session, other, ILL, LONDON)

    assert full_shelf.slot().due
