"""Registers at the staff door: who keeps which, what they show, and one tap a person."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Look, Property, Tenant, Worker
from tenant_app.groups.models import Attendance, Booking, GroupSession, Standing
from tenant_app.groups.register.attendance import mark_attendance
from tenant_app.groups.rules import book_place, cancel_place
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups.programme import neighbours, plan
from tests.questions import counted
from tests.registers.conftest import _marks, tap


def test_a_register_shows_names_and_nothing_else_of_anyone(phone: FlaskClient, cooking: GroupSession) -> None:
    page = phone.get(f"/registers/{cooking.id}").text

    assert "Amina Warsame" in page
    assert "Tomasz Wójcik" in page
    assert "0 of 2 marked" in page
    for private in ("Flat 4", "Flat 7", "Grace"):
        assert private not in page


def test_reading_a_register_is_written_down_for_everyone_in_it(
    phone: FlaskClient, session: Session, cast: Cast, cooking: GroupSession
) -> None:
    phone.get(f"/registers/{cooking.id}")

    looks = session.scalars(select(Look)).all()
    assert {(look.tenant_id, look.worker_id, look.what) for look in looks} == {
        (cast.amina.id, cast.joana.id, "register"), (cast.tomasz.id, cast.joana.id, "register"),
    }  # fmt: skip


@pytest.mark.parametrize("path", ["/registers/{id}", "/registers/{id}/walk-in", "/registers/{id}/session"])
def test_the_register_of_another_facilitator_does_not_exist(
    staff_door: Flask, cast: Cast, cooking: GroupSession, path: str
) -> None:
    marek = cast.at(staff_door, cast.marek)

    assert marek.get(path.format(id=cooking.id)).status_code == 404
    assert marek.get(path.format(id=uuid4())).status_code == 404


def test_nobody_marks_a_register_that_is_not_theirs(
    staff_door: Flask, session: Session, cast: Cast, cooking: GroupSession
) -> None:
    marek = cast.at(staff_door, cast.marek)
    mine = {f"mark-{cast.amina.id}": "here"}

    assert marek.post(f"/registers/{cooking.id}", data=mine).status_code == 404
    assert marek.post(f"/registers/{cooking.id}/walk-in", data={"tenant": str(cast.salma.id)}).status_code == 404
    assert marek.post(f"/registers/{cooking.id}/call-off", data={"called_off": "1"}).status_code == 404
    assert set(_marks(session, cooking).values()) == {None}


def test_a_coordinator_keeps_every_register(staff_door: Flask, cast: Cast, cooking: GroupSession) -> None:
    assert cast.at(staff_door, cast.nasrin).get(f"/registers/{cooking.id}").status_code == 200


@pytest.mark.parametrize("who", ["devon", "priya"])
def test_registers_are_for_those_who_run_groups(staff_door: Flask, cast: Cast, cooking: GroupSession, who: str) -> None:
    client = cast.at(staff_door, getattr(cast, who))

    assert client.get("/registers").status_code == 403
    assert client.get(f"/registers/{cooking.id}").status_code == 403


def test_one_tap_marks_one_person(phone: FlaskClient, session: Session, cast: Cast, cooking: GroupSession) -> None:
    answer = tap(phone, cooking, cast.amina, "here")

    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "1 of 2 marked" in answer.text
    assert _marks(session, cooking) == {"Amina": Attendance.HERE, "Tomasz": None}


def test_tapping_another_puts_it_right(phone: FlaskClient, session: Session, cast: Cast, cooking: GroupSession) -> None:
    for mark in ("not_here", "sent_word"):
        tap(phone, cooking, cast.amina, mark)

    assert _marks(session, cooking)["Amina"] is Attendance.SENT_WORD


def test_without_javascript_one_button_keeps_every_mark(
    phone: FlaskClient, session: Session, cast: Cast, cooking: GroupSession
) -> None:
    answer = phone.post(
        f"/registers/{cooking.id}",
        data={f"mark-{cast.amina.id}": "here", f"mark-{cast.tomasz.id}": "sent_word"},
        follow_redirects=True,
    )

    assert answer.request.path == "/registers"
    assert "is finished. 1 person came." in answer.text
    assert _marks(session, cooking) == {"Amina": Attendance.HERE, "Tomasz": Attendance.SENT_WORD}


def test_a_register_with_someone_unmarked_says_so_and_loses_nothing(
    phone: FlaskClient, session: Session, cast: Cast, cooking: GroupSession
) -> None:
    answer = phone.post(f"/registers/{cooking.id}", data={f"mark-{cast.amina.id}": "here"}, follow_redirects=True)

    assert answer.request.path == f"/registers/{cooking.id}"
    assert "Saved. 1 person is not marked yet." in answer.text
    assert re.search(rf'name="mark-{cast.amina.id}" value="here"[^>]* checked', answer.text)


@pytest.mark.parametrize("data", [{"mark-nobody": "here"}, {f"mark-{uuid4()}": "absent"}])
def test_a_mark_that_no_register_sends_is_refused(
    phone: FlaskClient, cooking: GroupSession, data: dict[str, str]
) -> None:
    assert phone.post(f"/registers/{cooking.id}", data=data).status_code == 400


def test_a_place_given_back_while_the_register_lay_open_brings_the_new_list(
    phone: FlaskClient, session: Session, cast: Cast, cooking: GroupSession, amina: Tenant
) -> None:
    cancel_place(session, amina, cooking)
    session.commit()

    answer = tap(phone, cooking, cast.amina, "not_here")

    assert answer.headers["HX-Refresh"] == "true"
    assert _marks(session, cooking) == {"Tomasz": None}


def test_who_gave_their_place_back_and_came_all_the_same_is_let_in(
    phone: FlaskClient, session: Session, cast: Cast, cooking: GroupSession, amina: Tenant
) -> None:
    cancel_place(session, amina, cooking)
    session.commit()

    tap(phone, cooking, cast.amina, "late")

    assert _marks(session, cooking) == {"Amina": Attendance.LATE, "Tomasz": None}


def test_a_register_opens_an_hour_before_its_session(
    phone: FlaskClient, session: Session, cast: Cast, amina: Tenant
) -> None:
    later = plan(session, cast, starts_at=THURSDAY + timedelta(hours=3))
    book_place(session, amina, later)
    session.commit()

    page = phone.get(f"/registers/{later.id}").text
    assert "Amina Warsame" in page
    assert "The register opens on" in page
    assert 'type="radio"' not in page
    assert phone.post(f"/registers/{later.id}", data={f"mark-{amina.id}": "here"}).status_code == 409

    with clock.stopped_at(later.starts_at - timedelta(hours=1)):
        assert 'type="radio"' in phone.get(f"/registers/{later.id}").text


def test_someone_who_came_without_a_place_is_found_by_part_of_a_name(
    phone: FlaskClient, session: Session, cast: Cast, cooking: GroupSession
) -> None:
    nothing = phone.get(f"/registers/{cooking.id}/walk-in").text
    assert "Salma" not in nothing
    found = phone.get(f"/registers/{cooking.id}/walk-in?q=hadd").text
    assert "Salma Haddad" in found
    assert "Flat 2" not in found

    for _ in range(2):
        phone.post(f"/registers/{cooking.id}/walk-in", data={"tenant": str(cast.salma.id)})

    assert _marks(session, cooking)["Salma"] is Attendance.HERE
    assert "Came without booking" in phone.get(f"/registers/{cooking.id}").text
    session.refresh(cooking)
    assert cooking.places_taken == 2


def test_one_letter_is_too_few_to_list_the_neighbours(phone: FlaskClient, cooking: GroupSession) -> None:
    for short in ("s", " S "):
        asked = phone.get(f"/registers/{cooking.id}/walk-in?q={short}").text
        assert "Salma" not in asked
        assert "Write two letters of the name or more." in asked
        assert "Nobody by that name" not in asked


def test_only_those_who_live_there_are_added_to_a_group_of_one_home(
    phone: FlaskClient, session: Session, cast: Cast
) -> None:
    home = session.get_one(Property, cast.alma_road.id)
    ours = plan(session, cast, starts_at=THURSDAY + timedelta(minutes=10), building=home)
    session.commit()

    assert "Salma" not in phone.get(f"/registers/{ours.id}/walk-in?q=salma").text
    assert "Tomasz" in phone.get(f"/registers/{ours.id}/walk-in?q=wojcik").text
    for stranger in (str(cast.salma.id), str(uuid4())):
        assert phone.post(f"/registers/{ours.id}/walk-in", data={"tenant": stranger}).status_code == 404
    assert phone.post(f"/registers/{ours.id}/walk-in", data={"tenant": "Tomasz"}).status_code == 400


def test_someone_with_a_place_who_is_added_at_the_door_keeps_it(
    phone: FlaskClient, session: Session, cast: Cast, cooking: GroupSession
) -> None:
    phone.post(f"/registers/{cooking.id}/walk-in", data={"tenant": str(cast.amina.id)})

    session.expire_all()
    booking = session.scalars(select(Booking).where(Booking.tenant_id == cast.amina.id)).one()
    assert (booking.standing, booking.attendance) == (Standing.PLACE, Attendance.HERE)


def test_the_list_tells_what_is_today_to_come_and_to_be_finished(
    phone: FlaskClient, session: Session, cast: Cast, amina: Tenant, joana: Worker, cooking: GroupSession
) -> None:
    with clock.stopped_at(THURSDAY - timedelta(days=9)):
        open_one = plan(session, cast, "budgeting", starts_at=THURSDAY - timedelta(days=3))
        closed = plan(session, cast, "cv-writing", starts_at=THURSDAY - timedelta(days=2))
        for past in (open_one, closed):
            book_place(session, amina, past)
    mark_attendance(session, joana, closed, amina.id, Attendance.HERE)
    plan(session, cast, "walk-and-talk")
    session.commit()

    page = phone.get("/registers").text

    order = ["Cooking together", "Money made simple", "Walk and talk", "Write your CV"]
    assert sorted(order, key=page.index) == order
    heads = ["Today", "To be finished", "Coming", "Finished lately"]
    assert [head for head in re.findall(r"<h2[^>]*>(.*?)</h2>", page) if head in heads] == heads


def test_registers_are_asked_to_be_finished_for_ninety_days(
    staff_door: Flask, session: Session, cast: Cast, amina: Tenant
) -> None:
    for kind, days in (("budgeting", 89), ("cv-writing", 91)):
        with clock.stopped_at(THURSDAY - timedelta(days=days + 2)):
            book_place(session, amina, plan(session, cast, kind, starts_at=THURSDAY - timedelta(days=days)))
    session.commit()

    page = cast.at(staff_door, cast.nasrin).get("/registers").text

    assert "Money made simple" in page
    assert "Write your CV" not in page
    assert "Registers of the last 90 days are here." in page


def test_a_long_register_asks_as_little_of_the_database_as_a_short_one(
    phone: FlaskClient, session: Session, cast: Cast, staff_door: Flask, cooking: GroupSession
) -> None:
    def asked(path: str) -> int:
        with counted(staff_door) as statements:
            assert phone.get(path).status_code == 200
        return len(statements)

    paths = ("/registers", f"/registers/{cooking.id}")
    asked(paths[0])
    few = [asked(path) for path in paths]
    for neighbour in neighbours(session, cast, 6):
        book_place(session, neighbour, cooking)
    for _ in range(8):
        plan(session, cast)
    session.commit()

    assert [asked(path) for path in paths] == few
