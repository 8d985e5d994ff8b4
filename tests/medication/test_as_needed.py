"""As-needed medicines: warned before the last, asked beyond it, and the record is true all the same."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.database import Database, new_id
from tenant_app.medication.as_needed.rules import Limits
from tenant_app.medication.models import AsNeededDose, Medicine, MedicineForm
from tenant_app.medication.rules import (
    BadRegimen,
    DayClosed,
    StillToCome,
    TooSoon,
    add_as_needed,
    correct_as_needed,
    current_slots,
    record_as_needed,
    standing_of,
    stop_medicine,
    undo_as_needed,
)
from tests.cast import Cast
from tests.medication.conftest import LONDON, Shelf

START = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


def hours(number: float) -> datetime:
    return START + timedelta(hours=number)


@pytest.fixture
def paracetamol(shelf: Shelf) -> Medicine:
    """Four hours between two, at most four in 24 hours."""
    return add_as_needed(
        shelf.session, shelf.tenant, "Paracetamol 500 mg", "2 tablets", LONDON, gap_minutes=240, most_in_24h=4,
        form=MedicineForm.TABLET, quantity=Decimal(2),
    )  # fmt: skip


def take(shelf: Shelf, medicine: Medicine, number: float, *, sure: bool = False) -> AsNeededDose:
    with clock.stopped_at(hours(number)):
        return record_as_needed(shelf.session, medicine, new_id(), LONDON, sure=sure)


def test_nothing_recorded_holds_nothing_back(shelf: Shelf, paracetamol: Medicine) -> None:
    standing = standing_of(shelf.session, paracetamol)

    assert (standing.last, standing.next_from, standing.left, standing.last_one) == (None, None, 4, False)
    assert standing.after_the_next == hours(4)


def test_it_tells_from_when_the_gap_has_passed(shelf: Shelf, paracetamol: Medicine) -> None:
    dose = take(shelf, paracetamol, 0)

    with clock.stopped_at(hours(1)):
        standing = standing_of(shelf.session, paracetamol)
        assert standing.last is dose
        assert standing.next_from == hours(4)
        assert standing.left == 3
    with clock.stopped_at(hours(4)):
        assert standing_of(shelf.session, paracetamol).next_from is None


def test_the_warning_comes_before_the_last_one(shelf: Shelf, paracetamol: Medicine) -> None:
    for number in (0, 5, 10):
        take(shelf, paracetamol, number)

    with clock.stopped_at(hours(15)):
        standing = standing_of(shelf.session, paracetamol)
        assert standing.last_one
        assert standing.next_from is None
        assert standing.after_the_next == hours(24)
    take(shelf, paracetamol, 15)
    with clock.stopped_at(hours(20)):
        standing = standing_of(shelf.session, paracetamol)
        assert standing.left == 0
        assert standing.next_from == hours(24)


@pytest.mark.parametrize("number", [1, 3.99])
def test_within_the_gap_it_asks_first_and_then_keeps_what_is_true(
    shelf: Shelf, paracetamol: Medicine, number: float
) -> None:
    take(shelf, paracetamol, 0)
    with pytest.raises(TooSoon) as asked:
        take(shelf, paracetamol, number)

    assert asked.value.standing.next_from == hours(4)
    assert len(shelf.session.scalars(select(AsNeededDose)).all()) == 1
    take(shelf, paracetamol, number, sure=True)
    assert len(shelf.session.scalars(select(AsNeededDose)).all()) == 2


def test_the_24_hours_roll(shelf: Shelf, paracetamol: Medicine) -> None:
    for number in (0, 4, 8, 12):
        take(shelf, paracetamol, number)
    with pytest.raises(TooSoon):
        take(shelf, paracetamol, 23.9)

    take(shelf, paracetamol, 24)
    with pytest.raises(TooSoon):
        take(shelf, paracetamol, 27.9)
    take(shelf, paracetamol, 28)


def test_one_taken_earlier_is_weighed_against_its_neighbours(shelf: Shelf, paracetamol: Medicine) -> None:
    take(shelf, paracetamol, 0)
    with clock.stopped_at(hours(8)):
        for earlier in (hours(-2), hours(3)):
            with pytest.raises(TooSoon):
                record_as_needed(shelf.session, paracetamol, new_id(), LONDON, at=earlier)
        dose = record_as_needed(shelf.session, paracetamol, new_id(), LONDON, at=hours(4))

        assert dose.taken_at == hours(4)
        assert standing_of(shelf.session, paracetamol).last is dose


def test_a_gap_and_a_number_that_never_meet_are_both_kept(shelf: Shelf) -> None:
    medicine = add_as_needed(
        shelf.session, shelf.tenant, "Loperamide", "", LONDON, gap_minutes=12 * 60, most_in_24h=6
    )
    take(shelf, medicine, 0)

    with clock.stopped_at(hours(1)):
        assert standing_of(shelf.session, medicine).next_from == hours(12)
        assert standing_of(shelf.session, medicine).left == 5


def test_a_label_without_limits_holds_nothing_back(shelf: Shelf) -> None:
    medicine = add_as_needed(shelf.session, shelf.tenant, "Eye drops", "", LONDON, gap_minutes=None, most_in_24h=None)
    for _ in range(5):
        take(shelf, medicine, 0)

    standing = standing_of(shelf.session, medicine)
    assert (standing.left, standing.next_from, standing.after_the_next) == (None, None, None)


@pytest.mark.parametrize(("gap", "most", "quantity", "what"), [
    (0, 4, None, "gap"), (-1, 4, None, "gap"), (60 * 24 * 8, 4, None, "gap"), (60, 0, None, "most"),
    (60, 25, None, "most"), (60, 4, Decimal(-1), "quantity"), (60, 4, Decimal(5000), "quantity"),
])  # fmt: skip
def test_limits_that_cannot_be_meant_are_refused(
    shelf: Shelf, gap: int, most: int, quantity: Decimal | None, what: str
) -> None:
    with pytest.raises(BadRegimen) as refused:
        add_as_needed(shelf.session, shelf.tenant, "Ibuprofen", "", LONDON, gap_minutes=gap, most_in_24h=most,
                      quantity=quantity)  # fmt: skip

    assert refused.value.what == what
    assert shelf.session.scalars(select(Medicine)).all() == []


def test_a_dose_can_be_corrected_and_undone(shelf: Shelf, paracetamol: Medicine) -> None:
    dose = take(shelf, paracetamol, 0)
    with clock.stopped_at(hours(2)):
        correct_as_needed(shelf.session, dose, hours(-1), LONDON)
        assert standing_of(shelf.session, paracetamol).next_from == hours(3)
        with pytest.raises(StillToCome):
            correct_as_needed(shelf.session, dose, hours(2.1), LONDON)
        with pytest.raises(DayClosed):
            correct_as_needed(shelf.session, dose, hours(-24 * 8), LONDON)
        undo_as_needed(shelf.session, dose, LONDON)

    assert standing_of(shelf.session, paracetamol).last is None


def test_it_has_no_times_and_no_reminders(shelf: Shelf, paracetamol: Medicine) -> None:
    take(shelf, paracetamol, 0)

    assert current_slots(shelf.session, shelf.tenant, LONDON) == []
    assert shelf.waiting() == []
    assert paracetamol.wall_times == []


def test_a_dose_keeps_the_quantity_it_had(shelf: Shelf, paracetamol: Medicine) -> None:
    first = take(shelf, paracetamol, 0)
    paracetamol.quantity = Decimal(1)

    assert (first.quantity, take(shelf, paracetamol, 5).quantity) == (2, 1)


def test_one_that_is_no_longer_taken_is_not_recorded(shelf: Shelf, paracetamol: Medicine) -> None:
    stop_medicine(shelf.session, paracetamol, LONDON)

    with pytest.raises(BadRegimen):
        take(shelf, paracetamol, 1)


@settings(deadline=None)
@given(
    st.lists(st.floats(0, 30), max_size=8), st.none() | st.integers(1, 12), st.none() | st.integers(1, 6),
    st.floats(30, 60),
)  # fmt: skip
def test_next_from_is_exactly_when_one_more_keeps_to_both(
    taken: list[float], gap: int | None, most: int | None, now: float
) -> None:
    limits, before = Limits(timedelta(hours=gap) if gap else None, most), [hours(number) for number in taken]
    moment = limits.next_from(before)

    assert limits.broken_by(hours(now), before) is (moment is not None and moment > hours(now))


def test_two_taps_at_once_record_one(database: Database, cast: Cast) -> None:
    """Two requests of the same form, at the same moment, each in a transaction of its own."""
    with database.step() as session:
        amina = session.get_one(Tenant, cast.amina.id)
        medicine_id = add_as_needed(session, amina, "Salbutamol", "2 puffs", LONDON, gap_minutes=None,
                                    most_in_24h=None).id  # fmt: skip
    key, ready, found, problems = new_id(), threading.Barrier(4), [], []

    def tap(pressed: UUID) -> None:
        try:
            ready.wait(10)
            with database.step() as session:
                medicine = session.get_one(Medicine, medicine_id)
                found.append(record_as_needed(session, medicine, pressed, LONDON).id)
        except Exception as problem:  # shown by the assertion below, in the test's own thread
            problems.append(problem)

    threads = [threading.Thread(target=tap, args=(key,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert problems == []
    assert len(set(found)) == 1
    with database.session() as session:
        assert len(session.scalars(select(AsNeededDose)).all()) == 1


def test_two_phones_at_once_record_one_and_ask_about_the_other(database: Database, cast: Cast) -> None:
    with database.step() as session:
        amina = session.get_one(Tenant, cast.amina.id)
        medicine_id = add_as_needed(session, amina, "Paracetamol", "", LONDON, gap_minutes=240, most_in_24h=4).id
    ready, ends = threading.Barrier(2), []

    def tap() -> None:
        ready.wait(10)
        try:
            with database.step() as session:
                record_as_needed(session, session.get_one(Medicine, medicine_id), new_id(), LONDON)
            ends.append("recorded")
        except TooSoon:
            ends.append("asked")

    threads = [threading.Thread(target=tap) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(ends) == ["asked", "recorded"]
