"""A tenant asks for their record to be put right or erased, and is answered within a month."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tenant_app.accounts.models import Look, Tenant
from tenant_app.goals.models import Goal
from tenant_app.goals.rules import write_goal
from tenant_app.support.record.again import list_of, noted
from tenant_app.support.record.models import Erasure, RecordRequest
from tenant_app.support.record.rules import last_day, requests_waiting
from tests.cast import Cast

HOSTILE = "‮<script>alert(1)</script> \U0001f3e0 'x' -- {{ 7*7 }}"


@pytest.fixture
def phone(tenant_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(tenant_door, cast.amina)


def asked(cast: Cast) -> RecordRequest:
    with cast.database.session(reads_only=True) as session:
        return session.scalars(select(RecordRequest)).one()


@pytest.mark.parametrize(
    ("asked_on", "due"),
    [
        (date(2026, 11, 26), date(2026, 12, 29)),  # Boxing Day is a Saturday, kept on the Monday after
        (date(2026, 9, 3), date(2026, 10, 5)),
        (date(2027, 1, 31), date(2027, 3, 1)),
        (date(2026, 10, 7), date(2026, 11, 9)),
    ],
)
def test_the_answer_is_due_one_month_on_or_the_next_working_day(asked_on: date, due: date) -> None:
    assert last_day(asked_on) == due


def test_a_correction_is_asked_answered_and_told(phone: FlaskClient, staff_door: Flask, cast: Cast) -> None:
    sent = phone.post("/my-record/correct", data={"part": "accounts", "wrong": "My flat is 5", "should": "Flat 5"})
    phone.post("/my-record/correct", data={"part": "accounts", "wrong": "My flat is 5", "should": "Flat 5"})
    request = asked(cast)
    desk = cast.at(staff_door, cast.grace)

    assert sent.status_code == 303
    assert "29 December 2026" in phone.get(sent.location).text
    assert "My flat is 5" in desk.get(f"/record-requests/{request.id}").text
    assert "Amina Warsame" in desk.get("/record-requests").text

    address = f"/record-requests/{request.id}"
    refused = desk.post(address, data={"state": "not-done", "reply": ""})
    assert refused.status_code == 422
    assert desk.post(address, data={"state": "nonsense", "reply": "x"}).status_code == 422
    assert desk.post(address, data={"state": "done", "reply": "You are right. It says 5 now."}).status_code == 303

    assert "You are right. It says 5 now." in phone.get(sent.location).text
    assert "answered what you asked about your record" in phone.get("/reminders").text
    with cast.database.session(reads_only=True) as session:
        assert set(session.scalars(select(Look.what).where(Look.tenant_id == cast.amina.id))) == {"request"}


def test_who_sees_requests(phone: FlaskClient, staff_door: Flask, tenant_door: Flask, cast: Cast) -> None:
    phone.post("/my-record/erase", data={"parts": ["goals"], "sure": "1"})
    request = asked(cast)
    address = f"/record-requests/{request.id}"

    seen = {each.name: cast.at(staff_door, each).get(address).status_code
            for each in (cast.grace, cast.nasrin, cast.priya, cast.marek, cast.joana, cast.devon)}  # fmt: skip
    assert list(seen.values()) == [200, 200, 200, 404, 403, 403]
    assert cast.at(tenant_door, cast.tomasz).get(f"/my-record/requests/{request.id}").status_code == 404
    assert cast.at(staff_door, cast.grace).post(address, data={"state": "not-done", "reply": "No"}).status_code == 403
    assert cast.at(staff_door, cast.grace).get(f"{address}/erase").status_code == 403
    with cast.database.session(reads_only=True) as session:
        waits = {name: len(requests_waiting(session, cast.now(session, getattr(cast, name))))  # type: ignore[arg-type]
                 for name in ("grace", "nasrin", "priya", "marek", "joana")}  # fmt: skip
    assert waits == {"grace": 1, "nasrin": 1, "priya": 1, "marek": 0, "joana": 0}


def test_erasing_is_asked_with_two_taps_and_done_by_a_coordinator_who_types_the_name(
    phone: FlaskClient, tenant_door: Flask, staff_door: Flask, cast: Cast
) -> None:
    with cast.database.step() as session:
        write_goal(session, session.get_one(Tenant, cast.amina.id), "Cook on Sundays")
    first = phone.post("/my-record/erase", data={"parts": ["everything", "goals"], "words": "I move out"})
    assert first.status_code == 200
    assert "Nothing is erased by this tap" in first.text
    assert "I move out" in first.text
    with cast.database.session(reads_only=True) as session:
        assert session.scalars(select(RecordRequest)).all() == []

    phone.post("/my-record/erase", data={"parts": ["everything"], "words": "I move out", "sure": "1"})
    request, desk = asked(cast), cast.at(staff_door, cast.nasrin)
    address = f"/record-requests/{request.id}/erase"
    assert desk.get(address).status_code == 200
    for typed in ("", "Tomasz Wójcik", "Amina", "x" * 100_000, "\0", HOSTILE):
        assert desk.post(address, data={"name": typed}).status_code == 422
    with cast.database.session(reads_only=True) as session:
        assert session.get(Tenant, cast.amina.id) is not None

    done = desk.post(address, data={"name": " amina  warsame "})
    assert done.status_code == 303
    assert "Erased:" in desk.get("/record-requests").text
    with cast.database.session(reads_only=True) as session:
        assert session.get(Tenant, cast.amina.id) is None
        assert session.scalars(select(Goal)).all() == []
        assert session.get(Tenant, cast.tomasz.id) is not None
        [erasure] = session.scalars(select(Erasure))
    assert erasure.id in noted(list_of(tenant_door.extensions["homeward"].settings.instance))
    assert phone.get("/").status_code in (303, 401)
    assert desk.post(address, data={"name": "Amina Warsame"}).status_code == 404


def test_a_part_is_erased_and_the_tenant_told(phone: FlaskClient, staff_door: Flask, cast: Cast) -> None:
    with cast.database.step() as session:
        write_goal(session, session.get_one(Tenant, cast.amina.id), "Cook on Sundays")
    phone.post("/my-record/erase", data={"parts": ["goals"], "sure": "1"})
    request = asked(cast)

    done = cast.at(staff_door, cast.priya).post(f"/record-requests/{request.id}/erase", data={"name": "Amina Warsame"})

    assert done.status_code == 303
    assert "Cook on Sundays" not in phone.get("/goals").text
    assert "It is erased." in phone.get(f"/my-record/requests/{request.id}").text
    assert cast.at(staff_door, cast.priya).get(f"/record-requests/{request.id}/erase").status_code == 409


def test_a_request_is_taken_back(phone: FlaskClient, staff_door: Flask, cast: Cast) -> None:
    phone.post("/my-record/erase", data={"parts": ["everything"], "sure": "1"})
    request = asked(cast)

    phone.post(f"/my-record/requests/{request.id}", data={"kept": "0"})

    assert "Taken back" in phone.get("/my-record").text
    assert cast.at(staff_door, cast.nasrin).get(f"/record-requests/{request.id}/erase").status_code == 409


def test_hostile_words_are_kept_as_typed_or_asked_for_again(phone: FlaskClient, staff_door: Flask, cast: Cast) -> None:
    for data in ({"part": "nothing", "wrong": "x"}, {"part": "accounts", "wrong": ""}, {"part": "accounts", "wrong": "\0"},
                 {"part": "accounts", "wrong": "y" * 100_000}, {"part": "\0", "wrong": HOSTILE}):  # fmt: skip
        answer = phone.post("/my-record/correct", data=data)
        assert answer.status_code == 422
        assert "<script>alert" not in answer.text
    for parts in ([], ["accounts"], ["nothing"], ["everything", "x"], ["\0"]):
        assert phone.post("/my-record/erase", data={"parts": parts, "sure": "1"}).status_code == 422

    phone.post("/my-record/correct", data={"part": "goals", "wrong": HOSTILE, "should": "\0" + HOSTILE})
    request = asked(cast)
    shown = cast.at(staff_door, cast.grace).get(f"/record-requests/{request.id}").text

    assert request.words == HOSTILE == request.should
    assert "<script>alert" not in shown
    assert "&lt;script&gt;" in shown
