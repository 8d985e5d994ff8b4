"""A dose near midnight is kept where it was taken, on ordinary nights and on those on which clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from tenant_app import clock
from tenant_app.medication.rules import StillToCome, answer_slot
from tests.medication.conftest import LONDON, TODAY, Shelf

HALF_PAST = time(0, 30)
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


def taken(shelf: Shelf, slot: time, at: str, day: date = TODAY) -> str:
    """When that is, as London's clocks show it, with their difference from UTC."""
    found = answer_slot(shelf.session, shelf.tenant, day, slot, "taken", LONDON, at=time.fromisoformat(at)).taken_at
    assert found is not None
    return f"{found.astimezone(LONDON):%d %H:%M %z}"


@pytest.mark.parametrize("told_at", ["2026-11-26T00:35", "2026-11-26T02:00", "2026-11-26T23:55", "2026-11-27T09:00"])
def test_ten_to_twelve_belongs_to_half_past_midnight(shelf: Shelf, told_at: str) -> None:
    with clock.stopped_at(clock.now() - timedelta(days=2)):
        shelf.add("Quetiapine", HALF_PAST)

    with clock.stopped_at(datetime.fromisoformat(told_at).replace(tzinfo=UTC)):
        assert taken(shelf, HALF_PAST, "23:50") == "25 23:50 +0000"
    assert {dose.day for dose in shelf.doses()} == {TODAY}


@pytest.mark.parametrize(
    ("slot", "at", "moment"),
    [
        ("00:30", "20:30", "25 20:30 +0000"),  # as early as a dose may be
        ("00:30", "20:29", "26 20:29 +0000"),  # or very late
        ("03:00", "23:00", "25 23:00 +0000"),
        ("03:00", "22:59", "26 22:59 +0000"),
        ("00:30", "00:10", "26 00:10 +0000"),
        ("09:00", "08:50", "26 08:50 +0000"),
        ("23:30", "00:10", "27 00:10 +0000"),
        ("23:30", "23:10", "26 23:10 +0000"),
    ],
)
def test_the_day_before_is_meant_only_just_before_a_slot(shelf: Shelf, slot: str, at: str, moment: str) -> None:
    with clock.stopped_at(clock.now() - timedelta(days=2)):
        shelf.add("Quetiapine", time.fromisoformat(slot))

    with clock.stopped_at(datetime(2026, 11, 27, 9, tzinfo=UTC)):
        assert taken(shelf, time.fromisoformat(slot), at) == moment


def test_a_time_is_corrected_across_midnight_both_ways(shelf: Shelf) -> None:
    with clock.stopped_at(clock.now() - timedelta(days=2)):
        shelf.add("Quetiapine", HALF_PAST, time(23, 30))

    with clock.stopped_at(datetime(2026, 11, 27, 9, tzinfo=UTC)):
        told = [taken(shelf, HALF_PAST, at) for at in ("00:40", "23:50", "00:05", "23:50")]
        late = [taken(shelf, time(23, 30), at) for at in ("23:40", "00:05", "23:25")]

    assert told == ["26 00:40 +0000", "25 23:50 +0000", "26 00:05 +0000", "25 23:50 +0000"]
    assert late == ["26 23:40 +0000", "27 00:05 +0000", "26 23:25 +0000"]
    assert len(shelf.doses()) == 2


def test_what_has_not_come_is_not_moved_to_the_day_before(shelf: Shelf) -> None:
    with clock.stopped_at(clock.now() - timedelta(days=2)):
        shelf.add("Quetiapine", time(23, 30))

    with clock.stopped_at(datetime(2026, 11, 26, 23, 40, tzinfo=UTC)), pytest.raises(StillToCome):
        taken(shelf, time(23, 30), "00:10")


@pytest.mark.parametrize(
    ("night", "slot", "at", "moment"),
    [
        (SPRING, "00:30", "23:50", "28 23:50 +0000"),
        (SPRING, "02:15", "23:15", "28 23:15 +0000"),  # two hours before by the sun
        (SPRING, "02:15", "00:50", "29 00:50 +0000"),
        (SPRING, "01:30", "01:30", "29 02:30 +0100"),  # an hour that is left out
        (SPRING, "00:30", "02:10", "29 02:10 +0100"),
        (AUTUMN, "00:30", "23:50", "24 23:50 +0100"),
        (AUTUMN, "02:15", "22:15", "25 22:15 +0000"),  # it would be five hours before
        (AUTUMN, "02:15", "23:20", "24 23:20 +0100"),
        (AUTUMN, "00:30", "01:20", "25 01:20 +0100"),  # an hour that comes twice: the first time
        (AUTUMN, "02:15", "01:50", "25 01:50 +0000"),  # and the second
    ],
)
def test_on_the_nights_on_which_clocks_change(shelf: Shelf, night: date, slot: str, at: str, moment: str) -> None:
    with clock.stopped_at(datetime.combine(night - timedelta(days=2), time(9), UTC)):
        shelf.add("Quetiapine", time.fromisoformat(slot))

    with clock.stopped_at(datetime.combine(night + timedelta(days=1), time(9), UTC)):
        assert taken(shelf, time.fromisoformat(slot), at, night) == moment


def test_in_an_hour_that_comes_twice_nothing_is_told_of_the_second_before_it_comes(shelf: Shelf) -> None:
    with clock.stopped_at(datetime.combine(AUTUMN - timedelta(days=2), time(9), UTC)):
        shelf.add("Quetiapine", time(2, 15))

    with clock.stopped_at(datetime(2026, 10, 25, 1, 5, tzinfo=UTC)):  # 01:05, for the second time
        assert taken(shelf, time(2, 15), "01:50", AUTUMN) == "25 01:50 +0100"
