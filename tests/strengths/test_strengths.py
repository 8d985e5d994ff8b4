"""What a tenant has going for them: their lines, and who reads them."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Look, Tenant
from tenant_app.strengths.models import Part, Strength
from tenant_app.strengths.rules import MOST_LINES, strengths_of, write_strength
from tests.cast import Cast
from tests.conftest import THURSDAY

CANARY = "Canary of the bicycle shed"


@pytest.fixture
def phone(tenant_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(tenant_door, cast.amina)


def test_a_line_is_written_read_changed_and_taken_off(phone: FlaskClient, session: Session) -> None:
    page = phone.get("/strengths").text
    assert "Only you." in page
    assert "I cook for many" in page
    for _ in range(2):
        assert phone.post("/strengths/good-at", data={"words": "I sing"}).status_code == 303
    assert "I sing" in phone.get("/strengths").text
    line = session.scalars(select(Strength)).one()
    session.commit()
    assert line.language == "en"
    phone.post(f"/strengths/lines/{line.id}", data={"words": "I sing in a choir"})
    assert "I sing in a choir" in phone.get("/strengths").text
    for _ in range(2):
        phone.post(f"/strengths/lines/{line.id}/place", data={"kept": "0"})
    assert "choir" not in phone.get("/strengths").text


def test_parts_stand_in_the_order_of_reading_and_lines_as_they_were_written(session: Session, amina: Tenant) -> None:
    for part, words in ((Part.WORKED, "Lists"), (Part.GOOD_AT, "Soup"), (Part.GOOD_AT, "Bread")):
        write_strength(session, amina, part, words)
    found = strengths_of(session, amina)
    assert [(part, [line.words for line in lines]) for part, lines in found.items()] == [
        (Part.GOOD_AT, ["Soup", "Bread"]), (Part.PEOPLE, []), (Part.WORKED, ["Lists"]),
    ]  # fmt: skip


@pytest.mark.parametrize("words", ["", "   ", "\x00", "x" * 201])
def test_what_cannot_be_is_asked_again_and_nothing_typed_is_lost(
    phone: FlaskClient, session: Session, words: str
) -> None:
    answer = phone.post("/strengths/people", data={"words": words})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert words.strip(" \x00") in answer.text
    assert session.scalars(select(Strength)).all() == []


def test_hostile_words_are_only_words_and_long_ones_are_kept_to_be_cut(phone: FlaskClient) -> None:
    words = "tea\x00 \u202eevil <script>alert(1)</script> 🌻"
    assert phone.post("/strengths/worked", data={"words": words}).status_code == 303
    page = phone.get("/strengths").text
    assert "<script>alert(1)" not in page
    assert "🌻" in page
    assert "\x00" not in page
    long = phone.post("/strengths/worked", data={"words": "y" * 100_000})
    assert (long.status_code, "y" * 100_000 in long.text) == (422, True)


def test_a_full_part_says_so_and_keeps_what_was_typed(phone: FlaskClient, session: Session, amina: Tenant) -> None:
    for number in range(MOST_LINES):
        write_strength(session, amina, Part.GOOD_AT, f"Thing {number}")
    session.commit()
    answer = phone.post("/strengths/good-at", data={"words": "One thing more"})
    assert answer.status_code == 422
    assert "Take one off first" in answer.text
    assert "One thing more" in answer.text


def test_another_tenants_line_does_not_exist(
    tenant_door: Flask, cast: Cast, session: Session, amina: Tenant
) -> None:
    line = write_strength(session, amina, Part.GOOD_AT, CANARY)
    session.commit()
    tomasz = cast.at(tenant_door, cast.tomasz)
    assert tomasz.get(f"/strengths/lines/{line.id}").status_code == 404
    assert tomasz.post(f"/strengths/lines/{line.id}", data={"words": "Mine"}).status_code == 404
    assert tomasz.post(f"/strengths/lines/{line.id}/place", data={"kept": "0"}).status_code == 404
    assert CANARY not in tomasz.get("/strengths").text
    assert tomasz.get("/strengths/weather").status_code == 404
    assert tomasz.get(f"/strengths/lines/{uuid4()}").status_code == 404


def test_the_keyworker_reads_it_while_the_tenant_says_so_and_each_look_is_told(
    phone: FlaskClient, staff_door: Flask, cast: Cast, session: Session
) -> None:
    phone.post("/strengths/people", data={"words": CANARY})
    grace, address = cast.at(staff_door, cast.grace), f"/caseload/{cast.amina.id}/strengths"
    assert grace.get(address).status_code == 404
    assert address not in grace.get(f"/caseload/{cast.amina.id}").text

    phone.post("/strengths/sharing", data={"shared": "1"})
    assert CANARY in grace.get(address).text
    assert address in grace.get(f"/caseload/{cast.amina.id}").text
    assert "strengths" in session.scalars(select(Look.what).where(Look.tenant_id == cast.amina.id)).all()
    session.commit()
    assert "opened what you have going for you" in phone.get("/settings/looks").text
    for other in (cast.marek, cast.nasrin, cast.joana, cast.devon, cast.priya):
        assert cast.at(staff_door, other).get(address).status_code in (403, 404)
    with clock.stopped_at(THURSDAY + timedelta(days=190)):
        assert cast.at(staff_door, cast.grace).get(address).status_code == 404

    phone.post("/strengths/sharing", data={"shared": "0"})
    assert grace.get(address).status_code == 404


def test_without_a_keyworker_there_is_nobody_to_share_it_with(
    phone: FlaskClient, session: Session, amina: Tenant
) -> None:
    amina.keyworker = None
    session.commit()
    assert "Let " not in phone.get("/strengths").text
    assert phone.post("/strengths/sharing", data={"shared": "1"}).status_code == 409
