"""Names that are given at the door: whose they are, who may look, and how long they stand there."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.replays import Replay
from tenant_app.groups.models import Attendance, Booking, GroupSession
from tenant_app.groups.register.records import NamedAtDoor
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.registers.conftest import _marks


@pytest.fixture
def desk(staff_door: Flask, cast: Cast) -> FlaskClient:
    """Nasrin's, who keeps every register."""
    return cast.at(staff_door, cast.nasrin)


def test_a_name_that_can_only_mean_one_person_lets_them_in(
    phone: FlaskClient, session: Session, cooking: GroupSession
) -> None:
    phone.post(f"/registers/{cooking.id}/walk-in", data={"name": "salma"})

    assert _marks(session, cooking)["Salma"] is Attendance.HERE


def test_who_was_let_in_is_said_on_the_page_that_asked_and_on_no_other(
    phone: FlaskClient, session: Session, cooking: GroupSession
) -> None:
    path, said = f"/registers/{cooking.id}/walk-in", "is in the register."
    phone.post(path, data={"name": "salma"}, headers={"Sec-Fetch-Mode": "cors"})
    assert _marks(session, cooking)["Salma"] is Attendance.HERE
    assert said not in phone.get("/registers").text

    phone.post(path, data={"name": "salma"}, headers={"Sec-Fetch-Mode": "navigate"})
    assert said in phone.get(f"/registers/{cooking.id}").text


def test_a_name_that_nobody_has_is_kept_until_it_is_found_whose_it_is(
    phone: FlaskClient, session: Session, cast: Cast, cooking: GroupSession
) -> None:
    answer = phone.post(f"/registers/{cooking.id}/walk-in", data={"name": "Sally", "tapped_at": THURSDAY.isoformat()})
    assert answer.status_code == 303
    named = session.scalars(select(NamedAtDoor)).one()
    session.commit()
    assert "Sally" in phone.get(f"/registers/{cooking.id}").text

    with clock.stopped_at(THURSDAY + timedelta(hours=2)):
        phone.post(f"/registers/{cooking.id}/walk-in", data={"tenant": str(cast.salma.id), "named": str(named.id)})
    assert "Sally" not in phone.get(f"/registers/{cooking.id}").text
    booking = session.scalars(select(Booking).where(Booking.tenant_id == cast.salma.id)).one()
    assert (booking.attendance, booking.marked_at) == (Attendance.HERE, THURSDAY)


def test_a_name_of_a_visitor_is_put_away(phone: FlaskClient, session: Session, cooking: GroupSession) -> None:
    phone.post(f"/registers/{cooking.id}/walk-in", data={"name": "Somebody’s aunt"})
    named = session.scalars(select(NamedAtDoor)).one()
    session.commit()

    phone.post(f"/registers/{cooking.id}/names/{named.id}", data={"settled": "1"})

    assert "aunt" not in phone.get(f"/registers/{cooking.id}").text


def test_a_name_at_the_door_stands_in_no_address_and_goes_once_it_is_known_whose_it_is(
    phone: FlaskClient, session: Session, cooking: GroupSession
) -> None:
    sent = {"name": "Somebody’s aunt", "idempotency_key": "a-name-at-the-door"}
    address = phone.post(f"/registers/{cooking.id}/walk-in", data=sent).location
    named = session.scalars(select(NamedAtDoor)).one()
    replay = session.scalars(select(Replay)).one()
    session.commit()

    assert "aunt" not in f"{address} {replay.location}"
    assert "aunt" in phone.get(address).text
    phone.post(f"/registers/{cooking.id}/names/{named.id}", data={"settled": "1"})
    session.refresh(named)
    assert named.name == ""


def test_after_its_day_people_are_looked_for_by_a_coordinator(
    staff_door: Flask, session: Session, cast: Cast, cooking: GroupSession
) -> None:
    path = f"/registers/{cooking.id}/walk-in"
    with clock.stopped_at(THURSDAY + timedelta(hours=14)):
        assert "Salma Haddad" in cast.at(staff_door, cast.joana).get(f"{path}?q=salma").text
    with clock.stopped_at(THURSDAY + timedelta(days=1)):
        later, desk = cast.at(staff_door, cast.joana), cast.at(staff_door, cast.nasrin)
        page = later.get(f"{path}?q=salma").text
        assert "a coordinator adds who else came" in page
        assert "Haddad" not in page
        for tenant in (str(cast.salma.id), str(uuid4())):  # whoever is meant: nothing is told of who there is
            refused = later.post(path, data={"tenant": tenant})
            assert refused.status_code == 403
            assert "a coordinator adds who else came" in refused.text

        kept = later.post(path, data={"name": "salma", "tapped_at": THURSDAY.isoformat()})
        assert kept.status_code == 303
        page = later.get(kept.location).text
        assert "The name is kept in the register" in page
        assert "Haddad" not in page
        assert "Salma" not in _marks(session, cooking)

        assert "Salma Haddad" in desk.get(kept.location).text
        desk.post(path, data={"tenant": str(cast.salma.id), "named": kept.location.partition("named=")[2]})
    assert _marks(session, cooking)["Salma"] is Attendance.HERE
