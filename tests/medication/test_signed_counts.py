"""What two people counted becomes the stock, as it was when it was counted; nothing said since is lost."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Worker
from tenant_app.medication.auditing.models import AuditEntry, Level, MedicationAudit, expected_stock
from tenant_app.medication.auditing.rules import (
    Counting,
    agree_level,
    count_again,
    count_month,
    countersign,
    medicines_to_count,
    usual_review,
)
from tenant_app.medication.models import Medicine
from tenant_app.medication.rules import stop_medicine, undo
from tenant_app.medication.sharing.rules import share_medicines
from tenant_app.medication.stock.models import StockEntry, StockKind
from tenant_app.medication.stock.rules import take_over_counts
from tests.cast import Cast
from tests.medication.conftest import EVENING, LONDON, NINE, TODAY, Shelf
from tests.medication.test_stock import D, add, answer, later, left, say
from tests.medication.test_stock_reminders import waiting


@pytest.fixture
def metformin(shelf: Shelf) -> Medicine:
    """Two a day for a week by now, of which thirty were counted by herself yesterday."""
    with clock.stopped_at(clock.now() - timedelta(days=7)):
        medicine = add(shelf, "Metformin", NINE, EVENING)
    with clock.stopped_at(clock.now() - timedelta(days=1)):
        say(shelf, medicine, "counted", 30)
    return medicine


def count(shelf: Shelf, worker: Worker, units: Decimal | int, **said: str) -> MedicationAudit:
    """So many of everything, by one worker."""
    counts = {medicine.id: D(units) for medicine in medicines_to_count(shelf.session, shelf.tenant, LONDON)}
    return count_month(shelf.session, worker, shelf.tenant, Counting(counts, action="Looked twice.", **said), LONDON)


def sign(audit: MedicationAudit, worker: Worker, number: int = 1, *, agreed: bool = True) -> AuditEntry:
    session = Session.object_session(audit)
    assert session is not None
    return countersign(session, worker, audit, number, LONDON, agreed=agreed, words="" if agreed else "There are more")


def entries(shelf: Shelf, medicine: Medicine) -> list[StockEntry]:
    return list(shelf.session.scalars(StockEntry.of(medicine)))


def test_a_count_that_two_signed_is_the_stock(
    shelf: Shelf, metformin: Medicine, grace: Worker, nasrin: Worker
) -> None:
    audit = count(shelf, grace, D("25.5"))
    assert left(shelf, metformin) == 30

    sign(audit, nasrin)

    newest = entries(shelf, metformin)[0]
    assert left(shelf, metformin) == D("25.5")
    assert (newest.kind, newest.quantity, newest.by, newest.at) == (
        StockKind.COUNTED, D("25.5"), grace, audit.latest.counted_at
    )  # fmt: skip


def test_what_one_person_counted_is_not(shelf: Shelf, metformin: Medicine, grace: Worker, nasrin: Worker) -> None:
    audit = count(shelf, grace, 25)
    sign(audit, nasrin, agreed=False)

    assert left(shelf, metformin) == 30


def test_what_was_said_between_count_and_signature_goes_off_the_count(
    shelf: Shelf, metformin: Medicine, grace: Worker, nasrin: Worker
) -> None:
    audit = count(shelf, grace, 25)
    with later(minutes=5):
        answer(shelf, "taken")
    with later(hours=2):
        say(shelf, metformin, "collected", 56)
    with later(days=3):
        sign(audit, nasrin)
        assert left(shelf, metformin) == 25 - 1 + 56

        undo(shelf.session, shelf.tenant, TODAY, NINE, LONDON)
        assert left(shelf, metformin) == 25 + 56


def test_a_dose_of_the_very_moment_of_the_count_goes_off_it_too(
    shelf: Shelf, metformin: Medicine, grace: Worker, nasrin: Worker
) -> None:
    audit = count(shelf, grace, 25)
    answer(shelf, "taken")  # at nine, as it was counted at nine

    sign(audit, nasrin)

    assert left(shelf, metformin) == 24


def test_her_own_later_count_still_holds(
    shelf: Shelf, metformin: Medicine, grace: Worker, nasrin: Worker
) -> None:
    audit = count(shelf, grace, 25)
    with later(hours=1):
        say(shelf, metformin, "counted", 40)
    with later(hours=2):
        sign(audit, nasrin)

        assert left(shelf, metformin) == 40


def test_signing_twice_writes_once(shelf: Shelf, metformin: Medicine, grace: Worker, nasrin: Worker) -> None:
    audit = count(shelf, grace, 25)
    for _ in range(3):
        sign(audit, nasrin)
    seen = {each.id: (each.medicine_id, each.counted) for each in audit.latest.counts}
    take_over_counts(shelf.session, shelf.tenant, seen, grace, audit.latest.counted_at, LONDON)

    assert [entry.quantity for entry in entries(shelf, metformin)] == [25, 30]


def test_a_later_count_puts_it_right_and_both_are_kept(
    shelf: Shelf, metformin: Medicine, grace: Worker, nasrin: Worker
) -> None:
    audit = count(shelf, grace, 25)
    sign(audit, nasrin)
    with later(hours=1):
        again = Counting({metformin.id: D(29)}, because="A second box.", action="Found it.")
        count_again(shelf.session, grace, audit, 1, again, LONDON)
        assert left(shelf, metformin) == 25
        sign(audit, nasrin, 2)

        assert left(shelf, metformin) == 29
    assert [entry.quantity for entry in entries(shelf, metformin)] == [29, 25, 30]


def test_nobody_keeps_stock_for_who_never_began(shelf: Shelf, metformin: Medicine, grace: Worker, nasrin: Worker) -> None:
    sertraline = add(shelf, "Sertraline")

    sign(count(shelf, grace, 25), nasrin)

    assert left(shelf, metformin) == 25
    assert entries(shelf, sertraline) == []


def test_who_wrote_down_a_box_and_never_counted_has_a_number_now(
    shelf: Shelf, grace: Worker, nasrin: Worker
) -> None:
    medicine = add(shelf)
    say(shelf, medicine, "collected", 28)
    with later(hours=1):
        sign(count(shelf, grace, 27), nasrin)

        assert left(shelf, medicine) == 27


@pytest.mark.parametrize("level", list(Level))
def test_the_level_makes_no_difference_as_it_makes_none_to_the_count(
    shelf: Shelf, metformin: Medicine, grace: Worker, nasrin: Worker, level: Level
) -> None:
    agree_level(shelf.session, grace, shelf.tenant, level, usual_review(LONDON), LONDON)

    sign(count(shelf, grace, 25), nasrin)

    assert left(shelf, metformin) == 25


def test_reminders_to_order_follow(shelf: Shelf, metformin: Medicine, grace: Worker, nasrin: Worker) -> None:
    assert waiting(shelf) == ["2026-12-05 10:00"]  # as it was reckoned yesterday

    sign(count(shelf, grace, 16), nasrin)

    # Two a day: to Thursday 3 December.
    assert waiting(shelf) == ["2026-11-30 10:00"]


def test_the_next_count_expects_what_this_one_left(
    shelf: Shelf, metformin: Medicine, grace: Worker, nasrin: Worker
) -> None:
    sign(count(shelf, grace, 25), nasrin)
    with later(hours=1):
        answer(shelf, "taken")

        assert expected_stock(shelf.session, metformin, clock.now()) == D("24.00")


def test_what_is_no_longer_taken_when_it_is_signed_is_kept_in_its_history(
    shelf: Shelf, metformin: Medicine, grace: Worker, nasrin: Worker
) -> None:
    audit = count(shelf, grace, 25)
    with later(hours=1):
        stop_medicine(shelf.session, metformin, LONDON)
        sign(audit, nasrin)

    assert [entry.quantity for entry in entries(shelf, metformin)] == [25, 30]
    assert waiting(shelf) == []


def test_the_history_tells_that_they_counted_together_and_leads_to_the_count(
    shelf: Shelf, metformin: Medicine, grace: Worker, nasrin: Worker, tenant_door: Flask, cast: Cast
) -> None:
    audit = count(shelf, grace, 25)
    sign(audit, nasrin)
    shelf.session.commit()

    page = cast.at(tenant_door, cast.amina).get(f"/medicines/{metformin.id}/stock").text

    assert f"Counted together with <bdi>{grace.name}</bdi>" in page
    assert f'<a href="/medicines/counts/{audit.id}">Count of November 2026</a>' in page
    assert f"<bdi>{nasrin.name}</bdi> saw the same" in page
    assert "<bdi>25</bdi> left, by what you wrote down." in page
    assert page.count("You counted") == 1  # her own, of the day before


def test_a_signature_at_the_staff_door_writes_it(
    shelf: Shelf, metformin: Medicine, grace: Worker, staff_door: Flask, cast: Cast
) -> None:
    share_medicines(shelf.session, shelf.tenant, shelf.session.get_one(Worker, cast.nasrin.id), LONDON)
    audit = count(shelf, grace, 25)
    shelf.session.commit()

    at_nasrin = cast.at(staff_door, cast.nasrin)
    for status in (303, 303):
        sent = at_nasrin.post(f"/medication/counts/{audit.id}/signature", data={"number": "1", "agreed": "1"})
        assert sent.status_code == status, sent.text

    shelf.session.expire_all()
    assert [entry.quantity for entry in entries(shelf, metformin)] == [25, 30]
