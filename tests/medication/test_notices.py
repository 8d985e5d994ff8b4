"""A reminder of medicines names the time of day, and a locked phone not even that."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from tenant_app.reminders.models import Notice
from tenant_app.reminders.wording import full_words, is_urgent, lock_screen_words
from tenant_app.web.locale import speaking
from tests.medication.conftest import Shelf


@pytest.fixture
def notice(tenant_door: Flask, full_shelf: Shelf) -> Notice:
    today = select(Notice).where(Notice.occurrence == "2026-11-26").order_by(Notice.due_at)
    return full_shelf.session.scalars(today).all()[0]


def test_the_app_says_the_time_of_day_and_how_many(tenant_door: Flask, notice: Notice) -> None:
    with tenant_door.test_request_context(), speaking("en"):
        assert full_words(notice).title == "Morning medicines, 2 to take"
        assert full_words(notice).address == "/medicines"
        assert is_urgent(notice.kind)


def test_no_reminder_names_a_medicine(tenant_door: Flask, notice: Notice) -> None:
    with tenant_door.test_request_context(), speaking("en"):
        for asked_for in (False, True):
            notice.tenant.named_on_lock_screen = asked_for
            words = lock_screen_words(notice, named=notice.tenant.named_on_lock_screen)
            said = f"{words.title} {words.body}"
            assert "Metformin" not in said
            assert "Sertraline" not in said
            assert ("medicines" in said) is asked_for
