"""How long what is left lasts, and by when to order. Today is Thursday 26 November.

Christmas Day 2026 is a Friday, and Monday 28 December a bank holiday.
"""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from tenant_app import clock
from tenant_app.medication.pausing.models import MedicinePause, PauseReason
from tenant_app.medication.rules import stop_medicine
from tenant_app.medication.stock.models import Pharmacy
from tenant_app.medication.stock.rules import change_pharmacy, say_ordered
from tenant_app.medication.stock.supply import supplies
from tests.medication.conftest import EVENING, LONDON, NINE, TODAY, Shelf
from tests.medication.test_stock import add, answer, left, say, supply


def test_days_left_are_reckoned_from_what_is_planned(shelf: Shelf) -> None:
    medicine = add(shelf, "Metformin", NINE, EVENING)
    say(shelf, medicine, "counted", 5)

    now = supply(shelf, medicine)

    assert now.days_left(TODAY) == 2
    assert now.lasts_to == date(2026, 11, 27)
    assert now.runs_out_on == date(2026, 11, 28)


def test_a_dose_that_is_recorded_is_not_planned_any_more(shelf: Shelf) -> None:
    medicine = add(shelf, "Metformin", NINE, EVENING)
    say(shelf, medicine, "counted", 5)
    answer(shelf, "taken")

    assert supply(shelf, medicine).runs_out_on == date(2026, 11, 28)
    answer(shelf, "skipped")
    assert supply(shelf, medicine).runs_out_on == date(2026, 11, 29)


def test_days_of_the_week_are_minded(shelf: Shelf) -> None:
    medicine = add(shelf)
    for due in medicine.times:
        due.weekdays = 0b0000001  # Mondays
    shelf.session.flush()
    say(shelf, medicine, "counted", 2)

    assert supply(shelf, medicine).runs_out_on == date(2026, 12, 14)


def test_a_pause_uses_nothing(shelf: Shelf) -> None:
    medicine = add(shelf)
    say(shelf, medicine, "counted", 3)
    pause = MedicinePause(tenant=shelf.tenant, reason=PauseReason.HOSPITAL, starts_at=clock.at(TODAY, time(12), LONDON),
                          ends_at=clock.at(TODAY + timedelta(days=5), time(0), LONDON))  # fmt: skip
    shelf.session.add(pause)
    shelf.session.flush()

    assert supply(shelf, medicine).runs_out_on == date(2026, 12, 3)
    pause.ends_at = None
    shelf.session.flush()
    assert supply(shelf, medicine).runs_out_on is None


def test_enough_to_the_end_of_a_course_needs_no_order(shelf: Shelf) -> None:
    medicine = add(shelf, ends_on=TODAY + timedelta(days=4))
    say(shelf, medicine, "counted", 5)

    assert supply(shelf, medicine).enough
    assert supply(shelf, medicine).order_by is None


def test_a_medicine_that_is_stopped_needs_no_order(shelf: Shelf) -> None:
    medicine = add(shelf)
    say(shelf, medicine, "counted", 2)
    stop_medicine(shelf.session, medicine, LONDON)

    assert supply(shelf, medicine).order_by is None
    assert supplies(shelf.session, shelf.tenant, LONDON) == []


@pytest.mark.parametrize(("units", "collect_by", "order_by"), [
    (4, date(2026, 11, 28), date(2026, 11, 24)),  # it is closed on Sunday; ordered on Wednesday it would come on Monday
    (5, date(2026, 11, 30), date(2026, 11, 25)),  # Monday; three working days before it is Wednesday
    (6, date(2026, 12, 1), date(2026, 11, 26)),
    (30, date(2026, 12, 24), date(2026, 12, 21)),  # lasts to Christmas Day: collected on the day before it
    (34, date(2026, 12, 29), date(2026, 12, 22)),  # the first day that is open after Christmas
])  # fmt: skip
def test_closed_days_and_the_time_an_order_takes_are_minded(
    shelf: Shelf, units: int, collect_by: date, order_by: date
) -> None:
    medicine = add(shelf)
    say(shelf, medicine, "counted", units)

    now = supply(shelf, medicine)

    assert (now.collect_by, now.order_by) == (collect_by, order_by)


def test_a_tenant_says_when_their_pharmacy_is_closed(shelf: Shelf) -> None:
    medicine = add(shelf)
    say(shelf, medicine, "counted", 5)
    change_pharmacy(shelf.session, shelf.tenant, [0, 5, 6], 1, LONDON, open_on_bank_holidays=True)

    now = supply(shelf, medicine)

    assert now.collect_by == date(2026, 11, 27)  # Friday
    assert now.order_by == date(2026, 11, 26)
    with pytest.raises(ValueError):
        change_pharmacy(shelf.session, shelf.tenant, range(7), 1, LONDON, open_on_bank_holidays=True)


def test_an_order_is_ready_on_an_open_day_and_settled_by_collecting(shelf: Shelf) -> None:
    medicine = add(shelf)
    say(shelf, medicine, "counted", 5)
    with clock.stopped_at(clock.at(date(2026, 12, 22), time(9), LONDON)):
        order = say_ordered(shelf.session, medicine, LONDON, ordered=True)
        assert order is not None
        assert order.ready_on == date(2026, 12, 29)
        assert say_ordered(shelf.session, medicine, LONDON, ordered=True) == order
    with clock.stopped_at(clock.at(date(2026, 12, 29), time(9), LONDON)):
        assert supply(shelf, medicine).to_collect(date(2026, 12, 29))
        say(shelf, medicine, "collected", 28)
        assert supply(shelf, medicine).order is None
        assert order.settled_at == clock.now()


def test_an_order_can_be_taken_back(shelf: Shelf) -> None:
    medicine = add(shelf)
    say_ordered(shelf.session, medicine, LONDON, ordered=True)

    assert say_ordered(shelf.session, medicine, LONDON, ordered=False) is None
    assert say_ordered(shelf.session, medicine, LONDON, ordered=False) is None
    assert supply(shelf, medicine).order is None


def test_nothing_said_is_the_usual_pharmacy(shelf: Shelf) -> None:
    usual = Pharmacy.usual(shelf.tenant)

    assert (usual.closed_days, usual.lead_days) == ([6], 3)
    assert not usual.opens_on(date(2026, 12, 26))  # Boxing Day, a Saturday
    assert usual.opens_on(date(2026, 12, 19))


def test_clocks_that_change_lose_no_dose(shelf: Shelf) -> None:
    with clock.stopped_at(clock.at(date(2027, 3, 27), time(0, 30), LONDON)):
        medicine = add(shelf, "Metformin", time(1, 30))
        say(shelf, medicine, "counted", 3)
        assert supply(shelf, medicine).runs_out_on == date(2027, 3, 30)
    with clock.stopped_at(clock.at(date(2027, 3, 28), time(12), LONDON)):
        answer(shelf, "taken", time(1, 30), date(2027, 3, 28))
        assert left(shelf, medicine) == 2
