"""Who sees a plan for moving on: the tenant; their keyworker while the tenant says so; nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Look, Tenant
from tenant_app.move_on.models import MoveOnReview, MoveOnSuggestion
from tests.cast import Cast
from tests.conftest import THURSDAY

CANARY = "Canary of the garden gate"


@pytest.fixture
def phone(tenant_door: Flask, cast: Cast) -> FlaskClient:
    """Amina's, with a wish, a note and a review."""
    client = cast.at(tenant_door, cast.amina)
    client.post("/move-on/wishes", data={"seen": "0", "area": CANARY})
    client.post("/move-on/list/debts/note", data={"note": "Ask about the old phone bill"})
    client.post("/move-on/review", data={"changed": "A garden matters more now"})
    return client


@pytest.fixture
def address(cast: Cast) -> str:
    return f"/caseload/{cast.amina.id}/move-on"


def test_the_keyworker_sees_it_once_the_tenant_says_so_and_each_look_is_told(
    phone: FlaskClient, staff_door: Flask, cast: Cast, session: Session, address: str
) -> None:
    grace = cast.at(staff_door, cast.grace)
    review = session.scalars(select(MoveOnReview)).one()
    session.commit()
    pages = (address, f"{address}/reviews/{review.id}")
    assert [grace.get(page).status_code for page in pages] == [404, 404]
    assert grace.post(address, data={"words": "x", "part": "money"}).status_code == 404
    assert "move-on" not in session.scalars(select(Look.what)).all()
    session.commit()

    phone.post("/move-on/sharing", data={"shared": "1"})
    page = grace.get(address).text
    for words in (CANARY, "Ask about the old phone bill", "A garden matters more now"):
        assert words in page
    assert CANARY in grace.get(pages[1]).text
    assert address in grace.get(f"/caseload/{cast.amina.id}").text
    assert "opened your move-on plan" in phone.get("/settings/looks").text

    phone.post("/move-on/sharing", data={"shared": "0"})
    assert [grace.get(page).status_code for page in pages] == [404, 404]


def test_nobody_else_sees_it_and_it_ends_after_six_months(
    phone: FlaskClient, staff_door: Flask, cast: Cast, session: Session, amina: Tenant, address: str
) -> None:
    session.commit()
    phone.post("/move-on/sharing", data={"shared": "1"})
    for other in (cast.marek, cast.nasrin, cast.joana, cast.devon, cast.priya):
        assert cast.at(staff_door, other).get(address).status_code in (403, 404)
    amina.keyworker = cast.now(session, cast.marek)  # type: ignore[assignment]
    session.commit()
    assert cast.at(staff_door, cast.grace).get(address).status_code == 404
    assert cast.at(staff_door, cast.marek).get(address).status_code == 404
    amina.keyworker = cast.now(session, cast.grace)  # type: ignore[assignment]
    session.commit()
    with clock.stopped_at(THURSDAY + timedelta(days=190)):
        assert cast.at(staff_door, cast.grace).get(address).status_code == 404


def test_strengths_stand_above_the_list_where_both_are_shared_and_nowhere_else(
    phone: FlaskClient, staff_door: Flask, cast: Cast, session: Session, address: str
) -> None:
    phone.post("/strengths/good-at", data={"words": "I mend bicycles"})
    phone.post("/move-on/sharing", data={"shared": "1"})
    grace = cast.at(staff_door, cast.grace)
    assert "I mend bicycles" not in grace.get(address).text
    phone.post("/strengths/sharing", data={"shared": "1"})
    page = grace.get(address).text
    assert page.index("I mend bicycles") < page.index("What is ready")
    assert "strengths" in session.scalars(select(Look.what)).all()


def test_a_keyworker_suggests_and_the_tenants_own_words_stay(
    phone: FlaskClient, staff_door: Flask, cast: Cast, session: Session, address: str
) -> None:
    phone.post("/move-on/sharing", data={"shared": "1"})
    grace = cast.at(staff_door, cast.grace)
    for wrong in ({"words": "", "part": "money"}, {"words": "Ask the bank"}, {"words": "Ask the bank", "part": "x"},
                  {"words": "y" * 100_000, "part": "money"}):  # fmt: skip
        answer = grace.post(address, data=wrong)
        assert answer.status_code == 422
        assert wrong["words"] in answer.text
    assert len(session.scalars(select(Look.id).where(Look.what == "move-on")).all()) == 4
    session.commit()
    for _ in range(2):
        assert grace.post(address, data={"words": "<b>Ask\x00 the bank</b>", "part": "money"}).status_code == 303
    assert session.scalars(select(MoveOnSuggestion.words)).all() == ["<b>Ask the bank</b>"]
    session.commit()
    page = phone.get("/move-on").text
    assert "Grace" in page
    assert "&lt;b&gt;Ask the bank" in page
    assert "has an idea for your move-on plan" in phone.get("/reminders").text


def test_a_plan_that_was_never_written_can_be_shared_and_read(
    tenant_door: Flask, staff_door: Flask, cast: Cast
) -> None:
    tomasz, grace = cast.at(tenant_door, cast.tomasz), cast.at(staff_door, cast.grace)
    tomasz.post("/move-on/sharing", data={"shared": "1"})
    address = f"/caseload/{cast.tomasz.id}/move-on"
    assert "has not written anything yet" in grace.get(address).text
    assert grace.post(address, data={"words": "See the library", "part": "options"}).status_code == 303
    assert "See the library" in tomasz.get("/move-on").text


def test_without_a_keyworker_there_is_nobody_to_share_it_with(
    phone: FlaskClient, session: Session, amina: Tenant
) -> None:
    amina.keyworker = None
    session.commit()
    assert "Let " not in phone.get("/move-on").text
    assert phone.post("/move-on/sharing", data={"shared": "1"}).status_code == 409
