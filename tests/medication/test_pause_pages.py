"""Reminders rest: said without blame on Today and the Medicines page, and ended with one tap."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.medication.pausing.models import MedicinePause
from tenant_app.medication.rules import add_medicine
from tests.cast import Cast
from tests.medication.conftest import EVENING, LONDON, NINE

PAUSE = "/medicines/pause"
ILL = {"reason": "ill", "words": "the flu", "first": "2026-11-26", "last": ""}


@pytest.fixture
def amina(tenant_door: Flask, cast: Cast) -> FlaskClient:
    with clock.stopped_at(clock.now() - timedelta(days=9)), cast.database.step() as session:
        add_medicine(session, session.get_one(Tenant, cast.amina.id), "Metformin 500 mg", "", [NINE, EVENING], LONDON,
                     clock.today(LONDON))  # fmt: skip
    return cast.at(tenant_door, cast.amina)


def pauses(cast: Cast) -> list[MedicinePause]:
    with cast.database.session() as session:
        return list(session.scalars(select(MedicinePause)))


def test_reminders_rest_until_the_tenant_says_so(amina: FlaskClient, cast: Cast) -> None:
    assert amina.get(PAUSE).status_code == 200
    assert amina.post(PAUSE, data=ILL).status_code == 303

    for address in ("/medicines", "/"):
        page = amina.get(address).text
        assert "rest until you start them again" in page
        assert "card lit" not in page
        assert "the flu" not in page
    assert "Paused" in amina.get("/medicines").text
    sent = amina.post(f"{PAUSE}/end", data={"from": "today"})
    assert sent.location == "/"
    assert "card lit" in amina.get("/").text


def test_a_planned_end_is_told_before_and_after(amina: FlaskClient) -> None:
    amina.post(PAUSE, data=ILL | {"last": "2026-11-28"})
    assert "until the end of Saturday 28 November" in amina.get("/").text

    with clock.stopped_at(clock.now() + timedelta(days=3)):
        for address in ("/", "/medicines"):
            assert "on again since Sunday 29 November" in amina.get(address).text
    with clock.stopped_at(clock.now() + timedelta(days=6)):
        assert "on again since" not in amina.get("/").text


def test_a_pause_to_come_says_from_when(amina: FlaskClient, cast: Cast) -> None:
    amina.post(PAUSE, data=ILL | {"first": "2026-11-30"})

    page = amina.get("/").text
    assert "rest from Monday 30 November" in page
    assert "card lit" in page
    amina.post(f"{PAUSE}/end")
    assert pauses(cast) == []


def test_a_pause_that_goes_on_can_be_changed(amina: FlaskClient, cast: Cast) -> None:
    amina.post(PAUSE, data=ILL)
    page = amina.get(PAUSE).text
    assert 'value="ill" checked' in page
    assert "the flu" in page
    amina.post(PAUSE, data=ILL | {"reason": "hospital", "last": "2026-12-01"})

    [pause] = pauses(cast)
    assert (pause.reason, str(pause.last_day)) == ("hospital", "2026-12-01")


def test_a_long_pause_can_be_given_an_end(amina: FlaskClient, cast: Cast) -> None:
    amina.post(PAUSE, data=ILL)
    with clock.stopped_at(clock.now() + timedelta(days=30)):
        assert 'name="first"' not in amina.get(PAUSE).text
        assert amina.post(PAUSE, data=ILL | {"last": "2026-12-24"}).status_code == 422
        assert amina.post(PAUSE, data=ILL | {"last": "2026-12-31"}).status_code == 303

    [pause] = pauses(cast)
    assert (str(pause.starts_at.date()), str(pause.last_day)) == ("2026-11-26", "2026-12-31")


@pytest.mark.parametrize(("changes", "problem"), [
    ({"reason": ""}, "Choose one of these"),
    ({"reason": "holiday"}, "Choose one of these"),
    ({"first": ""}, "Choose a day from the calendar"),
    ({"first": "2026-11-01"}, "Choose a day of the last seven, or one to come"),
    ({"last": "2026-11-25"}, "Choose a last day that is not before the first"),
    ({"last": "2029-01-01"}, "Choose a day within a year"),
])  # fmt: skip
def test_a_pause_that_needs_another_look_keeps_what_was_typed(
    amina: FlaskClient, cast: Cast, changes: dict[str, str], problem: str
) -> None:
    answer = amina.post(PAUSE, data=ILL | changes)

    assert answer.status_code == 422
    assert answer.text.count(problem) == 2
    assert "the flu" in answer.text
    assert pauses(cast) == []
