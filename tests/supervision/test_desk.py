"""The coordinator's desk and the pages that follow from it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Cover, Property, Role, Tenant, Worker
from tenant_app.accounts.rules import welcome_tenant, welcome_worker
from tenant_app.key_work.tasks import add_task
from tenant_app.support_plan.kinds import Kind
from tenant_app.support_plan.rules import reviews_overdue_of, tell_change
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.questions import counted


@pytest.fixture
def nasrin(staff_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(staff_door, cast.nasrin)


def moved(cast: Cast, *tenants: Tenant, **more: str) -> dict[str, object]:
    return {"from": str(cast.grace.id), "to": str(cast.marek.id), "tenant": [str(one.id) for one in tenants], **more}


def keyworkers(session: Session, *tenants: Tenant) -> list[object]:
    session.rollback()
    found = [session.get_one(Tenant, one.id, populate_existing=True).keyworker_id for one in tenants]
    session.commit()
    return found


def test_the_desk_says_who_has_how_many_in_plain_words(
    nasrin: FlaskClient, session: Session, cast: Cast
) -> None:
    grace, home = session.get_one(Worker, cast.grace.id), session.get_one(Property, cast.alma_road.id)
    for number in range(11):
        welcome_tenant(session, f"Tenant {number}", building=home, moved_in_on=date(2026, 9, 1), keyworker=grace)
    session.commit()
    page = nasrin.get("/supervision").text
    for words in ("13 tenants", "1 more than usual", "about 12 tenants for each keyworker", "None written down"):
        assert words in page, words
    desk = page.split("<h1>")[1]
    for words in ("tag now", "note care", "no keyworker who is here"):
        assert words not in desk, words


def test_the_questions_of_the_desk_do_not_grow_with_the_team(
    nasrin: FlaskClient, staff_door: Flask, session: Session, cast: Cast
) -> None:
    with counted(staff_door) as few:
        nasrin.get("/supervision")
    for number in range(15):
        welcome_worker(session, f"Keyworker {number}", f"k{number}@wrenfield.org.uk", Role.KEYWORKER)
    session.commit()
    with counted(staff_door) as many:
        assert "Keyworker 14" in nasrin.get("/supervision").text
    assert len(many) == len(few)


def test_nobody_but_coordinators_enters_and_each_reaches_the_own_team_alone(
    nasrin: FlaskClient, staff_door: Flask, session: Session, cast: Cast
) -> None:
    oona = welcome_worker(session, "Oona Byrne", "oona@wrenfield.org.uk", Role.COORDINATOR)
    session.get_one(Worker, cast.grace.id).coordinator_id = oona.id
    session.commit()
    team = f"/supervision/team/{cast.grace.id}"
    for page in (team, f"{team}/cover", f"{team}/notes", f"/supervision/move?from={cast.grace.id}"):
        assert nasrin.get(page).status_code == 404, page
        assert cast.at(staff_door, oona).get(page).status_code == 200, page
        for other in (cast.grace, cast.joana, cast.devon, cast.priya):
            assert cast.at(staff_door, other).get(page).status_code == 403, (page, other.name)
    assert nasrin.post("/supervision/move", data=moved(cast, cast.amina, sure="1")).status_code == 404
    assert keyworkers(session, cast.amina) == [cast.grace.id]
    assert "Grace" not in nasrin.get("/supervision").text.split("<main")[1]


def test_open_tasks_and_overdue_reviews_stand_beside_each_of_the_team(
    nasrin: FlaskClient, session: Session, cast: Cast
) -> None:
    grace, amina = session.get_one(Worker, cast.grace.id), session.get_one(Tenant, cast.amina.id)
    london = ZoneInfo("Europe/London")
    for number in range(3):
        add_task(session, grace, amina, f"Task {number}", date(2026, 11, 30), zone=london)
    review = tell_change(session, amina, amina, Kind.INCOME, "", language="en", zone=london)
    assert reviews_overdue_of(session, [grace.id, cast.marek.id], review.due_on) == {}
    review.due_on = date(2026, 11, 25)
    session.commit()
    page = nasrin.get("/supervision").text
    for words in ("Open tasks</span> <span class=\"num\">3<", "Reviews overdue</span> <span class=\"num\">1<"):
        assert words in page, words


def test_one_several_or_all_are_moved_after_it_was_said_who_is_told(
    nasrin: FlaskClient, staff_door: Flask, session: Session, cast: Cast
) -> None:
    page = nasrin.post("/supervision/move", data=moved(cast, cast.amina)).text
    assert "What happens then" in page
    assert "Amina Warsame" in page
    assert keyworkers(session, cast.amina) == [cast.grace.id]
    for _ in range(2):
        assert nasrin.post("/supervision/move", data=moved(cast, cast.amina, sure="1")).status_code == 303
    assert keyworkers(session, cast.amina, cast.tomasz) == [cast.marek.id, cast.grace.id]
    for who in (cast.grace, cast.marek):
        told = cast.at(staff_door, who).get("/today").text
        assert "Amina Warsame" in told
        assert "since Thu 26 Nov" in told

    assert nasrin.post("/supervision/move", data=moved(cast, everyone="1", sure="1")).status_code == 303
    assert keyworkers(session, cast.amina, cast.tomasz, cast.salma) == [cast.marek.id] * 3
    with clock.stopped_at(THURSDAY + timedelta(days=8)):
        assert "Amina" not in cast.at(staff_door, cast.grace).get("/caseload").text


def test_what_cannot_be_moved_is_said_and_nothing_is_done(
    nasrin: FlaskClient, session: Session, cast: Cast
) -> None:
    for data, status in (
        (moved(cast), 422), (moved(cast, cast.amina) | {"to": ""}, 422),
        (moved(cast, cast.amina) | {"to": str(cast.joana.id)}, 422), (moved(cast, cast.amina) | {"to": "x"}, 422),
        (moved(cast) | {"tenant": ["x"]}, 404), (moved(cast) | {"tenant": [str(uuid4())]}, 404),
        (moved(cast, cast.amina) | {"from": "x"}, 404), (moved(cast, cast.amina) | {"from": str(uuid4())}, 404),
        (moved(cast, cast.amina) | {"from": "", "to": str(cast.nasrin.id)}, 409),
    ):  # fmt: skip
        assert nasrin.post("/supervision/move", data=data | {"sure": "1"}).status_code == status, data
    page = nasrin.post("/supervision/move", data=moved(cast, cast.tomasz) | {"to": ""}).text
    assert f'value="{cast.tomasz.id}" checked' in page
    session.get_one(Worker, cast.marek.id).leave()
    session.commit()
    assert nasrin.post("/supervision/move", data=moved(cast, cast.amina, sure="1")).status_code == 422
    assert keyworkers(session, cast.amina, cast.tomasz) == [cast.grace.id] * 2


def test_when_a_keyworker_leaves_their_tenants_are_named_until_somebody_has_them(
    nasrin: FlaskClient, staff_door: Flask, session: Session, cast: Cast
) -> None:
    priya = cast.at(staff_door, cast.priya)
    priya.post(f"/staff/{cast.grace.id}/left", data={"left": "1"})
    assert "2 tenants need another keyworker" in priya.get("/staff").text
    page = nasrin.get("/supervision").text
    assert "2 tenants have no keyworker who is here" in page
    assert page.index("Amina Warsame") < page.index("Marek Nowak")
    data = {"from": "", "to": str(cast.marek.id), "everyone": "1", "sure": "1"}
    assert nasrin.post("/supervision/move", data=data).status_code == 303
    assert "no keyworker who is here" not in nasrin.get("/supervision").text
    assert keyworkers(session, cast.amina, cast.tomasz) == [cast.marek.id] * 2


def test_cover_is_arranged_for_days_and_ended_early(
    nasrin: FlaskClient, staff_door: Flask, session: Session, cast: Cast
) -> None:
    address = f"/supervision/team/{cast.grace.id}/cover"
    days = {"covered_by": str(cast.marek.id), "from_on": "2026-11-26", "until_on": "2026-11-27"}
    marek = cast.at(staff_door, cast.marek)
    for _ in range(2):
        assert nasrin.post(address, data=days).status_code == 303
    assert marek.get(f"/caseload/{cast.amina.id}").status_code == 200
    assert nasrin.post(address, data=days | {"covered_by": str(cast.nasrin.id)}).status_code == 422
    cover = session.scalars(select(Cover)).one()
    session.commit()
    assert nasrin.post(f"/supervision/covers/{cover.id}", data={"over": "1"}).status_code == 303
    assert marek.get(f"/caseload/{cast.amina.id}").status_code == 404
    for bad in ({"covered_by": "x"}, {"from_on": "x"}, {"until_on": "2026-11-20"}, {"until_on": "2999-01-01"},
                {"covered_by": str(cast.grace.id)}, {"reason": "x" * 100_000}):  # fmt: skip
        assert nasrin.post(address, data=days | bad).status_code == 422, bad
    assert nasrin.post(f"/supervision/covers/{uuid4()}", data={"over": "1"}).status_code == 404


def test_an_administrator_says_who_supervises_whom_and_a_coordinator_takes_on_whoever_has_nobody(
    nasrin: FlaskClient, staff_door: Flask, session: Session, cast: Cast
) -> None:
    priya, address = cast.at(staff_door, cast.priya), f"/staff/{cast.grace.id}/coordinator"
    assert priya.post(address, data={"coordinator": str(cast.marek.id)}).status_code == 422
    assert priya.post(address, data={"coordinator": str(cast.nasrin.id)}).status_code == 303
    assert "Supervised by" in priya.get("/staff").text
    for who, mine in ((cast.grace, "0"), (cast.marek, "1"), (cast.marek, "1")):
        assert nasrin.post(f"/supervision/team/{who.id}/mine", data={"mine": mine}).status_code == 303
    session.expire_all()
    found = [session.get_one(Worker, one.id).coordinator_id for one in (cast.grace, cast.marek)]
    session.commit()
    assert found == [None, cast.nasrin.id]
    assert cast.at(staff_door, cast.grace).post(address, data={"coordinator": ""}).status_code == 403
