"""Putting sessions on and calling them off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.groups.models import GroupSession
from tenant_app.groups.rules import book_place
from tenant_app.reminders.models import Notice, State
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups.programme import plan


@pytest.fixture
def joana(staff_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(staff_door, cast.joana)


@pytest.fixture
def nasrin(staff_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(staff_door, cast.nasrin)


def _asked(cast: Cast, **changes: str) -> dict[str, str]:
    return {
        "kind": "walk-and-talk", "day": "2027-07-01", "starts": "10:30", "ends": "12:00", "place": "Front door",
        "capacity": "6", "facilitator": str(cast.joana.id), "building": "", "step_free": "y", "languages": "tr",
        **changes,
    }  # fmt: skip


def test_a_session_is_put_on_by_the_wall_clock(joana: FlaskClient, session: Session, cast: Cast) -> None:
    answer = joana.post("/registers/new", data=_asked(cast), follow_redirects=True)

    planned = session.scalars(select(GroupSession)).one()
    assert answer.request.path == f"/registers/{planned.id}/session"
    assert "Walk and talk is planned." in answer.text
    assert planned.starts_at == datetime(2027, 7, 1, 9, 30, tzinfo=UTC)
    assert (planned.kind, planned.capacity, planned.step_free, planned.languages, planned.facilitator_id) == (
        "walk-and-talk", 6, True, "tr", cast.joana.id,
    )  # fmt: skip


def test_a_coordinator_plans_for_a_colleague_and_one_home(nasrin: FlaskClient, session: Session, cast: Cast) -> None:
    nasrin.post(
        "/registers/new", data=_asked(cast, facilitator=str(cast.marek.id), building=str(cast.mare_street.id))
    )

    planned = session.scalars(select(GroupSession)).one()
    assert (planned.facilitator_id, planned.building_id) == (cast.marek.id, cast.mare_street.id)


def test_a_facilitator_plans_their_own_sessions_only(joana: FlaskClient, session: Session, cast: Cast) -> None:
    assert joana.post("/registers/new", data=_asked(cast, facilitator=str(cast.marek.id))).status_code == 422
    assert session.scalars(select(GroupSession)).all() == []


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("kind", "", "Choose what it is"),
        ("kind", "../../etc", ""),
        ("day", "", "Choose a day"),
        ("day", "soon", "Choose a day from the calendar"),
        ("day", "2026-11-20", "Choose a time that is still to come"),
        ("starts", "elevenish", "Enter a time, such as 11:00"),
        ("ends", "10:30", "Enter an end that is later than the start"),
        ("ends", "09:00", "Enter an end that is later than the start"),
        ("place", "  ", "Write where it is"),
        ("capacity", "0", "Enter a number from 1 to 200"),
        ("capacity", "many", "Enter a number, such as 8"),
        ("building", "elsewhere", ""),
    ],
)
def test_what_makes_no_sense_is_asked_again_with_everything_kept(
    joana: FlaskClient, session: Session, cast: Cast, field: str, value: str, problem: str
) -> None:
    answer = joana.post("/registers/new", data=_asked(cast, **{field: value}))

    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert problem in answer.text
    assert session.scalars(select(GroupSession)).all() == []
    kept = {"place": "Front door", "capacity": "6", "starts": "10:30", "day": "2027-07-01"}
    for name, shown in kept.items():
        assert name == field or f'value="{shown}' in answer.text
    assert 'id="languages-tr" name="languages" value="tr" checked' in answer.text


def test_a_keyworker_does_not_plan_groups(staff_door: Flask, cast: Cast) -> None:
    grace = cast.at(staff_door, cast.grace)

    assert grace.get("/registers/new").status_code == 403
    assert "/registers/new" not in grace.get("/registers").text


def test_a_session_is_called_off_and_those_who_booked_are_told(
    joana: FlaskClient, session: Session, cast: Cast, amina: Tenant
) -> None:
    cooking = plan(session, cast)
    book_place(session, amina, cooking)
    session.commit()

    for _ in range(2):
        joana.post(f"/registers/{cooking.id}/call-off", data={"called_off": "1"})

    waiting = session.scalars(select(Notice.kind).where(Notice.state == State.WAITING)).all()
    assert waiting == ["groups.called_off"]
    session.commit()  # on SQLite a transaction left open would keep the door waiting
    assert "is called off. We are telling everyone" in joana.get("/registers").text
    assert "Cooking together" not in joana.get("/registers").text
    assert "This session is called off." in joana.get(f"/registers/{cooking.id}").text


def test_a_session_that_has_begun_is_not_called_off(joana: FlaskClient, session: Session, cast: Cast) -> None:
    cooking = plan(session, cast, starts_at=THURSDAY + timedelta(hours=2))
    session.commit()

    with clock.stopped_at(cooking.starts_at):
        assert joana.post(f"/registers/{cooking.id}/call-off", data={"called_off": "1"}).status_code == 409
    assert joana.post(f"/registers/{cooking.id}/call-off", data={"called_off": "0"}).status_code == 400
