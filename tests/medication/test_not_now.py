"""Not now: a dose is asked for again later, unless it would then be too late."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from tenant_app import clock
from tenant_app.medication.rules import PUT_OFF
from tests.medication.at_nine import HTMX, SLOT, amina

__all__ = ["amina"]


def test_not_now_has_its_own_page_without_script(amina: FlaskClient) -> None:
    asked = amina.post(SLOT, data={"answer": "later", "from": "today"})
    page = amina.get(asked.location).text

    assert asked.status_code == 303
    assert "When shall we ask again?" in page
    assert 'name="from" value="today"' in page
    assert "In 10 minutes" in page
    assert "In 1 hour" in page
    assert "I will not take it today" in page


def test_not_now_asks_again_later(amina: FlaskClient) -> None:
    page = amina.get(amina.post(SLOT, data={"answer": "later", "minutes": "10"}).location).text

    assert "We will ask again at" in page
    assert "9:10" in page
    assert "card lit" in page


def test_not_now_offers_ten_thirty_and_sixty_minutes(amina: FlaskClient) -> None:
    page = amina.post(SLOT, data={"answer": "later"}, headers=HTMX).text

    assert [words in page for words in ("In 10 minutes", "In 30 minutes", "In 1 hour", "In 15 minutes")] == [
        True, True, True, False
    ]  # fmt: skip


def test_later_that_comes_too_late_is_refused_where_nobody_could_see_it(amina: FlaskClient) -> None:
    later = {"answer": "later", "minutes": str(min(PUT_OFF)), "tapped_at": "2026-11-26T12:51:00Z"}
    for arrives in (datetime(2026, 11, 26, 12, 52, tzinfo=UTC), datetime(2026, 11, 26, 13, 20, tzinfo=UTC)):
        with clock.stopped_at(arrives):
            assert amina.post(SLOT, data=later).status_code == 409
            amina.post(SLOT, data={"answer": "taken"})
            assert amina.post(SLOT, data=later).status_code == 303
            amina.post(SLOT, data={"answer": "undo"})


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_later_that_would_come_past_its_time_is_said_not_to_come(amina: FlaskClient, headers: dict[str, str]) -> None:
    with clock.stopped_at(datetime(2026, 11, 26, 12, 40, tzinfo=UTC)):
        asked = amina.post(SLOT, data={"answer": "later"}, headers=HTMX).text
        sent = amina.post(SLOT, data={"answer": "later", "minutes": "30"}, headers=headers)

    assert sent.status_code == 422
    for page in (asked, sent.text):
        assert "We do not ask again after" in page
        assert "1:00" in page
        assert ("In 10 minutes" in page, "In 30 minutes" in page) == (True, False)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_later_when_its_time_is_over_is_said_to_be_too_late(amina: FlaskClient, headers: dict[str, str]) -> None:
    with clock.stopped_at(datetime(2026, 11, 26, 13, 1, tzinfo=UTC)):
        page = amina.post(SLOT, data={"answer": "later", "minutes": "10"}, headers=headers).text

    assert "Its time is over, so we will not ask again." in page
    assert "Not recorded" in page
