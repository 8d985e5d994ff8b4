"""The page on which a tenant says that a session counts as a step, and what their goal tells of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Property, Tenant
from tenant_app.goals.models import Goal, Step
from tenant_app.groups.models import GroupSession
from tenant_app.support.stepping.models import SteppingStone
from tenant_app.support.stepping.rules import link
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups_after.after import booked
from tests.groups_after.test_steps import cooking, goal, step

__all__ = ["cooking", "goal", "step"]


def test_one_page_asks_and_the_goal_tells(
    phone: FlaskClient, staff_door: Flask, session: Session, cast: Cast, goal: Goal, step: Step, cooking: GroupSession
) -> None:
    goal_id, step_id = goal.id, step.id
    session.commit()
    assert f'href="/groups/{cooking.id}/step"' in phone.get(f"/groups/{cooking.id}").text
    page = phone.get(f"/groups/{cooking.id}/step").text
    assert "Go to the cooking group" in page

    answer = phone.post(f"/groups/{cooking.id}/step", data={"step": str(step_id), "by": "kind"})
    assert answer.status_code == 303
    again = phone.post(f"/groups/{cooking.id}/step", data={"step": str(step_id), "by": "kind"})
    assert again.status_code == 422  # no longer to be chosen
    assert "Done when you come to <bdi" in phone.get(f"/goals/{goal_id}").text

    with clock.stopped_at(THURSDAY + timedelta(hours=3)):
        joana = cast.at(staff_door, cast.joana)
        joana.post(f"/registers/{cooking.id}/people/{cast.amina.id}", data={"mark": "here"})
        assert "You came to <bdi" in phone.get(f"/goals/{goal_id}").text


def test_it_can_be_let_go(phone: FlaskClient, session: Session, amina: Tenant, step: Step, cooking: GroupSession) -> None:
    stone = link(session, amina, step, cooking)
    address = f"/groups/steps/{stone.id}"
    session.commit()

    assert phone.post(address, data={}).status_code == 400
    assert phone.post(address, data={"linked": "0"}).status_code == 303
    assert phone.post(address, data={"linked": "0"}).status_code == 404
    assert session.scalars(select(SteppingStone)).all() == []


@pytest.mark.parametrize("data", [{}, {"step": "x", "by": "this"}, {"step": str(uuid4()), "by": "this"}, {"by": "kind"}])
def test_what_is_none_of_theirs_is_asked_again(
    phone: FlaskClient, session: Session, goal: Goal, cooking: GroupSession, data: dict[str, str]
) -> None:
    session.commit()
    assert phone.post(f"/groups/{cooking.id}/step", data=data).status_code == 422


def test_other_peoples_steps_and_sessions_are_not_there(
    phone: FlaskClient, tenant_door: Flask, session: Session, cast: Cast, amina: Tenant, step: Step, cooking: GroupSession
) -> None:
    stone = link(session, amina, step, cooking)
    home = session.get_one(Property, cast.mare_street.id)
    away = booked(session, cast, session.get_one(Tenant, cast.salma.id), starts_at=THURSDAY + timedelta(hours=1), building=home)
    step_id = step.id
    session.commit()
    tomasz = cast.at(tenant_door, cast.tomasz)

    assert tomasz.post(f"/groups/steps/{stone.id}", data={"linked": "0"}).status_code == 404
    assert tomasz.post(f"/groups/{cooking.id}/step", data={"step": str(step_id), "by": "this"}).status_code == 422
    assert phone.get(f"/groups/{away.id}/step").status_code == 404
    assert phone.post(f"/groups/{away.id}/step", data={"step": str(step_id), "by": "this"}).status_code == 404


def test_without_a_place_or_without_a_step_the_page_says_what_to_do(
    tenant_door: Flask, phone: FlaskClient, session: Session, cooking: GroupSession, cast: Cast
) -> None:
    assert "You have no step to link just now." in phone.get(f"/groups/{cooking.id}/step").text
    assert "Book a place first." in cast.at(tenant_door, cast.tomasz).get(f"/groups/{cooking.id}/step").text
