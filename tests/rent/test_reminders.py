"""A payment is reminded of two days before and on its morning, until it is paid, and never with a sum."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.reminders.models import Notice, State
from tenant_app.reminders.wording import full_words, is_urgent, lock_screen_words
from tenant_app.rent.models import Frequency
from tenant_app.rent.replanning import replan_reminders
from tenant_app.rent.rules import open_account, record_payment
from tenant_app.web.locale import speaking
from tests.cast import Cast
from tests.rent.conftest import FRIDAY, LONDON, TODAY, Opened


def waiting(session: Session, payments: int = 1) -> list[tuple[str, str]]:
    """(which, day on which it is said) of what will be said about the next payments."""
    found = session.execute(
        select(Notice.source, Notice.due_at, Notice.occurrence)
        .where(Notice.kind == "rent.due", Notice.state == State.WAITING)
        .order_by(Notice.due_at)
    ).all()
    next_ones = sorted({payment for _, _, payment in found})[:payments]
    return [(source.rpartition(":")[2], at.date().isoformat()) for source, at, payment in found if payment in next_ones]


def test_two_days_before_and_on_the_morning(session: Session, opened: Opened) -> None:
    opened(first_due_on=TODAY + timedelta(days=2))

    assert waiting(session) == [("before", "2026-11-26"), ("due", "2026-11-28")]
    assert session.scalars(select(Notice.due_at).order_by(Notice.due_at)).all()[:2] == [
        datetime(2026, 11, 26, 9, tzinfo=UTC), datetime(2026, 11, 28, 9, tzinfo=UTC)
    ]  # fmt: skip


def test_three_payments_are_announced_and_a_new_day_announces_more(session: Session, opened: Opened) -> None:
    opened(first_due_on=TODAY + timedelta(days=2))
    said = waiting(session, payments=9)
    with clock.stopped_at(clock.now() + timedelta(days=3)):
        assert not replan_reminders(session, TODAY + timedelta(days=3))
        later = waiting(session, payments=9)
        assert not replan_reminders(session, TODAY + timedelta(days=3))

        assert waiting(session, payments=9) == later

    assert [day for which, day in said if which == "due"] == ["2026-11-28", "2026-12-05", "2026-12-12"]
    assert ("due", "2026-12-19") in later


def test_replanning_goes_on_where_it_stopped(session: Session, opened: Opened, cast: Cast) -> None:
    opened()
    open_account(
        session, cast.now(session, cast.tomasz), frequency=Frequency.WEEKLY, first_due_on=FRIDAY,
        service_charge_pence=1420, eligible_rent_pence=0, zone=LONDON,
    )  # fmt: skip
    tomorrow = TODAY + timedelta(days=1)

    assert [replan_reminders(session, tomorrow, most=1) for _ in range(3)] == [True, True, False]


def test_a_payment_that_covers_it_withdraws_what_waits(session: Session, opened: Opened) -> None:
    account = opened(first_due_on=TODAY + timedelta(days=2))
    record_payment(session, account, 1420, TODAY, "bank:1")

    assert waiting(session) == [("before", "2026-12-03"), ("due", "2026-12-05")]


def test_a_payment_made_early_keeps_later_reminders_away(session: Session, opened: Opened) -> None:
    account = opened(first_due_on=TODAY + timedelta(days=5))
    record_payment(session, account, 1420, TODAY, "bank:1")

    for days in range(1, 10):
        with clock.stopped_at(clock.now() + timedelta(days=days)):
            replan_reminders(session, TODAY + timedelta(days=days))

    assert waiting(session) == [("before", "2026-12-06"), ("due", "2026-12-08")]


def test_part_of_a_payment_leaves_the_reminder(session: Session, opened: Opened) -> None:
    account = opened()
    record_payment(session, account, 1000, TODAY, "bank:1")

    assert waiting(session) == [("due", "2026-11-27")]


def test_a_payment_on_the_day_withdraws_what_no_phone_has_taken_yet(session: Session, opened: Opened) -> None:
    account = opened()
    with clock.stopped_at(datetime(2026, 11, 27, 10, tzinfo=UTC)):
        record_payment(session, account, 1420, FRIDAY, "bank:1")

    assert ("due", "2026-11-27") not in waiting(session)


def test_the_30th_of_february_is_its_last_day(session: Session, opened: Opened) -> None:
    with clock.stopped_at(datetime(2027, 2, 25, 9, tzinfo=UTC)):
        opened(frequency=Frequency.MONTHLY, first_due_on=FRIDAY.replace(month=12, day=30))

    assert waiting(session, payments=2) == [
        ("before", "2027-02-26"), ("due", "2027-02-28"), ("before", "2027-03-28"), ("due", "2027-03-30")
    ]  # fmt: skip


def test_no_words_of_it_hold_a_sum(tenant_door: Flask, session: Session, opened: Opened) -> None:
    account = opened(first_due_on=TODAY + timedelta(days=2))
    account.tenant.named_on_lock_screen = True
    before, due, *_ = session.scalars(select(Notice).order_by(Notice.due_at)).all()

    with tenant_door.test_request_context(), speaking("en"):
        assert full_words(before).title == "A payment is due on Saturday 28 November"
        assert full_words(due).title == "A payment is due today"
        assert not is_urgent(due)
        for notice in (before, due):
            words = lock_screen_words(notice)
            assert "£" not in words.title + words.body
            assert "1420" not in str(notice.facts)
