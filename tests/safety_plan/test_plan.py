"""A plan for hard days: its lines, their order, who reads it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.consent import Category, give_consent
from tenant_app.accounts.models import Look, Tenant, Worker
from tenant_app.safety_plan.models import Part, PlanLine, dialled
from tenant_app.safety_plan.rules import MOST_LINES, PartFull, plan_of, put_first, write_line
from tests.cast import Cast

CANARY = "Canary of the harbour wall"


@pytest.fixture
def phone(tenant_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(tenant_door, cast.amina)


def test_lines_stand_in_the_order_of_reading_and_what_helps_most_first(session: Session, amina: Tenant) -> None:
    for words in ("Music", "Ten slow breaths", "A walk"):
        write_line(session, amina, Part.HELPS, words)
    write_line(session, amina, Part.SIGNS, "I stop answering")
    walk = plan_of(session, amina)[Part.HELPS][2]
    put_first(session, amina, walk)
    put_first(session, amina, walk)

    plan = plan_of(session, amina)
    assert list(plan) == list(Part)
    assert [line.words for line in plan[Part.HELPS]] == ["A walk", "Music", "Ten slow breaths"]
    assert [line.words for line in plan[Part.SIGNS]] == ["I stop answering"]


def test_a_double_tap_writes_one_line(session: Session, amina: Tenant) -> None:
    first = write_line(session, amina, Part.PEOPLE, "Ruth", phone="020 7946 0000")
    assert write_line(session, amina, Part.PEOPLE, "Ruth", phone="020 7946 0000") is first


def test_a_part_has_as_many_lines_as_anyone_reads(session: Session, amina: Tenant) -> None:
    for number in range(MOST_LINES):
        write_line(session, amina, Part.PLACES, f"Place {number}")
    with pytest.raises(PartFull):
        write_line(session, amina, Part.PLACES, "One more")
    write_line(session, amina, Part.HELPS, "Another part has room")


@pytest.mark.parametrize(
    ("written", "dials"),
    [
        ("020 7946 0000", "02079460000"), ("+44 (0)20 7946-0000", "+442079460000"), ("111", "111"), ("", ""),
        ("(020) 7946/0000", "02079460000"),
    ],
)  # fmt: skip
def test_a_number_is_dialled_however_it_is_written(written: str, dials: str) -> None:
    assert dialled(written) == dials


def test_the_plan_is_written_read_changed_and_taken_off(phone: FlaskClient, session: Session) -> None:
    assert "Only you." in phone.get("/hard-days").text
    phone.post("/hard-days/people", data={"words": "Ruth, my sister", "phone": "020 7946 0000"})
    page = phone.get("/hard-days").text
    assert 'href="tel:02079460000"' in page
    line = session.scalars(select(PlanLine)).one()
    session.commit()
    phone.post(f"/hard-days/lines/{line.id}", data={"words": "Ruth", "phone": ""})
    page = phone.get("/hard-days").text
    assert "my sister" not in page
    assert "02079460000" not in page
    phone.post(f"/hard-days/lines/{line.id}/place", data={"kept": "0"})
    assert "Ruth" not in phone.get("/hard-days/people").text.split("</h1>")[1]


def test_whom_to_call_stands_on_the_page_itself(phone: FlaskClient) -> None:
    page = phone.get("/hard-days").text
    assert "116 123" in page
    assert "tel:999" in page


@pytest.mark.parametrize(
    ("part", "sent"),
    [
        ("helps", {"words": ""}), ("helps", {"words": "   "}), ("helps", {"words": "x" * 201}),
        ("people", {"words": "", "phone": "111"}), ("people", {"words": "Ruth", "phone": "12"}),
        ("people", {"words": "Ruth", "phone": "ring twice"}), ("people", {"words": "Ruth", "phone": "1" * 16}),
        ("people", {"words": "Ruth", "phone": "javascript:1"}),
    ],
)  # fmt: skip
def test_what_cannot_be_is_asked_again_and_nothing_typed_is_lost(
    phone: FlaskClient, session: Session, part: str, sent: dict[str, str]
) -> None:
    answer = phone.post(f"/hard-days/{part}", data=sent)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    for typed in sent.values():
        assert typed.strip() in answer.text
    assert session.scalars(select(PlanLine)).all() == []


def test_a_full_part_says_so_and_keeps_what_was_typed(phone: FlaskClient, session: Session, amina: Tenant) -> None:
    for number in range(MOST_LINES):
        write_line(session, amina, Part.HELPS, f"Thing {number}")
    session.commit()
    answer = phone.post("/hard-days/helps", data={"words": "One thing more"})
    assert answer.status_code == 422
    assert "Take one off first" in answer.text
    assert "One thing more" in answer.text


def test_nulls_directions_and_scripts_are_only_words(phone: FlaskClient) -> None:
    phone.post("/hard-days/helps", data={"words": "tea\x00 \u202eevil <script>alert(1)</script>"})
    page = phone.get("/hard-days").text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_another_tenants_line_does_not_exist(
    tenant_door: Flask, cast: Cast, session: Session, amina: Tenant
) -> None:
    line = write_line(session, amina, Part.HELPS, CANARY)
    session.commit()
    tomasz = cast.at(tenant_door, cast.tomasz)
    assert tomasz.get(f"/hard-days/lines/{line.id}").status_code == 404
    assert tomasz.post(f"/hard-days/lines/{line.id}", data={"words": "Mine"}).status_code == 404
    assert tomasz.post(f"/hard-days/lines/{line.id}/place", data={"kept": "0"}).status_code == 404
    assert CANARY not in tomasz.get("/hard-days").text
    assert tomasz.get("/hard-days/weather").status_code == 404
    assert tomasz.get(f"/hard-days/lines/{uuid4()}").status_code == 404


def test_nobody_reads_it_unless_the_tenant_says_so_and_the_look_is_told(
    tenant_door: Flask, staff_door: Flask, cast: Cast, session: Session, amina: Tenant
) -> None:
    write_line(session, amina, Part.SIGNS, CANARY)
    session.commit()
    amina_s, grace = cast.at(tenant_door, cast.amina), cast.at(staff_door, cast.grace)
    address = f"/caseload/{amina.id}/hard-days"
    assert grace.get(address).status_code == 404

    amina_s.post("/hard-days/sharing", data={"shared": "1"})
    assert CANARY in grace.get(address).text
    assert "For hard days" in grace.get(f"/caseload/{amina.id}").text
    looks = session.scalars(select(Look.what).where(Look.tenant_id == amina.id)).all()
    session.commit()
    assert "safety-plan" in looks
    for other in (cast.marek, cast.nasrin, cast.joana, cast.devon, cast.priya):
        assert cast.at(staff_door, other).get(address).status_code in (403, 404)

    amina_s.post("/hard-days/sharing", data={"shared": "0"})
    assert grace.get(address).status_code == 404


def test_it_is_shared_for_six_months_and_with_the_keyworker_of_the_day(
    staff_door: Flask, cast: Cast, session: Session, amina: Tenant
) -> None:
    grace, marek = cast.now(session, cast.grace), cast.now(session, cast.marek)
    assert isinstance(grace, Worker)
    assert isinstance(marek, Worker)
    give_consent(session, amina, Category.SAFETY_PLAN, grace, clock.ZoneInfo("Europe/London"))
    session.commit()
    address = f"/caseload/{amina.id}/hard-days"
    at = {who.name: cast.at(staff_door, who) for who in (cast.grace, cast.marek)}
    assert at[cast.grace.name].get(address).status_code == 200
    amina.keyworker = marek
    session.commit()
    assert [client.get(address).status_code for client in at.values()] == [404, 404]
    amina.keyworker = grace
    session.commit()
    assert at[cast.grace.name].get(address).status_code == 200
    with clock.stopped_at(clock.now() + timedelta(days=190)):
        assert cast.at(staff_door, cast.grace).get(address).status_code == 404


def test_without_a_keyworker_there_is_nobody_to_share_it_with(
    phone: FlaskClient, session: Session, amina: Tenant
) -> None:
    amina.keyworker = None
    session.commit()
    assert "Let " not in phone.get("/hard-days").text
    assert phone.post("/hard-days/sharing", data={"shared": "1"}).status_code == 409


def test_a_keyworker_of_before_reads_it_no_more_even_if_they_are_again(
    tenant_door: Flask, staff_door: Flask, cast: Cast, session: Session
) -> None:
    address, here = f"/caseload/{cast.amina.id}/hard-days", cast.at(tenant_door, cast.amina)
    here.post("/hard-days/sharing", data={"shared": "1"})
    for keyworker in (cast.marek, cast.grace):
        session.get_one(Tenant, cast.amina.id).keyworker = session.get_one(Worker, keyworker.id)
        session.commit()
        if keyworker is cast.marek:
            here.post("/hard-days/sharing", data={"shared": "1"})
            assert cast.at(staff_door, cast.marek).get(address).status_code == 200
    assert cast.at(staff_door, cast.grace).get(address).status_code == 404
