"""The code on the wall: for one session, while it is on, and one tap after reading it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Property, Tenant
from tenant_app.groups.models import Attendance, Booking, GroupSession, Standing
from tenant_app.groups.register.check_in import token_of
from tenant_app.groups.rules import book_place, call_off
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups.programme import plan

BUTTON = 'name="here" value="1"'


@pytest.fixture
def phone(tenant_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(tenant_door, cast.amina)


@pytest.fixture
def cooking(session: Session, cast: Cast, amina: Tenant) -> GroupSession:
    """Alma Road's, in half an hour; Amina has a place."""
    home = session.get_one(Property, cast.alma_road.id)
    planned = plan(session, cast, starts_at=THURSDAY + timedelta(minutes=30), building=home)
    book_place(session, amina, planned)
    session.commit()
    return planned


@pytest.fixture
def address(tenant_door: Flask, cooking: GroupSession) -> str:
    return f"/check-in/{token_of(tenant_door.extensions['homeward'].keys, cooking)}"


def booking_of(session: Session, tenant: Tenant) -> Booking:
    [found] = bookings_of(session, tenant)
    return found


def bookings_of(session: Session, tenant: Tenant) -> Sequence[Booking]:
    theirs = select(Booking).where(Booking.tenant_id == tenant.id)
    found = session.scalars(theirs.execution_options(populate_existing=True)).all()
    session.commit()
    return found


def test_reading_the_code_marks_nobody_and_one_tap_does(
    phone: FlaskClient, session: Session, cast: Cast, address: str
) -> None:
    assert BUTTON in phone.get(address).text
    assert booking_of(session, cast.amina).attendance is None

    page = phone.post(address, data={"here": "1"}, follow_redirects=True).text

    assert "You are checked in." in page
    booking = booking_of(session, cast.amina)
    assert (booking.attendance, booking.checked_in, booking.standing) == (Attendance.HERE, True, Standing.PLACE)


def test_the_code_that_the_facilitator_shows_is_the_one_that_opens(
    staff_door: Flask, phone: FlaskClient, cast: Cast, cooking: GroupSession, address: str
) -> None:
    page = cast.at(staff_door, cast.joana).get(f"/registers/{cooking.id}/code").text

    assert "data:image/svg+xml" in page
    assert token_of(staff_door.extensions["homeward"].keys, cooking) in address


def test_who_is_signed_out_signs_in_first_and_comes_back(tenant_door: Flask, cast: Cast, address: str) -> None:
    answer = cast.at(tenant_door, None).get(address)

    assert answer.status_code == 303
    assert address.split("/")[-1] in answer.location


def test_a_neighbour_without_a_place_walks_in_by_it(
    tenant_door: Flask, session: Session, cast: Cast, address: str
) -> None:
    cast.at(tenant_door, cast.tomasz).post(address, data={"here": "1"})

    assert booking_of(session, cast.tomasz).standing is Standing.WALKED_IN


def test_someone_of_another_home_does_not(tenant_door: Flask, session: Session, cast: Cast, address: str) -> None:
    salma = cast.at(tenant_door, cast.salma)

    assert BUTTON not in salma.get(address).text
    assert salma.post(address, data={"here": "1"}).status_code == 404
    assert not bookings_of(session, cast.salma)


@pytest.mark.parametrize("minutes", [-31, 121])
def test_it_works_from_the_opening_of_the_register_to_the_end_of_the_session(
    phone: FlaskClient, session: Session, cast: Cast, address: str, minutes: int
) -> None:
    with clock.stopped_at(THURSDAY + timedelta(minutes=minutes)):
        assert BUTTON not in phone.get(address).text
        assert phone.post(address, data={"here": "1"}).status_code == 409
    assert booking_of(session, cast.amina).attendance is None


def test_it_is_for_that_session_only(
    phone: FlaskClient, session: Session, cast: Cast, tenant_door: Flask, address: str
) -> None:
    other = plan(session, cast, starts_at=THURSDAY + timedelta(minutes=30))
    session.commit()
    token = token_of(tenant_door.extensions["homeward"].keys, other)
    forged = token[:20] + address.split("/")[-1][20:]

    for wrong in (forged, token[:-1], token + "A", "x", "é" * 43, "A" * 43):
        assert phone.get(f"/check-in/{wrong}").status_code == 404
        assert phone.post(f"/check-in/{wrong}", data={"here": "1"}).status_code == 404


def test_a_session_that_is_called_off_takes_nobody(
    phone: FlaskClient, session: Session, cooking: GroupSession, address: str
) -> None:
    call_off(session, cooking)
    session.commit()

    assert BUTTON not in phone.get(address).text
    assert phone.post(address, data={"here": "1"}).status_code == 409


def test_the_facilitator_sees_who_checked_in_themselves(
    staff_door: Flask, phone: FlaskClient, cast: Cast, cooking: GroupSession, address: str
) -> None:
    phone.post(address, data={"here": "1"})

    page = cast.at(staff_door, cast.joana).get(f"/registers/{cooking.id}").text
    assert "Checked in themselves at" in page
