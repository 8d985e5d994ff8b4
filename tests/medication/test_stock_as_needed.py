"""An as-needed medicine is ordered in time too: by how often it was taken lately, or when few are left."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from tenant_app import clock
from tenant_app.database import new_id
from tenant_app.medication.models import AsNeededDose, Medicine, MedicineForm
from tenant_app.medication.pausing.models import MedicinePause, PauseReason
from tenant_app.medication.rules import (
    add_as_needed,
    change_limits,
    correct_as_needed,
    record_as_needed,
    stop_medicine,
    undo_as_needed,
)
from tenant_app.medication.stock.pace import Pace
from tenant_app.medication.stock.rules import COLLECT, restock_due, say_ordered
from tests.cast import Cast
from tests.medication.conftest import LONDON, TODAY, Shelf
from tests.medication.test_stock import D, later, say, supply
from tests.medication.test_stock_reminders import waiting
from tests.questions import counted

TWO = Decimal(2)


def add(shelf: Shelf, *, begun: int = 60, most: int | None = 4, each: Decimal | None = TWO) -> Medicine:
    """Paracetamol, two tablets at a time, written down so many days ago."""
    with clock.stopped_at(clock.now() - timedelta(days=begun)):
        return add_as_needed(
            shelf.session, shelf.tenant, "Paracetamol 500 mg", "2 tablets", LONDON, gap_minutes=240, most_in_24h=most,
            form=MedicineForm.TABLET, quantity=each,
        )  # fmt: skip


def take(shelf: Shelf, medicine: Medicine, *days_ago: int) -> list[AsNeededDose]:
    """One dose at half past seven in the morning of each of those days."""
    taken = []
    for ago in days_ago:
        with clock.stopped_at(clock.at(TODAY - timedelta(days=ago), time(7, 30), LONDON)):
            taken.append(record_as_needed(shelf.session, medicine, new_id(), LONDON, sure=True))
    return taken


def pace(shelf: Shelf, medicine: Medicine) -> Pace:
    found = supply(shelf, medicine).pace
    assert found is not None
    return found


def rest(shelf: Shelf, from_days_ago: int, days: int | None) -> MedicinePause:
    starts = clock.at(TODAY - timedelta(days=from_days_ago), time(0), LONDON)
    ends = None if days is None else clock.at(TODAY - timedelta(days=from_days_ago - days), time(0), LONDON)
    pause = MedicinePause(tenant=shelf.tenant, reason=PauseReason.HOSPITAL, starts_at=starts, ends_at=ends)
    shelf.session.add(pause)
    shelf.session.flush()
    return pause


def test_it_lasts_as_long_as_it_did_lately(shelf: Shelf) -> None:
    medicine = add(shelf)
    take(shelf, medicine, *range(1, 28, 2))  # every other day: 14 times in 28 days
    say(shelf, medicine, "counted", 20)

    now = supply(shelf, medicine)

    # Ten doses at half a dose a day, today among them: to Tuesday 15 December.
    assert (pace(shelf, medicine).doses, pace(shelf, medicine).days, pace(shelf, medicine).left) == (14, 28, 10)
    assert (now.lasts_to, now.days_left(TODAY)) == (date(2026, 12, 15), 20)
    assert (now.collect_by, now.order_by) == (date(2026, 12, 15), date(2026, 12, 10))
    assert not now.to_order(TODAY)


def test_the_reminder_to_order_is_planned_by_it(shelf: Shelf) -> None:
    medicine = add(shelf)
    take(shelf, medicine, *range(28))  # once a day
    say(shelf, medicine, "counted", 20)

    assert waiting(shelf) == ["2026-12-01 10:00"]  # ten doses: to Saturday 5 December


def test_four_weeks_are_looked_at_and_no_more(shelf: Shelf) -> None:
    medicine = add(shelf)
    take(shelf, medicine, 28, 29, 30, 31)
    take(shelf, medicine, 27, 0)
    say(shelf, medicine, "counted", 40)

    assert pace(shelf, medicine).doses == 2


def test_what_was_taken_before_the_last_count_tells_the_pace_too(shelf: Shelf) -> None:
    medicine = add(shelf)
    take(shelf, medicine, 20, 15, 10, 5)
    say(shelf, medicine, "counted", 40)

    assert (pace(shelf, medicine).doses, supply(shelf, medicine).left) == (4, 40)


@pytest.mark.parametrize(("begun", "taken"), [(60, [1, 2, 3]), (60, []), (5, [0, 1, 2, 3, 4])])
def test_with_too_little_use_nobody_says_how_long_it_lasts(shelf: Shelf, begun: int, taken: list[int]) -> None:
    medicine = add(shelf, begun=begun)
    take(shelf, medicine, *taken)
    say(shelf, medicine, "counted", 40)

    assert not pace(shelf, medicine).known
    assert supply(shelf, medicine).runs_out_on is None
    assert supply(shelf, medicine).order_by is None


def test_one_written_down_lately_is_judged_by_the_days_since(shelf: Shelf) -> None:
    medicine = add(shelf, begun=9)
    take(shelf, medicine, 8, 6, 4, 2, 0)
    say(shelf, medicine, "counted", 8)

    assert pace(shelf, medicine).days == 10
    assert supply(shelf, medicine).lasts_to == date(2026, 12, 3)  # four doses, one every other day


@pytest.mark.parametrize(("most", "units", "low"), [
    (4, 8, False), (4, 7, True), (4, 0, True), (2, 8, False), (2, 6, True), (None, 7, True), (6, 12, False), (6, 11, True),
])  # fmt: skip
def test_fewer_than_a_day_may_need_and_never_fewer_than_four_are_few(
    shelf: Shelf, most: int | None, units: int, low: bool
) -> None:
    medicine = add(shelf, most=most)
    say(shelf, medicine, "counted", units)

    assert supply(shelf, medicine).to_order(TODAY) is low
    assert waiting(shelf) == (["2026-11-26 10:00"] if low else [])


def test_few_are_few_whatever_the_pace_says(shelf: Shelf) -> None:
    medicine = add(shelf)
    take(shelf, medicine, 24, 18, 12, 6)
    say(shelf, medicine, "counted", 6)

    assert supply(shelf, medicine).days_left(TODAY) == 21
    assert supply(shelf, medicine).to_order(TODAY)


def test_recording_one_undoing_it_and_its_time_move_the_reminder(shelf: Shelf) -> None:
    medicine = add(shelf)
    say(shelf, medicine, "counted", 8)
    assert waiting(shelf) == []

    with later(minutes=10):
        dose = record_as_needed(shelf.session, medicine, new_id(), LONDON)
        assert waiting(shelf) == ["2026-11-26 10:00"]

        correct_as_needed(shelf.session, dose, clock.now() - timedelta(minutes=20), LONDON)
        assert waiting(shelf) == []  # before the count, so in the count

        correct_as_needed(shelf.session, dose, clock.now(), LONDON)
        undo_as_needed(shelf.session, dose, LONDON)
        assert waiting(shelf) == []


def test_what_the_label_says_now_moves_it_too(shelf: Shelf) -> None:
    medicine = add(shelf)
    say(shelf, medicine, "counted", 8)

    change_limits(shelf.session, medicine, 240, 6, TWO, LONDON)
    assert waiting(shelf) == ["2026-11-26 10:00"]

    change_limits(shelf.session, medicine, 240, 6, D(1), LONDON)
    assert waiting(shelf) == []


def test_nothing_more_is_asked_for_once_it_is_ordered_or_no_longer_taken(shelf: Shelf) -> None:
    medicine = add(shelf)
    say(shelf, medicine, "counted", 2)
    say_ordered(shelf.session, medicine, LONDON, ordered=True)

    assert waiting(shelf) == []
    assert waiting(shelf, COLLECT) == ["2026-12-01 10:00"]

    stop_medicine(shelf.session, medicine, LONDON)
    assert waiting(shelf, COLLECT) == []
    assert supply(shelf, medicine).order_by is None


def test_days_of_rest_say_nothing_of_the_pace(shelf: Shelf) -> None:
    medicine = add(shelf)
    take(shelf, medicine, 1, 2, 3, 4, 5, 6, 7)
    rest(shelf, 22, 14)
    say(shelf, medicine, "counted", 40)

    assert (pace(shelf, medicine).doses, pace(shelf, medicine).days) == (7, 14)


def test_while_medicines_rest_nothing_is_used_and_nothing_asked_for(shelf: Shelf) -> None:
    medicine = add(shelf)
    take(shelf, medicine, *range(2, 28))
    pause = rest(shelf, 1, None)
    say(shelf, medicine, "counted", 6)

    assert pace(shelf, medicine).known
    assert supply(shelf, medicine).runs_out_on is None
    assert waiting(shelf) == []

    pause.ends_at = clock.at(TODAY, time(8), LONDON)
    with later(days=1):
        restock_due(shelf.session, LONDON)
        assert waiting(shelf) == ["2026-11-27 10:00"]


@pytest.mark.parametrize("units", [None, 5])
def test_without_a_count_or_an_amount_nothing_is_guessed(shelf: Shelf, units: int | None) -> None:
    medicine = add(shelf, each=TWO if units is None else None)
    if units is not None:
        say(shelf, medicine, "counted", units)

    assert supply(shelf, medicine).pace is None
    assert supply(shelf, medicine).order_by is None


def test_more_taken_than_there_was_is_none_left(shelf: Shelf) -> None:
    medicine = add(shelf)
    say(shelf, medicine, "counted", 1)
    with later(minutes=10):
        record_as_needed(shelf.session, medicine, new_id(), LONDON)

        assert (supply(shelf, medicine).left, pace(shelf, medicine).left) == (-1, 0)
        assert supply(shelf, medicine).to_order(TODAY)


def page_of(shelf: Shelf, medicine: Medicine, door: Flask, cast: Cast) -> str:
    shelf.session.commit()
    return cast.at(door, cast.amina).get(f"/medicines/{medicine.id}").text


def test_its_page_says_in_plain_words_what_that_is_reckoned_from(
    shelf: Shelf, tenant_door: Flask, cast: Cast
) -> None:
    medicine = add(shelf)
    take(shelf, medicine, *range(1, 28, 2))
    say(shelf, medicine, "counted", 20)

    page = page_of(shelf, medicine, tenant_door, cast)

    assert "You recorded it 14 times in the last four weeks." in page
    assert "If that goes on, there is enough for 20 days, to Tuesday 15 December." in page
    assert "We remind you to order in good time, or when fewer than 4 doses are left." in page
    assert "Order more by Thursday 10 December." in page


def test_its_page_says_when_it_reminds_where_use_says_too_little(
    shelf: Shelf, tenant_door: Flask, cast: Cast
) -> None:
    medicine = add(shelf, most=6)
    say(shelf, medicine, "counted", 10)

    page = page_of(shelf, medicine, tenant_door, cast)

    assert "You take it when you need it, so we cannot say how long it lasts." in page
    assert "We remind you to order when fewer than 6 doses are left." in page
    assert "Time to order more." in page


def test_its_page_asks_how_many_are_taken_at_a_time(shelf: Shelf, tenant_door: Flask, cast: Cast) -> None:
    medicine = add(shelf, each=None)
    say(shelf, medicine, "counted", 10)

    assert "and we can say when to order more." in page_of(shelf, medicine, tenant_door, cast)


def test_enough_for_very_long_is_said_so(shelf: Shelf, tenant_door: Flask, cast: Cast) -> None:
    medicine = add(shelf)
    take(shelf, medicine, 24, 18, 12, 6)
    say(shelf, medicine, "counted", 200)

    assert "there is enough for more than a year." in page_of(shelf, medicine, tenant_door, cast)


def test_more_medicines_ask_no_more_of_the_database(shelf: Shelf, tenant_door: Flask, cast: Cast) -> None:
    def asked() -> int:
        shelf.session.commit()
        client = cast.at(tenant_door, cast.amina)
        with counted(tenant_door) as statements:
            client.get("/medicines/stock")
        return len(statements)

    say(shelf, add(shelf), "counted", 20)
    few = asked()
    for most in (1, 2, 3):
        say(shelf, add(shelf, most=most), "counted", 20)

    assert asked() == few
