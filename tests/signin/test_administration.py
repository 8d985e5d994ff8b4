"""Welcoming tenants and colleagues, handing out codes, and goodbyes."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Look, Occupancy, Property, Role, Tenant, Worker
from tenant_app.accounts.rules import use_code, welcome_tenant, worker_at
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.questions import counted

CODE = re.compile(r"\b([2-9A-Z]{5}-[2-9A-Z]{5})\b")


@pytest.fixture
def newcomer(cast: Cast) -> dict[str, str]:
    return {
        "name": "Yusuf Demir", "known_as": "", "building": str(cast.alma_road.id), "flat": "Flat 9", "language": "tr",
        "occupancy": "tenancy", "moved_in_on": "2026-11-25", "keyworker": str(cast.grace.id),
    }  # fmt: skip


def test_a_keyworker_welcomes_a_tenant_and_hands_them_a_code(
    staff_door: Flask, session: Session, cast: Cast, newcomer: dict[str, str]
) -> None:
    desk = cast.at(staff_door, cast.grace)
    shown = desk.post("/tenants/new", data=newcomer, follow_redirects=True)

    (code,) = set(CODE.findall(shown.text))
    yusuf = use_code(session, code, Tenant)
    assert (yusuf.name, yusuf.known_as, yusuf.flat, yusuf.language) == ("Yusuf Demir", "Yusuf", "Flat 9", "tr")
    assert (yusuf.occupancy, yusuf.moved_in_on) == (Occupancy.TENANCY, date(2026, 11, 25))
    assert yusuf.keyworker_id == cast.grace.id
    assert '<section class="card slip" lang="tr"' in shown.text
    assert yusuf.sign_in_name in shown.text
    assert "http://127.0.0.1:8000/welcome" in shown.text
    assert 'src="data:image/svg+xml' in shown.text


def test_a_code_is_shown_once(staff_door: Flask, cast: Cast, newcomer: dict[str, str]) -> None:
    desk = cast.at(staff_door, cast.grace)
    address = desk.post("/tenants/new", data=newcomer).location

    assert CODE.search(desk.get(address).text)
    assert not CODE.search(desk.get(address).text)
    assert not CODE.search(cast.at(staff_door, cast.priya).get(address).text)


def test_a_code_made_for_one_is_not_shown_for_another(staff_door: Flask, cast: Cast) -> None:
    desk = cast.at(staff_door, cast.grace)
    desk.post(f"/tenants/{cast.amina.id}/code")

    assert not CODE.search(desk.get(f"/tenants/{cast.tomasz.id}/code").text)


def test_a_qr_picture_carries_the_code_where_no_server_sees_it() -> None:
    from staff_portal.administration.slip import Slip

    slip = Slip("KQ7MX-2XWD9", THURSDAY, "https://homes.example.org/welcome")

    assert slip.address_with_code == "https://homes.example.org/welcome#KQ7MX2XWD9"


def test_a_tenant_sees_who_made_them_a_code(staff_door: Flask, session: Session, cast: Cast) -> None:
    cast.at(staff_door, cast.grace).post(f"/tenants/{cast.amina.id}/code")

    (look,) = session.scalars(select(Look))
    assert (look.tenant_id, look.worker_id, look.what) == (cast.amina.id, cast.grace.id, "code")


def test_what_is_amiss_is_said_and_what_was_typed_is_kept(
    staff_door: Flask, cast: Cast, newcomer: dict[str, str]
) -> None:
    desk = cast.at(staff_door, cast.grace)

    for wrong in ({"name": " "}, {"moved_in_on": "yesterday"}, {"moved_in_on": ""}, {"building": str(uuid4())},
                  {"language": "xx"}, {"occupancy": "palace"}, {"keyworker": str(cast.marek.id)}):  # fmt: skip
        page = desk.post("/tenants/new", data={**newcomer, **wrong})
        assert (wrong, page.status_code) == (wrong, 422)
        assert 'value="Flat 9"' in page.text


@pytest.mark.parametrize("role", ["joana", "devon"])
def test_others_neither_welcome_nor_list(staff_door: Flask, cast: Cast, role: str, newcomer: dict[str, str]) -> None:
    desk = cast.at(staff_door, getattr(cast, role))

    assert desk.get("/tenants").status_code == 403
    assert desk.post("/tenants/new", data=newcomer).status_code == 403
    assert desk.post(f"/tenants/{cast.amina.id}/code").status_code == 403


def test_a_keyworker_gives_codes_to_their_own_caseload_alone(staff_door: Flask, cast: Cast) -> None:
    desk = cast.at(staff_door, cast.marek)

    assert "Amina" not in desk.get("/tenants").text
    for method in ("GET", "POST"):
        assert desk.open(f"/tenants/{cast.amina.id}/code", method=method).status_code == 404
        assert desk.open(f"/tenants/{cast.salma.id}/code", method=method).status_code in (200, 303)


def test_an_administrator_sees_names_and_homes_of_all_and_finds_one(staff_door: Flask, cast: Cast) -> None:
    desk = cast.at(staff_door, cast.priya)

    everyone, found = desk.get("/tenants").text, desk.get("/tenants?q=wójc flat").text
    assert all(name in everyone for name in ("Amina Warsame", "Tomasz Wójcik", "Salma Haddad", "Flat 2, Mare Street"))
    assert "Tomasz" in found
    assert "Amina" not in found
    for odd in ("%25", "_", "100%", "\\", "'"):
        assert "Amina" not in desk.get("/tenants", query_string={"q": odd}).text


def test_a_long_list_is_read_in_pages_at_the_same_cost(staff_door: Flask, session: Session, cast: Cast) -> None:
    desk = cast.at(staff_door, cast.priya)
    with counted(staff_door) as before:
        desk.get("/tenants")
    building = session.get_one(Property, cast.alma_road.id)
    for number in range(60):
        welcome_tenant(session, f"Zainab {number:02}", building=building, moved_in_on=date(2026, 9, 1))
    session.commit()
    with counted(staff_door) as after:
        first = desk.get("/tenants").text

    assert len(after) == len(before)
    assert "Page 1 of 2" in first
    assert "Zainab 59" in desk.get("/tenants?page=2").text
    assert desk.get("/tenants?page=99").status_code == desk.get("/tenants?page=x").status_code == 200


def test_someone_who_moved_out_is_not_listed(staff_door: Flask, session: Session, cast: Cast) -> None:
    cast.now(session, cast.amina).leave()
    session.commit()

    assert "Amina" not in cast.at(staff_door, cast.priya).get("/tenants").text
    assert cast.at(staff_door, cast.priya).post(f"/tenants/{cast.amina.id}/code").status_code == 404


def test_an_administrator_adds_a_colleague(staff_door: Flask, session: Session, cast: Cast) -> None:
    data = {"name": "Ama Mensah", "email": "Ama@Wrenfield.org.uk", "role": "facilitator", "building": ""}
    shown = cast.at(staff_door, cast.priya).post("/staff/new", data=data, follow_redirects=True)

    (code,) = set(CODE.findall(shown.text))
    assert "/staff/join" in html.unescape(shown.text)
    ama = use_code(session, code, Worker)
    assert (ama.email, ama.role) == ("ama@wrenfield.org.uk", Role.FACILITATOR)


@pytest.mark.parametrize(
    "wrong",
    [{"email": "grace@wrenfield.org.uk"}, {"email": "ama"}, {"email": "a b@c.d"}, {"name": ""}, {"role": "owner"}],
)
def test_a_colleague_needs_a_name_an_address_of_their_own_and_a_role(
    staff_door: Flask, session: Session, cast: Cast, wrong: dict[str, str]
) -> None:
    data = {"name": "Ama Mensah", "email": "ama@wrenfield.org.uk", "role": "facilitator", "building": "", **wrong}

    assert cast.at(staff_door, cast.priya).post("/staff/new", data=data).status_code == 422
    assert worker_at(session, "ama@wrenfield.org.uk") is None


def test_only_an_administrator_does_any_of_this(staff_door: Flask, cast: Cast) -> None:
    for worker in (cast.grace, cast.nasrin, cast.joana, cast.devon):
        desk = cast.at(staff_door, worker)
        assert desk.get("/staff").status_code == 403
        assert desk.post("/staff/new", data={"role": "administrator"}).status_code == 403
        assert desk.post(f"/staff/{worker.id}/code").status_code == 403
        assert desk.post(f"/staff/{cast.priya.id}/left", data={"left": "1"}).status_code == 403


def test_someone_who_has_left_is_out_at_once_and_can_come_back(staff_door: Flask, session: Session, cast: Cast) -> None:
    administrator, visits = cast.at(staff_door, cast.priya), [cast.at(staff_door, cast.grace) for _ in range(5)]
    leave = f"/staff/{cast.grace.id}/left"

    assert administrator.post(leave, data={"left": "1"}).status_code == 303
    assert administrator.post(leave, data={"left": "1"}).status_code == 303  # a double tap changes nothing
    assert [visit.get("/caseload").status_code for visit in visits] == [303] * 5
    assert administrator.post(f"/staff/{cast.grace.id}/code").status_code == 404
    assert cast.now(session, cast.amina).keyworker_id == cast.grace.id
    session.rollback()
    administrator.post(leave, data={"left": "0"})
    assert visits[0].get("/caseload").status_code == 200


def test_an_administrator_cannot_shut_themselves_out(staff_door: Flask, cast: Cast) -> None:
    administrator = cast.at(staff_door, cast.priya)

    assert administrator.post(f"/staff/{cast.priya.id}/left", data={"left": "1"}).status_code == 403
    assert administrator.get("/staff").status_code == 200
    assert administrator.post(f"/staff/{cast.grace.id}/left", data={"left": "toggle"}).status_code == 400


def test_a_slip_says_until_when(staff_door: Flask, cast: Cast) -> None:
    desk = cast.at(staff_door, cast.grace)
    with clock.stopped_at(THURSDAY + timedelta(hours=1)):
        shown = desk.post(f"/tenants/{cast.amina.id}/code", follow_redirects=True).text

    assert "Sunday 29 November" in shown
    assert "10:00" in shown
