"""The tenant's pages: a minute, five answers each, nothing typed is lost, and nobody else's is there."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.check_ins.models import CheckIn, CheckInAnswer
from tenant_app.check_ins.reminding import ASKED
from tenant_app.reminders.models import Notice, Schedule
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.questions import counted

HOPE, HOME = "answer.weekly.hope.1", "answer.weekly.home.1"
SUNDAY = THURSDAY + timedelta(days=3)
REACHES = "You do not have to carry it alone."


@pytest.fixture
def phone(tenant_door: Flask, cast: Cast) -> FlaskClient:
    """Amina's."""
    return cast.at(tenant_door, cast.amina)


def all_said(session: Session) -> dict[str, int]:
    found = {each.statement: each.choice for each in session.scalars(select(CheckInAnswer))}
    session.commit()
    return found


def kept(session: Session) -> list[CheckIn]:
    found = list(session.scalars(select(CheckIn).execution_options(populate_existing=True)))
    session.commit()
    return found


def test_a_check_in_is_made_read_changed_and_taken_away(phone: FlaskClient, session: Session) -> None:
    assert "How was your week?" in phone.get("/check-ins").text
    made = phone.post("/check-ins/today", data={HOME: "4", HOPE: "3", "words": "Soup with Leyla", "seen": "0"})
    assert made.status_code == 303
    page = phone.get(made.location).text
    assert "Soup with Leyla" in page
    assert "Most days" in page
    assert "Soup with Leyla" in phone.get("/check-ins").text

    form = phone.get("/check-ins/today").text
    assert re.search(rf'name="{HOME}" value="4" checked', form)
    [edition] = re.findall(r'name="seen" value="(\d+)"', form)
    phone.post("/check-ins/today", data={HOME: "", HOPE: "5", "words": "", "seen": edition})
    assert all_said(session) == {"hope": 5}
    assert "Soup" not in phone.get("/check-ins").text

    assert phone.post(made.location, data={"kept": "0"}).status_code == 303
    assert kept(session) == []
    assert phone.get(made.location).status_code == 404


def test_a_double_tap_and_a_replay_are_one(phone: FlaskClient, session: Session) -> None:
    sent = {HOME: "4", "words": "Soup", "seen": "0"}
    replayed = {"Idempotency-Key": "k" * 20}
    answers = [phone.post("/check-ins/today", data=sent, headers=replayed) for _ in range(3)]
    phone.post("/check-ins/today", data=sent)

    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    assert answers[0].headers["X-Homeward-Done"]
    assert phone.post("/check-ins/today", data=sent | {HOME: "1"}, headers=replayed).status_code == 409
    [it] = kept(session)
    assert it.edition == 2


def test_what_waited_on_the_phone_is_about_the_day_it_was_tapped(phone: FlaskClient, session: Session) -> None:
    tapped = (THURSDAY - timedelta(days=2)).isoformat()
    phone.post("/check-ins/today", data={HOME: "4", "seen": "0", "tapped_at": tapped})
    assert [it.day.isoformat() for it in kept(session)] == ["2026-11-24"]


def test_the_form_may_wait_without_a_signal(phone: FlaskClient) -> None:
    assert 'data-outbox="Check-in"' in phone.get("/check-ins/today").text


def test_each_answer_may_be_left_out_but_not_all_of_it(phone: FlaskClient, session: Session) -> None:
    form = phone.get("/check-ins/today").text
    assert form.count('value="" checked') == 6
    answer = phone.post("/check-ins/today", data={HOME: "", HOPE: "", "words": "  "})
    assert answer.status_code == 422
    assert "Tap one answer, or write a sentence" in answer.text
    assert kept(session) == []
    assert phone.post("/check-ins/today", data={HOPE: "5"}).status_code == 303


@pytest.mark.parametrize(
    "sent",
    [{HOME: "6"}, {HOME: "0"}, {HOME: "-1"}, {HOME: "4.5"}, {HOME: "٤"}, {HOME: "x" * 1000}, {HOME: "\x00"},
     {HOME: "3", "seen": "many"}],
)  # fmt: skip
def test_an_answer_that_no_page_offers_is_refused(phone: FlaskClient, session: Session, sent: dict[str, str]) -> None:
    assert phone.post("/check-ins/today", data=sent).status_code == 400
    assert kept(session) == []


@pytest.mark.parametrize(
    "name",
    ["answer.weekly.score.1", "answer.yearly.home.1", "answer.weekly.home.9", "answer.weekly.home.x", "answer.home",
     "answer.weekly.home.1.1", "answer...", "choice", "answer.weekly.home.٣", "answer.weekly.home." + "9" * 5000],
)  # fmt: skip
def test_what_is_not_asked_is_not_kept(phone: FlaskClient, session: Session, name: str) -> None:
    assert phone.post("/check-ins/today", data={name: "3", "words": "Soup"}).status_code == 303
    assert all_said(session) == {}


def test_too_many_letters_are_asked_again_and_nothing_is_lost(phone: FlaskClient, session: Session) -> None:
    long = "s" * 100_000
    answer = phone.post("/check-ins/today", data={HOME: "4", "words": long, "seen": "0"})
    assert answer.status_code == 422
    assert long in answer.text
    assert re.search(rf'name="{HOME}" value="4" checked', answer.text)
    assert "Use at most 300 letters" in answer.text
    assert kept(session) == []


def test_nulls_directions_and_scripts_are_only_words(phone: FlaskClient) -> None:
    made = phone.post("/check-ins/today", data={"words": "tea\x00 \u202eevil <script>alert(1)</script> 🫖"})
    for address in (made.location, "/check-ins", "/check-ins/today"):
        page = phone.get(address).text
        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;alert(1)" in page
        assert "\x00" not in page


def test_another_tenants_check_in_does_not_exist(
    phone: FlaskClient, tenant_door: Flask, cast: Cast, session: Session
) -> None:
    made = phone.post("/check-ins/today", data={HOME: "4", "words": "Canary of the canal"})
    tomasz = cast.at(tenant_door, cast.tomasz)
    assert tomasz.get(made.location).status_code == 404
    assert tomasz.post(made.location, data={"kept": "0"}).status_code == 404
    assert "Canary" not in tomasz.get("/check-ins").text
    assert tomasz.get(f"/check-ins/{uuid4()}").status_code == 404
    assert len(kept(session)) == 1
    assert phone.post(made.location, data={"kept": "1"}).status_code == 400


@pytest.mark.parametrize(
    "until", ["", "2026", "2026-13", "2026-00", "1999-01", "2026-11-26", "٢٠٢٦-١١", "2026-11\n", "x" * 500]
)
def test_what_is_no_month_is_not_there(phone: FlaskClient, until: str) -> None:
    assert phone.get("/check-ins", query_string={"until": until}).status_code == 404


def test_a_month_far_off_is_empty_and_leads_back(phone: FlaskClient) -> None:
    phone.post("/check-ins/today", data={HOME: "4"})
    assert "that is fine" in phone.get("/check-ins?until=2000-01").text
    assert phone.get("/check-ins?until=2099-12").status_code == 200
    assert "until=2027-01" in phone.get("/check-ins?until=2000-01").text
    assert phone.get("/check-ins?until=2027-01").text.count("<tbody>") == 1


def test_the_lowest_answer_about_the_way_ahead_shows_where_help_is_and_no_other_does(phone: FlaskClient) -> None:
    low = phone.get(phone.post("/check-ins/today", data={HOPE: "1"}).location).text
    assert REACHES in low
    assert low.count('href="/help"') == 2
    assert 'href="/hard-days"' in low
    other = phone.get(phone.post("/check-ins/today", data={HOPE: "2", HOME: "1"}).location).text
    assert REACHES not in other


def test_nobody_is_told_of_a_low_answer(
    phone: FlaskClient, staff_door: Flask, cast: Cast, session: Session
) -> None:
    phone.post("/check-ins/today", data={HOPE: "1", "words": "Canary of the canal"})
    assert session.scalars(select(Notice)).all() == []
    session.commit()
    for worker in (cast.grace, cast.nasrin):
        desk = cast.at(staff_door, worker)
        for address in ("/caseload", f"/caseload/{cast.amina.id}"):
            assert "Canary" not in desk.get(address).text


def test_no_page_adds_anything_up(phone: FlaskClient, tenant_door: Flask) -> None:
    for week in range(8):
        with clock.stopped_at(THURSDAY + timedelta(weeks=week)):
            phone.post("/check-ins/today", data={HOME: str(1 + week % 5), HOPE: str(5 - week % 5)})
    with clock.stopped_at(THURSDAY + timedelta(weeks=7)):
        pages = [phone.get(address).text for address in ("/check-ins", "/check-ins/today", "/")]
        it = re.findall(r'href="(/check-ins/[0-9a-f-]{36})"', pages[0])
        pages.append(phone.get(it[0]).text)
    for page in pages:
        spoken = re.sub(r"<[^>]*>", " ", page).lower()
        assert not re.search(r"\bscore|\bstreak|average|\btotal\b|points|out of (5|five)|[0-9]/5|%|in a row", spoken)


def test_a_picture_is_told_in_words_and_stands_beside_its_table(phone: FlaskClient) -> None:
    with clock.stopped_at(THURSDAY - timedelta(weeks=1)):
        phone.post("/check-ins/today", data={HOME: "2"})
    phone.post("/check-ins/today", data={HOME: "4"})
    page = phone.get("/check-ins").text
    [label] = re.findall(r'role="img" aria-label="([^"]*)"', page)
    assert label.startswith("I can rest in my home. From Thursday 19 November to Thursday 26 November")
    assert "the last answer: Most days" in label
    assert page.count("<circle") == 2
    assert page.count("<caption") == 1
    assert ">Seldom<" in page


def test_what_it_asks_of_the_database_does_not_grow(phone: FlaskClient, tenant_door: Flask) -> None:
    counts = []
    for days in (1, 40):
        for day in range(days):
            with clock.stopped_at(THURSDAY - timedelta(days=day)):
                phone.post("/check-ins/today", data={HOME: "3"})
        with counted(tenant_door) as asked:
            phone.get("/check-ins")
        counts.append(len(asked))
    assert counts[1] <= counts[0] + 1  # there are older ones now


def test_a_reminder_is_off_until_it_is_asked_for_and_ends_when_told(phone: FlaskClient, session: Session) -> None:
    phone.post("/check-ins/today", data={HOME: "3"})
    assert "We do not remind you" in phone.get("/check-ins").text
    assert phone.post("/check-ins/reminder", data={"weekday": "6", "at": "18:00"}).status_code == 303
    assert "Each Sunday at" in phone.get("/check-ins").text
    [plan] = session.scalars(select(Schedule).where(Schedule.kind == ASKED)).all()
    assert (plan.recurrence, plan.zone) == ("FREQ=WEEKLY;BYDAY=SU", "Europe/London")
    session.commit()
    phone.post("/check-ins/reminder/end")
    assert session.scalars(select(Schedule)).all() == []


@pytest.mark.parametrize(
    "sent",
    [{}, {"weekday": "7", "at": "18:00"}, {"weekday": "-1", "at": "18:00"}, {"weekday": "6", "at": "25:00"},
     {"weekday": "6"}, {"at": "18:00"}, {"weekday": "x" * 100_000, "at": "\x00"}],
)  # fmt: skip
def test_a_reminder_at_no_time_is_asked_again(phone: FlaskClient, session: Session, sent: dict[str, str]) -> None:
    answer = phone.post("/check-ins/reminder", data=sent)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert session.scalars(select(Schedule)).all() == []


def test_a_reminder_stands_in_the_list_and_leads_to_the_form(phone: FlaskClient) -> None:
    phone.post("/check-ins/reminder", data={"weekday": "3", "at": "18:00"})
    with clock.stopped_at(THURSDAY + timedelta(hours=10)):
        page = phone.get("/reminders").text
    assert "A minute for yourself" in page


def test_today_offers_a_minute_on_a_sunday_and_reproaches_nobody(phone: FlaskClient) -> None:
    assert "How was your week?" not in phone.get("/").text
    with clock.stopped_at(SUNDAY):
        assert "A minute, if you like" in phone.get("/").text
        phone.post("/check-ins/today", data={HOME: "3"})
        assert "A minute, if you like" not in phone.get("/").text
