"""What is left is reckoned from counts and records, and never stored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from tenant_app import clock
from tenant_app.accounts.models import Worker
from tenant_app.database import new_id
from tenant_app.medication.models import AsNeededDose, Medicine
from tenant_app.medication.rules import add_medicine, answer_slot, undo
from tenant_app.medication.stock.models import StockEntry
from tenant_app.medication.stock.rules import NotThatMany, write_stock
from tenant_app.medication.stock.supply import Supply, expected, supply_of
from tests.medication.conftest import EVENING, LONDON, NINE, TODAY, Shelf

D = Decimal
ONE = Decimal(1)


def add(
    shelf: Shelf, name: str = "Metformin", *times: time, each: Decimal | None = ONE, ends_on: date | None = None
) -> Medicine:
    """A medicine of which so many units are taken each time."""
    return add_medicine(
        shelf.session, shelf.tenant, name, "1 tablet", times or [NINE], LONDON, clock.today(LONDON), ends_on,
        quantity=each,
    )  # fmt: skip


def say(shelf: Shelf, medicine: Medicine, kind: str, units: Decimal | int, **more: object) -> None:
    write_stock(shelf.session, medicine, kind, D(units), shelf.tenant, LONDON, **more)  # type: ignore[arg-type]


def answer(shelf: Shelf, said: str, wall_time: time = NINE, day: date | None = None, at: time | None = None) -> None:
    answer_slot(shelf.session, shelf.tenant, day or clock.today(LONDON), wall_time, said, LONDON, at=at)


def left(shelf: Shelf, medicine: Medicine, at: datetime | None = None) -> Decimal | None:
    return expected(shelf.session, medicine, at or clock.now())


def supply(shelf: Shelf, medicine: Medicine) -> Supply:
    return supply_of(shelf.session, medicine, LONDON)


@contextmanager
def later(**time_that_passed: float) -> Iterator[None]:
    with clock.stopped_at(clock.now() + timedelta(**time_that_passed)):
        yield


def test_what_was_never_counted_is_not_guessed(shelf: Shelf) -> None:
    medicine = add(shelf)
    say(shelf, medicine, "collected", 28)
    answer(shelf, "taken")

    assert left(shelf, medicine) is None
    assert supply(shelf, medicine).runs_out_on is None


def test_a_dose_that_is_taken_lowers_the_stock_by_what_it_takes(shelf: Shelf) -> None:
    medicine = add(shelf, each=D("1.5"))
    say(shelf, medicine, "counted", 28)
    answer(shelf, "taken")

    assert left(shelf, medicine) == D("26.5")


@pytest.mark.parametrize("said", ["skipped", ""])
def test_a_dose_that_was_not_recorded_as_taken_lowers_nothing(shelf: Shelf, said: str) -> None:
    medicine = add(shelf)
    say(shelf, medicine, "counted", 28)
    if said:
        answer(shelf, said)

    assert left(shelf, medicine) == 28


def test_undoing_a_dose_puts_it_back_by_itself(shelf: Shelf) -> None:
    medicine = add(shelf)
    say(shelf, medicine, "counted", 28)
    answer(shelf, "taken")
    undo(shelf.session, shelf.tenant, TODAY, NINE, LONDON)

    assert left(shelf, medicine) == 28
    answer(shelf, "taken")
    answer(shelf, "skipped")
    assert left(shelf, medicine) == 28


def test_a_dose_that_does_not_say_how_many_it_takes_is_not_counted(shelf: Shelf) -> None:
    medicine = add(shelf, each=None)
    say(shelf, medicine, "counted", 28)
    answer(shelf, "taken")

    assert left(shelf, medicine) == 28
    assert not supply(shelf, medicine).quantities_known
    assert supply(shelf, medicine).order_by is None


def test_what_is_collected_and_given_back_is_reckoned(shelf: Shelf) -> None:
    medicine = add(shelf)
    say(shelf, medicine, "counted", 3)
    with later(hours=1):
        say(shelf, medicine, "collected", 28)
        say(shelf, medicine, "returned", D("1.5"))

        assert left(shelf, medicine) == D("29.5")


def test_a_count_begins_anew_and_the_ones_before_are_kept(shelf: Shelf) -> None:
    medicine = add(shelf)
    say(shelf, medicine, "counted", 28)
    answer(shelf, "taken")
    with later(hours=1):
        say(shelf, medicine, "collected", 10)
    with later(hours=2):
        say(shelf, medicine, "counted", 30)

        assert left(shelf, medicine) == 30
    assert left(shelf, medicine) == 27
    assert len(shelf.session.scalars(StockEntry.of(medicine)).all()) == 3


def test_it_can_be_asked_for_any_moment(shelf: Shelf) -> None:
    medicine = add(shelf)
    say(shelf, medicine, "counted", 28)
    counted_at = clock.now()
    with later(minutes=30):
        answer(shelf, "taken")
    with later(hours=2):
        assert left(shelf, medicine, counted_at - timedelta(seconds=1)) is None
        assert left(shelf, medicine, counted_at + timedelta(minutes=29)) == 28
        assert left(shelf, medicine, counted_at + timedelta(minutes=30)) == 27


def test_a_dose_taken_before_the_count_is_in_the_count(shelf: Shelf) -> None:
    medicine = add(shelf)
    answer(shelf, "taken")
    say(shelf, medicine, "counted", 27)

    assert left(shelf, medicine) == 27


def test_a_dose_filled_in_later_is_placed_where_it_was_planned(shelf: Shelf) -> None:
    with clock.stopped_at(clock.now() - timedelta(days=3)):
        medicine = add(shelf, "Metformin", NINE, EVENING)
    with clock.stopped_at(clock.at(TODAY - timedelta(days=1), time(12), LONDON)):
        say(shelf, medicine, "counted", 28)
    answer(shelf, "taken", NINE, TODAY - timedelta(days=1))

    assert left(shelf, medicine) == 28

    answer(shelf, "taken", EVENING, TODAY - timedelta(days=1))
    assert left(shelf, medicine) == 27


def test_a_time_that_is_put_right_moves_the_dose_before_the_count(shelf: Shelf) -> None:
    medicine = add(shelf)
    with later(minutes=30):
        say(shelf, medicine, "counted", 28)
    with later(minutes=60):
        answer(shelf, "taken")
        assert left(shelf, medicine) == 27
        answer(shelf, "taken", at=time(9, 10))
        assert left(shelf, medicine) == 28


def test_what_was_taken_as_needed_counts_too(shelf: Shelf) -> None:
    medicine = add(shelf)
    medicine.as_needed = True
    say(shelf, medicine, "counted", 20)
    for units in (D(2), None):
        shelf.session.add(AsNeededDose(medicine=medicine, tenant_id=shelf.tenant.id, taken_at=clock.now() + timedelta(minutes=5), quantity=units, key=new_id()))
    shelf.session.flush()

    with later(hours=1):
        assert left(shelf, medicine) == 18


def test_a_form_sent_twice_is_one_entry(shelf: Shelf) -> None:
    medicine, key = add(shelf), uuid4()
    say(shelf, medicine, "counted", 0)
    for _ in range(3):
        say(shelf, medicine, "collected", 28, key=key)

    assert left(shelf, medicine) == 28


@pytest.mark.parametrize(("kind", "units"), [
    ("counted", D(-1)), ("collected", D(0)), ("returned", D(0)), ("counted", D("10000")), ("counted", D("1.005")),
    ("counted", D("NaN")), ("collected", D("Infinity")), ("stolen", D(1)),
])  # fmt: skip
def test_what_cannot_be_is_refused(shelf: Shelf, kind: str, units: Decimal) -> None:
    medicine = add(shelf)

    with pytest.raises(ValueError):
        say(shelf, medicine, kind, units)
    assert shelf.session.scalar(select(func.count()).select_from(StockEntry)) == 0


def test_no_more_goes_back_than_is_there(shelf: Shelf) -> None:
    medicine = add(shelf)
    say(shelf, medicine, "counted", 5)

    with pytest.raises(NotThatMany) as refused:
        say(shelf, medicine, "returned", 6)
    assert refused.value.left == 5


def test_a_worker_who_counts_is_kept_as_the_one_who_did(shelf: Shelf, grace: Worker) -> None:
    medicine = add(shelf)
    write_stock(shelf.session, medicine, "counted", D(12), grace, LONDON)

    assert shelf.session.scalars(StockEntry.of(medicine)).one().by == grace
