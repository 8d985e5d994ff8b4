"""A payment is reminded of two days before and on its morning, until it is paid, and never with a sum."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.reminders.models import Notice, State
from tenant_app.reminders.rules import plan_ahead
from tenant_app.reminders.wording import full_words, is_urgent, lock_screen_words
from tenant_app.rent.models import Frequency
from tenant_app.rent.rules import record_payment
from tenant_app.web.locale import speaking
from tests.rent.conftest import FRIDAY, TODAY, Opened


def waiting(session: Session) -> list[tuple[str, str]]:
    """(which, day) of what will be said."""
    found = session.execute(
        select(Notice.source, Notice.occurrence)
        .where(Notice.kind == "rent.due", Notice.state == State.WAITING)
        .order_by(Notice.due_at)
    )
    return [(source.rpartition(":")[2], occurrence) for source, occurrence in found]


def test_two_days_before_and_on_the_morning(session: Session, opened: Opened) -> None:
    opened(first_due_on=TODAY + timedelta(days=2))
    with clock.stopped_at(clock.now() + timedelta(days=1)):
        plan_ahead(session)

    assert waiting(session) == [("before", "2026-11-26"), ("due", "2026-11-28")]
    assert {notice.due_at for notice in session.scalars(select(Notice))} == {
        datetime(2026, 11, 26, 9, tzinfo=UTC), datetime(2026, 11, 28, 9, tzinfo=UTC)
    }  # fmt: skip


def test_a_payment_that_covers_it_withdraws_what_waits(session: Session, opened: Opened) -> None:
    account = opened(first_due_on=TODAY + timedelta(days=2))
    record_payment(session, account, 1420, TODAY, "bank:1")
    plan_ahead(session)

    assert waiting(session) == []


def test_a_payment_made_early_keeps_later_reminders_away(session: Session, opened: Opened) -> None:
    account = opened(first_due_on=TODAY + timedelta(days=5))
    record_payment(session, account, 1420, TODAY, "bank:1")

    for days in range(1, 14):
        with clock.stopped_at(clock.now() + timedelta(days=days)):
            plan_ahead(session)

    assert waiting(session)[:2] == [("before", "2026-12-06"), ("due", "2026-12-08")]


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
        plan_ahead(session)
    with clock.stopped_at(datetime(2027, 2, 27, 9, tzinfo=UTC)):
        plan_ahead(session)

    assert waiting(session) == [("before", "2027-02-26"), ("due", "2027-02-28")]


def test_no_words_of_it_hold_a_sum(tenant_door: Flask, session: Session, opened: Opened) -> None:
    account = opened(first_due_on=TODAY + timedelta(days=2))
    account.tenant.named_on_lock_screen = True
    with clock.stopped_at(clock.now() + timedelta(days=1)):
        plan_ahead(session)
    before, due = session.scalars(select(Notice).order_by(Notice.due_at)).all()

    with tenant_door.test_request_context(), speaking("en"):
        assert full_words(before).title == "A payment is due on Saturday 28 November"
        assert full_words(due).title == "A payment is due today"
        assert not is_urgent(due.kind)
        for notice in (before, due):
            words = lock_screen_words(notice, named=notice.tenant.named_on_lock_screen)
            assert "£" not in words.title + words.body
            assert "1420" not in str(notice.facts)
