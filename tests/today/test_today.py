"""Today at the desk: what waits, each kind once, and only what this worker may know."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Look, Tenant, Worker
from tenant_app.goals.rules import review_goal, write_goal
from tenant_app.key_work.models import How
from tenant_app.key_work.rules import Contact, Hold, write_note
from tenant_app.messages.models import Message
from tenant_app.reminders.models import Subscription
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.today.signs import missed_twice


@pytest.mark.parametrize("who", ["grace", "nasrin"])
def test_keyworkers_and_coordinators_start_here_and_an_empty_day_is_kind(
    staff_door: Flask, cast: Cast, who: str
) -> None:
    client = cast.at(staff_door, getattr(cast, who))

    assert client.get("/").location == "/today"
    page = client.get("/today").text
    assert "Nothing waits for you just now" in page
    assert page.index('href="/today"') < page.index('href="/caseload"')


@pytest.mark.parametrize("who", ["joana", "devon", "priya"])
def test_nobody_else_has_one(staff_door: Flask, cast: Cast, who: str) -> None:
    client = cast.at(staff_door, getattr(cast, who))

    assert client.get("/today").status_code == 403
    assert client.get("/").location != "/today"


def test_who_waits_for_an_answer_is_named_and_not_what_they_wrote(
    desk: FlaskClient, staff_door: Flask, session: Session, cast: Cast, tomasz: Tenant, grace: Worker
) -> None:
    session.add(Message(
        tenant=tomasz, worker=grace, by_tenant=True, words="CANARY", written_at=THURSDAY, waits_since=THURSDAY
    ))  # fmt: skip
    session.commit()

    page = desk.get("/today").text

    assert "Messages to answer" in page
    assert f"/messages/{tomasz.id}" in page
    assert "CANARY" not in page
    assert session.scalars(select(Look)).all() == []  # a name of one's own caseload is no reading
    session.commit()
    assert "Tomasz" not in cast.at(staff_door, cast.marek).get("/today").text


def test_a_call_that_was_asked_for_waits_until_it_is_put_away(
    desk: FlaskClient, session: Session, cast: Cast, amina: Tenant
) -> None:
    missed = missed_twice(session, cast, amina)
    missed.ask_for_call()
    session.commit()

    page = desk.get("/today").text
    assert "<bdi>Amina Warsame</bdi> would like you to ring." in page
    assert [look.what for look in session.scalars(select(Look))] == ["missed"]
    session.commit()
    assert desk.post(f"/missed/{missed.id}", data={"read": "1"}).location == "/today"

    assert "would like you to ring" not in desk.get("/today").text


def test_whose_phone_reminders_no_longer_reach_is_said_without_what_they_are_about(
    desk: FlaskClient, session: Session, amina: Tenant
) -> None:
    session.add(Subscription(
        person_id=amina.id, endpoint="https://push.example.org/1", p256dh="p", auth="a",
        failing_since=clock.now() - timedelta(days=3),
    ))  # fmt: skip
    session.commit()

    page = desk.get("/today").text

    assert "Phones that reminders do not reach" in page
    assert "Reminders have not reached Amina’s phone since Mon 23 Nov." in page.replace("<bdi>", "").replace("</bdi>", "")


def test_a_goal_that_was_reached_waits_for_a_word_and_is_not_named(
    desk: FlaskClient, session: Session, amina: Tenant, grace: Worker
) -> None:
    goal = write_goal(session, amina, "CANARY", first_step="Ring", shared=True)
    goal.reach(True)
    session.commit()

    page = desk.get("/today").text
    assert "Goals reached" in page
    assert "CANARY" not in page
    review_goal(session, grace, goal, "Well done")
    session.commit()

    assert "Goals reached" not in desk.get("/today").text


def test_a_coordinator_sees_who_has_nobody_and_which_notes_are_held_back(
    desk: FlaskClient, staff_door: Flask, session: Session, cast: Cast, amina: Tenant, tomasz: Tenant, grace: Worker
) -> None:
    zone = ZoneInfo("Europe/London")
    contact = Contact(THURSDAY, How.CALL, "CANARY")
    write_note(session, grace, amina, contact, terms=[], zone=zone, hold=Hold("A worry", THURSDAY.date()))
    tomasz.keyworker_id = None
    session.commit()

    page = cast.at(staff_door, cast.nasrin).get("/today").text
    assert "/held-back" in page
    assert page.count("Held back until") == 1
    assert "No keyworker who is here" in page
    assert "CANARY" not in page
    own = desk.get("/today").text
    assert "Held back until" not in own
    assert "No keyworker who is here" not in own
