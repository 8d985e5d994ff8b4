"""A reminder of medicines names the time of day, and a locked phone not even that."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask, url_for
from sqlalchemy import select

from tenant_app.medication.rules import PUT_OFF, snooze
from tenant_app.reminders.models import Notice
from tenant_app.reminders.wording import full_words, is_urgent, lock_screen_words
from tenant_app.web.locale import speaking
from tests.cast import Cast
from tests.medication.conftest import LONDON, NINE, TODAY, Shelf


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


def test_the_buttons_say_nothing_about_medicine_unless_asked(tenant_door: Flask, notice: Notice) -> None:
    with tenant_door.test_request_context():
        said = {}
        for language in ("en", "tr", "ar"):
            for named in (False, True):
                with speaking(language):
                    said[language, named] = [action.title for action in lock_screen_words(notice, named=named).actions]

    assert said["en", False] == ["Done", "Later"]
    assert said["en", True] == ["Taken", f"In {min(PUT_OFF)} minutes"]
    assert all(not set(said[language, False]) & set(said[language, True]) for language in ("tr", "ar"))


def test_each_button_sends_what_the_page_would(tenant_door: Flask, cast: Cast, full_shelf: Shelf, notice: Notice) -> None:
    with tenant_door.test_request_context(), speaking("en"):
        taken, later = lock_screen_words(notice, named=False).actions
        address = url_for("medication.answer", **full_shelf.slot().address)
    assert {taken.address, later.address} == {address}
    full_shelf.session.commit()

    amina = cast.at(tenant_door, cast.amina)
    for action in (later, taken):
        form = {**action.fields, "idempotency_key": str(uuid4()), "tapped_at": "2026-11-26T09:00:01Z"}
        assert amina.post(action.address, data=form).status_code == 303
    full_shelf.session.expire_all()
    assert full_shelf.slot().taken


def test_a_reminder_that_was_put_off_answers_for_its_own_day(tenant_door: Flask, full_shelf: Shelf) -> None:
    minutes = min(PUT_OFF)
    snooze(full_shelf.session, full_shelf.tenant, TODAY, NINE, minutes, LONDON)
    again = full_shelf.session.scalars(select(Notice).where(Notice.occurrence.contains("again"))).one()
    with tenant_door.test_request_context(), speaking("en"):
        assert {action.address for action in full_words(again).actions} == {"/medicines/slots/2026-11-26/0900"}


def test_later_is_offered_only_where_there_is_time_for_it(tenant_door: Flask, notice: Notice) -> None:
    with tenant_door.test_request_context(), speaking("en"):
        for left, names in ((0, ["taken"]), (1, ["taken", "later"])):
            notice.expires_at = notice.due_at + timedelta(minutes=min(PUT_OFF), seconds=left)
            assert [action.name for action in full_words(notice).actions] == names
