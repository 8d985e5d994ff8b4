"""Week by week: what was recorded, in a picture and in a table, without a word of blame."""

from __future__ import annotations

from datetime import date, time, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.medication.history.weeks import Kind, kind_of, mark, monday_of
from tenant_app.medication.pausing.models import PauseReason
from tenant_app.medication.rules import add_as_needed, add_medicine, answer_slot, pause_medicines, record_as_needed
from tests.cast import Cast
from tests.medication.conftest import EVENING, LONDON, NINE
from tests.questions import counted

LAST_WEEK = "/medicines/history?week=2026-W47"


def live(cast: Cast, day: date, wall_time: time, answer: str, *, minutes: int = 4) -> None:
    """Answer a slot so many minutes after its time."""
    moment = clock.at(day, wall_time, LONDON) + timedelta(minutes=minutes)
    with clock.stopped_at(moment), cast.database.step() as session:
        answer_slot(session, session.get_one(Tenant, cast.amina.id), day, wall_time, answer, LONDON)


@pytest.fixture
def amina(tenant_door: Flask, cast: Cast) -> FlaskClient:
    """Amina at the door; on Monday 16 November she wrote down two medicines for nine, one of them for the evening too."""
    with clock.stopped_at(clock.at(date(2026, 11, 16), time(6), LONDON)), cast.database.step() as session:
        person = session.get_one(Tenant, cast.amina.id)
        add_medicine(session, person, "Metformin <500>", "", [NINE, EVENING], LONDON, date(2026, 11, 16))
        add_medicine(session, person, "Sertraline", "", [NINE], LONDON, date(2026, 11, 16))
    return cast.at(tenant_door, cast.amina)


def test_a_week_is_a_picture_with_a_table_beside_it(amina: FlaskClient, cast: Cast) -> None:
    live(cast, date(2026, 11, 17), NINE, "taken")
    live(cast, date(2026, 11, 17), EVENING, "skipped")
    live(cast, date(2026, 11, 18), NINE, "taken", minutes=130)

    page = amina.get(LAST_WEEK).text

    assert 'role="img" aria-label="Monday 16 November to Sunday 22 November. Taken 2 times"' in page
    assert "<table" in page
    for words in ("Taken, 9:04 am", "Taken later", "Not taken", "Not recorded", "Metformin &lt;500&gt;"):
        assert words in page.replace("<bdi>", "").replace("</bdi>", "").replace("\u00a0", " "), words
    # Times at which a dose was taken stand in the table, which is opened on demand.
    assert page.index("<details>") < page.index("11:10\u00a0am")


def test_nothing_on_it_blames(amina: FlaskClient, cast: Cast) -> None:
    live(cast, date(2026, 11, 17), NINE, "skipped")

    page = amina.get(LAST_WEEK).text.lower()

    for word in ("missed", "streak", "failed", "late,", "overdue", "--care", "!</", "only "):
        assert word not in page, word


def test_what_was_not_recorded_is_not_counted(amina: FlaskClient) -> None:
    page = amina.get(LAST_WEEK).text

    assert "What this week had" in page
    assert "Taken 0" not in page


def test_weeks_lead_to_each_other_as_far_as_there_is_something(amina: FlaskClient) -> None:
    this_week, last_week = amina.get("/medicines/history").text, amina.get(LAST_WEEK).text

    assert 'rel="prev" href="/medicines/history?week=2026-W47"' in this_week
    assert 'rel="next"' not in this_week
    assert 'rel="next" href="/medicines/history?week=2026-W48"' in last_week
    assert 'rel="prev"' not in last_week


@pytest.mark.parametrize("week", ["2026-W49", "2026-W46", "1900-W01", "2026-W54", "2026-47", "x", "2026-W47-1", "٢٠٢٦-W٤٧"])
def test_a_week_that_is_none_or_not_there_is_not_found(amina: FlaskClient, week: str) -> None:
    assert amina.get("/medicines/history", query_string={"week": week}).status_code == 404


def test_a_week_without_medicines_is_told_kindly(tenant_door: Flask, cast: Cast) -> None:
    page = cast.at(tenant_door, cast.tomasz).get("/medicines/history").text

    assert "A week without medicines" in page
    assert '<svg class="weekly"' not in page


def test_the_present_week_knows_what_is_to_come(amina: FlaskClient) -> None:
    page = amina.get("/medicines/history").text

    assert "To come" in page
    assert 'class="today"' in page
    assert 'class="today"' not in amina.get(LAST_WEEK).text


def test_time_runs_with_the_direction_of_reading(amina: FlaskClient, cast: Cast) -> None:
    from_start = amina.get(LAST_WEEK).text
    with cast.database.step() as session:
        session.get_one(Tenant, cast.amina.id).language = "ar"
    mirrored = amina.get(LAST_WEEK).text

    assert '<text class="lead" x="80.5" y="35" text-anchor="middle">16</text>' in from_start
    assert '<text class="lead" x="240.5" y="35" text-anchor="middle">16</text>' in mirrored


def test_someone_elses_weeks_are_not_shown(amina: FlaskClient, tenant_door: Flask, cast: Cast) -> None:
    assert "Metformin" not in cast.at(tenant_door, cast.tomasz).get("/medicines/history").text


def test_a_state_that_is_not_known_here_is_shown_as_such() -> None:
    slot = SimpleNamespace(taken=False, taken_at=None, state="something new")

    assert kind_of(slot) is Kind.OTHER  # type: ignore[arg-type]
    assert all(mark(kind).startswith("<svg") for kind in Kind)


def test_what_was_taken_as_needed_is_told_too(tenant_door: Flask, cast: Cast) -> None:
    with clock.stopped_at(clock.at(date(2026, 11, 21), time(22, 15), LONDON)), cast.database.step() as session:
        person = session.get_one(Tenant, cast.tomasz.id)
        medicine = add_as_needed(session, person, "Ibuprofen <400>", "", LONDON, gap_minutes=None, most_in_24h=None)
        record_as_needed(session, medicine, uuid4(), LONDON)
    client = cast.at(tenant_door, cast.tomasz)
    page = client.get(LAST_WEEK).text.replace("\u00a0", " ")

    assert "<bdi>Ibuprofen &lt;400&gt;</bdi>" in page
    assert "Sat 21 Nov, <bdi>10:15 pm</bdi>" in page
    assert "A week without medicines" not in page
    assert "Ibuprofen" not in client.get("/medicines/history").text
    assert client.get("/medicines/history?week=2026-W46").status_code == 404


def test_a_pause_is_a_mark_of_its_own(amina: FlaskClient, cast: Cast) -> None:
    with clock.stopped_at(clock.at(date(2026, 11, 18), time(6), LONDON)), cast.database.step() as session:
        person = session.get_one(Tenant, cast.amina.id)
        pause_medicines(session, person, PauseReason.HOSPITAL, LONDON, last=date(2026, 11, 20))
    page = amina.get(LAST_WEEK).text

    assert "Paused" in page
    assert "ring rest" in page


def test_weeks_are_iso_weeks() -> None:
    assert monday_of("2026-W01") == date(2025, 12, 29)
    assert monday_of("2026-W53") == date(2026, 12, 28)


def test_a_fuller_week_asks_no_more_of_the_database(tenant_door: Flask, amina: FlaskClient, cast: Cast) -> None:
    amina.get(LAST_WEEK)
    with counted(tenant_door) as few:
        amina.get(LAST_WEEK)
    with clock.stopped_at(clock.at(date(2026, 11, 16), time(6), LONDON)), cast.database.step() as session:
        for number in range(5):
            person = session.get_one(Tenant, cast.amina.id)
            add_medicine(session, person, f"M{number}", "", [time(6 + number)], LONDON, date(2026, 11, 16))
    for day in range(17, 22):
        live(cast, date(2026, 11, day), NINE, "taken")
    with counted(tenant_door) as many:
        amina.get(LAST_WEEK)

    assert len(many) == len(few)
