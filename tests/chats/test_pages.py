"""Chats as both see them: what is asked, what is answered, and what nobody else reads."""

from __future__ import annotations

from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Look, Tenant, Worker
from tenant_app.chats.models import Chat, OpenTime, State
from tests.cast import Cast
from tests.chats.offered import two_times

CANARY = "Canary of the harbour wall"


@pytest.fixture
def phone(tenant_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(tenant_door, cast.amina)


@pytest.fixture
def desk(staff_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(staff_door, cast.grace)


@pytest.fixture
def times(session: Session, grace: Worker) -> list[str]:
    made = [str(each.id) for each in two_times(session, grace)]
    session.commit()
    return made


def the_chat(session: Session) -> Chat:
    session.rollback()
    chat = session.scalars(select(Chat).execution_options(populate_existing=True)).one()
    session.commit()
    return chat


def asking(**more: str) -> dict[str, str]:
    return {"time": "other", "way": "phone", "about": CANARY, "suits": "", **more}


def test_from_asking_to_having_talked(
    phone: FlaskClient, desk: FlaskClient, session: Session, cast: Cast, staff_door: Flask
) -> None:
    assert "Grace Okafor" in phone.get("/chats").text
    sent = phone.post(f"/chats/with/{cast.grace.id}", data=asking(suits="Mornings", interpreter="y"))
    chat = the_chat(session)
    assert sent.headers["Location"].endswith(f"/chats/{chat.id}")
    assert CANARY not in desk.get("/chats").text
    assert session.scalars(select(Look)).all() == []
    session.commit()
    assert CANARY in desk.get(f"/chats/{chat.id}").text

    told = desk.post(f"/chats/{chat.id}/time", data={"day": "2026-11-30", "begins": "10:00", "minutes": "30"})
    assert told.status_code == 303
    assert "suggests a time" in phone.get("/").text
    assert phone.post(f"/chats/{chat.id}/answer", data={"accepted": "1"}).status_code == 303
    assert "10:00" in phone.get(f"/chats/{chat.id}").text

    with clock.stopped_at(the_chat(session).ends_at or clock.now()):
        desk = cast.at(staff_door, cast.grace)
        assert "Did you talk?" in desk.get("/chats").text
        assert desk.post(f"/chats/{chat.id}/held", data={"held": "1"}).status_code == 303
    assert the_chat(session).held is True
    session.rollback()
    assert {look.what for look in session.scalars(select(Look))} == {"chat"}


def test_an_open_time_is_taken_with_one_form_and_goes_into_a_calendar(
    phone: FlaskClient, session: Session, cast: Cast, times: list[str]
) -> None:
    phone.post(f"/chats/with/{cast.grace.id}", data=asking(time=times[0]))
    chat = the_chat(session)

    answer = phone.get(f"/chats/{chat.id}/chat.ics")

    [event] = Calendar.from_ical(answer.data).walk("VEVENT")
    assert (str(event["summary"]), event["dtstart"].dt, str(event["status"])) == (
        "Something is planned", chat.starts_at, "CONFIRMED",
    )  # fmt: skip
    assert "Grace" not in answer.text
    phone.post(f"/chats/{chat.id}/off", data={"why": ""})
    assert "STATUS:CANCELLED" in phone.get(f"/chats/{chat.id}/chat.ics").text


def test_a_time_that_somebody_else_took_keeps_what_was_typed(
    phone: FlaskClient, tenant_door: Flask, cast: Cast, times: list[str]
) -> None:
    cast.at(tenant_door, cast.tomasz).post(f"/chats/with/{cast.grace.id}", data=asking(time=times[0]))

    answer = phone.post(f"/chats/with/{cast.grace.id}", data=asking(time=times[0]))

    assert answer.status_code == 422
    assert CANARY in answer.text
    assert "Somebody was quicker" in answer.text


def test_a_chat_is_nobody_elses(
    phone: FlaskClient, staff_door: Flask, tenant_door: Flask, session: Session, cast: Cast, times: list[str]
) -> None:
    phone.post(f"/chats/with/{cast.grace.id}", data=asking(time=times[0]))
    chat = the_chat(session)
    ways = ("", "/answer", "/off", "/time", "/chat.ics")

    tomasz = cast.at(tenant_door, cast.tomasz)
    assert {tomasz.open(f"/chats/{chat.id}{way}", method="POST" if way == "/answer" else "GET",
                        data={"accepted": "1"}).status_code for way in ways} == {404}  # fmt: skip
    assert tomasz.get(f"/chats/with/{cast.marek.id}").status_code == 404
    for worker in (cast.marek, cast.nasrin, cast.devon):
        other = cast.at(staff_door, worker)
        assert other.get(f"/chats/{chat.id}").status_code == 404
        assert other.post(f"/chats/{chat.id}/off", data={"why": "x"}).status_code == 404
        assert other.post(f"/chats/times/{times[1]}", data={"open": "0"}).status_code == 404
    assert cast.at(staff_door, cast.joana).get("/chats").status_code == 403


def test_a_keyworker_who_is_one_no_longer_sees_nothing_of_it_from_the_next_request_on(
    phone: FlaskClient, desk: FlaskClient, session: Session, cast: Cast, amina: Tenant
) -> None:
    session.commit()
    phone.post(f"/chats/with/{cast.grace.id}", data=asking())
    chat = the_chat(session)
    assert desk.get(f"/chats/{chat.id}").status_code == 200
    session.get_one(Tenant, cast.amina.id).keyworker_id = cast.marek.id
    session.commit()

    assert desk.get(f"/chats/{chat.id}").status_code == 404
    assert "Amina" not in desk.get("/chats").text


@pytest.mark.parametrize(
    "wrong",
    [{"time": ""}, {"time": "<script>"}, {"time": str(uuid4())}, {"way": "pigeon"}, {"about": "x" * 100_000},
     {"suits": "x" * 201}],
)  # fmt: skip
def test_what_makes_no_sense_is_asked_again_and_nothing_typed_is_lost(
    phone: FlaskClient, cast: Cast, session: Session, times: list[str], wrong: dict[str, str]
) -> None:
    answer = phone.post(f"/chats/with/{cast.grace.id}", data=asking(**wrong))

    assert answer.status_code == 422
    assert wrong.get("about", CANARY) in answer.text
    session.rollback()
    assert session.scalars(select(Chat)).all() == []


def test_hostile_words_are_shown_as_words(
    phone: FlaskClient, desk: FlaskClient, cast: Cast, session: Session
) -> None:
    hostile = "<script>alert(1)</script> \u202e \U0001f9ff \x00 {{ 7*7 }}"
    phone.post(f"/chats/with/{cast.grace.id}", data=asking(about=hostile))
    chat = the_chat(session)

    for page in (phone.get(f"/chats/{chat.id}").text, desk.get(f"/chats/{chat.id}").text):
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page
        assert "\x00" not in page


@pytest.mark.parametrize(
    "wrong",
    [{"day": "2026-11-25"}, {"day": "9999-12-31"}, {"day": "soon"}, {"begins": "25:00"}, {"minutes": "7"},
     {"day": "2027-11-30"}],
)  # fmt: skip
def test_a_worker_cannot_suggest_what_is_no_time(
    phone: FlaskClient, desk: FlaskClient, cast: Cast, session: Session, wrong: dict[str, str]
) -> None:
    phone.post(f"/chats/with/{cast.grace.id}", data=asking())
    chat = the_chat(session)
    data = {"day": "2026-11-30", "begins": "10:00", "minutes": "30", "place": "Room of the lilies", **wrong}

    answer = desk.post(f"/chats/{chat.id}/time", data=data)

    assert answer.status_code == 422
    assert "Room of the lilies" in answer.text
    assert the_chat(session).state is State.ASKED


def test_a_worker_keeps_times_open_and_takes_them_back(
    desk: FlaskClient, phone: FlaskClient, session: Session, cast: Cast
) -> None:
    week = {"day": "2026-11-30", "begins": "10:00", "ends": "11:00", "minutes": "30", "weeks": "2"}
    assert desk.post("/chats/times", data=week).status_code == 303
    made = session.scalars(select(OpenTime).order_by(OpenTime.starts_at)).all()
    session.commit()
    assert len(made) == 4
    phone.post(f"/chats/with/{cast.grace.id}", data=asking(time=str(made[0].id)))

    assert desk.post(f"/chats/times/{made[0].id}", data={"open": "0"}).status_code == 409
    assert desk.post(f"/chats/times/{made[1].id}", data={"open": "0"}).status_code == 303
    assert desk.post("/chats/times", data={**week, "ends": "09:00"}).status_code == 422
    assert desk.get("/chats/times").text.count("Offer it no longer") >= 2
