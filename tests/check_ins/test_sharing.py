"""Who sees a check-in: the tenant; their keyworker while the tenant says so; nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Look, Tenant, Worker
from tenant_app.check_ins.models import CheckIn
from tests.cast import Cast
from tests.conftest import THURSDAY

CANARY = "Canary of the window box"


@pytest.fixture
def phone(tenant_door: Flask, cast: Cast) -> FlaskClient:
    """Amina's, with one check-in."""
    client = cast.at(tenant_door, cast.amina)
    client.post("/check-ins/today", data={"answer.weekly.home.1": "4", "words": CANARY})
    return client


@pytest.fixture
def address(cast: Cast) -> str:
    return f"/caseload/{cast.amina.id}/check-ins"


def test_the_keyworker_sees_it_once_the_tenant_says_so_and_each_look_is_told(
    phone: FlaskClient, staff_door: Flask, cast: Cast, session: Session, address: str
) -> None:
    grace = cast.at(staff_door, cast.grace)
    assert grace.get(address).status_code == 404
    assert "Only you" in phone.get("/check-ins").text

    phone.post("/check-ins/sharing", data={"shared": "1"})
    assert "You, and " in phone.get("/check-ins").text
    page = grace.get(address).text
    assert CANARY in page
    assert "Most days" in page
    assert address in grace.get(f"/caseload/{cast.amina.id}").text
    assert "check-ins" in session.scalars(select(Look.what)).all()
    session.commit()
    assert "opened your check-ins" in phone.get("/settings/looks").text


def test_what_is_withdrawn_is_gone_with_the_next_request(
    phone: FlaskClient, staff_door: Flask, cast: Cast, session: Session, address: str
) -> None:
    grace = cast.at(staff_door, cast.grace)
    phone.post("/check-ins/sharing", data={"shared": "1"})
    assert grace.get(address).status_code == 200
    looks = len(session.scalars(select(Look.id).where(Look.what == "check-ins")).all())
    session.commit()
    phone.post("/check-ins/sharing", data={"shared": "0"})
    assert grace.get(address).status_code == 404
    assert len(session.scalars(select(Look.id).where(Look.what == "check-ins")).all()) == looks


def test_it_is_shared_for_six_months_with_the_keyworker_of_the_day_and_nobody_else(
    phone: FlaskClient, staff_door: Flask, cast: Cast, session: Session, amina: Tenant, address: str
) -> None:
    session.commit()
    phone.post("/check-ins/sharing", data={"shared": "1"})
    grace = cast.at(staff_door, cast.grace)
    for other in (cast.marek, cast.nasrin, cast.joana, cast.devon, cast.priya):
        assert cast.at(staff_door, other).get(address).status_code in (403, 404)
    amina.keyworker = cast.now(session, cast.marek)  # type: ignore[assignment]
    session.commit()
    assert grace.get(address).status_code == 404
    assert cast.at(staff_door, cast.marek).get(address).status_code == 404
    amina.keyworker = cast.now(session, cast.grace)  # type: ignore[assignment]
    session.commit()
    assert grace.get(address).status_code == 200
    with clock.stopped_at(THURSDAY + timedelta(days=190)):
        assert cast.at(staff_door, cast.grace).get(address).status_code == 404


def test_the_query_itself_asks_for_the_consent(
    phone: FlaskClient, cast: Cast, session: Session, amina: Tenant, grace: Worker
) -> None:
    assert session.scalars(CheckIn.shared_with(grace, amina)).all() == []
    session.commit()
    phone.post("/check-ins/sharing", data={"shared": "1"})
    assert len(session.scalars(CheckIn.shared_with(grace, amina)).all()) == 1


def test_one_word_of_the_tenant_opens_check_ins_and_moods_and_each_page_says_so(
    phone: FlaskClient, staff_door: Flask, cast: Cast, address: str
) -> None:
    phone.post("/groups/moods/sharing", data={"shared": "1"})
    assert cast.at(staff_door, cast.grace).get(address).status_code == 200
    assert "how you felt around groups" in phone.get("/check-ins").text
    assert "your check-ins as well" in phone.get("/groups/moods").text
    assert "see this." in phone.get("/check-ins/today").text


def test_without_a_keyworker_there_is_nobody_to_show_it_to(
    phone: FlaskClient, session: Session, amina: Tenant
) -> None:
    amina.keyworker = None
    session.commit()
    assert phone.post("/check-ins/sharing", data={"shared": "1"}).status_code == 409
    assert "for six months" not in phone.get("/check-ins").text


@pytest.mark.parametrize("until", ["2026-13", "x", ""])
def test_what_is_no_month_is_not_there_at_the_desk_either(
    phone: FlaskClient, staff_door: Flask, cast: Cast, address: str, until: str
) -> None:
    phone.post("/check-ins/sharing", data={"shared": "1"})
    grace = cast.at(staff_door, cast.grace)
    assert grace.get(address, query_string={"until": until}).status_code == 404
    assert grace.get(f"{address}?until=2026-11").status_code == 200
