"""Reminders to order and to collect: one an errand, in step with what is written down, and silent about what it is."""

from __future__ import annotations

import itertools
from datetime import date, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tenant_app import clock
from tenant_app.medication.models import Medicine
from tenant_app.medication.rules import change_times, stop_medicine, undo
from tenant_app.medication.stock.rules import COLLECT, ORDER, keep_stock_in_step, restock_due, say_ordered
from tenant_app.reminders.models import Notice, State
from tenant_app.reminders.wording import full_words, lock_screen_words
from tests.medication.conftest import EVENING, LONDON, NINE, TODAY, Shelf
from tests.medication.test_stock import add, answer, later, say


def waiting(shelf: Shelf, kind: str = ORDER) -> list[str]:
    """When something will be said, by the clock of the house."""
    found = shelf.session.scalars(
        select(Notice.due_at).where(Notice.kind == kind, Notice.state == State.WAITING).order_by(Notice.due_at)
    )
    return [f"{due_at.astimezone(LONDON):%Y-%m-%d %H:%M}" for due_at in found]


def in_step(shelf: Shelf) -> None:
    keep_stock_in_step(shelf.session, shelf.tenant, LONDON)


def send(shelf: Shelf) -> int:
    """Say what is due, as a worker does. Returns how many there were."""
    due = shelf.session.scalars(
        select(Notice).where(Notice.kind == ORDER, Notice.state == State.WAITING, Notice.due_at <= clock.now())
    ).all()
    for notice in due:
        notice.settle(State.SENT)
    shelf.session.flush()
    return len(due)


@pytest.fixture
def low(shelf: Shelf) -> Medicine:
    """Eight of them on Thursday 26 November: to Thursday 3 December, so ordered by Monday 30 November."""
    medicine = add(shelf)
    say(shelf, medicine, "counted", 8)
    return medicine


def test_the_day_to_order_is_reminded_of_in_the_morning(shelf: Shelf, low: Medicine) -> None:
    assert waiting(shelf) == ["2026-11-30 10:00"]


def test_doing_it_again_changes_nothing(shelf: Shelf, low: Medicine) -> None:
    before = [(notice.id, notice.state) for notice in shelf.session.scalars(select(Notice))]
    for _ in range(3):
        in_step(shelf)

    assert [(notice.id, notice.state) for notice in shelf.session.scalars(select(Notice))] == before


def test_a_dose_that_is_skipped_moves_it_and_undoing_moves_it_back(shelf: Shelf, low: Medicine) -> None:
    answer(shelf, "skipped")
    assert waiting(shelf) == ["2026-12-01 10:00"]

    undo(shelf.session, shelf.tenant, TODAY, NINE, LONDON)
    assert waiting(shelf) == ["2026-11-30 10:00"]

    answer(shelf, "skipped")
    answer(shelf, "taken")
    assert waiting(shelf) == ["2026-11-30 10:00"]


def test_another_time_of_day_moves_it(shelf: Shelf, low: Medicine) -> None:
    change_times(shelf.session, low, [NINE, EVENING], LONDON)

    # From tomorrow two a day, so to Sunday 29 November; collected on the Saturday before.
    assert waiting(shelf) == ["2026-11-26 10:00"]


def test_what_was_ordered_is_reminded_of_when_it_is_ready(shelf: Shelf, low: Medicine) -> None:
    say_ordered(shelf.session, low, LONDON, ordered=True)

    assert waiting(shelf) == []
    assert waiting(shelf, COLLECT) == ["2026-12-01 10:00"]

    say_ordered(shelf.session, low, LONDON, ordered=False)
    assert waiting(shelf) == ["2026-11-30 10:00"]
    assert waiting(shelf, COLLECT) == []


def test_what_was_collected_is_not_reminded_of_and_the_next_order_is_far(shelf: Shelf, low: Medicine) -> None:
    say_ordered(shelf.session, low, LONDON, ordered=True)
    with later(days=1):
        say(shelf, low, "collected", 56)

        assert waiting(shelf, COLLECT) == []
        assert waiting(shelf) == []


def test_a_medicine_that_is_stopped_is_not_ordered(shelf: Shelf, low: Medicine) -> None:
    stop_medicine(shelf.session, low, LONDON)

    assert waiting(shelf) == []


def test_two_medicines_on_one_day_are_one_errand(shelf: Shelf, low: Medicine) -> None:
    other = add(shelf, "Sertraline")
    say(shelf, other, "counted", 8)

    assert waiting(shelf) == ["2026-11-30 10:00"]
    say_ordered(shelf.session, other, LONDON, ordered=True)
    assert waiting(shelf) == ["2026-11-30 10:00"]
    say_ordered(shelf.session, low, LONDON, ordered=True)
    assert waiting(shelf) == []


def test_a_day_that_has_passed_is_said_now_unless_it_is_late(shelf: Shelf) -> None:
    medicine = add(shelf, "Metformin", time(23))
    with clock.stopped_at(clock.at(TODAY, time(15), LONDON)):
        say(shelf, medicine, "counted", 1)
        assert waiting(shelf) == ["2026-11-26 15:00"]
        say(shelf, medicine, "counted", 100)
        assert waiting(shelf) == []
    with clock.stopped_at(clock.at(TODAY, time(21), LONDON)):
        say(shelf, medicine, "counted", 1)
        assert waiting(shelf) == ["2026-11-27 10:00"]


def test_nobody_is_reminded_every_day(shelf: Shelf, low: Medicine) -> None:
    said: list[int] = []
    for day in range(4, 15):
        with clock.stopped_at(clock.at(TODAY + timedelta(days=day), time(10, 5), LONDON)):
            restock_due(shelf.session, LONDON)
            said += [day] * send(shelf)

    assert said[0] == 4
    assert all(later - earlier >= 6 for earlier, later in itertools.pairwise(said))


def test_a_reminder_that_is_on_its_way_is_taken_back(shelf: Shelf, low: Medicine) -> None:
    with clock.stopped_at(clock.at(date(2026, 11, 30), time(10, 1), LONDON)):
        assert waiting(shelf) == ["2026-11-30 10:00"]
        say_ordered(shelf.session, low, LONDON, ordered=True)

        assert waiting(shelf) == []


def test_each_day_looks_a_day_further(shelf: Shelf) -> None:
    medicine = add(shelf)
    say(shelf, medicine, "counted", 40)
    assert waiting(shelf) == []

    for day in range(30):
        with clock.stopped_at(clock.at(TODAY + timedelta(days=day), time(12), LONDON)):
            answer(shelf, "taken", NINE, clock.today(LONDON))
            assert restock_due(shelf.session, LONDON) is False

    # To Monday 4 January; collected by then, and ordered three working days before it.
    assert waiting(shelf) == ["2026-12-29 10:00"]


def test_a_day_is_looked_over_once_and_never_all_at_a_time(shelf: Shelf, low: Medicine) -> None:
    assert restock_due(shelf.session, LONDON, most=1) is True
    assert restock_due(shelf.session, LONDON, most=1) is False
    with later(days=1):
        assert restock_due(shelf.session, LONDON, most=1) is True


def test_nobody_who_counts_nothing_is_looked_at(shelf: Shelf) -> None:
    add(shelf)
    in_step(shelf)

    assert restock_due(shelf.session, LONDON) is False
    assert waiting(shelf) == []


@pytest.mark.parametrize("kind", [ORDER, COLLECT])
def test_no_reminder_names_a_medicine(tenant_door: Flask, shelf: Shelf, low: Medicine, kind: str) -> None:
    if kind == COLLECT:
        say_ordered(shelf.session, low, LONDON, ordered=True)
    notice = shelf.session.scalars(select(Notice).where(Notice.kind == kind, Notice.state == State.WAITING)).one()
    with tenant_door.app_context():
        said = full_words(notice)
        locked, named = (lock_screen_words(notice, named=named) for named in (False, True))

    assert "Metformin" not in repr((said, locked, named, notice.facts, notice.source))
    assert said.address == "/medicines/stock"
    assert locked.body == "Something is planned. Tap to see what."
    assert locked.title == "Homeward"
