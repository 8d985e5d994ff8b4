"""What cannot be kept is refused whole; what changes, changes from the right day on."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from tenant_app import clock
from tenant_app.medication.models import DoseTime, Food, Medicine, MedicineForm
from tenant_app.medication.patterns import ALL_WEEK, Pattern, on_weekdays
from tenant_app.medication.rules import (
    BadRegimen,
    Phase,
    Regimen,
    add_medicine,
    answer_slot,
    change_regimen,
    slot_at,
    slots_of_day,
)
from tenant_app.reminders.models import Notice, Schedule
from tests.medication.conftest import LONDON, TODAY, Shelf

TEN = time(10)
TAPER = (
    Phase(TODAY, "4 tablets", Decimal(4)), Phase(TODAY + timedelta(days=3), "2 tablets", Decimal(2)),
    Phase(TODAY + timedelta(days=6), "1 tablet", Decimal(1)),
)  # fmt: skip


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def add(shelf: Shelf, **values: Any) -> Medicine:
    usual = {"name": "Prednisolone 5 mg", "amount": "", "times": [TEN], "zone": LONDON, "starts_on": TODAY}
    asked: dict[str, Any] = usual | values
    return add_medicine(shelf.session, shelf.tenant, **asked)


@pytest.mark.parametrize(("values", "what"), [
    ({"times": []}, "times"),
    ({"times": [time(hour) for hour in range(9, 18)]}, "times"),
    ({"times": [TEN, TEN]}, "same-time-twice"),
    ({"pattern": on_weekdays([])}, "never-fires"),
    ({"pattern": on_weekdays([0]), "ends_on": day(3)}, "never-fires"),
    ({"pattern": Pattern(ALL_WEEK, 14, day(10)), "ends_on": day(9)}, "never-fires"),
    ({"pattern": Pattern(1 << 7)}, "weekdays"),
    ({"pattern": Pattern(ALL_WEEK, 0, TODAY)}, "every-days"),
    ({"pattern": Pattern(ALL_WEEK, 367, TODAY)}, "every-days"),
    ({"pattern": Pattern(1, 2, TODAY)}, "weekdays-or-interval"),
    ({"ends_on": day(-1)}, "ends-before-it-begins"),
    ({"starts_on": day(4000)}, "too-far"),
    ({"ends_on": date(9999, 12, 31)}, "too-far"),
    ({"times": [time(8)], "ends_on": TODAY}, "over-before-its-first-time"),
    ({"times": [time(hour) for hour in (8, 14, 20)], "most": 2}, "above-most"),
    ({"times": [time(8), time(20)], "most": 1, "pattern": Pattern(every_days=3, anchor=TODAY)}, "above-most"),
    ({"most": 0}, "most"),
    ({"most": 25}, "most"),
    ({"quantity": Decimal(0)}, "quantity"),
    ({"quantity": Decimal(-1)}, "quantity"),
    ({"quantity": Decimal(1001)}, "quantity"),
    ({"quantity": Decimal("0.333")}, "quantity"),
    ({"quantity": Decimal("NaN")}, "quantity"),
    ({"phases": [TAPER[0], TAPER[2], TAPER[1]]}, "phases-out-of-order"),
    ({"phases": [TAPER[0], TAPER[1], TAPER[1]]}, "phases-out-of-order"),
    ({"phases": TAPER, "ends_on": day(5)}, "phase-outside-the-course"),
    ({"phases": TAPER[1:]}, "phases-begin-elsewhere"),
    ({"phases": [Phase(TODAY, " "), TAPER[1]]}, "phase-without-amount"),
    ({"phases": [Phase(TODAY, "4", Decimal(-4)), TAPER[1]]}, "quantity"),
    ({"phases": [Phase(day(number), "1") for number in range(9)]}, "too-many-phases"),
    ({"phases": TAPER, "pattern": on_weekdays([3])}, "phase-never-fires"),
])  # fmt: skip
def test_what_cannot_be_kept_is_refused_and_leaves_nothing(shelf: Shelf, values: dict[str, Any], what: str) -> None:
    with pytest.raises(BadRegimen) as refused:
        add(shelf, **values)

    assert refused.value.what == what
    shelf.session.commit()
    for table in (Medicine, DoseTime, Schedule, Notice):
        assert shelf.session.scalars(select(table)).all() == []


def test_a_tapering_course_says_each_amount_on_its_days(shelf: Shelf) -> None:
    medicine = add(shelf, phases=TAPER, ends_on=day(8), form=MedicineForm.TABLET, food=Food.WITH)

    said = []
    for number in range(9):
        [slot] = slots_of_day(shelf.session, shelf.tenant, day(number), LONDON)
        said.append((slot.planned[0].amount_said, slot.planned[0].quantity))
    assert said == [("4 tablets", 4)] * 3 + [("2 tablets", 2)] * 3 + [("1 tablet", 1)] * 3
    assert slots_of_day(shelf.session, shelf.tenant, day(9), LONDON) == []
    assert (medicine.amount_on(day(4)), medicine.amount_on(day(-9)), medicine.amount_on(day(90))) == (
        "2 tablets", "4 tablets", "1 tablet"
    )  # fmt: skip
    assert medicine.wall_times == [TEN]


def test_a_step_of_a_taper_moved_by_the_doctor_moves_its_days_and_leaves_the_past(shelf: Shelf) -> None:
    medicine = add(shelf, phases=TAPER)
    with clock.stopped_at(clock.at(day(4), time(9), LONDON)):
        later = Regimen((TEN,), phases=(*TAPER[:2], Phase(day(10), "1 tablet", Decimal(1))))
        assert change_regimen(shelf.session, medicine, later, None, LONDON) == day(4)

    said = [slot_at(shelf.session, shelf.tenant, day(number), TEN, LONDON).planned[0].amount_said
            for number in range(12)]  # fmt: skip
    assert said == ["4 tablets"] * 3 + ["2 tablets"] * 7 + ["1 tablet"] * 2
    assert [phase.first_day for phase in medicine.phases] == [TODAY, day(3), day(10)]


def test_another_amount_after_todays_dose_was_answered_begins_tomorrow(shelf: Shelf) -> None:
    medicine = add(shelf, amount="1 tablet", quantity=Decimal(1))
    answer_slot(shelf.session, shelf.tenant, TODAY, TEN, "taken", LONDON)

    assert change_regimen(shelf.session, medicine, Regimen((TEN,), quantity=Decimal(2)), None, LONDON) == day(1)

    units = [slot_at(shelf.session, shelf.tenant, day(number), TEN, LONDON).planned[0].quantity for number in (0, 1)]
    assert units == [1, 2]
    assert medicine.quantity == 2


def test_a_longer_course_goes_on_without_a_seam(shelf: Shelf) -> None:
    medicine = add(shelf, ends_on=day(3))

    change_regimen(shelf.session, medicine, Regimen.of(medicine), day(9), LONDON)
    assert len(slots_of_day(shelf.session, shelf.tenant, day(9), LONDON)) == 1
    change_regimen(shelf.session, medicine, Regimen.of(medicine), day(1), LONDON)

    assert slots_of_day(shelf.session, shelf.tenant, day(2), LONDON) == []
    shelf.session.expire_all()
    assert len(shelf.session.scalars(select(DoseTime)).all()) == 1


@pytest.mark.parametrize(("regimen", "ends_on", "what"), [
    (Regimen((TEN,), on_weekdays([])), None, "never-fires"),
    (Regimen((TEN,), on_weekdays([0])), day(3), "never-fires"),
    (Regimen((TEN,)), day(-1), "ends-before-it-begins"),
    (Regimen((time(8),)), TODAY, "over-before-it-begins"),
    (Regimen((TEN,), quantity=Decimal(-2)), None, "quantity"),
])  # fmt: skip
def test_a_change_that_cannot_be_kept_leaves_everything_as_it_was(
    shelf: Shelf, regimen: Regimen, ends_on: date | None, what: str
) -> None:
    medicine = add(shelf)
    with pytest.raises(BadRegimen) as refused:
        change_regimen(shelf.session, medicine, regimen, ends_on, LONDON)

    assert refused.value.what == what
    assert Regimen.of(medicine) == Regimen((TEN,))
    assert [slot.wall_time for slot in slots_of_day(shelf.session, shelf.tenant, day(1), LONDON)] == [TEN]


def test_a_time_that_began_tomorrow_does_not_hold_back_another_change(shelf: Shelf) -> None:
    medicine = add(shelf, times=[time(8), TEN])

    assert change_regimen(shelf.session, medicine, Regimen((time(8), TEN, time(20))), None, LONDON) == TODAY
    assert [slot.wall_time.hour for slot in slots_of_day(shelf.session, shelf.tenant, TODAY, LONDON)] == [10, 20]
    assert [slot.wall_time.hour for slot in slots_of_day(shelf.session, shelf.tenant, day(1), LONDON)] == [8, 10, 20]


def test_the_same_course_twice_is_one_and_another_pattern_is_another(shelf: Shelf) -> None:
    weekly = {"pattern": on_weekdays([0]), "quantity": Decimal("0.5")}

    assert add(shelf, **weekly) is add(shelf, **weekly)
    assert add(shelf, phases=TAPER) is add(shelf, phases=TAPER)
    assert len({add(shelf, **weekly).id, add(shelf, phases=TAPER).id, add(shelf).id}) == 3
