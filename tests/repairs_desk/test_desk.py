"""The desk: who sees what, what comes first, and what a change does."""

from __future__ import annotations

import re
from io import BytesIO
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Look, Tenant, Worker
from tenant_app.goals.rules import write_goal
from tenant_app.reminders.models import Notice
from tenant_app.repairs.models import Repair, RepairPhoto, State
from tenant_app.repairs.rules import change_state, start_draft
from tenant_app.settings import Settings
from tenant_app.web import photos
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.questions import counted
from tests.repairs.conftest import LONDON, Reported, rows
from tests.repairs.pictures import jpeg

VISIT = {"state": "booked", "visit_on": "2026-11-30", "visit_from": "13:00", "visit_to": "16:00"}


@pytest.fixture
def officer(staff_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(staff_door, cast.devon)


def change(client: FlaskClient, repair: Repair, **data: str):
    return client.post(f"/repairs/{repair.id}/state", data={"version": str(repair.version), **data})


@pytest.fixture
def photo(session: Session, settings: Settings, reported: Reported) -> RepairPhoto:
    stored = photos.keep(BytesIO(jpeg()), settings.photos)
    repair = reported()
    repair.photos.append(RepairPhoto(
        file=stored.file, width=stored.width, height=stored.height, bytes=stored.bytes, digest=stored.digest,
    ))  # fmt: skip
    session.commit()
    return repair.photos[0]


def test_an_empty_desk_says_so_kindly(officer: FlaskClient) -> None:
    assert "Nothing needs mending at the moment" in officer.get("/repairs").text
    assert "None of these at the moment" in officer.get("/repairs?show=fixed").text


def test_each_role_finds_the_repairs_that_concern_it(staff_door: Flask, cast: Cast, reported: Reported) -> None:
    mine, other = reported(), reported(cast.salma)

    def statuses(worker: Worker) -> list[int]:
        client = cast.at(staff_door, worker)
        return [client.get(f"/repairs/{repair.id}").status_code for repair in (mine, other)]

    assert statuses(cast.devon) == statuses(cast.nasrin) == [200, 200]
    assert statuses(cast.grace) == [200, 404]
    assert statuses(cast.marek) == [404, 200]
    assert statuses(cast.joana) == statuses(cast.priya) == [403, 403]


def test_lists_hold_what_a_worker_may_see(staff_door: Flask, cast: Cast, reported: Reported) -> None:
    mine, other = reported(), reported(cast.salma)

    page = cast.at(staff_door, cast.grace).get("/repairs").text

    assert str(mine.id) in page
    assert str(other.id) not in page


def test_facilitators_and_administrators_are_refused_at_the_desk(
    staff_door: Flask, cast: Cast, session: Session, reported: Reported
) -> None:
    repair = reported()

    for worker in (cast.joana, cast.priya):
        client = cast.at(staff_door, worker)
        assert client.get("/repairs").status_code == 403
        assert change(client, repair, state="closed").status_code == 403
        assert rows(session, Repair.desk_of(worker)) == []


def test_a_draft_is_nobodys_but_the_tenants(officer: FlaskClient, session: Session, cast: Cast) -> None:
    draft = start_draft(session, session.get_one(Tenant, cast.amina.id))
    session.commit()

    assert officer.get(f"/repairs/{draft.id}").status_code == 404
    assert officer.get("/repairs?show=draft").status_code == 200
    assert str(draft.id) not in officer.get("/repairs?show=draft").text


def test_a_photo_is_shown_to_those_who_may_see_the_repair(
    staff_door: Flask, cast: Cast, photo: RepairPhoto, reported: Reported
) -> None:
    address = f"/repairs/{photo.repair_id}/photos/{photo.id}"

    answer = cast.at(staff_door, cast.devon).get(address)
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert answer.headers["Cache-Control"] == "private, max-age=86400"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"

    other = reported(cast.salma)
    assert cast.at(staff_door, cast.marek).get(address).status_code == 404
    assert cast.at(staff_door, cast.marek).get(f"/repairs/{other.id}/photos/{photo.id}").status_code == 404
    assert cast.at(staff_door, cast.devon).get(f"/repairs/{photo.repair_id}/photos/{uuid4()}").status_code == 404
    assert cast.at(staff_door, cast.joana).get(address).status_code == 403
    assert cast.at(staff_door, None).get(address).status_code == 303


def test_a_photo_whose_file_is_gone_is_not_an_error(
    staff_door: Flask, cast: Cast, photo: RepairPhoto, settings: Settings
) -> None:
    photos.remove(settings.photos, photo.file)

    answer = cast.at(staff_door, cast.devon).get(f"/repairs/{photo.repair_id}/photos/{photo.id}")

    assert answer.status_code == 404


def test_reading_a_repair_is_written_down(officer: FlaskClient, session: Session, reported: Reported) -> None:
    repair = reported()
    officer.get("/repairs")
    assert rows(session, select(Look)) == []

    officer.get(f"/repairs/{repair.id}")

    looks = rows(session, select(Look))
    assert [(look.tenant_id, look.what) for look in looks] == [(repair.tenant_id, "repair")]


def test_the_desk_tells_nothing_of_goals(
    officer: FlaskClient, session: Session, cast: Cast, reported: Reported
) -> None:
    write_goal(session, session.get_one(Tenant, cast.amina.id), "Sing in a choir", shared=True)
    repair = reported()

    assert "choir" not in officer.get(f"/repairs/{repair.id}").text
    assert officer.get("/caseload").status_code == 403


def test_booking_a_visit_tells_the_tenant(
    officer: FlaskClient, tenant_door: Flask, session: Session, cast: Cast, reported: Reported
) -> None:
    repair = reported()

    answer = change(officer, repair, **VISIT, words="Femi comes")

    assert answer.status_code == 303
    session.refresh(repair)
    session.commit()
    assert (repair.state, repair.visit_window) == (State.BOOKED, "13:00-16:00")
    assert {notice.kind for notice in rows(session, select(Notice))} == {
        "repairs.news", "repairs.day_before", "repairs.same_morning",
    }  # fmt: skip
    page = cast.at(tenant_door, cast.amina).get(f"/repairs/{repair.id}").text
    assert "Monday 30 November" in page
    assert "Femi comes" in page


def test_a_page_that_is_out_of_date_is_told_and_loses_nothing_typed(
    officer: FlaskClient, session: Session, reported: Reported, devon: Worker
) -> None:
    repair = reported()
    old = str(repair.version)
    change_state(session, devon, repair, State.SEEN, "I am on it", zone=LONDON)
    session.commit()

    answer = officer.post(f"/repairs/{repair.id}/state", data={"version": old, **VISIT, "words": "Tuesday then"})

    assert answer.status_code == 409
    assert "Somebody changed this while you were writing" in answer.text
    assert "Tuesday then" in answer.text
    assert 'value="2026-11-30"' in answer.text
    assert "I am on it" in answer.text
    session.refresh(repair)
    session.commit()
    assert repair.state is State.SEEN

    now = re.search(r'name="version" type="hidden" value="(\d+)"', answer.text)
    assert now is not None
    assert officer.post(f"/repairs/{repair.id}/state", data={"version": now[1], **VISIT}).status_code == 303


def test_sending_a_change_twice_makes_it_once(officer: FlaskClient, session: Session, reported: Reported) -> None:
    repair = reported()
    version = str(repair.version)

    answers = [
        officer.post(
            f"/repairs/{repair.id}/state", data={"version": version, "state": "seen", "words": "Thank you"}
        ).status_code
        for _ in range(2)
    ]

    assert answers == [303, 409]
    session.expire_all()
    assert [update.state for update in repair.updates] == [State.SEEN, State.REPORTED]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Choose what happens next"),
        ({"state": "reported"}, 'role="alert"'),
        ({"state": "booked"}, "Choose the day of the visit"),
        ({**VISIT, "visit_on": "2026-11-25"}, "Choose the day of the visit, today or later"),
        ({**VISIT, "visit_on": "soon"}, "Choose a day from the calendar"),
        ({**VISIT, "visit_from": "noon"}, "Write a time, such as 13:00"),
        ({**VISIT, "visit_to": "12:00"}, "later than from when"),
        ({"state": "seen", "words": "x" * 1001}, "Use at most 1000 letters"),
    ],
)
def test_what_is_amiss_is_asked_for_again(
    officer: FlaskClient, session: Session, reported: Reported, sent: dict[str, str], said: str
) -> None:
    repair = reported()

    answer = change(officer, repair, **{"words": "Kept words", **sent})

    assert answer.status_code == 422
    assert said in answer.text
    assert sent.get("words", "Kept words") in answer.text
    assert len(rows(session, select(Look))) == 1


def test_a_clock_is_shown_and_met(staff_door: Flask, cast: Cast, reported: Reported) -> None:
    repair = reported(kind="damp-mould", hazard=True)
    with clock.stopped_at(THURSDAY.replace(day=30)):
        officer = cast.at(staff_door, cast.devon)
        assert "Day 2 of 10" in officer.get("/repairs").text
        assert "Look into it by Thursday 10 December" in officer.get(f"/repairs/{repair.id}").text
    with clock.stopped_at(THURSDAY.replace(month=12, day=14)):
        officer = cast.at(staff_door, cast.devon)
        assert "2 working days late" in officer.get("/repairs").text

        officer.post(f"/repairs/{repair.id}/clocks/moments", data={
            "version": str(repair.version), "what": "investigated", "day": "2026-12-10"})  # fmt: skip

        page = officer.get(f"/repairs/{repair.id}").text
    assert "Looked into on Thursday 10 December" in page
    assert "In time" in page


def test_a_list_asks_the_same_number_of_questions_however_long_it_is(
    officer: FlaskClient, staff_door: Flask, cast: Cast, reported: Reported
) -> None:
    def asked() -> int:
        with counted(staff_door) as statements:
            assert officer.get("/repairs").status_code == 200
        return len(statements)

    reported(), reported(cast.salma)
    few = asked()
    for tenant in (cast.amina, cast.tomasz, cast.salma):
        reported(tenant), reported(tenant, kind="damp-mould", hazard=True)

    assert asked() == few
