"""Peers and volunteers: on what footing somebody is here, and who says whether tenants read it."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Footing, Worker
from tenant_app.groups.models import GroupSession
from tenant_app.groups.programme.series import Part, SessionFacilitator
from tests.cast import Cast
from tests.groups.programme import plan


@pytest.fixture
def priya(staff_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(staff_door, cast.priya)


@pytest.fixture
def cooking(session: Session, cast: Cast, ruth: Worker) -> GroupSession:
    """Joana's, with Ruth beside her."""
    planned = plan(session, cast)
    planned.beside.append(SessionFacilitator(worker=ruth, part=Part.VOLUNTEER))
    session.commit()
    return planned


def footing_of(session: Session, worker: Worker) -> tuple[Footing, bool]:
    session.refresh(worker)
    found = worker.footing, worker.footing_told
    session.commit()
    return found


def test_a_new_colleague_is_welcomed_as_a_volunteer(priya: FlaskClient, session: Session) -> None:
    sent = {"name": "Ola Peters", "email": "ola@wrenfield.org.uk", "role": "facilitator", "building": ""}

    assert priya.post("/staff/new", data={**sent, "footing": "volunteer"}).status_code == 303

    added = session.scalars(select(Worker).where(Worker.name == "Ola Peters")).one()
    assert (added.footing, added.footing_told) == (Footing.VOLUNTEER, False)


def test_a_footing_that_there_is_not_is_asked_for_again(priya: FlaskClient, session: Session, ruth: Worker) -> None:
    for footing in ("", "boss"):
        assert priya.post(f"/staff/{ruth.id}/footing", data={"footing": footing}).status_code == 422
    assert footing_of(session, ruth) == (Footing.VOLUNTEER, False)


def test_only_they_themselves_let_tenants_read_it(
    priya: FlaskClient, staff_door: Flask, tenant_door: Flask, session: Session, cast: Cast, ruth: Worker,
    cooking: GroupSession,
) -> None:  # fmt: skip
    amina, own = cast.at(tenant_door, cast.amina), cast.at(staff_door, ruth)
    page = amina.get(f"/groups/{cooking.id}").text
    assert "<bdi>Ruth</bdi> helps to run it." in page
    assert "Volunteer" not in page
    priya.post(f"/staff/{ruth.id}/footing", data={"footing": "volunteer", "footing_told": "1", "told": "1"})
    assert footing_of(session, ruth) == (Footing.VOLUNTEER, False)

    for _ in range(2):
        own.post("/training/told", data={"told": "1"})
    assert "Volunteer" in amina.get(f"/groups/{cooking.id}").text

    own.post("/training/told", data={"told": "0"})
    assert "Volunteer" not in amina.get(f"/groups/{cooking.id}").text


def test_another_footing_is_not_told_without_being_asked_anew(
    priya: FlaskClient, staff_door: Flask, session: Session, cast: Cast, ruth: Worker
) -> None:
    cast.at(staff_door, ruth).post("/training/told", data={"told": "1"})
    assert footing_of(session, ruth) == (Footing.VOLUNTEER, True)

    priya.post(f"/staff/{ruth.id}/footing", data={"footing": "volunteer"})
    assert footing_of(session, ruth) == (Footing.VOLUNTEER, True)

    priya.post(f"/staff/{ruth.id}/footing", data={"footing": "peer"})
    assert footing_of(session, ruth) == (Footing.PEER, False)


def test_of_employees_there_is_nothing_to_tell(staff_door: Flask, session: Session, cast: Cast) -> None:
    grace = cast.at(staff_door, cast.grace)

    assert "What tenants read" not in grace.get("/training").text
    assert grace.post("/training/told", data={"told": "1"}).status_code == 409
    assert cast.at(staff_door, cast.joana).post("/training/told", data={}).status_code == 409


def test_it_is_an_administrators_to_say(staff_door: Flask, cast: Cast, ruth: Worker) -> None:
    for worker in (cast.nasrin, cast.grace, cast.joana, ruth):
        assert cast.at(staff_door, worker).post(f"/staff/{ruth.id}/footing", data={"footing": "peer"}).status_code == 403
